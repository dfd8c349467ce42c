"""How long `make run` takes until it answers, once the first run has set everything up."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
PATIENCE = 120.0


def runs() -> list[float]:
    """Seconds from the command to the first page, of five second starts."""
    with tempfile.TemporaryDirectory(prefix="dry-run-bench-") as folder:
        Path(folder).chmod(0o755)  # Root's Postgres is somebody else's process.
        environment = {**os.environ, "DATA_DIR": str(Path(folder) / "data")}
        one_run(environment)
        try:
            return [one_run(environment) for _ in range(RUNS)]
        finally:
            reset = ["make", "--silent", "reset", "ARGS=--yes"]
            subprocess.run(reset, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def one_run(environment: dict[str, str]) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begin = time.perf_counter()
    server = subprocess.Popen(
        ["make", "--silent", "run", f"PORT={port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(port):
            if server.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise RuntimeError("make run did not start")
            time.sleep(0.01)
        return time.perf_counter() - begin
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
            return bool(page.status == 200)
    except (URLError, OSError):
        return False
