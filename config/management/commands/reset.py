"""`make reset`: forget everything in the embedded database."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import embedded_postgres


class Command(BaseCommand):
    help = "Delete the embedded database with all that was written into it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *, yes: bool, **options: Any) -> None:
        data_dir = settings.DATABASES["default"].get("EMBEDDED_DATA_DIR")
        if data_dir is None:
            raise CommandError(
                "DATABASE_URL names a database of your own: nothing is deleted there.", returncode=2
            )
        if not yes and input("Delete the embedded database and everything in it? [y/N] ") != "y":
            self.stdout.write("Nothing was deleted.")
            return
        embedded_postgres.reset(data_dir)
        self.stdout.write("The embedded database is gone; `make run` starts with a fresh one.")
