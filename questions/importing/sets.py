"""The questions of one section, in their sets."""

import re

from django.utils.translation import gettext, ngettext

from questions.importing import words
from questions.importing.line_owners import LineOwners
from questions.importing.lists import ListChooser
from questions.importing.marked_page import MarkedPage
from questions.importing.marks import Mark, clean_title
from questions.importing.reading import FoundQuestion, FoundSet, Lines, Reading
from questions.importing.sections import Section
from questions.importing.segments import Parts, is_droppable, read_details, read_question
from questions.importing.words import asks, has_mark


class SetReader:
    """Adds the sets of one section after the other to `reading`.

    `introductions` are sections without questions that describe the set that is read next.
    """

    def __init__(
        self,
        marked: MarkedPage,
        owners: LineOwners,
        lists: ListChooser,
        reading: Reading,
        shape: str,
    ) -> None:
        self.marked = marked
        self.page = marked.page
        self.owners = owners
        self.lists = lists
        self.reading = reading
        self.shape = shape
        self.introductions: list[Section] = []

    def read(self, section: Section) -> None:
        found = FoundSet(section.name)
        self.reading.sets.append(found)
        for index, message in section.problems:
            self.reading.complain(self.owners.line(index), message)
        introductions, self.introductions = self.introductions, []
        for above in introductions:
            if not found.title or words.GENERIC_TITLE.fullmatch(found.title):
                found.title = above.name or found.title
            first = above.start
            self.owners.own_text(found, above.begin, above.end, first)
        if section.title is not None:
            self.owners.own(found, section.title.line, section.title.last)
        if section.details:
            self.read_all_details(section, found)
        else:
            self.read_marks(section, found)

    def read_marks(self, section: Section, found: FoundSet) -> None:
        marks = section.marks
        first = marks[0].line
        self.read_head(section, found, first)
        for number, mark in enumerate(marks):
            end = marks[number + 1].line if number + 1 < len(marks) else section.end
            if mark.starts_set and number:
                found = self.next_set(found)
            title = self.title_ahead(marks, number, end)
            if title is not None and found.questions:
                found = self.begin_titled(found, mark, title, end)
                marks[number + 1].starts_set = False
                continue
            cut = self.prose_ahead(marks, number, end, found)
            self.add_question(section, found, mark, cut)
            if cut < end:
                found = self.begin_described(found, cut, end, marks[number + 1])
        if not found.questions and found in self.reading.sets:
            self.reading.sets.remove(found)
            self.owners.give_back(found)

    def read_head(self, section: Section, found: FoundSet, first: int) -> None:
        """What stands before the first question: questions of another shape, or the description."""
        head = Section(section.start, first)
        if section.shape == "details" or section.shape == "headings":
            self.lists.choose(head)
        if len(head.marks) >= 2 and self.shape == "auto":
            self.read_marks(head, found)
            return
        self.owners.own_text(found, section.start, first, section.start)

    def next_set(self, found: FoundSet, title: str = "") -> FoundSet:
        if not found.questions and not title:
            return found
        new = FoundSet(title)
        self.reading.sets.append(new)
        return new

    def title_ahead(self, marks: list[Mark], number: int, end: int) -> int | None:
        """Where prose begins when a last item that does not ask is the title of the next set."""
        if number + 1 >= len(marks) or marks[number + 1].number != 1 or not number:
            return None
        mark = marks[number]
        if mark.number is None or has_mark(mark.text) or mark.starts_set:
            return None
        start = self.page.next_line(mark.last + 1, end)
        if start is None or start == mark.last + 1 or self.page.lines[start][:1].isspace():
            return None
        return start if self.page.is_text(start) and not self.marked.answers(start) else None

    def begin_titled(self, found: FoundSet, mark: Mark, prose: int, end: int) -> FoundSet:
        new = self.next_set(found, clean_title(mark.text))
        self.owners.own(new, mark.line, mark.last)
        self.owners.own_text(new, prose, end, prose)
        return new

    def prose_ahead(self, marks: list[Mark], number: int, end: int, found: FoundSet) -> int:
        """Where text begins that belongs to the next set; `end` when it does not.

        It does when the next item begins a set, stands at the margin behind a blank line, and the
        questions before have no answers of that kind.
        """
        if number + 1 >= len(marks) or not marks[number + 1].starts_set:
            return end
        mark = marks[number]
        start = self.page.next_line(mark.last + 1, end)
        blank = False
        for index in range(mark.last + 1, end):
            if self.page.is_blank(index):
                blank = True
            elif blank and self.page.is_text(index) and self.is_at_margin(index):
                before = [question.answer for question in found.questions]
                unanswered = sum(not answer for answer in before) >= 0.5 * len(before)
                own = start is not None and start < index
                if unanswered and not self.marked.answers(index) and (before or own):
                    return index
                short = (
                    len(self.page.lines[index].strip()) <= 80
                    and self.page.next_line(index + 1, end) is None
                )
                return (
                    index
                    if short and not re.search(r"[.?!;,]\s*$", self.page.lines[index])
                    else end
                )
        return end

    def is_at_margin(self, index: int) -> bool:
        """Whether the line is no content of an item: not indented, or a title indented for show."""
        mark = self.marked.by_line.get(index)
        return not self.page.lines[index][:1].isspace() or (mark is not None and mark.is_bold)

    def begin_described(self, found: FoundSet, start: int, end: int, following: Mark) -> FoundSet:
        new = self.next_set(found)
        following.starts_set = False
        lines = [index for index in range(start, end) if not is_droppable(self.page, index)]
        if lines and self.is_short_title(self.page.lines[lines[0]]):
            new.title = clean_title(self.page.lines[lines[0]])
            self.owners.own(new, start, lines[0])
            start = lines[0] + 1
        self.owners.own_text(new, start, end, start)
        return new

    def is_short_title(self, line: str) -> bool:
        return len(line.strip()) <= 80 and not re.search(r"[.!?;,]\s*$", line)

    def add_question(self, section: Section, found: FoundSet, mark: Mark, end: int) -> None:
        end = self.owners.trim(mark.last + 1, end)
        parts = read_question(
            mark, self.page, end, self.marked.folded.holding, body_asks=section.body_asks
        )
        if not parts.prompt.strip():
            reason = gettext("an item without text")
            self.reading.complain(self.owners.line(mark.line), reason)
            self.owners.ignore(mark.line, end - 1, reason)
            return
        lines = self.owners.claim(mark.line, max(end - 1, mark.last))
        self.append(found, parts, lines, section.shape)

    def read_all_details(self, section: Section, found: FoundSet) -> None:
        at = section.start
        for number, details in enumerate(section.details):
            self.read_gap(section, found, at, details.first, is_head=not number)
            parts = read_details(details, self.page)
            if parts.prompt.strip():
                self.append(found, parts, self.owners.claim(details.first, details.last), "details")
            else:
                reason = gettext("a <details> without a question")
                self.owners.ignore(details.first, details.last, reason)
            at = details.last + 1
        self.read_gap(section, found, at, section.end, is_head=False)
        self.count_said(section, found)

    def read_gap(
        self, section: Section, found: FoundSet, start: int, end: int, *, is_head: bool
    ) -> None:
        """Text between two `<details>`: a list of questions, the description, or left over."""
        if not any(not is_droppable(self.page, index) for index in range(start, end)):
            self.owners.trim(start, end)
            return
        between = Section(start, end)
        if self.shape == "auto":
            self.lists.choose(between)
        if between.marks:
            between_end = self.owners.trim(start, end)
            between.end = between_end
            self.owners.own_text(found, start, between.marks[0].line, start)
            for number, mark in enumerate(between.marks):
                last = number + 1 == len(between.marks)
                self.add_question(
                    between, found, mark, between_end if last else between.marks[number + 1].line
                )
        elif is_head:
            self.owners.own_text(found, start, end, start)
        else:
            self.owners.ignore_junk(start, end)
            lines = self.page.lines
            asking = [at for at in range(start, end) if asks(lines[at]) or "<summary" in lines[at]]
            if asking:
                message = gettext("text between two <details>: it is left out")
                self.reading.complain(self.owners.line(asking[0]), message)
            self.owners.ignore(start, end - 1, gettext("text between two <details>"))

    def append(self, found: FoundSet, parts: Parts, lines: Lines, shape: str) -> None:
        self.marked.deadline.check(lines.first)
        if parts.unfinished:
            message = gettext("the answer may be a placeholder: “%(answer)s”")
            self.reading.complain(lines.first, message % {"answer": parts.answer.splitlines()[0]})
        found.questions.append(
            FoundQuestion(
                prompt=parts.prompt,
                answer=parts.answer,
                key_points=parts.key_points,
                follow_ups=parts.follow_ups,
                lines=lines,
                confidence=confidence(parts, shape),
                shape=shape,
            )
        )

    def count_said(self, section: Section, found: FoundSet) -> None:
        """Name a title that says another number than there is: `System Questions (37)`."""
        said = re.search(r"\((\d{1,4})(?: questions?)?\)\W*$", section.name)
        if said and int(said[1]) != len(found.questions) and section.title:
            message = ngettext(
                "the title says %(said)s questions; %(count)d is here",
                "the title says %(said)s questions; %(count)d are here",
                len(found.questions),
            )
            values = {"said": said[1], "count": len(found.questions)}
            self.reading.complain(self.owners.line(section.title.line), message % values)


def confidence(parts: Parts, shape: str) -> float:
    """Between 0 and 1, in steps that can be told: the shape, the mark, the answer."""
    value = {"details": 0.9, "list": 0.75, "headings": 0.7, "bullets": 0.6}.get(shape, 0.6)
    if has_mark(parts.prompt):
        value += 0.1
    elif not asks(parts.prompt):
        value -= 0.2
    if parts.answer and not parts.unfinished and shape != "details":
        value += 0.1
    return round(min(max(value, 0.1), 1.0), 2)
