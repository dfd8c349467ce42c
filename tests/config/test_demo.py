"""`make run`: the demo starts, survives, ends without a trace, and complains in one sentence."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers import answers, folder_for_data, free_port, processes, processes_in, wait_until

PATIENCE = 60.0  # seconds until a condition must hold on the slowest machine


def processes_of(data_dir: Path) -> dict[int, list[str]]:
    """The command lines of the processes that work for this data folder."""
    marker = f"DATA_DIR={data_dir}\0".encode()
    inheriting = {
        pid: command for pid, command in processes().items() if marker in environment_of(pid)
    }
    return processes_in(data_dir) | inheriting


def environment_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return b""  # It ended meanwhile, or is somebody else's.


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
        return answers(f"http://127.0.0.1:{self.port}/")

    def wait(self) -> None:
        wait_until(self.answers, "the demo answers")

    def nothing_left(self) -> bool:
        return not processes_of(self.data_dir)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One for all: setting up the database takes longer than everything else."""
    with folder_for_data() as folder:
        yield folder


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


@pytest.mark.parametrize(
    ("told", "site"),
    [("", "http://127.0.0.1:{port}"), ("http://localhost:1234", "http://localhost:1234")],
    ids=["by itself", "told otherwise"],
)
def test_links_lead_to_the_port_it_is_on(demo: Demo, told: str, site: str) -> None:
    demo.start(SITE_URL=told)
    demo.wait()
    wait_until(lambda: "worker" in str(processes_of(demo.data_dir)), "the jobs are worked on")
    expected = f"SITE_URL={site.format(port=demo.port)}".encode()
    for name in ("granian", "worker"):
        assert expected in environment_of(process_of(demo.data_dir, name)).split(b"\0"), name


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
