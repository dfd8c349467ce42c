"""`manage.py messages`: bring each language's texts up to date with what the pages say."""

import io
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation.template import templatize

# Whose calls hold texts.
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
COUNTED = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
COUNTED_IN_CONTEXT = {"npgettext", "npgettext_lazy"}
CALLS = dict.fromkeys(sorted(ONE | COUNTED | IN_CONTEXT | COUNTED_IN_CONTEXT))
KINDS = ("*.py", "*.html", "*.txt")
# Pages that nobody sees but who changes the code, and the code of the tests.
NOT_FOR_PEOPLE = ("tests/", "bench/", "docs/", "templates/styleguide.html", "config/styleguide.py")


class Command(BaseCommand):
    help = (
        "Write the texts of all pages into locale/*/LC_MESSAGES/django.po, keep what is "
        "translated, and compile it. Run it after a change of any text; see docs/translating.md."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Needs what requirements-dev.in names (Babel), but no gettext on the machine."""
        texts = extracted()
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            path = catalog_path(language)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalog = updated(language, texts)
            path.write_bytes(spelled(catalog))
            path.with_suffix(".mo").write_bytes(compiled(catalog))
            missing = [message for message in catalog if message.id and not is_done(message)]
            self.stdout.write(f"{path}: {len(catalog)} texts, {len(missing)} to translate")


def catalog_path(language: str) -> Path:
    return Path(settings.BASE_DIR, "locale", language, "LC_MESSAGES", "django.po")


def is_done(message: Any) -> bool:
    """Whether a text is translated, in each of its forms, and nobody need look at it again."""
    strings = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.fuzzy and all(strings)


def sources() -> Iterator[str]:
    """The files in git, and new ones that it doesn't ignore, in which texts may be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *KINDS],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in sorted(listed.stdout.splitlines()):
        if not name.startswith(NOT_FOR_PEOPLE) and Path(settings.BASE_DIR, name).exists():
            yield name


def extracted() -> Catalog:
    """Every text that goes through gettext, with the file it stands in."""
    texts = Catalog(fuzzy=False)
    for name in sources():
        source = Path(settings.BASE_DIR, name).read_text()
        for context, ids in texts_in(name, source):
            texts.add(ids, locations=[(name, 0)], context=context)
    return texts


def texts_in(name: str, source: str) -> Iterator[tuple[str | None, Any]]:
    """The context, if it has one, and the text, or its singular and plural, of each call.

    Django turns a template into something that looks like Python, as its makemessages does.
    """
    if not name.endswith(".py"):
        lines = templatize(source, origin=name).splitlines()
        source = "\n".join(line.lstrip() for line in lines)
    file = io.BytesIO(source.encode())
    for _line, call, found, _comments in extract_python(file, CALLS, [], {"encoding": "utf-8"}):
        context, ids = arguments(str(call), found)
        if ids:
            yield context, ids


def arguments(function: str, found: Any) -> tuple[str | None, Any]:
    values = list(found) if isinstance(found, tuple | list) else [found]
    context = values.pop(0) if function in IN_CONTEXT | COUNTED_IN_CONTEXT else None
    ids = tuple(values[: 2 if function in COUNTED | COUNTED_IN_CONTEXT else 1])
    if not all(ids):  # Put together at run time, or empty.
        return context, None
    return context, ids if len(ids) == 2 else ids[0]


def updated(language: str, texts: Catalog) -> Catalog:
    """What is translated, with what is new, and without what is no longer said.

    A text that changed a little brings its old translation along, marked to be looked at (fuzzy).
    """
    path = catalog_path(language)
    catalog = Catalog(locale=language, fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(texts, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def spelled(catalog: Catalog) -> bytes:
    """The .po file. Without numbers of lines: they would change with everything."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, sort_by_file=True, include_lineno=False, omit_header=True)
    head = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        f'"Plural-Forms: nplurals={catalog.num_plurals}; plural={catalog.plural_expr};\\n"\n\n'
    )
    return head.encode() + file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """The .mo file, the same at any time."""
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()
