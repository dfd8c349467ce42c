"""What the preview of an import shows of each thing that was found."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models.functions import Left
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from questions.importing.deciding import Decision, Preview, Row
from questions.importing.drafts import Place
from questions.importing.reading import FoundQuestion, FoundStory, Lines, Reading, text_of
from questions.models import Import, Question

UNSURE = 0.8
BEGINNING = 300
WHOLE = 20_000
MOST_LINES = 400

CHANGING = {"retitle", "split", "merge", "note", "title"}
"""What may make another text of it than the one that was compared with the library."""

DONE = {
    "skip": _("Skipped"),
    "retitle": _("Reworded"),
    "note": _("Made a note"),
    "title": _("Made the title of a set"),
    "begin": _("Begins a set"),
    "merge": _("The next one was added"),
    "split": _("Split"),
}

SHAPES = {
    "details": pgettext_lazy("a question is written as", "details"),
    "list": pgettext_lazy("a question is written as", "list"),
    "headings": pgettext_lazy("a question is written as", "headings"),
    "bullets": pgettext_lazy("a question is written as", "bullets"),
    "records": pgettext_lazy("a question is written as", "records"),
}


@dataclass
class ShownRow:
    """A row of the preview. `numbers` are the questions of the library that it is like."""

    row: Row
    place: Place | None = None
    similar: list[int] = field(default_factory=list)
    library: list[Any] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def item(self) -> Any:
        return self.row.item

    @property
    def title(self) -> str:
        """One line."""
        text = self.item.prompt if isinstance(self.item, FoundQuestion) else self.item.title
        return str(text).split("\n", 1)[0][:500] or gettext("without a title")

    @property
    def text(self) -> str:
        """What there is besides the title, in full."""
        item = self.item
        if isinstance(item, FoundQuestion):
            rest = item.prompt.partition("\n")[2]
            return "\n\n".join(part for part in (rest, item.answer) if part)
        return str(getattr(item, "body", None) or getattr(item, "description", ""))

    @property
    def beginning(self) -> str:
        text = self.text
        return text if len(text) <= BEGINNING else f"{text[:BEGINNING]}…"

    @property
    def lines(self) -> str:
        if self.kind == "set" and not _has_lines(self.item):
            return ""
        lines: Lines = self.item.lines
        return f"{lines.first}" if lines.first == lines.last else f"{lines.first}–{lines.last}"

    @property
    def percent(self) -> int | None:
        if not isinstance(self.item, FoundQuestion):
            return None
        return round(self.item.confidence * 100)

    @property
    def shape(self) -> Any:
        """How the question is written, in a word."""
        return SHAPES.get(self.item.shape, self.item.shape)

    @property
    def is_unsure(self) -> bool:
        return isinstance(self.item, FoundQuestion) and self.item.confidence < UNSURE

    @property
    def numbers(self) -> list[int]:
        if self.place and self.place.kind == "question":
            return [self.place.number, *self.similar]
        return self.similar

    @property
    def said(self) -> list[tuple[int, str]]:
        """What was decided, in words, each with its number."""
        return [(one.number, _in_words(one)) for one in self.row.decisions]


def _has_lines(found: Any) -> bool:
    return bool(found.questions or found.own_lines)


def _in_words(decision: Decision) -> str:
    if decision.known:
        return gettext("Skipped, since it is there already")
    return str(DONE[decision.act])


FILTERS: dict[str, tuple[Any, Callable[[ShownRow], bool]]] = {
    "all": (_("all"), lambda row: True),
    "unsure": (_("unsure"), lambda row: row.is_unsure),
    "known": (_("in the library already"), lambda row: row.place is not None),
    "similar": (_("nearly in the library"), lambda row: bool(row.similar)),
    "skipped": (_("skipped"), lambda row: row.row.is_skipped),
    "decided": (_("decided by you"), lambda row: bool(row.row.decisions)),
}


def rows_of(preview: Preview, item: Import) -> list[ShownRow]:
    """All that was found, with what the library has like it."""
    rows = []
    for row in preview.rows():
        shown = ShownRow(row)
        if not CHANGING & {one.act for one in row.decisions}:
            place = item.known.get(row.key)
            shown.place = Place(*place) if place else None
            shown.similar = item.similar.get(row.key, [])
        rows.append(shown)
    return rows


def amount_of(chosen: Reading) -> str:
    """How much would be written: “2 sets, 9 questions”."""
    sets = sum(bool(found.questions) for found in chosen.sets)
    questions = len(list(chosen.questions))
    stories, notes = len(chosen.stories), len(chosen.notes)
    counts = [
        (sets, ngettext("%(count)d set", "%(count)d sets", sets)),
        (questions, ngettext("%(count)d question", "%(count)d questions", questions)),
        (stories, ngettext("%(count)d story", "%(count)d stories", stories)),
        (notes, ngettext("%(count)d note", "%(count)d notes", notes)),
    ]
    return ", ".join(text % {"count": count} for count, text in counts if count)


def beside(rows: list[ShownRow]) -> None:
    """Give each row the questions of the library that it is, or nearly is. One query."""
    wanted = {number for row in rows for number in row.numbers}
    found = {
        question.pk: question
        for question in Question.objects.filter(pk__in=wanted)
        .select_related("question_set")
        .only("prompt", "slug", "question_set__slug", "question_set__title")
        .annotate(beginning=Left("answer", 300))
    }
    for row in rows:
        row.library = [found[number] for number in row.numbers if number in found]


@dataclass
class ItemPage:
    """One thing in full: what was read, the lines it was read from, where it may be cut."""

    row: ShownRow
    source: list[str]

    @property
    def text(self) -> str:
        item = self.row.item
        return str(item.prompt if isinstance(item, FoundQuestion) else item.title)

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Of the file, with their numbers; the first of many."""
        if self.row.kind == "set":
            numbers: Any = self.row.item.own_lines
        else:
            numbers = self.row.item.lines.numbers
        return [(number, self.source[number - 1][:500]) for number in numbers[:MOST_LINES]]

    @property
    def answer(self) -> str:
        """Markdown to be shown as candidates will see it; the beginning of a very long one."""
        return self.row.text[:WHOLE]

    @property
    def is_cut_short(self) -> bool:
        return len(self.row.text) > WHOLE

    @property
    def cuts(self) -> list[tuple[int, str]]:
        """Lines at which the question can be split in two: none in code, none that is blank."""
        if not isinstance(self.row.item, FoundQuestion):
            return []
        cuts, fence = [], ""
        for number, line in enumerate(text_of(self.row.item)):
            mark = re.match(r"\s*(```+|~~~+)", line)
            if mark and not fence:
                fence = mark[1]
            elif mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            elif not fence and line.strip() and number:
                cuts.append((number, line.strip()[:100]))
        return cuts[:MOST_LINES]

    @property
    def url(self) -> str:
        return self.row.item.url if isinstance(self.row.item, FoundStory) else ""
