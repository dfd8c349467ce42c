"""The Chromium that the browser tests and the screenshots drive."""

import os
import shutil
from pathlib import Path

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

    Playwright isn't asked for its own: a bare system lacks what its driver needs to start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    downloads = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache/ms-playwright")
    own = sorted(Path(downloads).glob("chromium-*/chrome-*/chrome"))
    return shutil.which("chromium") or (str(own[-1]) if own else None)
