"""Django on the embedded server: started when a connection is needed, and its database made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler
from psycopg import OperationalError

from tests.config.places import PROJECT, Place, kill, query
from tests.servers import wait_until

# A Django of its own, because this process's hold on a server would last to its end.
DJANGO_PROGRAM = """
import sys
from pathlib import Path

import django
from django.conf import settings

database = {"NAME": "dry_run", "EMBEDDED_DATA_DIR": Path(sys.argv[1])}
settings.configure(DATABASES={"default": {"ENGINE": "config.postgres_backend", **database}})
django.setup()

from django.db import connection

def ask(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]

"""


def django(place: Place, program: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", DJANGO_PROGRAM + program, place.data_dir],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def output_of(process: "subprocess.Popen[str]") -> str:
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    return output


def manage(
    data_dir: Path, *arguments: str, stdin: str = "", path: str = os.defpath
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env={"PATH": path, "DEBUG": "1", "DATABASE_URL": "", "DATA_DIR": str(data_dir)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_check_starts_nothing(fresh: Place) -> None:
    done = manage(fresh.data_dir, "check")

    assert done.returncode == 0, done.stderr
    assert not fresh.folder.exists()


def test_the_missing_database_is_made_by_the_first_connection(fresh: Place) -> None:
    process = django(fresh, "print(ask('SELECT current_database()'))")

    assert output_of(process) == "dry_run\n"


def test_processes_and_threads_that_make_the_database_at_once_all_get_it(place: Place) -> None:
    program = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

def name_of_the_database(_):
    together.wait()
    try:
        return ask("SELECT current_database()")
    finally:
        connection.close()

together = Barrier(4)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    print(*pool.map(name_of_the_database, range(4)))
"""
    host = place.user().start().host
    query(host, "DROP DATABASE IF EXISTS dry_run")
    processes = [django(place, program) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()

    for process in processes:
        assert output_of(process) == "dry_run dry_run dry_run dry_run\n"


def test_djangos_maintenance_connection_makes_no_database(place: Place) -> None:
    query(place.user().start().host, "DROP DATABASE IF EXISTS dry_run")
    program = """
with connection._nodb_cursor() as cursor:
    cursor.execute("SELECT string_agg(datname, ' ' ORDER BY datname) FROM pg_database")
    print(cursor.fetchone()[0])
"""

    assert output_of(django(place, program)) == "postgres template0 template1\n"


def test_the_server_serves_until_the_process_ends_not_only_while_it_is_connected(
    place: Place,
) -> None:
    process = django(place, "print(ask('SELECT 1'), flush=True); connection.close(); input()")
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    wait_until(
        lambda: (
            query(
                str(place.folder), "SELECT count(*) FROM pg_stat_activity WHERE datname='dry_run'"
            )
            == [(0,)]
        )
    )
    assert place.postgres()

    process.kill()
    process.communicate()
    wait_until(place.is_quiet)


def test_the_next_connection_after_kill_9_of_postgres_works(place: Place) -> None:
    process = django(
        place,
        """
print(ask("SELECT 1"), flush=True)
input()
connection.close()
print(ask("SELECT 2"))
""",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"

    kill(place.postgres())

    output, errors = process.communicate("\n", timeout=60)
    assert (output, errors) == ("2\n", "")


def test_dbshell_opens_the_database_also_where_the_system_has_no_psql(
    place: Place, tmp_path: Path
) -> None:
    done = manage(
        place.data_dir,
        "dbshell",
        "--",
        "-At",
        stdin="SELECT current_database()",
        path=str(tmp_path),
    )

    assert (done.stdout, done.stderr, done.returncode) == ("dry_run\n", "", 0)


def test_an_impossible_folder_ends_a_command_with_one_sentence_and_status_2(fresh: Place) -> None:
    fresh.data_dir.mkdir()
    fresh.folder.write_text("a file")

    done = manage(fresh.data_dir, "migrate")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The embedded database can't be kept in")
    assert done.stderr.count("\n") == 1


def test_without_a_folder_it_is_the_stock_backend(tmp_path: Path) -> None:
    database = {"ENGINE": "config.postgres_backend", "NAME": "elsewhere", "HOST": str(tmp_path)}
    connection = ConnectionHandler({"default": database})["default"]

    params = connection.get_connection_params()

    assert (params["host"], params["dbname"]) == (str(tmp_path), "elsewhere")
    with pytest.raises(OperationalError, match=r"No such file or directory"):
        connection.get_new_connection(params)
    assert list(tmp_path.iterdir()) == []


def test_a_version_of_postgres_that_is_not_supported_is_told_in_one_sentence(place: Place) -> None:
    """Where the tests' own server is new, so is one of next year to those who run this today."""
    program = """
from config.complaints import complain_in_one_sentence
from config.postgres_backend import base

base.SUPPORTED_MAJORS = range(15, connection.pg_version // 10_000)
connection.close()
from django.db.backends.base.base import RAN_DB_VERSION_CHECK
RAN_DB_VERSION_CHECK.clear()
with complain_in_one_sentence():
    ask("SELECT 1")
"""
    process = django(place, program)
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (2, "")
    assert errors.startswith("The database is Postgres 1")
    assert "point DATABASE_URL at one from 15 to" in errors
    assert errors.count("\n") == 1
