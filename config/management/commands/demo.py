"""`make run`: everything a newcomer needs to try Dry Run on one machine."""

import os
import socket
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import demo, static_files
from config.processes import ProcessGroup


class Command(BaseCommand):
    help = "Prepare the database, the library and demo people, then serve. For one machine only."
    # The checks run with the tests; a second start shall be quick.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare-only", action="store_true", help="prepare everything, serve nothing"
        )

    def handle(self, *, port: int, prepare_only: bool, **options: Any) -> None:
        if not settings.ON_ONE_MACHINE:
            raise CommandError("The demo is for one machine: set DEMO=1 to try it.", returncode=2)
        if not prepare_only:
            self.refuse_port_in_use(port)
        self.prepare()
        if prepare_only:
            return
        connection.close()
        address = f"http://127.0.0.1:{port}"
        # Where the links in mails and invitations lead, unless somebody says otherwise.
        os.environ["SITE_URL"] = os.environ.get("SITE_URL") or address
        self.stdout.write(demo.welcome(f"{address}/"))
        self.stdout.flush()
        sys.exit(self.serve(port))

    def prepare(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Setting up the database …")
            self.stdout.flush()
            call_command("migrate", verbosity=0)
        call_command("library", "import", settings.CONTENT_DIR, verbosity=0)
        demo.create()
        if not settings.DEBUG:
            static_files.collect_if_changed()

    def serve(self, port: int) -> int:
        """Serve until told to stop; the exit status."""
        with ProcessGroup() as processes:
            processes.start(
                [
                    *(sys.executable, "-m", "granian", "config.wsgi:application"),
                    *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
                    # A thread that ends takes its database connection with it.
                    *("--blocking-threads", "4", "--blocking-threads-idle-timeout", "600"),
                    *("--workers", "1", "--log-level", "error", "--no-ws"),
                ]
            )
            processes.start([sys.executable, "manage.py", "procrastinate", "worker"])
            return processes.wait()

    def refuse_port_in_use(self, port: int) -> None:
        """Say so before anything is prepared.

        Raises:
            CommandError: somebody listens on the port, or it may not be used.
        """
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except (OSError, OverflowError) as error:
                reason = getattr(error, "strerror", None) or str(error)
                raise CommandError(
                    f"Port {port} can't be used ({reason}): choose another, such as "
                    f"PORT={port + 1 if port < 65535 else 8000} make run.",
                    returncode=2,
                ) from None
