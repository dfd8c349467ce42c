"""The save's statement in Postgres alone: `python -m bench.pgbench PLACES SECONDS` says how many
a second, from as many connections as wrk has.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402

from bench.save import CONNECTIONS  # noqa: E402
from config.embedded_postgres import psql_path  # noqa: E402
from interview.saving.statement import SAVE_AS_LOGGED_IN  # noqa: E402

PLACE = "(SELECT {} FROM bench_place WHERE n = :place)"
IN_PLACE_OF = {
    "session_key": PLACE.format("session"),
    "interview": PLACE.format("interview"),
    "position": "1",
    "text": "repeat('The kubelet restarts the container when its probe fails. ', 20)",
    "writer": "CAST('01234567-89ab-4def-8123-456789abcdef' AS uuid)",
    "base": "0",
    # Each higher than the one before.
    "sequence": "CAST(extract(epoch FROM clock_timestamp()) * 100 % 2000000000 AS integer)",
}


def remember(places: Path) -> int:
    """Put the places into a table; how many there are."""
    rows = [line.split() for line in places.read_text().splitlines()]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_place")
        cursor.execute(
            "CREATE TABLE bench_place (n integer PRIMARY KEY, session varchar(40), interview uuid)"
        )
        with cursor.copy("COPY bench_place FROM STDIN") as copy:
            for n, (session, interview) in enumerate(rows, 1):
                copy.write_row((n, session, interview))
        cursor.execute("ANALYZE bench_place")
    return len(rows)


def forget() -> None:
    """Let the saves that are measured next be no older than these, nor too soon after them."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE interview_answer SET sequence = 1, busy_until = NULL")
        cursor.execute("VACUUM ANALYZE interview_answer")


def rate(count: int, seconds: int) -> float:
    beside_psql = psql_path()
    program = beside_psql.with_name("pgbench") if beside_psql else Path("pgbench")
    found = program if program.exists() else shutil.which("pgbench")
    if found is None:
        raise FileNotFoundError("pgbench")
    parameters = connection.get_connection_params()
    statement = SAVE_AS_LOGGED_IN % IN_PLACE_OF
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(f"\\set place random(1, {count})\n{' '.join(statement.split())};\n")
        script.flush()
        command = [str(found), "--no-vacuum", "--protocol=prepared", f"--file={script.name}"]
        command += [f"--client={CONNECTIONS}", "--jobs=2", f"--time={seconds}"]
        command += ["-h", str(parameters["host"]), "-U", str(parameters["user"])]
        command += [str(parameters["dbname"])]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    [told] = re.findall(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    return float(told)


if __name__ == "__main__":
    reached = rate(remember(Path(sys.argv[1])), int(sys.argv[2]))
    forget()
    sys.stdout.write(str(reached))
