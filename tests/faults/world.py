"""The world under test: a web server and a Postgres of its own, to be killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from config import processes
from tests.servers import answers, folder_for_data, free_port, processes_in, wait_until

PREPARATION = 300.0  # seconds at most


@dataclass
class World:
    """A database, a library and static files of its own, in `folder`."""

    folder: Path

    def __post_init__(self) -> None:
        self._asking = threading.Lock()
        self._guard: subprocess.Popen[str] | None = None
        self._clerk: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        own = {"DEBUG": "0", "DEMO": "1", "DATA_DIR": str(self.folder)}
        return inherited | own | {"DJANGO_SETTINGS_MODULE": "config.settings"}

    def prepare(self) -> None:
        done = subprocess.run(
            [sys.executable, "manage.py", "demo", "--prepare-only"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PREPARATION,
        )
        assert done.returncode == 0, done.stderr
        self._guard = subprocess.Popen(
            [sys.executable, "-S", processes.__file__],
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._clerk = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.clerk"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def guard(self, group: int) -> None:
        """Let a process group end with this process at the latest, even by `kill -9`."""
        assert self._guard is not None
        assert self._guard.stdin is not None
        with self._asking:
            self._guard.stdin.write(f"{group}\n")
            self._guard.stdin.flush()

    def ask(self, command: str, argument: Any) -> Any:
        """The clerk's answer; see `tests/faults/clerk.py`."""
        assert self._clerk is not None
        assert self._clerk.stdin is not None
        assert self._clerk.stdout is not None
        with self._asking:
            self._clerk.stdin.write(json.dumps([command, argument]) + "\n")
            self._clerk.stdin.flush()
            line = self._clerk.stdout.readline()
        assert line, f"the clerk failed at {command}"
        return json.loads(line)

    def kill_database(self) -> None:
        """`kill -9`; whoever asks next starts it again."""
        [postmaster] = [
            pid
            for pid, command in processes_in(self.folder).items()
            if Path(command[0]).name == "postgres"
        ]
        os.kill(postmaster, signal.SIGKILL)

    def end(self) -> None:
        if self._guard is not None:
            self._guard.communicate(timeout=60)
        if self._clerk is not None:
            self._clerk.communicate(timeout=60)
        wait_until(lambda: not processes_in(self.folder), "no process is left")


@contextmanager
def a_world() -> Iterator[World]:
    with folder_for_data() as folder:
        world = World(folder)
        try:
            world.prepare()
            yield world
        finally:
            world.end()


@dataclass
class WebServer:
    """One that serves the world, as `make run` does; or a broken one of `tests/faults/broken.py`"""

    world: World
    broken: str | None = None
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator["WebServer"]:
        self.start()
        try:
            wait_until(lambda: answers(f"http://127.0.0.1:{self.port}/"), "the server answers")
            yield self
        finally:
            self.kill()

    def start(self) -> None:
        right = ["config.wsgi:application"]
        wrong = ["--factory", f"tests.faults.broken:{self.broken}"]
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", *(wrong if self.broken else right)),
                *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
                *("--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
                *("--workers", "1", "--log-level", "critical", "--no-ws"),
            ],
            cwd=settings.BASE_DIR,
            env=self.world.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.world.guard(self._process.pid)

    def kill(self) -> None:
        """`kill -9` of all its processes."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
