"""Folders of their own for embedded servers, and the processes that use them."""

import os
import pwd
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from config import embedded_postgres
from tests.servers import command_of, processes_in, wait_until

PROJECT = Path(embedded_postgres.__file__).parents[1]
MAJOR = embedded_postgres._binaries().major

# Asks for the server of the folder at each line, until it is killed or its input ends.
USER_PROGRAM = """
import sys
from pathlib import Path
from config import embedded_postgres

for name, value in zip(sys.argv[2::2], sys.argv[3::2]):
    setattr(embedded_postgres, name, Path(value))
for _ in sys.stdin:
    try:
        print(embedded_postgres.ensure_running(Path(sys.argv[1])).host, flush=True)
    except embedded_postgres.EmbeddedPostgresError as error:
        print("error:", error, flush=True)
"""


class User:
    """A process that uses the server of `data_dir`."""

    def __init__(
        self,
        data_dir: Path,
        *,
        python: str = sys.executable,
        code: Path = PROJECT,
        account: str | None = None,
        **constants: Path,
    ) -> None:
        settings = [str(part) for item in constants.items() for part in item]
        self.process = subprocess.Popen(
            [python, "-c", USER_PROGRAM, data_dir, *settings],
            cwd=code,
            env={"PATH": os.defpath, "PYTHONPATH": str(code), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            user=account,
            group=None if account is None else pwd.getpwnam(account).pw_gid,
            extra_groups=None if account is None else [],
        )

    def ask(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        """The folder of the server's socket, or the complaint."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def start(self) -> "User":
        self.ask()
        self.host = self.answer()
        assert self.host.startswith("/"), self.host
        return self

    def leave(self) -> None:
        self.process.communicate(timeout=60)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


class Place:
    """A data folder that root's server can enter too, unlike pytest's own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data_dir = path / "data folder"
        self.users: list[User] = []

    @property
    def folder(self) -> Path:
        return self.data_dir / f"postgres-{MAJOR}"

    def user(self, data_dir: Path | None = None, **how: Any) -> User:
        user = User(data_dir or self.data_dir, **how)
        self.users.append(user)
        return user

    def processes(self) -> dict[int, list[str]]:
        """Commands of living processes that work in this place, by process id."""
        return processes_in(self.path)

    def postgres(self) -> int:
        """The server itself: a child that it has just made bears its command for a moment."""
        found: list[int] = []

        def is_alone() -> bool:
            found[:] = [pid for pid, command in self.processes().items() if "-D" in command]
            return len(found) == 1

        wait_until(is_alone, "there is one server")
        return found[0]

    def waiter(self) -> int:
        [pid] = [pid for pid, command in self.processes().items() if "-I" in command]
        return pid

    def is_quiet(self) -> bool:
        return not self.processes()

    def clear(self) -> None:
        for user in self.users:
            if user.process.poll() is None:
                user.kill()
            user.process.communicate()
        self.users.clear()


def kill(*pids: int) -> None:
    for pid in pids:
        # Some end by themselves when the one before them does.
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not any(command_of(pid) for pid in pids))


def query(host: str, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(
        host=host, port=5432, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def make_place() -> Place:
    place = Place(Path(tempfile.mkdtemp(prefix="dry-run-")))
    place.path.chmod(0o755)
    return place


def tidy(place: Place) -> Iterator[Place]:
    """Hand out the place; fail if something is left running in it when its users have ended."""
    try:
        yield place
        place.clear()
        wait_until(place.is_quiet)
    finally:
        place.clear()
        for pid in place.processes():
            os.kill(pid, signal.SIGKILL)
