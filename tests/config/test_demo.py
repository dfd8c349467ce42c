"""`make run`: the demo starts, survives, ends without a trace, and complains in one sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from django.conf import settings

PATIENCE = 60.0  # seconds until a condition must hold on the slowest machine


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processes_of(data_dir: Path) -> dict[int, list[str]]:
    """The command lines of the processes that work for this data folder."""
    found = {}
    marker = f"DATA_DIR={data_dir}\0".encode()
    for process in Path("/proc").iterdir():
        try:
            if not process.name.isdigit():
                continue
            command = (process / "cmdline").read_bytes().decode().split("\0")
            inherits = marker in (process / "environ").read_bytes()
            if inherits or any(str(data_dir) in word for word in command):
                found[int(process.name)] = command
        except OSError:
            continue  # It ended meanwhile, or is somebody else's.
    return found


def process_of(data_dir: Path, name: str) -> int:
    """The oldest of those processes that runs `name`."""
    pids = [
        pid
        for pid, command in processes_of(data_dir).items()
        if name in command or Path(command[0]).name == name
    ]
    assert pids, f"no process of {name}"
    return min(pids)


class Demo:
    """One `manage.py demo` with a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.started: list[subprocess.Popen[str]] = []

    def start(self, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(self.port)],
            cwd=settings.BASE_DIR,
            env=self.environment(**environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def environment(self, **more: str) -> dict[str, str]:
        inherited = {
            name: value for name, value in os.environ.items() if name not in {"DATABASE_URL"}
        }
        return inherited | {"DEBUG": "0", "DEMO": "1", "DATA_DIR": str(self.data_dir)} | more

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as page:
                return b"Dry Run" in page.read()
        except (URLError, OSError):
            return False

    def wait(self) -> None:
        wait_until(self.answers, "the demo answers")

    def nothing_left(self) -> bool:
        return not processes_of(self.data_dir)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: setting up the database takes longer than everything else."""
    folder = tmp_path_factory.mktemp("demo")
    # The server's processes of a superuser are somebody else's: let them in.
    for ancestor in (folder, folder.parent, folder.parent.parent):
        ancestor.chmod(0o755)
    return folder / "data"


@pytest.fixture
def demo(data_dir: Path) -> Iterator[Demo]:
    demo = Demo(data_dir)
    yield demo
    for process in demo.started:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate()
    wait_until(demo.nothing_left, "no process is left")


def test_ctrl_c_leaves_no_process_behind_and_loses_nothing(demo: Demo) -> None:
    first = demo.start()
    demo.wait()
    first.send_signal(signal.SIGINT)
    output, _ = first.communicate(timeout=PATIENCE)
    assert first.returncode == 0, output
    assert "candidate@example.com" in output
    assert f"http://127.0.0.1:{demo.port}/" in output
    wait_until(demo.nothing_left, "no process is left")

    second = demo.start()
    demo.wait()
    second.send_signal(signal.SIGTERM)
    output, _ = second.communicate(timeout=PATIENCE)
    assert second.returncode == 0
    assert "Setting up the database" not in output


@pytest.mark.parametrize("victim", ["demo", "granian", "worker", "postgres"])
def test_after_a_kill_of_any_process_a_new_start_works(demo: Demo, victim: str) -> None:
    first = demo.start()
    demo.wait()
    os.kill(process_of(demo.data_dir, victim), signal.SIGKILL)
    if victim == "postgres":
        first.send_signal(signal.SIGINT)
    first.communicate(timeout=PATIENCE)
    wait_until(demo.nothing_left, "no process is left")

    demo.start()
    demo.wait()


def test_a_port_in_use_is_said_in_one_sentence(demo: Demo, tmp_path: Path) -> None:
    demo.data_dir = tmp_path / "data"
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", demo.port))
        occupant.listen()
        process = demo.start()
        output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert output.count("\n") == 1
    assert f"Port {demo.port} can't be used" in output
    assert [path.name for path in demo.data_dir.iterdir()] == ["secret_key"]


def test_the_demo_is_refused_in_production(demo: Demo) -> None:
    process = demo.start(
        DEMO="0",
        SECRET_KEY="x" * 50,
        SITE_URL="https://dry-run.example.com",
        DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
    )
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "one machine" in output
