"""How long `make run` takes until it answers, once the first run has set everything up."""

import os
import signal
import subprocess
import time
from pathlib import Path

from tests.servers import answers, folder_for_data, free_port

ROOT = Path(__file__).resolve().parent.parent
RUNS = 5
PATIENCE = 120.0


def runs() -> list[float]:
    """Seconds from the command to the first page, of five second starts."""
    with folder_for_data() as data_dir:
        environment = {**os.environ, "DATA_DIR": str(data_dir)}
        one_run(environment)
        try:
            return [one_run(environment) for _ in range(RUNS)]
        finally:
            reset = ["make", "--silent", "reset", "ARGS=--yes"]
            subprocess.run(reset, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def one_run(environment: dict[str, str]) -> float:
    port = free_port()
    begin = time.perf_counter()
    server = subprocess.Popen(
        ["make", "--silent", "run", f"PORT={port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not answers(f"http://127.0.0.1:{port}/"):
            if server.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise RuntimeError("make run did not start")
            time.sleep(0.01)
        return time.perf_counter() - begin
    finally:
        os.killpg(server.pid, signal.SIGINT)
        server.wait()
