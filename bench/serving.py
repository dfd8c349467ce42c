"""A database of its own, servers on it as in production, load from wrk, and what that costs."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import folder_for_data, free_port, processes, processes_in, wait_until

ROOT = Path(__file__).resolve().parent.parent
LUA = ROOT / "bench" / "lua"
STOPS_IN = 10  # seconds
TICK = os.sysconf("SC_CLK_TCK")


class CannotMeasure(Exception):
    """Something is missing on this machine; the message is a sentence that says what helps."""


@dataclass(frozen=True)
class World:
    """A database with a library, demo people and whom a measurement needs."""

    folder: Path
    environment: dict[str, str]
    cast: Path
    """What the preparation wrote: who takes part, and where."""

    def run(self, module: str, *arguments: str) -> str:
        """What a program of ours says that was imported with this world's settings."""
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    @contextmanager
    def serving(self, application: str, workers: int = 2) -> Iterator["Server"]:
        """Granian with this application, run as in the Dockerfile."""
        port = free_port()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
                *("--port", str(port), "--workers", str(workers), "--blocking-threads", "4"),
                *("--blocking-threads-idle-timeout", "600", "--backlog", "4096"),
                *("--backpressure", "8192", "--no-ws", "--log-level", "error"),
                application,
            ],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )
        try:
            wait_until(lambda: listens(port) or process.poll() is not None, "the server listens")
            if process.poll() is not None:
                raise RuntimeError(f"the server of {application} ended")
            yield Server(port, process.pid)
        finally:
            stop(process)

    def cpu_of_database(self) -> float:
        """Seconds that its processes which still live have worked."""
        [postmaster] = [
            pid
            for pid, command in processes_in(self.folder).items()
            if Path(command[0]).name == "postgres"
        ]
        return sum(
            stat.cpu
            for pid in processes()
            if (stat := Stat.of(pid)) and postmaster in (pid, stat.parent)
        )


@dataclass(frozen=True)
class Server:
    port: int
    group: int

    @property
    def workers(self) -> list[int]:
        """The processes that answer; the first one only watches them."""
        found = [pid for pid in processes() if (stat := Stat.of(pid)) and stat.parent == self.group]
        return sorted(pid for pid in found if megabytes_of(pid) > 20)

    @property
    def cpu(self) -> float:
        """Seconds that its processes have worked."""
        stats = (Stat.of(pid) for pid in processes())
        return sum(stat.cpu for stat in stats if stat and stat.group == self.group)


@dataclass(frozen=True)
class Stat:
    """What the kernel tells of a process."""

    parent: int
    group: int
    cpu: float  # seconds, of itself and of its children that have ended

    @classmethod
    def of(cls, pid: int) -> "Stat | None":
        try:
            # The name before it may hold anything, also a bracket.
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return cls(int(fields[1]), int(fields[2]), sum(map(int, fields[11:15])) / TICK)


def megabytes_of(pid: int) -> float:
    """What a process holds in memory (its resident set)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    sizes = [int(line.split()[1]) for line in lines if line.startswith("VmRSS:")]
    return sizes[0] / 1024 if sizes else 0.0


@contextmanager
def a_world(cast: str, *arguments: str) -> Iterator[World]:
    """One with a cast of `bench/prepare.py`. Its Postgres ends with the last who uses it."""
    with folder_for_data() as folder:
        environment = {
            **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
            "DEBUG": "0",
            "DEMO": "1",
            "DATA_DIR": str(folder),
        }
        world = World(folder, environment, folder.parent / "cast")
        try:
            world.run("bench.prepare", cast, str(world.cast), *arguments)
            yield world
        finally:
            wait_until(lambda: not processes_in(folder), "Postgres ends")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and its workers, at the latest by force: on a busy machine some hang."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOPS_IN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wrk(
    server: Server, script: str, *arguments: str, connections: int, seconds: int, threads: int = 2
) -> dict[str, Any]:
    """What a script of `bench/lua/` says when it is done."""
    if shutil.which("wrk") is None:
        raise CannotMeasure(
            "This is measured with wrk: install it (on Debian: apt-get install wrk)."
        )
    command = ["wrk", "--threads", str(threads), "--connections", str(connections)]
    command += ["--duration", f"{seconds}s", "--timeout", "20s", "--script", str(LUA / script)]
    command += [f"http://127.0.0.1:{server.port}", "--", *arguments]
    output = subprocess.run(command, cwd=LUA, check=True, capture_output=True, text=True).stdout
    [line] = [line for line in output.splitlines() if line.startswith("wrk: ")]
    found: dict[str, Any] = json.loads(line.removeprefix("wrk: "))
    return found
