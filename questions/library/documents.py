"""What the files of a library say, as values.

Texts are Markdown as written: line feeds only, no blank lines around. Where a file says nothing,
the value is empty or None, so that writing a document again says nothing either. Paths and lines
tell where a thing was read; they are no part of what it says, so comparing ignores them.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

# The same as in the models; a test compares them.
SLUG_LENGTH = 100
TOPIC_LENGTH = 60
KEY_LENGTH = 60
TITLE_LENGTH = 200
SUMMARY_LENGTH = 300
LICENSE_LENGTH = 100
AGAINST_LENGTH = 100
PROMPT_LENGTH = 500
POINT_LENGTH = 500
WEIGHTS = range(1, 11)
DIFFICULTIES = range(1, 4)
MINUTES = range(1, 121)
LEVELS = ("basic", "intermediate", "advanced")

SCHEMA = 1
SLUG = re.compile(r"[-a-zA-Z0-9_]+")
QUESTION_KEY = re.compile(r"[-a-zA-Z0-9_]+/[-a-zA-Z0-9_]+")


@dataclass(frozen=True, order=True)
class LibraryError:
    """What is wrong, and in which line (counted from 1) of which file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class InvalidLibrary(Exception):
    """Files that can't be used, with everything that is wrong with them."""

    def __init__(self, errors: list[LibraryError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


@dataclass(frozen=True)
class Source:
    """Where facts come from: a title (Markdown, one line) and a web address."""

    title: str
    url: str


@dataclass(frozen=True)
class Checked:
    """Which version of its subject the content was checked against, and when."""

    against: str = ""
    on: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """What every kind of file says in its front matter.

    `extra` holds the keys unknown to this program as lines of YAML, exactly as written; `lines`
    says where each key stands.
    """

    kind: ClassVar[str]
    folder: ClassVar[str]
    keys: ClassVar[tuple[str, ...]]

    id: str
    title: str
    topics: tuple[str, ...]
    license: str
    checked: Checked | None = None
    sources: tuple[Source, ...] = ()
    extra: str = ""
    path: str = field(default="", compare=False, repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)

    def error(self, key: str, message: str) -> LibraryError:
        """A complaint about a key of the front matter, in its line."""
        return LibraryError(self.path, self.lines.get(key, 1), message)


@dataclass(frozen=True, kw_only=True)
class KeyPointDocument:
    """One line of a key point list. Without a key in the file `key` is empty."""

    text: str
    key: str = ""
    weight: int = 1
    story: str = ""
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class QuestionDocument:
    id: str
    prompt: str
    body: str = ""
    difficulty: int | None = None
    topics: tuple[str, ...] = ()
    minutes: int | None = None
    key_points: tuple[KeyPointDocument, ...] = ()
    answer: str = ""
    follow_ups: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, kw_only=True)
class SetDocument(Document):
    kind = "question-set"
    folder = "sets"
    keys = (
        "kind",
        "schema",
        "id",
        "title",
        "summary",
        "topics",
        "level",
        "license",
        "checked",
        "sources",
    )

    summary: str = ""
    level: str = ""
    description: str = ""
    questions: tuple[QuestionDocument, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StoryDocument(Document):
    """A post-mortem in fixed sections; `summary` is the section of that name."""

    kind = "story"
    folder = "stories"
    keys = (
        "kind",
        "schema",
        "id",
        "title",
        "topics",
        "technologies",
        "license",
        "checked",
        "sources",
        "related_questions",
    )
    # Heading in the file → field, in the order of the file.
    sections: ClassVar[dict[str, str]] = {
        "Summary": "summary",
        "What happened": "what_happened",
        "Cause": "cause",
        "Impact": "impact",
        "Fix": "fix",
        "Lessons": "lessons",
        "Discuss": "discuss",
    }

    technologies: tuple[str, ...] = ()
    related_questions: tuple[str, ...] = ()
    summary: str = ""
    what_happened: str = ""
    cause: str = ""
    impact: str = ""
    fix: str = ""
    lessons: str = ""
    discuss: str = ""


@dataclass(frozen=True, kw_only=True)
class NoteDocument(Document):
    kind = "note"
    folder = "notes"
    keys = (
        "kind",
        "schema",
        "id",
        "title",
        "summary",
        "topics",
        "license",
        "checked",
        "sources",
        "related_questions",
    )

    summary: str = ""
    related_questions: tuple[str, ...] = ()
    body: str = ""


KINDS: tuple[type[Document], ...] = (SetDocument, StoryDocument, NoteDocument)
