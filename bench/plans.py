"""`make bench ARGS="plans"`: the plans of the hot queries beside a thousand and a million answers.

Run as a program with a size's name it fills a database of its own and writes `bench/plans/SIZE/`.
What differs from run to run is left out: times, costs, ids, and whether a page was in memory.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.servers import folder_for_data

ROOT = Path(__file__).resolve().parent.parent
PLANS = ROOT / "bench" / "plans"
SIZES = ("thousand", "million")

UUIDS = re.compile(r"'[0-9a-f]{8}-[0-9a-f-]{27}'")
SESSIONS = re.compile(r"'[a-z0-9]{32}'")
TIMES = re.compile(r"'\d{4}-\d\d-\d\d[^']*'")
BUFFERS = re.compile(r"Buffers: .*")
VALUES = re.compile(r"'(?:[^']|'')*'(?:::\w+(?:\[\])?)?|\b\d+\b")
COUNTS = re.compile(r"(?<!temp )(?:hit|read)=(\d+)")


def write() -> None:
    """Each size in a process and a database of its own, whose server ends with it."""
    for size in SIZES:
        with folder_for_data() as data_dir:
            environment = {**os.environ, "DATA_DIR": str(data_dir), "DEMO": "1", "DEBUG": "0"}
            environment.pop("DATABASE_URL", None)
            command = [sys.executable, "-m", "bench.plans", size]
            try:
                subprocess.run(command, cwd=ROOT, env=environment, check=True)
            finally:
                reset = [sys.executable, "manage.py", "reset", "--yes"]
                subprocess.run(reset, cwd=ROOT, env=environment, check=True, stdout=-3)


def without_chance(text: str) -> str:
    """The same in each run: ids and times by a word, pages by their number."""

    def pages(line: re.Match[str]) -> str:
        return f"Buffers: {sum(map(int, COUNTS.findall(line[0])))} pages"

    text = BUFFERS.sub(pages, text)
    text = SESSIONS.sub("<session>", text)
    return TIMES.sub("<time>", UUIDS.sub("<id>", text))


def fingerprint(statement: str) -> str:
    """Of a statement's words, whatever values it has: of its plan's first line."""
    words = VALUES.sub("?", statement)
    words = re.sub(r"\?(?:, \?)+", "?", " ".join(words.split()))
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def kept(size: str, query: str) -> list[str]:
    """The fingerprints of the statements whose plans are kept."""
    text = (PLANS / size / f"{query}.txt").read_text()
    return re.findall(r"^Statement (\w+)$", text, re.MULTILINE)


def main(name: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import hot, sizes

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    sizes.fill({"thousand": sizes.A_THOUSAND, "million": sizes.A_MILLION}[name])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    folder = PLANS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for query, statements in hot.Scene().statements():
        text = "\n\n".join(
            f"Statement {fingerprint(statement)}\n{without_chance(hot.explain(statement).text)}"
            for statement in statements
        )
        (folder / f"{query}.txt").write_text(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1])
