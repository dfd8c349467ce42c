"""What a save costs: the app against the limit L, on the same database, in turn."""

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

from tests.servers import folder_for_data, free_port, processes_in, wait_until

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
SECONDS = 5
CONNECTIONS = 16
SITTERS = 20_000
"""So many that nobody saves more often than the server lets them."""


@dataclass(frozen=True)
class Run:
    requests: int
    seconds: float
    errors: int
    p50: float  # ms
    p99: float  # ms

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Measured:
    """Pairs of the app and the limit, measured one after the other."""

    app: list[Run]
    limit: list[Run]
    alone: list[tuple[Run, Run]]
    """With one connection: the app and the limit."""

    @property
    def shares(self) -> list[float]:
        """The app's throughput as a share of the limit's."""
        pairs = zip(self.app, self.limit, strict=True)
        return [app.rate / limit.rate for app, limit in pairs]

    @property
    def tails(self) -> list[float]:
        """The app's p99 ÷ p50."""
        return [run.p99 / run.p50 for run in self.app]

    @property
    def slowness(self) -> list[float]:
        """The app's p50 ÷ the limit's, one request at a time."""
        return [app.p50 / limit.p50 for app, limit in self.alone]


def measure() -> Measured:
    if shutil.which("wrk") is None:
        raise SystemExit("Saves are measured with wrk (on Debian: apt-get install wrk).")
    with folder_for_data() as folder:
        environment = {
            **{key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
            "DEBUG": "0",
            "DEMO": "1",
            "DATA_DIR": str(folder),
        }
        places = folder.parent / "places"
        prepare = [sys.executable, "-m", "bench.prepare", str(SITTERS), str(places)]
        subprocess.run(prepare, cwd=ROOT, env=environment, check=True)
        with (
            serving("config.wsgi:application", environment) as app,
            serving("bench.bare:application", environment) as bare,
        ):
            in_turn(app, bare, places, 0, CONNECTIONS, 1)  # Connections, statements, caches.
            turns = range(1, ROUNDS + 1)
            pairs = [in_turn(app, bare, places, turn, CONNECTIONS) for turn in turns]
            alone = [in_turn(app, bare, places, ROUNDS + turn, 2) for turn in turns]
        wait_until(lambda: not processes_in(folder), "Postgres ends")
    return Measured([app for app, _ in pairs], [limit for _, limit in pairs], alone)


def in_turn(
    app: int, bare: int, places: Path, turn: int, connections: int, seconds: int = SECONDS
) -> tuple[Run, Run]:
    """The two in an order that changes from turn to turn; each save's number is a new one."""
    first, second = (app, bare) if turn % 2 else (bare, app)
    sequence = 1_000 * (turn + 1)
    runs = {
        first: load(first, places, sequence, connections, seconds),
        second: load(second, places, sequence + 500, connections, seconds),
    }
    return runs[app], runs[bare]


def load(port: int, places: Path, sequence: int, connections: int, seconds: int) -> Run:
    command = ["wrk", "--threads", "2", "--connections", str(connections)]
    command += ["--duration", f"{seconds}s", "--script", str(ROOT / "bench" / "saves.lua")]
    command += [f"http://127.0.0.1:{port}", "--", str(places), str(sequence)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    [line] = [line for line in output.splitlines() if line.startswith("wrk: ")]
    run = Run(**json.loads(line.removeprefix("wrk: ")))
    if run.errors:
        raise RuntimeError(f"{run.errors} of {run.requests} saves were not stored")
    return run


@contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[int]:
    """The port of granian with this application, run as in the Dockerfile."""
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "2", "--blocking-threads", "8"),
            *("--blocking-threads-idle-timeout", "600", "--no-ws", "--log-level", "error"),
            application,
        ],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        wait_until(lambda: listens(port), f"{application} listens")
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
