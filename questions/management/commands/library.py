"""`manage.py library`: check a folder of library files, import these or others, export them."""

import datetime
import json
from argparse import ArgumentParser
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone, translation

from questions.importing import drafts, own_format
from questions.importing.choosing import BODIES, SHAPES, read_file
from questions.importing.decoding import decode
from questions.importing.limits import MAX_BYTES
from questions.importing.reading import Reading
from questions.importing.report import as_json, as_text
from questions.library.bundle import LibraryBundle, read_bundle
from questions.library.checking import check
from questions.library.documents import (
    Document,
    InvalidLibrary,
    LibraryError,
    NoteDocument,
    SetDocument,
    StoryDocument,
)
from questions.library.exporting import stored_bundle, stored_topics
from questions.library.folders import write_folder
from questions.library.loading import load
from questions.library.parsing import parse
from questions.library.pictures import read_pictures

# What is read in a folder that is not of our own format.
SUFFIXES = {".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".tsv", ".json", ".jsonl"}


@dataclass
class Input:
    """Everything that the paths hold, read before anything is written."""

    bundles: list[LibraryBundle] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    # What is written as drafts: the readings of foreign files.
    foreign: list[Reading] = field(default_factory=list)
    errors: list[LibraryError] = field(default_factory=list)


class Command(BaseCommand):
    help = "Check a folder with topics.yaml, sets/, stories/ and notes/; import it, or other files."
    # Checking files needs nothing else to be in order; importing asks the database itself.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        checking = actions.add_parser(
            "check", help="say what the files lack: answers, key points, sources, live links"
        )
        checking.add_argument("path", type=Path, help="the folder")
        exporting = actions.add_parser(
            "export", help="write the published library as files, the same that were imported"
        )
        exporting.add_argument(
            "folder", type=Path, nargs="?", default=Path("library"), help="library/ if not named"
        )
        exporting.add_argument(
            "--replace", action="store_true", help="replace the library files that are there"
        )
        exporting.add_argument(
            "--drafts", action="store_true", help="drafts too; an import elsewhere publishes them"
        )
        importing = actions.add_parser(
            "import", help="write files to the database, all or nothing; again for what changed"
        )
        add = importing.add_argument
        add(
            "paths", type=Path, nargs="+", metavar="path", help="a folder or file; its kind is seen"
        )
        add("--as", dest="shape", choices=SHAPES, default="auto", help="how questions are written")
        add("--body-is", choices=BODIES, default="", help="what stands below a heading")
        add("--dry-run", action="store_true", help="write nothing, say what would be read")
        add("--report", choices=("text", "json"), default="text", help="docs/importing.md has both")
        add("--source", default="", help="the web address that the files come from")
        add("--licence", default="", help="their licence, as an SPDX name")

    def handle(self, *, verbosity: int, **options: Any) -> None:
        """In English, whatever else is spoken here: scripts read what it says."""
        with translation.override("en"):
            done = self.do(**options)
        if verbosity and done:
            self.stdout.write(done)

    def do(self, *, action: str, **options: Any) -> str:
        try:
            if action == "check":
                return self.check_bundle(read_bundle(options["path"]), timezone.localdate())
            if action == "export":
                return self.export(options["folder"], options["replace"], options["drafts"])
            return self.import_paths(**options)
        except InvalidLibrary as invalid:
            self.complain(invalid.errors)

    def check_bundle(self, bundle: LibraryBundle, today: datetime.date) -> str:
        errors = check(bundle, today)
        if errors:
            raise InvalidLibrary(errors)
        return f"Nothing is missing: {_contents(bundle)}."

    def export(self, folder: Path, replace: bool, drafts: bool) -> str:
        bundle = stored_bundle(drafts=drafts)
        write_folder(bundle, folder, replace=replace)
        return f"Exported {_contents(bundle)} to {folder}."

    def import_paths(
        self,
        *,
        paths: list[Path],
        shape: str,
        body_is: str,
        dry_run: bool,
        report: str,
        source: str,
        licence: str,
        **_: Any,
    ) -> str:
        _check_source(source)
        found = Input()
        is_for_report = dry_run or report == "json"
        for path in paths:
            _read_path(path, found, shape, body_is, is_for_report)
        if found.errors:
            raise InvalidLibrary(found.errors)
        if report == "json":
            self.print_json(found.readings)
        if dry_run:
            texts = [as_text(reading) for reading in found.readings] if report == "text" else []
            return "\n".join([*texts, *(["Nothing was written."] if texts else [])])
        done = self.write(found, source, licence)
        return "" if report == "json" else done

    def print_json(self, readings: list[Reading]) -> None:
        """One object for one file; for several one in each line, with its `path`."""
        for reading in readings:
            path = {"path": reading.path} if len(readings) > 1 else {}
            self.stdout.write(json.dumps(path | as_json(reading), ensure_ascii=False))

    def write(self, found: Input, source: str, licence: str) -> str:
        lines = []
        with transaction.atomic():
            if found.documents:
                found.bundles.append(_bundle_of(found.documents))
            for bundle in found.bundles:
                summary = load(bundle)
                lines.append(
                    f"Imported {_contents(bundle)}: {summary.new} new, {summary.changed} changed, "
                    f"{summary.unchanged} unchanged, {summary.retired} retired."
                )
            if found.foreign:
                written = drafts.write(found.foreign, source=source, licence=licence)
                lines += [as_text(reading) for reading in found.foreign]
                lines += [f"  known  line {line}: {text}" for line, text in written.known]
                lines.append(
                    f"Written as drafts: {written.sets} sets, {written.questions} questions, "
                    f"{written.stories} stories, {written.notes} notes; "
                    f"{len(written.known)} not written again."
                )
        return "\n".join(lines)

    def complain(self, errors: list[LibraryError]) -> NoReturn:
        for error in errors:
            self.stderr.write(str(error))
        raise SystemExit(2)


def _check_source(source: str) -> None:
    try:
        if source:
            URLValidator(schemes=["http", "https"])(source)
    except ValidationError:
        raise CommandError(f"--source {source}: this is no web address", returncode=2) from None


def _read_path(path: Path, found: Input, shape: str, body_is: str, is_for_report: bool) -> None:
    """Read what a path holds; errors are gathered, so that all are told at once."""
    try:
        if path.is_dir() and _is_bundle(path):
            bundle = read_bundle(path)
            found.bundles.append(bundle)
            if is_for_report:
                found.readings += [
                    read_file(_read(Path(document.path)), document.path)
                    for document in bundle.documents
                ]
        elif path.is_dir():
            for file in sorted(path.rglob("*")):
                if file.suffix.lower() in SUFFIXES and file.is_file():
                    _read_path(file, found, shape, body_is, is_for_report)
        else:
            _read_one(path, found, shape, body_is)
    except InvalidLibrary as invalid:
        found.errors += invalid.errors


def _read_one(path: Path, found: Input, shape: str, body_is: str) -> None:
    data = _read(path)
    reading = read_file(data, str(path), shape=shape, body_is=body_is)
    found.readings.append(reading)
    source = decode(data, str(path))
    if own_format.is_ours(source):
        found.documents.append(parse(source.text, str(path)))
    else:
        found.foreign.append(reading)


def _is_bundle(folder: Path) -> bool:
    """Our own format has topics.yaml; a folder without any file to read is told the same way."""
    if (folder / "topics.yaml").exists():
        return True
    if any((folder / kind).is_dir() for kind in ("sets", "stories", "notes")):
        return True
    return not any(file.suffix.lower() in SUFFIXES for file in folder.rglob("*"))


def _read(path: Path) -> bytes:
    """The file's bytes, never more than one beyond the limit."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise InvalidLibrary([LibraryError(str(path), 1, message)]) from None


def _bundle_of(documents: list[Document]) -> LibraryBundle:
    """Files of our own format by themselves; they may name the topics that there are."""
    errors: list[LibraryError] = []
    pictures = read_pictures(documents, errors)
    if errors:
        raise InvalidLibrary(errors)
    return LibraryBundle(
        Path(),
        stored_topics(),
        tuple(one for one in documents if isinstance(one, SetDocument)),
        tuple(one for one in documents if isinstance(one, StoryDocument)),
        tuple(one for one in documents if isinstance(one, NoteDocument)),
        pictures,
    )


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
