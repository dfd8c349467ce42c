"""What a search found, and how it is shown."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from questions.models import Question, Topic

MOST_COUNTED = 100
PER_PAGE = 10

# Private characters, which no text of the library keeps: around a hit, and for what Postgres'
# parser would read as markup or a path (`as_words` in showing.py).
HIT, END_OF_HIT, LESS, GREATER, SLASH = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
SHOWN_AS = str.maketrans({LESS: "<", GREATER: ">", SLASH: "/"})
ONE_HIT = re.compile(f"{HIT}([^{END_OF_HIT}]*){END_OF_HIT}")

# What a piece of Markdown, which is none any more, shows better without.
BLOCKS = re.compile(
    r"^[ \t]*(?:```|~~~).*$|^[ \t]*(?:#{1,6}|[-*+>]|\d+\.)\s|\|(?:[ :]*--+[ :]*\|)+|\s?\|\s?",
    re.MULTILINE,
)
EMPHASIS = re.compile(r"`+|\*\*|~~|\*(?=\w)|(?<=\w)\*")
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

    def address(self, text: str, **changes: str | int | None) -> str:
        """The query of a URL that asks for `text` and this, but for the changes."""
        asked = {
            "q": text,
            "kind": self.kind,
            "topic": self.topic.slug if self.topic else "",
            "difficulty": self.difficulty,
            **changes,
        }
        return "?" + urlencode({name: value for name, value in asked.items() if value})


class Facet(NamedTuple):
    """What some of the results have in common, and how many of those that were counted."""

    value: Any
    title: str
    found: int


@dataclass(frozen=True)
class Hit:
    """A question, story or note that was found. `title` and `text` have marks around the words."""

    kind: str
    slug: str
    set_slug: str | None
    set_title: str | None
    difficulty: int | None
    status: str
    title: str
    text: str

    def get_absolute_url(self) -> str:
        if self.kind == Kind.QUESTION:
            return reverse("question", args=[self.set_slug, self.slug])
        return reverse(self.kind, args=[self.slug])

    @property
    def kind_title(self) -> str:
        return str(ONE_OF[Kind(self.kind)])

    @property
    def difficulty_title(self) -> str:
        return capfirst(str(Question.Difficulty(self.difficulty).label)) if self.difficulty else ""

    @property
    def marked_title(self) -> SafeString:
        return marked(self.title)

    @cached_property
    def marked_text(self) -> SafeString:
        """Of a question only what has one of the words: its answer is for who thought first."""
        if self.kind == Kind.QUESTION and HIT not in self.text:
            return SafeString("")
        return marked(self.text)


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
    """A piece of Markdown as plain text, with `<mark>` around the hits and all else escaped."""
    text = LINK.sub(r"\1", text.translate(SHOWN_AS))
    text = escape(EMPHASIS.sub("", BLOCKS.sub(" ", text)))
    html = ONE_HIT.sub(r"<mark>\1</mark>", text).replace(HIT, "").replace(END_OF_HIT, "")
    return mark_safe(" ".join(html.split()))  # noqa: S308 -- all of it is escaped above
