"""The embedded server, with real servers in folders of their own and real `kill -9`.

A *user* here is a process that uses the server. `/proc` tells what is left of all of them.
"""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config import embedded_postgres
from config.embedded_postgres import EmbeddedPostgresError
from tests.config.places import MAJOR, PROJECT, Place, kill, query
from tests.servers import command_of, wait_until

ROOT = os.geteuid() == 0


def contents(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in folder.rglob("*")
    }


# The server


def test_the_server_is_durable_private_and_sorts_like_c_utf8(place: Place) -> None:
    user = place.user().start()

    [settings] = query(
        user.host,
        "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
        " current_setting('full_page_writes'), current_setting('listen_addresses'),"
        " current_setting('unix_socket_permissions'), current_setting('server_encoding')",
    )
    assert settings == ("on", "on", "on", "", "0700", "UTF8")
    [locale] = query(
        user.host,
        "SELECT datcollate, datctype, upper('é') FROM pg_database WHERE datname='postgres'",
    )
    assert locale == ("C.UTF-8", "C.UTF-8", "É")
    assert stat.S_IMODE(Path(user.host).stat().st_mode) == 0o700
    assert Path(user.host).stat().st_uid == Path(f"/proc/{place.postgres()}").stat().st_uid != 0


def test_asking_for_a_running_server_takes_milliseconds(place: Place) -> None:
    user = place.user().start()

    def seconds() -> float:
        start = time.perf_counter()
        user.start()
        return time.perf_counter() - start

    assert min(seconds() for _ in range(5)) < 0.05


def test_processes_share_one_server_until_the_last_of_them_ends(place: Place) -> None:
    first, second = place.user().start(), place.user().start()
    server = place.postgres()

    first.leave()
    assert query(second.host, "SELECT 1") == [(1,)]
    assert place.postgres() == server

    second.leave()
    wait_until(place.is_quiet)


def test_rows_are_there_after_a_restart(place: Place) -> None:
    user = place.user().start()
    query(user.host, "CREATE TABLE kept AS SELECT 1 AS number")
    user.leave()
    wait_until(place.is_quiet)

    assert query(place.user().start().host, "SELECT number FROM kept") == [(1,)]


def test_processes_that_start_at_once_on_a_fresh_folder_share_one_server(fresh: Place) -> None:
    users = [fresh.user() for _ in range(5)]
    for user in users:
        user.ask()

    assert {user.answer() for user in users} == {str(fresh.folder)}
    assert fresh.postgres()
    assert fresh.waiter()


def test_threads_may_start_it_at_once(place: Place) -> None:
    program = f"""
import threading
from pathlib import Path
from config.embedded_postgres import ensure_running

found = []
threads = [
    threading.Thread(target=lambda: found.append(ensure_running(Path({str(place.data_dir)!r}))))
    for _ in range(8)
]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(found), len(set(found)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("8 1\n", "")
    wait_until(place.is_quiet)


# Deaths


def test_the_server_ends_after_kill_9_of_its_last_user(place: Place) -> None:
    user = place.user().start()

    user.kill()

    wait_until(place.is_quiet)


def test_a_program_started_by_a_user_does_not_keep_the_server_alive(place: Place) -> None:
    program = f"""
import subprocess
from pathlib import Path
from config.embedded_postgres import ensure_running

ensure_running(Path({str(place.data_dir)!r}))
quiet = dict.fromkeys(["stdin", "stdout", "stderr"], subprocess.DEVNULL)
print(subprocess.Popen(["sleep", "600"], close_fds=False, **quiet).pid)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    survivor = int(done.stdout)
    try:
        wait_until(place.is_quiet)
        assert command_of(survivor)[0] == "sleep"
    finally:
        os.kill(survivor, signal.SIGKILL)


def test_a_forked_child_keeps_the_server_of_its_parent(place: Place) -> None:
    program = f"""
import os, sys
from pathlib import Path
from config.embedded_postgres import ensure_running

server = ensure_running(Path({str(place.data_dir)!r}))
if os.fork() == 0:
    sys.stdin.readline()
    print(ensure_running(Path({str(place.data_dir)!r})) == server, flush=True)
"""
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child.wait(timeout=60)  # the parent has ended, its child waits for a line
    assert query(str(place.folder), "SELECT 1") == [(1,)]
    output, _ = child.communicate("\n", timeout=60)
    assert output == "True\n"
    wait_until(place.is_quiet)


def test_a_user_who_comes_while_the_server_stops_gets_a_server_that_ends_with_it(
    place: Place,
) -> None:
    first = place.user().start()
    server = place.postgres()
    os.kill(server, signal.SIGSTOP)
    first.leave()
    second = place.user()
    second.ask()
    wait_until(lambda: is_blocked(second.process.pid))
    os.kill(server, signal.SIGCONT)

    assert query(second.answer(), "SELECT 1") == [(1,)]
    assert place.postgres() != server
    second.leave()
    wait_until(place.is_quiet)


def is_blocked(pid: int) -> bool:
    """Whether the process waits for a `flock`."""
    return any(
        fields[1:3] == ["->", "FLOCK"] and fields[5] == str(pid)
        for fields in map(str.split, Path("/proc/locks").read_text().splitlines())
    )


def test_kill_9_of_the_waiter_is_mended_by_the_next_user(place: Place) -> None:
    first = place.user().start()
    server, waiter = place.postgres(), place.waiter()

    kill(waiter)
    second = place.user().start()

    assert place.postgres() == server
    assert place.waiter() != waiter
    first.leave()
    second.leave()
    wait_until(place.is_quiet)


def test_acknowledged_rows_survive_kill_9_of_postgres(place: Place) -> None:
    user = place.user().start()
    query(user.host, "CREATE TABLE acknowledged (number int)")
    acknowledged = []
    with psycopg.connect(
        host=user.host, port=5432, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        killer = threading.Timer(0.2, os.kill, [place.postgres(), signal.SIGKILL])
        killer.start()
        with suppress(psycopg.OperationalError):
            for number in count():
                connection.execute("INSERT INTO acknowledged VALUES (%s)", [number])
                acknowledged.append(number)
        killer.join()

    user.start()  # the same process, which had it running before

    stored = {number for (number,) in query(user.host, "SELECT number FROM acknowledged")}
    assert len(acknowledged) > 0
    assert stored >= set(acknowledged)


def test_it_starts_again_after_kill_9_of_everything(place: Place) -> None:
    user = place.user().start()
    query(user.host, "CREATE TABLE survivor AS SELECT 1 AS number")

    user.kill()
    kill(*place.processes())

    assert query(place.user().start().host, "SELECT number FROM survivor") == [(1,)]


def test_a_user_killed_while_it_creates_the_data_leaves_nothing_half_done(fresh: Place) -> None:
    user = fresh.user()
    user.ask()
    wait_until((fresh.folder / "data.new" / "base").exists)
    user.kill()

    assert query(fresh.user().start().host, "SELECT 1") == [(1,)]
    assert not (fresh.folder / "data.new").exists()


def test_the_users_of_a_deleted_folder_do_not_stop_the_server_of_the_new_one(fresh: Place) -> None:
    old_user = fresh.user().start()
    old_server, old_waiter = fresh.postgres(), fresh.waiter()
    shutil.rmtree(fresh.data_dir)
    new_user = fresh.user().start()

    old_user.leave()
    wait_until(lambda: command_of(old_waiter) == [])
    assert query(new_user.host, "SELECT 1") == [(1,)]

    kill(old_server)  # it would notice within a minute


# Process ids


@pytest.fixture
def bystander(place: Place) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours, of the same operating system's user as the server."""
    place.user().start().leave()
    wait_until(place.is_quiet)
    account = place.folder.stat().st_uid
    process = subprocess.Popen(
        ["sleep", "600"], cwd="/", user=account if ROOT else None, start_new_session=True
    )
    yield process
    process.kill()
    process.wait()


def pid_files(place: Place) -> tuple[Path, Path]:
    return place.folder / "data" / "postmaster.pid", place.folder / ".s.PGSQL.5432.lock"


def test_stale_files_that_name_another_process_are_not_believed(
    place: Place, bystander: subprocess.Popen[bytes]
) -> None:
    user = place.user().start()
    server = place.postgres()
    # First, or it ends in order and takes its files away.
    kill(server)
    user.kill()
    kill(*place.processes())
    for file in pid_files(place):
        pid, newline, rest = file.read_text().partition("\n")
        assert int(pid) == server
        file.write_text(f"{bystander.pid}{newline}{rest}")

    user = place.user().start()

    assert query(user.host, "SELECT 1") == [(1,)]
    user.leave()
    wait_until(place.is_quiet)
    assert bystander.poll() is None


def test_a_pid_file_changed_while_the_server_runs_is_not_believed(
    place: Place, bystander: subprocess.Popen[bytes]
) -> None:
    user = place.user().start()
    for file in pid_files(place):
        _, newline, rest = file.read_text().partition("\n")
        file.write_text(f"{bystander.pid}{newline}{rest}")

    user.leave()

    wait_until(place.is_quiet)
    assert bystander.poll() is None


@pytest.mark.parametrize("text", ["", "12", "not a number\n"])
def test_damaged_pid_files_do_not_prevent_the_start(place: Place, text: str) -> None:
    user = place.user().start()
    user.kill()
    kill(*place.processes())
    for file in pid_files(place):
        file.write_text(text)

    assert query(place.user().start().host, "SELECT 1") == [(1,)]


# Folders


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(fresh: Place) -> None:
    user = fresh.user(fresh.path / ("long " * 30)).start()
    try:
        assert query(user.host, "SELECT 1") == [(1,)]
        assert len(os.fsencode(f"{user.host}/.s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(Path(user.host).stat().st_mode) == 0o700
        user.leave()
        wait_until(fresh.is_quiet)
    finally:
        Path(user.host).rmdir()


def test_a_short_socket_folder_of_somebody_else_is_refused(place: Place) -> None:
    data_dir = place.path / ("long " * 30)
    short = embedded_postgres._server(data_dir).socket_path.parent
    place.user().start()
    short.symlink_to(place.folder)  # which the server could use, but its owner could exchange it
    try:
        user = place.user(data_dir)
        user.ask()
        assert_one_sentence(user.answer(), str(short), "belongs to another user")
    finally:
        short.unlink()


def test_a_path_with_a_comma_gets_a_socket_elsewhere(fresh: Place) -> None:
    # Server and client alike would take it for two paths.
    socket = embedded_postgres._server(fresh.path / "a,b").socket_path
    assert "," not in str(socket)


def assert_one_sentence(complaint: str, *parts: str) -> None:
    assert complaint.startswith("error: ")
    assert complaint.endswith(".")
    for part in (*parts, "DATABASE_URL"):
        assert part in complaint


def test_a_folder_that_can_not_be_made_is_told_in_one_sentence(fresh: Place) -> None:
    fresh.data_dir.write_text("a file")
    user = fresh.user()

    user.ask()

    assert_one_sentence(user.answer(), str(fresh.data_dir), "DATA_DIR")
    assert [path.name for path in fresh.path.iterdir()] == [fresh.data_dir.name]


def test_data_of_another_major_version_is_left_alone(fresh: Place) -> None:
    other = fresh.data_dir / f"postgres-{MAJOR - 1}" / "data"
    other.mkdir(parents=True)
    (other / "PG_VERSION").write_text(f"{MAJOR - 1}\n")
    before = contents(other)
    user = fresh.user().start()
    user.leave()
    wait_until(fresh.is_quiet)
    embedded_postgres.reset(fresh.data_dir)
    assert contents(other) == before

    # Even where a person has put it in the place of ours.
    shutil.move(other, fresh.folder / "data")
    before = contents(fresh.folder / "data")
    user = fresh.user()
    user.ask()
    assert_one_sentence(user.answer(), str(fresh.folder))
    assert contents(fresh.folder / "data") == before


def test_reset_deletes_the_data_unless_they_are_used(fresh: Place, monkeypatch: Any) -> None:
    monkeypatch.setattr(embedded_postgres, "RESET_SECONDS", 0.1)
    user = fresh.user().start()
    query(user.host, "CREATE TABLE kept ()")
    with pytest.raises(EmbeddedPostgresError, match="is in use: stop"):
        embedded_postgres.reset(fresh.data_dir)
    query(user.host, "TABLE kept")
    user.leave()
    wait_until(fresh.is_quiet)

    embedded_postgres.reset(fresh.data_dir)

    assert not (fresh.folder / "data").exists()
    assert query(fresh.user().start().host, "SELECT to_regclass('kept')") == [(None,)]


def test_reset_stops_a_server_whose_waiter_was_killed(place: Place) -> None:
    user = place.user().start()
    kill(place.waiter())
    user.leave()
    assert place.postgres()

    embedded_postgres.reset(place.data_dir)

    assert place.is_quiet()


def test_reset_of_nothing_does_nothing(fresh: Place) -> None:
    embedded_postgres.reset(fresh.data_dir)

    assert list(fresh.path.iterdir()) == []


# Users of the operating system: root's servers run as another, ordinary ones as themselves


class OrdinaryUser:
    """`daemon`, with a copy of our code and of the package, both of which root may hide."""

    account = "daemon"

    def __init__(self, place: Place) -> None:
        self.code = place.path / "code"
        (self.code / "config").mkdir(parents=True)
        shutil.copy(embedded_postgres.__file__, self.code / "config")
        copy_package(self.code)
        make_readable(self.code)
        python = shutil.which("python3", path="/usr/bin:/usr/local/bin")
        assert python, "install python3 in /usr/bin or /usr/local/bin"
        self.how: dict[str, Any] = {"python": python, "code": self.code, "account": self.account}


def copy_package(target: Path) -> None:
    package = embedded_postgres._binaries().folder.parents[1]
    ignored = shutil.ignore_patterns("include", "doc", "pgxs", "*.a", "__pycache__")
    for source in package.parent.glob(f"{package.name}*"):
        shutil.copytree(source, target / source.name, ignore=ignored)


def make_readable(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))


def uid_of(pid: int) -> int:
    [line] = [
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "Uid:" in line
    ]
    return int(line.split()[1])


if ROOT:

    def test_the_processes_of_roots_server_are_not_roots(place: Place) -> None:
        user = place.user().start()

        assert uid_of(place.postgres()) == place.folder.stat().st_uid
        assert pwd.getpwuid(uid_of(place.postgres())).pw_name in {"postgres", "nobody"}
        environment = Path(f"/proc/{place.postgres()}/environ").read_bytes()
        assert b"PYTHONPATH" not in environment
        with pytest.raises(psycopg.OperationalError, match="ermission denied"):
            query_as("bin", user.host)

    def query_as(account: str, host: str) -> None:
        """Connect as another user, in this process, for the file system is asked by thread."""
        os.seteuid(pwd.getpwnam(account).pw_uid)
        try:
            query(host, "SELECT 1")
        finally:
            os.seteuid(0)

    def test_an_ordinary_user_has_a_server_too(fresh: Place) -> None:
        ordinary = OrdinaryUser(fresh)
        fresh.data_dir.mkdir()
        shutil.chown(fresh.data_dir, ordinary.account)
        user = fresh.user(**ordinary.how).start()
        uid = pwd.getpwnam(ordinary.account).pw_uid
        assert {uid_of(pid) for pid in fresh.processes()} == {uid}

        # Root comes to the same server and adds nothing that its owner could not use.
        root = fresh.user().start()
        assert root.host == user.host
        user.kill()
        assert query(root.host, "SELECT 1") == [(1,)]
        root.leave()
        wait_until(fresh.is_quiet)
        fresh.user().start().leave()
        wait_until(fresh.is_quiet)
        fresh.user(**ordinary.how).start().kill()
        wait_until(fresh.is_quiet)

    def test_an_ordinary_user_is_told_that_a_folder_is_not_writable(fresh: Place) -> None:
        ordinary = OrdinaryUser(fresh)
        fresh.data_dir.mkdir()
        user = fresh.user(**ordinary.how)
        user.ask()
        assert_one_sentence(user.answer(), str(fresh.data_dir), "DATA_DIR")
        assert list(fresh.data_dir.iterdir()) == []

        fresh.user().start()  # root's
        user.ask()
        assert_one_sentence(user.answer(), str(fresh.folder), "DATA_DIR")

    def test_roots_private_project_has_its_database_and_programs_elsewhere(fresh: Place) -> None:
        private = fresh.path / "private"
        private.mkdir(mode=0o700)
        (private / "config").mkdir()
        shutil.copy(embedded_postgres.__file__, private / "config")
        copy_package(private)
        modes = {path: path.stat().st_mode for path in private.rglob("*")}
        how: dict[str, Any] = {
            "data_dir": private / "data",
            "code": private,
            "ROOT_STATE": fresh.path / "state",
        }

        previous_mask = os.umask(0o077)
        try:
            user = fresh.user(**how).start()
        finally:
            os.umask(previous_mask)
        query(user.host, "CREATE TABLE kept AS SELECT 1 AS number")
        user.leave()
        wait_until(fresh.is_quiet)
        user = fresh.user(**how).start()

        assert query(user.host, "SELECT number FROM kept") == [(1,)]
        assert uid_of(fresh.postgres()) != 0
        assert user.host.startswith(str(fresh.path / "state"))
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
        assert {path: path.stat().st_mode for path in modes} == modes

else:

    def test_an_unwritable_folder_is_told_in_one_sentence(fresh: Place) -> None:
        fresh.data_dir.mkdir(mode=0o500)
        user = fresh.user()

        user.ask()

        assert_one_sentence(user.answer(), str(fresh.data_dir), "DATA_DIR")
        assert list(fresh.data_dir.iterdir()) == []


# Binaries


def test_without_the_package_the_newest_supported_postgres_of_the_system_is_used(
    fresh: Place, monkeypatch: Any
) -> None:
    system = fresh.path / "postgresql"
    for major in (9, 15, 17, 99):
        (system / str(major) / "bin").mkdir(parents=True)
        for program in ("postgres", "initdb"):
            (system / str(major) / "bin" / program).touch()
    (system / "18" / "bin").mkdir(parents=True)  # an uninstalled one
    monkeypatch.setattr(embedded_postgres, "SYSTEM_POSTGRES", system)
    monkeypatch.setattr(embedded_postgres, "PACKAGE", "no_such_package")

    found = embedded_postgres._binaries.__wrapped__()

    assert (found.folder, found.major) == (system / "17" / "bin", 17)


def test_without_any_postgres_a_sentence_says_what_to_install(
    fresh: Place, monkeypatch: Any
) -> None:
    monkeypatch.setattr(embedded_postgres, "SYSTEM_POSTGRES", fresh.path)
    monkeypatch.setattr(embedded_postgres, "PACKAGE", "no_such_package")

    with pytest.raises(EmbeddedPostgresError, match=r"install Postgres 15 to 18 .*DATABASE_URL"):
        embedded_postgres._binaries.__wrapped__()
