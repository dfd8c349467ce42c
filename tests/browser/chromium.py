"""The Chromium that the browser tests and the screenshots drive."""

import os
import shutil
import signal
from contextlib import suppress
from pathlib import Path

from tests.servers import processes_in, wait_until

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium() -> str | None:
    """`CHROMIUM`, one on the path, or Playwright's own.

    First the one without windows: it does the same with two thirds of the work. Playwright isn't
    asked for its own: a bare system lacks what its driver needs to start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    downloads = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright")
    own = sorted(Path(downloads).glob("chromium-*/chrome-*/chrome"))
    on_path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return on_path or (str(own[-1]) if own else None)


def kill_browser(profile: Path) -> None:
    """`kill -9` of the browser whose folder this is; the processes of its tabs end with it."""
    living = processes_in(profile).items()
    # Chromium's own children write their command in one piece.
    pids = {pid for pid, command in living if "--type=" not in " ".join(command)}
    assert pids, "there is nothing to kill"
    for pid in pids:
        with suppress(ProcessLookupError):  # They end with one another.
            os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not pids & processes_in(profile).keys(), "they end")
