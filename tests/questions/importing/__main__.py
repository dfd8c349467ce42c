"""`python -m tests.questions.importing [SECONDS] [FOLDER]`: fuzz the importer.

Ten minutes if nothing is said; with a folder, pieces of its files are among what is tried. The
test suite does the same for a few seconds (`test_hostile_files.py`).
"""

import os
import random
import re
import sys
import time
from collections.abc import Sequence
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


def asked(arguments: Sequence[str]) -> tuple[float, st.SearchStrategy[bytes]]:
    """
    Raises:
        ValueError: with a sentence, for what can't be tried.
    """
    seconds = arguments[0] if arguments else "600"
    if not re.fullmatch(r"\d+(\.\d+)?", seconds):
        raise ValueError(f"SECONDS must be a number such as 600, not {seconds}.")
    return float(seconds), pieces_of(Path(arguments[1])) if len(arguments) > 1 else FILES


if __name__ == "__main__":
    try:
        limit, what = asked(sys.argv[1:])
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    sys.exit(main(limit, what) > 0)
