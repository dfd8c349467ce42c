"""The sections of a page: where the titles are, and which marks are its questions.

A heading is a question, the title of a section, or part of an answer. The page decides which
levels of headings ask (`asking_headings`); what asks in a section below a title is decided there
(`lists`). One section has one shape; what stands before its first question may have another.
"""

from collections.abc import Iterator

from questions.importing import words
from questions.importing.asking_headings import HeadingJudge
from questions.importing.junk import is_junk
from questions.importing.lists import ListChooser
from questions.importing.marked_page import MarkedPage
from questions.importing.marks import Mark, clean_title
from questions.importing.numbering import resolve
from questions.importing.page import Is
from questions.importing.sections import Section
from questions.importing.words import asks

LISTS = ("auto", "list")


class Outliner:
    """One page while its sections are found. `shape` is what `--as` said."""

    def __init__(self, marked: MarkedPage, shape: str = "auto", body_is: str = "") -> None:
        self.marked = marked
        self.shape = shape
        self.kinds = HeadingJudge(marked, shape, body_is).asking_headings()
        self.lists = ListChooser(marked, shape)
        self.question_lines: set[int] = set()

    def outline(self) -> list[Section]:
        asking = [
            mark
            for mark in self.marked.headings
            if mark.kind in self.kinds
            and not self.marked.is_boilerplate(mark)
            and mark.line > self.marked.contents_end
        ]
        asking = self.without_nested(asking)
        self.question_lines = {mark.line for mark in asking}
        sections = list(self.split(asking))
        for section in sections:
            self.fill(section, asking)
        return sections

    def without_nested(self, asking: list[Mark]) -> list[Mark]:
        """Leave headings out that are deeper than the question they stand below."""
        kept: list[Mark] = []
        current: Mark | None = None
        at = 0
        asked = {mark.line for mark in asking}
        titles = [mark for mark in self.marked.headings if mark.line not in asked]
        for mark in asking:
            while at < len(titles) and titles[at].line < mark.line:
                if current and titles[at].level <= current.level:
                    current = None
                at += 1
            if (
                current is None
                or mark.level <= current.level
                or mark.kind.name in {"numbered", "label"}
                or (mark.kind == current.kind)
            ):
                kept.append(mark)
                current = mark
        return kept

    def split(self, asking: list[Mark]) -> Iterator[Section]:
        titles = [mark for mark in self.marked.headings if mark.line not in self.question_lines]
        title_lines = self.find_titles(titles)
        start, title = 0, None
        stack: list[Mark] = []
        for mark in titles:
            if mark.line not in title_lines:
                continue
            if mark.line > start or title is not None:
                yield from self.cut(
                    Section(start, mark.line, title, self.parents(stack, title)), asking
                )
            title, start = mark, mark.last + 1
        last = Section(start, len(self.marked.page.lines), title, self.parents(stack, title))
        yield from self.cut(last, asking)

    def cut(self, section: Section, asking: list[Mark]) -> Iterator[Section]:
        """A table of contents and its like end at the first heading that asks."""
        if section.title is not None and self.marked.is_boilerplate(section.title):
            lines = range(section.start, section.end)
            first = next((mark.line for mark in asking if mark.line in lines), None)
            if first is not None:
                yield Section(section.start, first, section.title, section.parents)
                yield Section(first, section.end, None, section.parents)
                return
        yield section

    def parents(self, stack: list[Mark], title: Mark | None) -> list[Mark]:
        """The titles above; keeps `stack` up to date."""
        if title is None:
            return []
        while stack and stack[-1].level >= title.level:
            stack.pop()
        found = list(stack)
        stack.append(title)
        return found

    def find_titles(self, headings: list[Mark]) -> set[int]:
        """The lines of headings that begin a section, and are no part of an answer."""
        leading = {mark.line: lead for mark in headings if (lead := self.leads(mark))}
        levels = {mark.level for mark in headings if leading.get(mark.line) == "question"}
        found: set[int] = set()
        question: Mark | None = None
        events = sorted([*headings, *self.countable()], key=lambda mark: mark.line)
        is_title_ahead = {mark.line: mark for mark in headings}
        for at, mark in enumerate(events):
            if mark.line not in is_title_ahead:
                # A number below a question that is a heading counts steps of its answer.
                if question is None or not question.level or mark.level:
                    question = mark
                continue
            if self.is_inside(mark, question, events[at + 1 : at + 40], leading, levels):
                continue
            found.add(mark.line)
            question = None
        return found

    def countable(self) -> list[Mark]:
        """Marks that are questions, or numbers at the left margin that may be."""
        return [
            mark
            for mark in self.marked.marks
            if mark.line in self.question_lines
            or (not mark.level and mark.indent < 2 and (mark.number is not None or mark.is_label))
        ]

    def is_inside(
        self,
        mark: Mark,
        question: Mark | None,
        ahead: list[Mark],
        leading: dict[int, str],
        levels: set[int],
    ) -> bool:
        """Whether the heading is part of the answer to `question`."""
        goes_on = (
            next((one for one in ahead if one.kind == question.kind), None) if question else None
        )
        counts = (
            goes_on is not None
            and question is not None
            and question.number is not None
            and (goes_on.number == question.number + 1)
        )
        if question is None or leading.get(mark.line) == "question":
            return False
        if question.kind.name == "numbered" and mark.indent > 1:
            return True
        if mark.line in leading and not (
            question.level and (counts or mark.level > question.level)
        ):
            return False
        # A line in costume needs to lead to a question to be a title.
        if mark.is_title and mark.level == 7:
            return True
        if words.ANSWER_LABEL.match(f"{clean_title(mark.text)}:") and not asks(mark.text):
            return True
        if question.level and mark.level > question.level:
            return True
        if self.marked.is_boilerplate(mark) and mark.level <= (question.level or 6):
            return False
        return counts and mark.level not in levels

    def leads(self, mark: Mark) -> str:
        """What the heading stands right above: a question, a list, or neither."""
        index = self.marked.page.next_line(mark.last + 1)
        while index is not None and self.is_skippable(index):
            index = self.marked.page.next_line(index + 1)
        if index is None:
            return ""
        if index in self.marked.folded.asking or index in self.question_lines:
            return "question"
        below = self.marked.by_line.get(index)
        if below is None:
            return ""
        if below.level and not below.is_title:
            return self.leads(below) if below.level > mark.level else ""
        is_list = below.number == 1 and not below.level and (asks(below.text) or not mark.is_title)
        return "list" if is_list else ""

    def is_skippable(self, index: int) -> bool:
        return self.marked.page.kinds[index] is Is.COMMENT or is_junk(self.marked.page.lines[index])

    # What asks in a section.

    def fill(self, section: Section, asking: list[Mark]) -> None:
        lines = range(section.start, section.end)
        if self.is_boilerplate_section(section):
            return
        section.details = (
            [
                self.marked.folded.asking[index]
                for index in self.marked.folded.asking
                if index in lines
            ]
            if self.shape
            in {
                "auto",
                "details",
            }
            else []
        )
        section.marks = [mark for mark in asking if mark.line in lines]
        if section.marks:
            section.shape = "headings"
            section.body_asks = any(self.kinds.get(mark.kind) for mark in section.marks)
            section.details = []
            numbered = [mark for mark in section.marks if mark.number is not None]
            if len(numbered) >= 0.8 * len(section.marks):
                section.problems = resolve(section.marks, may_nest=False).problems
        elif section.details:
            section.shape = "details"
        elif self.shape in LISTS and section.end > self.marked.contents_end:
            self.lists.choose(section)

    def is_boilerplate_section(self, section: Section) -> bool:
        """Such as “License”, unless `<details>` ask below it."""
        lines = range(section.start, section.end)
        if section.title is None or any(index in self.marked.folded.asking for index in lines):
            return False
        return self.marked.is_boilerplate(section.title)
