"""What a search found, and how it is shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from django.db import models
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from questions.models import Question, Topic
from questions.models.sets import question_path

MOST_COUNTED = 100
PER_PAGE = 10

# Private characters, which no text of the library keeps: around a hit, and for what Postgres'
# parser would read as markup or a path (`as_words` in showing.py).
HIT, END_OF_HIT, LESS, GREATER, SLASH = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
SHOWN_AS = ((LESS, "<"), (GREATER, ">"), (SLASH, "/"))
ONE_HIT = re.compile(f"{HIT}([^{END_OF_HIT}]*){END_OF_HIT}")

# What a piece of Markdown, which is none any more, shows better without.
BLOCKS = re.compile(
    r"^[ \t]*(?:```|~~~).*$|^[ \t]*(?:#{1,6}|[-*+>]|\d+\.)\s|\|(?:[ :]*--+[ :]*\|)+|\s?\|\s?",
    re.MULTILINE,
)
EMPHASIS = re.compile(r"`+|\*\*|~~|\*(?=\w)|(?<=\w)\*")
ORDINARY = re.compile(r"(?![ \t]*(?:[-+>#]|\d+\.))[^\n|`~*]*")
"""A piece without any of these."""
LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*\)")


class Kind(models.TextChoices):
    QUESTION = "question", _("Questions")
    STORY = "story", _("Failure stories")
    NOTE = "note", _("Notes")


ONE_OF = {Kind.QUESTION: _("Question"), Kind.STORY: _("Failure story"), Kind.NOTE: _("Note")}


@dataclass(frozen=True)
class Narrowing:
    """What is left out of the list besides. Only questions have a difficulty."""

    kind: str = ""
    topic: Topic | None = None
    difficulty: int | None = None

    def pairs(self, text: str) -> dict[str, str]:
        """What a URL says that asks for `text` and this, by name; "" is not said."""
        topic = self.topic.slug if self.topic else ""
        asked = {"q": text, "kind": self.kind, "topic": topic, "difficulty": self.difficulty}
        return {name: pair(name, value) for name, value in asked.items()}


def pair(name: str, value: str | int | None) -> str:
    return f"{name}={quote_plus(str(value))}" if value else ""


def address(pairs: Mapping[str, str], **changes: str | int | None) -> str:
    """The query of a URL that says `pairs`, but for the changes. A page has twenty of them."""
    changed = {name: pair(name, value) for name, value in changes.items()}
    return "?" + "&".join(filter(None, {**pairs, **changed}.values()))


class Facet(NamedTuple):
    """What some of the results have in common, and how many of those that were counted."""

    value: Any
    title: str
    found: int


class Hit(NamedTuple):
    """A question, story or note that was found. `title` and `text` have marks around the words."""

    kind: str
    slug: str
    set_slug: str | None
    set_title: str | None
    difficulty: int | None
    status: str
    title: str
    text: str

    @property
    def path(self) -> str:
        if self.kind == Kind.QUESTION:
            return question_path(str(self.set_slug), self.slug)
        return reverse(self.kind, args=[self.slug])

    @property
    def kind_title(self) -> str:
        return told(get_language())[self.kind]

    @property
    def marked_title(self) -> SafeString:
        return marked(self.title)

    @property
    def is_quoted(self) -> bool:
        """Of a question only if a word is there: its answer is for who thought first."""
        return bool(self.text) and (self.kind != Kind.QUESTION or HIT in self.text)

    @property
    def marked_text(self) -> SafeString:
        return marked(self.text)

    @property
    def difficulty_title(self) -> str:
        return told(get_language())[self.difficulty]


@lru_cache(maxsize=8)
def told(language: str | None) -> dict[str | int | None, str]:
    """What kinds and difficulties are called in a language, for who reads it: a page has twenty."""
    titles: dict[str | int | None, str] = {kind: str(title) for kind, title in ONE_OF.items()}
    return titles | {one.value: capfirst(str(one.label)) for one in Question.Difficulty}


@dataclass(frozen=True)
class Results:
    """A page of what was found. Of each kind no more than `MOST_COUNTED` are counted, and one."""

    can_be_found: bool = False
    """Whether there is a word to look for: not with `-this` alone, nor with `the`."""
    hits: tuple[Hit, ...] = ()
    number: int = 1
    ranked: int = 0
    """How many are in the list, on all pages."""
    kinds: tuple[Facet, ...] = ()
    topics: tuple[Facet, ...] = ()
    difficulties: tuple[Facet, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether something could have been found, and is not there."""
        return self.can_be_found and not self.ranked

    @property
    def has_next(self) -> bool:
        return self.number * PER_PAGE < self.ranked

    def are_more_than_counted(self, kind: str = "") -> bool:
        """Whether there are more of that kind, or of any; then each count says "at least"."""
        counts = (facet.found for facet in self.kinds if kind in ("", facet.value))
        return any(count > MOST_COUNTED for count in counts)


def marked(text: str) -> SafeString:
    """A piece of Markdown as plain text, with `<mark>` around the hits and all else escaped.

    What most pieces don't have is not looked for: a page has twenty.
    """
    if "](" in text:
        text = LINK.sub(r"\1", text)
    for character, shown in SHOWN_AS:
        text = text.replace(character, shown)
    if not ORDINARY.fullmatch(text):
        text = EMPHASIS.sub("", BLOCKS.sub(" ", text))
    html = ONE_HIT.sub(r"<mark>\1</mark>", escape(text)).replace(HIT, "").replace(END_OF_HIT, "")
    return SafeString(" ".join(html.split()))
