"""A server as in production, on the database of the tests: what Lighthouse looks at."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config.processes import ProcessGroup
from tests.servers import answers, folder_for_data, free_port, wait_until


@contextmanager
def as_in_production() -> Iterator[str]:
    """Its address: granian, hashed and compressed static files, `DEBUG=0`.

    The tests' sessions count there too, since it has their key. It ends with this process.
    """
    address = f"http://127.0.0.1:{free_port()}"
    with folder_for_data() as data_dir:
        data_dir.mkdir()
        key = data_dir / "secret_key"
        key.touch(mode=0o600)
        key.write_text(settings.SECRET_KEY)
        manage = [*with_settings(address, data_dir), sys.executable, "manage.py"]
        collect = [*manage, "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(collect, cwd=settings.BASE_DIR, check=True)
        with ProcessGroup() as processes:
            processes.start(
                [
                    *with_settings(address, data_dir),
                    *(sys.executable, "-m", "granian", "config.wsgi:application"),
                    *("--interface", "wsgi", "--host", "127.0.0.1"),
                    *("--port", address.rpartition(":")[2], "--blocking-threads", "4"),
                    *("--blocking-threads-idle-timeout", "600", "--workers", "1", "--no-ws"),
                    *("--log-level", "critical", "--working-dir", str(settings.BASE_DIR)),
                ]
            )
            wait_until(lambda: answers(address), "the server answers")
            yield address


def with_settings(address: str, data_dir: Path) -> list[str]:
    """The beginning of a command that runs with these settings and the tests' database."""
    return [
        *("env", "--unset=SECRET_KEY", "DEBUG=0", "DEMO=1", f"DATA_DIR={data_dir}"),
        *(f"SITE_URL={address}", f"DATABASE_URL={database_url()}"),
    ]


def database_url() -> str:
    """Where this process finds its test database."""
    found = connection.get_connection_params()
    user, password, host = (
        quote(str(found.get(key) or ""), safe="") for key in ("user", "password", "host")
    )
    port = found.get("port") or 5432
    return f"postgres://{user}:{password}@{host}:{port}/{found['dbname']}"
