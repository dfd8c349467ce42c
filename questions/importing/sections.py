"""A section of a page: the lines below a title, and the questions in them."""

from dataclasses import dataclass, field

from questions.importing.marks import Mark, clean_title
from questions.importing.page import Details


@dataclass
class Section:
    """Lines `start` to `end` (not included) below `title`, with their questions, if any.

    `marks` are numbered lines, headings and bullets, or `<details>`.
    """

    start: int
    end: int
    title: Mark | None = None
    parents: list[Mark] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    details: list[Details] = field(default_factory=list)
    shape: str = ""
    body_asks: bool = False
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return clean_title(self.title.text) if self.title else ""

    @property
    def begin(self) -> int:
        """The first line, that of the title included."""
        return self.title.line if self.title else self.start

    @property
    def has_questions(self) -> bool:
        return bool(self.marks or self.details)
