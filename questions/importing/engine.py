"""One engine for lists, `<details>`, headings and bullets: from a page to what it holds."""

import re

from questions.importing import stories, words
from questions.importing.decoding import Source
from questions.importing.limits import Deadline
from questions.importing.marks import Mark, clean_title
from questions.importing.outline import LINK_ONLY, Outliner, Section
from questions.importing.page import Is, Page
from questions.importing.reading import FoundNote, FoundQuestion, FoundSet, Lines, Reading
from questions.importing.segments import Parts, is_droppable, read_details, read_question, text_of
from questions.importing.words import asks

NAMES = {
    "details": "<details> with the question in its <summary>",
    "list": "numbered or labelled questions",
    "headings": "a heading for each question",
    "bullets": "a bullet for each question",
    "stories": "failure stories",
}


class Engine:
    """Reads one page. `shape` and `body_is` are what the person said, or `auto` and nothing."""

    def __init__(
        self, page: Page, deadline: Deadline, shape: str = "auto", body_is: str = ""
    ) -> None:
        self.page = page
        self.deadline = deadline
        self.shape = shape
        self.source: Source = page.source
        self.reading = Reading(self.source.path, self.source.encoding)
        self.reading.problems += [*self.source.problems, *page.problems]
        self.outliner = Outliner(page, deadline, shape, body_is)
        self.taken: set[int] = set()
        self.untitled: list[FoundSet] = []

    def read(self) -> Reading:
        outline = self.outliner.outline()
        self.sections = outline.sections
        self.contents_end = outline.contents_end
        self.asking_sections = [one for one in self.sections if one.has_questions]
        self.titles_above = {id(title) for one in self.asking_sections for title in one.parents}
        self.is_stories = stories.is_story_file(self.outliner, self.shape)
        self.first_questions = next(
            (number for number, section in enumerate(self.sections) if section.has_questions), None
        )
        number = 0
        while number < len(self.sections):
            self.deadline.check(self.line(self.sections[number].begin))
            number += self.read_section(number)
        self.name_sets()
        self.describe()
        return self.reading

    # Lines and their owners.

    def line(self, index: int) -> int:
        return self.page.numbers[min(index, len(self.page.numbers) - 1)]

    def claim(self, first: int, last: int) -> Lines:
        """The source lines of the lines from `first` to `last`, less what others have."""
        while last > first and self.page.is_blank(last):
            last -= 1
        while first < last and self.page.is_blank(first):
            first += 1
        numbers = [self.page.numbers[index] for index in range(first, last + 1)]
        begin, end = numbers[0], numbers[-1]
        while begin in self.taken and begin < end:
            begin += 1
        self.taken.update(range(begin, end + 1))
        return Lines(begin, end)

    def own(self, found: FoundSet, first: int, last: int) -> None:
        """Make the lines those of the title or the description."""
        for index in range(first, last + 1):
            number = self.page.numbers[index]
            if not self.page.is_blank(index) and number not in self.taken:
                self.taken.add(number)
                found.own_lines.append(number)

    def ignore(self, first: int, last: int, reason: str) -> None:
        """Leave the lines from `first` to `last` out that nobody has."""
        run: list[int] = []
        for index in range(first, last + 2):
            number = self.page.numbers[index] if index <= last else -1
            free = index <= last and not self.page.is_blank(index) and number not in self.taken
            if free:
                self.taken.add(number)
                run.append(number)
            elif run and (index > last or not self.page.is_blank(index)):
                self.reading.ignore(run[0], run[-1], self.source.lines, reason)
                run = []

    def trim(self, first: int, end: int) -> int:
        """The end of the lines without what is dropped at the end of a question; ignores that."""
        last = end
        while last > first and is_droppable(self.page, last - 1):
            last -= 1
        for index in range(last, end):
            if not self.page.is_blank(index):
                self.ignore(index, index, self.junk_reason(index))
        return last

    def junk_reason(self, index: int) -> str:
        if self.page.kinds[index] is Is.COMMENT:
            return "a comment or front matter"
        return "decoration: a rule, a badge, a link back to the top"

    def text(self, indexes: range) -> str:
        """The Markdown of the lines, without what is dropped at its edges."""
        return text_of(self.page, indexes)

    # Sections.

    def read_section(self, number: int) -> int:
        """Read the section; how many sections that took."""
        section = self.sections[number]
        if self.outliner.is_boilerplate_section(section):
            self.ignore(section.begin, section.end - 1, self.boilerplate_reason(section))
            return 1
        self.drop_lists_of_links(section)
        if not self.has_text(section):
            self.ignore(section.begin, section.end - 1, "a heading with nothing of its own below")
            return 1
        if self.is_stories or stories.is_story(section):
            return stories.read(self, number)
        if section.has_questions:
            self.read_questions(section)
            return 1
        return self.read_rest(number)

    def boilerplate_reason(self, section: Section) -> str:
        if words.CONTENTS.fullmatch(section.name.strip("?!. ")):
            return "a table of contents"
        return f"not about the subject: “{section.name}”"

    def has_text(self, section: Section) -> bool:
        return any(
            not is_droppable(self.page, index) and self.page.numbers[index] not in self.taken
            for index in range(section.start, section.end)
        )

    def drop_lists_of_links(self, section: Section) -> None:
        """Ignore tables of contents that have no heading, and `<details>` with such."""
        index, end = section.start, section.end
        if section.has_questions:
            # Below the first question they are part of an answer.
            end = section.marks[0].line if section.marks else section.details[0].first
        while index < end:
            if index in self.outliner.dropped:
                details = self.outliner.dropped[index]
                self.ignore(index, details.last, "a list of links, folded")
                index = details.last + 1
                continue
            run = index
            links = 0
            while run < end and (self.page.is_blank(run) or self.is_link_line(run)):
                links += not self.page.is_blank(run)
                run += 1
            if links >= 3:
                self.ignore(index, run - 1, "a table of contents")
            elif links and not section.has_questions:
                return
            if run == index and not section.has_questions and not is_droppable(self.page, index):
                # Within a text they are part of it.
                return
            index = max(run, index + 1)

    def is_link_line(self, index: int) -> bool:
        line = self.page.lines[index]
        if self.page.kinds[index] is Is.TABLE:
            return "](#" in line or re.fullmatch(r"[\s|:\-*]*", line) is not None
        text = re.sub(r"^\s*(?:[-*+]|\d{1,4}[.)])\s+", "", line)
        return self.page.is_text(index) and text != line and LINK_ONLY.fullmatch(text) is not None

    def read_rest(self, number: int) -> int:
        """A section without questions: an introduction or a note."""
        section = self.sections[number]
        questions_follow = self.first_questions is not None and number < self.first_questions
        level = section.title.level if section.title else 0
        is_above = section.title is not None and id(section.title) in self.titles_above
        if (
            section.title is None
            or (questions_follow and section.begin < self.contents_end)
            or is_above
        ):
            if (
                section.title is None
                and self.first_questions is None
                and number == 0
                and len(self.sections) == 1
            ):
                self.add_note(section, section.end)
                return 1
            self.introduce(section)
            return 1
        count = 1
        for at in range(number + 1, len(self.sections)):
            below = self.sections[at]
            if below.title is None or below.title.level <= level or below.has_questions:
                break
            if self.outliner.is_boilerplate(below.title) and level < 2:
                break
            count += 1
        if level == 1 and self.first_questions is not None and questions_follow:
            self.introduce(section)
            return 1
        self.add_note(section, self.sections[number + count - 1].end)
        return count

    def introduce(self, section: Section) -> None:
        """Text above the sets: the description if there is one set only, else left out."""
        later = self.asking_sections
        if (
            len(later) == 1
            and later[0].begin > section.begin
            and section.begin >= self.contents_end
        ):
            self.waiting = getattr(self, "waiting", [])
            self.waiting.append(section)
            return
        for index in range(section.begin, section.end):
            if is_droppable(self.page, index) and not self.page.is_blank(index):
                self.ignore(index, index, self.junk_reason(index))
        self.ignore(section.begin, section.end - 1, "introduction to the whole file")

    def add_note(self, section: Section, end: int) -> None:
        end = self.trim(section.start, end)
        lines = self.claim(section.begin, end - 1)
        title = section.name or self.source.title
        self.reading.notes.append(
            FoundNote(title, lines, text_of(self.page, range(section.start, end)))
        )

    # Questions.

    def read_questions(self, section: Section) -> None:
        found = FoundSet(section.name)
        self.reading.sets.append(found)
        for index, message in section.problems:
            self.reading.complain(self.line(index), message)
        for above in self.__dict__.pop("waiting", []):
            if not found.title or words.GENERIC_TITLE.fullmatch(found.title):
                found.title = above.name or found.title
            first = above.start
            self.own_text(found, above.begin, above.end, first)
        if section.title is not None:
            self.own(found, section.title.line, section.title.last)
        if section.details:
            self.read_all_details(section, found)
        else:
            self.read_marks(section, found)

    def own_text(self, found: FoundSet, begin: int, end: int, text_from: int) -> None:
        """Lines that describe the set, less what is decoration."""
        for index in range(begin, end):
            if not self.page.is_blank(index) and is_droppable(self.page, index):
                self.ignore(index, index, self.junk_reason(index))
        kept = [
            index
            for index in range(text_from, end)
            if self.page.is_blank(index) or self.page.numbers[index] not in self.taken
        ]
        text = text_of(self.page, kept)
        self.own(found, begin, end - 1)
        found.description = "\n\n".join(part for part in (found.description, text) if part)

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
            self.drop_set(found)

    def read_head(self, section: Section, found: FoundSet, first: int) -> None:
        """What stands before the first question: questions of another shape, or the description."""
        head = Section(section.start, first)
        if section.shape == "details" or section.shape == "headings":
            self.outliner.choose_list(head)
        if len(head.marks) >= 2 and self.outliner.shape == "auto":
            self.read_marks(head, found)
            return
        self.own_text(found, section.start, first, section.start)

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
        if mark.number is None or re.search(r"[?？]", mark.text) or mark.starts_set:
            return None
        start = self.page.next_line(mark.last + 1, end)
        if start is None or start == mark.last + 1 or self.page.lines[start][:1].isspace():
            return None
        return start if self.page.is_text(start) and not self.outliner.answers(start) else None

    def begin_titled(self, found: FoundSet, mark: Mark, prose: int, end: int) -> FoundSet:
        new = self.next_set(found, clean_title(mark.text))
        self.own(new, mark.line, mark.last)
        self.own_text(new, prose, end, prose)
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
                if unanswered and not self.outliner.answers(index) and (before or own):
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
        mark = self.outliner.by_line.get(index)
        return not self.page.lines[index][:1].isspace() or (mark is not None and mark.is_bold)

    def begin_described(self, found: FoundSet, start: int, end: int, following: Mark) -> FoundSet:
        new = self.next_set(found)
        following.starts_set = False
        lines = [index for index in range(start, end) if not is_droppable(self.page, index)]
        if lines and self.is_short_title(self.page.lines[lines[0]]):
            new.title = clean_title(self.page.lines[lines[0]])
            self.own(new, start, lines[0])
            start = lines[0] + 1
        self.own_text(new, start, end, start)
        return new

    def is_short_title(self, line: str) -> bool:
        return len(line.strip()) <= 80 and not re.search(r"[.!?;,]\s*$", line)

    def add_question(self, section: Section, found: FoundSet, mark: Mark, end: int) -> None:
        end = self.trim(mark.last + 1, end)
        parts = read_question(
            mark, self.page, end, self.outliner.holding, body_asks=section.body_asks
        )
        if not parts.prompt.strip():
            self.reading.complain(self.line(mark.line), "an item without text")
            self.ignore(mark.line, end - 1, "an item without text")
            return
        lines = self.claim(mark.line, max(end - 1, mark.last))
        self.append(found, parts, lines, section.shape)

    def read_all_details(self, section: Section, found: FoundSet) -> None:
        at = section.start
        for number, details in enumerate(section.details):
            self.read_gap(section, found, at, details.first, is_head=not number)
            parts = read_details(details, self.page)
            if parts.prompt.strip():
                self.append(found, parts, self.claim(details.first, details.last), "details")
            else:
                self.ignore(details.first, details.last, "a <details> without a question")
            at = details.last + 1
        self.read_gap(section, found, at, section.end, is_head=False)
        self.count_said(section, found)

    def read_gap(
        self, section: Section, found: FoundSet, start: int, end: int, *, is_head: bool
    ) -> None:
        """Text between two `<details>`: a list of questions, the description, or left over."""
        if not any(not is_droppable(self.page, index) for index in range(start, end)):
            self.trim(start, end)
            return
        between = Section(start, end)
        if self.outliner.shape == "auto":
            self.outliner.choose_list(between)
        if between.marks:
            between_end = self.trim(start, end)
            between.end = between_end
            self.own_text(found, start, between.marks[0].line, start)
            for number, mark in enumerate(between.marks):
                last = number + 1 == len(between.marks)
                self.add_question(
                    between, found, mark, between_end if last else between.marks[number + 1].line
                )
        elif is_head:
            self.own_text(found, start, end, start)
        else:
            for index in range(start, end):
                if not self.page.is_blank(index) and is_droppable(self.page, index):
                    self.ignore(index, index, self.junk_reason(index))
            self.ignore(start, end - 1, "text between two <details>")

    def append(self, found: FoundSet, parts: Parts, lines: Lines, shape: str) -> None:
        self.deadline.check(lines.first)
        if parts.unfinished:
            message = f"the answer may be a placeholder: “{parts.answer.splitlines()[0]}”"
            self.reading.complain(lines.first, message)
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
            message = f"the title says {said[1]} questions; {len(found.questions)} are here"
            self.reading.complain(self.line(section.title.line), message)

    # The end.

    def drop_set(self, found: FoundSet) -> None:
        self.reading.sets.remove(found)
        self.taken -= set(found.own_lines)

    def name_sets(self) -> None:
        """Give every set a title: its own, with the title above where several are alike."""
        self.reading.sets = [
            found for found in self.reading.sets if found.questions or self.give_up(found)
        ]
        seen: dict[str, int] = {}
        for found in self.reading.sets:
            seen[found.title] = seen.get(found.title, 0) + 1
        for found in self.reading.sets:
            section = self.section_of(found)
            above = clean_title(section.parents[-1].text) if section and section.parents else ""
            generic = words.GENERIC_TITLE.fullmatch(found.title) is not None
            if above and found.title and (seen[found.title] > 1 or generic):
                found.title = f"{above}: {found.title}"
        untitled = [found for found in self.reading.sets if not found.title]
        for number, found in enumerate(untitled, 1):
            found.title = (
                self.source.title if len(untitled) == 1 else f"{self.source.title} {number}"
            )

    def section_of(self, found: FoundSet) -> Section | None:
        lines = set(found.own_lines)
        for section in self.sections:
            if section.title and self.page.numbers[section.title.line] in lines:
                return section
        return None

    def give_up(self, found: FoundSet) -> bool:
        """A set without questions is none; its lines are left over."""
        self.taken -= set(found.own_lines)
        return False

    def describe(self) -> None:
        """Say which shapes were read, and why."""
        counts: dict[str, int] = {}
        for question in self.reading.questions:
            counts[question.shape] = counts.get(question.shape, 0) + 1
        if self.reading.stories:
            counts["stories"] = len(self.reading.stories)
        for shape, count in sorted(counts.items(), key=lambda item: -item[1]):
            self.reading.why.append(f"{count} × {NAMES.get(shape, shape)}")


def confidence(parts: Parts, shape: str) -> float:
    """Between 0 and 1, in steps that can be told: the shape, the mark, the answer."""
    value = {"details": 0.9, "list": 0.75, "headings": 0.7, "bullets": 0.6}.get(shape, 0.6)
    if re.search(r"[?？؟]", parts.prompt):
        value += 0.1
    elif not asks(parts.prompt):
        value -= 0.2
    if parts.answer and not parts.unfinished and shape != "details":
        value += 0.1
    return round(min(max(value, 0.1), 1.0), 2)
