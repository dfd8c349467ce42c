"""`manage.py library`: check and import a folder of library files."""

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone

from questions.library.bundle import LibraryBundle, read_bundle
from questions.library.checking import check
from questions.library.documents import InvalidLibrary, LibraryError
from questions.library.loading import load


class Command(BaseCommand):
    help = "Check or import a folder with topics.yaml, sets/, stories/ and notes/."
    # Checking files needs nothing else to be in order; importing asks the database itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, text in {
            "check": "say what the files lack: answers, key points, sources, live links",
            "import": "write the files to the database, all or nothing; again for what changed",
        }.items():
            action = actions.add_parser(name, help=text)
            action.add_argument("path", type=Path, help="the folder")

    def handle(self, *, action: str, path: Path, verbosity: int, **options: Any) -> None:
        try:
            bundle = read_bundle(path)
            if action == "check":
                done = self.check_bundle(bundle, timezone.localdate())
            else:
                done = self.load_bundle(bundle)
        except InvalidLibrary as invalid:
            self.complain(invalid.errors)
        if verbosity:
            self.stdout.write(done)

    def check_bundle(self, bundle: LibraryBundle, today: datetime.date) -> str:
        errors = check(bundle, today)
        if errors:
            raise InvalidLibrary(errors)
        return f"Nothing is missing: {_contents(bundle)}."

    def load_bundle(self, bundle: LibraryBundle) -> str:
        summary = load(bundle)
        return (
            f"Imported {_contents(bundle)}: {summary.new} new, {summary.changed} changed, "
            f"{summary.unchanged} unchanged, {summary.retired} retired."
        )

    def complain(self, errors: list[LibraryError]) -> NoReturn:
        for error in errors:
            self.stderr.write(str(error))
        raise SystemExit(2)


def _contents(bundle: LibraryBundle) -> str:
    counts = {
        "set": len(bundle.sets),
        "question": len(bundle.question_keys()),
        "story": len(bundle.stories),
        "note": len(bundle.notes),
    }
    plurals = {"story": "stories"}
    return ", ".join(
        f"{count} {name if count == 1 else plurals.get(name, name + 's')}"
        for name, count in counts.items()
    )
