"""`python -m tests.questions.importing [SECONDS] [FOLDER]`: fuzz the importer.

Ten minutes if nothing is said; with a folder, pieces of its files are among what is tried. The
test suite does the same for a few seconds (`test_hostile_files.py`).
"""

import os
import random
import sys
import time
from pathlib import Path

import django
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from questions.importing.choosing import BODIES, SHAPES  # noqa: E402 -- Django must be set up
from tests.questions.importing.hostile_files import (  # noqa: E402
    FILES,
    NAMES,
    pieces_of,
    try_file,
)


def main(seconds: float, files: st.SearchStrategy[bytes]) -> int:
    """Say what was found; how many runs failed."""
    count = refused = failures = 0
    slowest = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end:

        @seed(random.getrandbits(64))
        @settings(
            max_examples=200,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            files, st.sampled_from(NAMES), st.sampled_from(SHAPES), st.sampled_from(("", *BODIES))
        )
        def run(data: bytes, name: str, shape: str, body_is: str) -> None:
            nonlocal count, refused, slowest
            start = time.thread_time()
            count += 1
            refused += try_file(data, name, shape, body_is) is None
            slowest = max(slowest, time.thread_time() - start)

        try:
            run()
        except Exception as failure:
            failures += 1
            notes = "\n".join(getattr(failure, "__notes__", []))
            sys.stdout.write(f"FAILED {failure!r}\n{notes}\n")
            sys.stdout.flush()
    said = f"{count:,} files, {refused:,} refused, slowest {slowest:.2f} s, {failures} failures\n"
    sys.stdout.write(said)
    return failures


if __name__ == "__main__":
    limit = float(sys.argv[1]) if len(sys.argv) > 1 else 600
    sys.exit(main(limit, pieces_of(Path(sys.argv[2])) if len(sys.argv) > 2 else FILES) > 0)
