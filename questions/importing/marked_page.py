"""A page with its marks: what the later steps ask about its headings and their bodies."""

from collections.abc import Iterator

from questions.importing import words
from questions.importing.folded import LINK_ONLY, sort_details, summary_of
from questions.importing.limits import Deadline
from questions.importing.marks import UNDERLINE, Mark, clean_title, read_mark
from questions.importing.page import Page


class MarkedPage:
    """`marks` are all lines that may begin a question or a section, `headings` some of them."""

    def __init__(self, page: Page, deadline: Deadline) -> None:
        self.page = page
        self.deadline = deadline
        self.folded = sort_details(page)
        self.marks = list(self.read_marks())
        self.by_line = {mark.line: mark for mark in self.marks}
        self.headings = [mark for mark in self.marks if mark.level]
        self.positions = {id(mark): at for at, mark in enumerate(self.headings)}
        self.about_questions = self.is_about_questions()
        self.about_tasks = self.is_about_tasks()
        self.contents_end = self.find_contents_end()

    def read_marks(self) -> Iterator[Mark]:
        page = self.page
        for index, line in enumerate(page.lines):
            self.deadline.check(page.numbers[index])
            if index in self.folded.containers:
                details = self.folded.containers[index]
                summary = summary_of(details, page)
                last = details.summary[1][0] if details.summary else index
                yield Mark(index, summary, level=7, is_title=True, last=last)
                continue
            if not page.is_text(index):
                continue
            mark = read_mark(line, index)
            if mark is not None and self.is_link(mark):
                continue
            mark = self.underlined(mark, index)
            if mark is not None and mark.number is not None and not mark.text:
                self.read_below(mark)
            if mark is not None and (mark.text or mark.number is not None):
                yield mark

    def read_below(self, mark: Mark) -> None:
        """A number alone in its line counts the text in the next one."""
        below = mark.last + 1
        lines = self.page.lines
        if (
            below < len(lines)
            and self.page.is_text(below)
            and not words.ANSWER_LABEL.match(lines[below])
            and read_mark(lines[below], below) is None
        ):
            mark.text, mark.last = lines[below].strip(), below

    def is_link(self, mark: Mark) -> bool:
        """Whether the mark is an entry in a table of contents."""
        return not mark.level and LINK_ONLY.fullmatch(mark.text) is not None

    def underlined(self, mark: Mark | None, index: int) -> Mark | None:
        """A line over `====` is a heading; below a heading these are part of it."""
        page = self.page
        below = page.lines[index + 1] if index + 1 < len(page.lines) else ""
        rule = UNDERLINE.fullmatch(below)
        if rule is None:
            return mark
        if mark is not None and mark.level:
            mark.last = index + 1
            return mark
        text = page.lines[index].strip()
        above = page.lines[index - 1] if index else ""
        alone = not above.strip() or UNDERLINE.fullmatch(above)
        if mark is not None and (mark.is_bullet or (mark.number is not None and rule[1][0] != "=")):
            return mark
        if len(text) > 120 or "|" in text or not alone or text.startswith((">", "<", "!", "[!")):
            return mark
        level = 1 if rule[1][0] == "=" else 2
        if UNDERLINE.fullmatch(text):
            return mark
        number = mark.number if mark is not None else None
        label = mark.is_label if mark is not None else False
        words_ = mark.text if mark is not None else text
        return Mark(index, words_, level=level, number=number, is_label=label, last=index + 1)

    def is_about_questions(self) -> bool:
        first = next((mark.text for mark in self.headings), "")
        return words.ABOUT_QUESTIONS.search(f"{first} {self.page.source.title}") is not None

    def is_about_tasks(self) -> bool:
        """Whether what stands below the headings is what there is to do, not how it is done."""
        first = next((mark.text for mark in self.headings), "")
        return words.TASKS.search(first) is not None and not words.ANSWERED.search(first)

    def find_contents_end(self) -> int:
        """Where the last table of contents begins that has a heading; -1 without one."""
        end = -1
        for mark in self.headings:
            if words.CONTENTS.fullmatch(clean_title(mark.text).strip("?!. ")):
                end = max(end, mark.line)
        return end

    # What a heading is, and what stands below it.

    def is_boilerplate(self, mark: Mark) -> bool:
        title = clean_title(mark.text).strip("?!. ")
        patterns = (words.BOILERPLATE, words.CONTENTS)
        if mark.is_label or "?" in mark.text or mark.kind.name == "numbered":
            return False
        return any(pattern.fullmatch(title) for pattern in patterns)

    def own_body(self, mark: Mark) -> range:
        """The lines below a heading, up to the next of its level or above."""
        at = self.positions[id(mark)]
        for below in self.headings[at + 1 : at + 80]:
            if below.level <= mark.level:
                return range(mark.last + 1, below.line)
        return range(mark.last + 1, min(len(self.page.lines), mark.last + 400))

    def is_held(self, mark: Mark) -> bool:
        """Whether an answer stands right below the heading, before any other heading."""
        for index in self.own_body(mark):
            below = self.by_line.get(index)
            if below is not None and below.level:
                # `#### Answer` is a label, not a heading of its own.
                return self.answers(index)
            if self.answers(index):
                return True
        return False

    def answers(self, index: int) -> bool:
        if index in self.folded.holding:
            return True
        return (
            self.page.is_text(index)
            and words.ANSWER_LABEL.match(self.page.lines[index]) is not None
        )
