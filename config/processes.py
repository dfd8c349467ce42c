"""Runs the server's processes side by side and leaves none behind, however this one ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

STOP_SECONDS = 5.0
POLL_SECONDS = 0.02


class ProcessGroup:
    """Children that live as long as this process and no longer.

    Each child leads a process group of its own, so that Ctrl-C reaches this process alone and a
    child's own children end with it. A guard process waits at the other end of a pipe: when this
    process ends, even by `kill -9`, the pipe closes and the guard ends every group.
    """

    def __enter__(self) -> Self:
        read_end, self._pipe = os.pipe()
        self._children: list[subprocess.Popen[bytes]] = []
        self._guard = subprocess.Popen(
            [sys.executable, "-S", __file__],
            stdin=read_end,
            start_new_session=True,
        )
        os.close(read_end)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._pipe)
        for child in self._children:
            child.wait()
        self._guard.wait()

    def start(self, command: Sequence[str]) -> None:
        child = subprocess.Popen(command, start_new_session=True)
        self._children.append(child)
        # A new session's leader gives its id to its group.
        os.write(self._pipe, f"{child.pid}\n".encode())

    def wait(self) -> int:
        """Wait until one of them ends or this process is told to stop; the status to leave with.

        Stopping on purpose (Ctrl-C, SIGTERM) is 0; a child that ended by itself is 1.
        """
        stops = {signal.SIGINT, signal.SIGTERM}
        signal.pthread_sigmask(signal.SIG_BLOCK, stops | {signal.SIGCHLD})
        while all(child.poll() is None for child in self._children):
            if signal.sigwait(stops | {signal.SIGCHLD}) in stops:
                return 0
        return 1


def group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def guard() -> None:
    """Wait for the end of standard input, then end every process group named on it."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    groups = [int(line) for line in sys.stdin]
    for last_word in (signal.SIGTERM, signal.SIGKILL):
        for group in groups:
            if group_lives(group):
                os.killpg(group, last_word)
        deadline = time.monotonic() + STOP_SECONDS
        while any(group_lives(group) for group in groups) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)


if __name__ == "__main__":
    guard()
