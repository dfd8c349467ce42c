"""Servers that tests and measurements start: their port, their data, and what is left of them."""

import socket
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def folder_for_data() -> Iterator[Path]:
    """A folder to be made, in one that Postgres can enter: root's is somebody else's process.

    Its servers must have ended before the block does.
    """
    with tempfile.TemporaryDirectory(prefix="dry-run-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def answers(address: str) -> bool:
    """Whether a page of ours is served there."""
    try:
        with urllib.request.urlopen(address, timeout=10) as page:
            return b"Dry Run" in page.read()
    except (URLError, OSError):
        return False


def wait_until(
    condition: Callable[[], object], what: str = "what was waited for", seconds: float = 60
) -> None:
    """Ask again and again, or fail with `what` did not happen."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)


def command_of(pid: int) -> list[str]:
    """The process's command line; empty for one that ended, even if nobody has noticed yet."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def processes() -> dict[int, list[str]]:
    """The command lines of all living processes, by process id."""
    pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
    return {pid: command for pid in pids if (command := command_of(pid))}


def processes_in(folder: Path) -> dict[int, list[str]]:
    """Those whose command line names something in `folder`."""
    return {
        pid: command
        for pid, command in processes().items()
        if any(str(folder) in argument for argument in command)
    }
