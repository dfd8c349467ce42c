"""The secret key of one machine: made once, kept beside the embedded database."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def of_this_machine(data_dir: Path) -> str:
    """The key in `data_dir`, made at the first call. For development and the demo.

    Raises:
        ImproperlyConfigured: the folder can't be written.
    """
    path = data_dir / "secret_key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            own = data_dir / f"secret_key.{os.getpid()}"
            own.touch(mode=0o600)
            own.write_text(secrets.token_urlsafe(64))
            # Another process may be quicker; then its key counts.
            with suppress(FileExistsError):
                path.hardlink_to(own)
            own.unlink()
        return path.read_text()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{data_dir} can't be written ({error.strerror}): make it writable, or set DATA_DIR "
            "to a folder that is."
        ) from None
