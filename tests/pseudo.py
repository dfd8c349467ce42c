"""A language made of the English texts, each 40 % longer and between marks.

Text on a page that stands between no marks went through no gettext.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from unittest import mock

import allauth
import django
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import locale, settings
from django.test import override_settings

CODE = "en-xa"
OPENS, CLOSES = "⟦", "⟧"
KEPT = re.compile(r"(%\(\w+\)[sd]|%%\w*|%[sd]|\{[\w.]*\}|<[^>]+>|&\w+;|https?://\S*)")
WORD = re.compile(r"[^\W\d_]+")


def longer(word: re.Match[str]) -> str:
    """The same word with its beginning once more: 40 % longer, rounded up."""
    text = word.group()
    return text + text[: -(-len(text) * 2 // 5)].lower()


def pseudo(text: str) -> str:
    parts = KEPT.split(text)
    parts[::2] = [WORD.sub(longer, part) for part in parts[::2]]
    return f"{OPENS}{''.join(parts)}{CLOSES}"


def catalogs() -> Iterator[Path]:
    """Ours, Django's and allauth's, as they are in German: they name all texts."""
    for folder in (settings.BASE_DIR, Path(django.__file__).parent, Path(allauth.__file__).parent):
        yield from folder.glob("locale/de/LC_MESSAGES/django.po")
        yield from folder.glob("con*/**/locale/de/LC_MESSAGES/django.po")


@cache
def texts() -> Catalog:
    made = Catalog(locale="en")
    for path in catalogs():
        with path.open("rb") as file:
            for message in read_po(file):
                if not message.id:
                    continue
                string = (
                    pseudo(message.id)
                    if isinstance(message.id, str)
                    else tuple(pseudo(text) for text in message.id)
                )
                made.add(message.id, string, context=message.context)
    return made


@contextmanager
def spoken(folder: Path) -> Iterator[None]:
    """Until it ends the site has this language besides its own; its catalog lies in `folder`."""
    path = folder / locale_of(CODE) / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, texts())
    info = {**locale.LANG_INFO["en"], "code": CODE, "name_local": "⟦Pseudo⟧"}
    with (
        # Django's own list of what languages are called.
        mock.patch.dict(locale.LANG_INFO, {CODE: info}),
        override_settings(
            LANGUAGES=[*settings.LANGUAGES, (CODE, "⟦Pseudo⟧")],
            LOCALE_PATHS=[folder, *settings.LOCALE_PATHS],
        ),
    ):
        yield


def locale_of(code: str) -> str:
    language, _, place = code.partition("-")
    return f"{language}_{place.upper()}"


class Page(HTMLParser):
    """What a page says outside of all marks, but for what names another language of its own."""

    SAID = frozenset({"aria-label", "title", "placeholder", "alt", "aria-description"})
    VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "source", "path", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.left: list[str] = []
        self.elsewhere: list[str] = []
        """The elements around that are in another language, or no text at all."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        other = tag in {"script", "style", "kbd"} or named.get("lang", CODE) != CODE
        if tag not in self.VOID and (self.elsewhere or other):
            self.elsewhere.append(tag)
        if self.elsewhere or other:
            return
        for name, value in named.items():
            says = name in self.SAID or (name.startswith("data-") and is_sentence(value))
            says = says or (name == "content" and named.get("name") == "description")
            says = says or (name == "value" and named.get("type") in {"submit", "button"})
            if says:
                self.left.append(outside(value)[0])

    def handle_endtag(self, tag: str) -> None:
        if self.elsewhere and tag not in self.VOID:
            self.elsewhere.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if not self.elsewhere:
            found, self.depth = outside(data, self.depth)
            self.left.append(found)


def is_sentence(text: str) -> bool:
    """Whether an attribute for a script is for people: words, and no address, number or JSON."""
    words = re.findall(r"[^\W\d_]{2,} ", text)
    return bool(re.match(r"[A-Z][a-z]+\b", text)) or (len(words) > 1 and text[0] != "{")


def outside(text: str, depth: int = 0) -> tuple[str, int]:
    """What stands outside of all marks, and how many are open at the end."""
    found = []
    for letter in text:
        depth += (letter == OPENS) - (letter == CLOSES)
        if depth == 0 and letter != CLOSES:
            found.append(letter)
    return "".join(found), depth


def untranslated(html: str) -> list[str]:
    """Each piece of text that no gettext said."""
    page = Page()
    page.feed(html)
    assert page.depth == 0, html
    pieces = (" ".join(piece.split()) for piece in page.left)
    return [piece for piece in pieces if re.search(r"[^\W\d_]{2}", piece)]
