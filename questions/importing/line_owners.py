"""Which line of the file has which place, while a page is read."""

from django.utils.translation import gettext

from questions.importing.page import Is, Page
from questions.importing.reading import FoundSet, Lines, Reading
from questions.importing.segments import is_droppable, text_of


class LineOwners:
    """Hands out each source line once. Arguments are indexes into the lines of the page."""

    def __init__(self, page: Page, reading: Reading) -> None:
        self.page = page
        self.reading = reading
        self.taken: set[int] = set()

    def line(self, index: int) -> int:
        return self.page.numbers[min(index, len(self.page.numbers) - 1)]

    def claim(self, first: int, last: int) -> Lines:
        """The source lines of the lines from `first` to `last`, less what others have.

        What was left out among them, such as a list of links, comes back in.
        """
        while last > first and self.page.is_blank(last):
            last -= 1
        while first < last and self.page.is_blank(first):
            first += 1
        numbers = [self.page.numbers[index] for index in range(first, last + 1)]
        begin, end = numbers[0], numbers[-1]
        while begin in self.taken and begin < end:
            begin += 1
        lines = Lines(begin, end)
        if begin < end and not self.taken.isdisjoint(lines.numbers):
            self.take_back(lines)
        self.taken.update(lines.numbers)
        return lines

    def take_back(self, lines: Lines) -> None:
        """Make the lines free that are ignored, or described a set."""
        ignored, self.reading.ignored = self.reading.ignored, []
        for one in ignored:
            first, last = one.lines
            outside = [number for number in one.lines.numbers if number not in lines.numbers]
            if len(outside) == last - first + 1:
                self.reading.ignored.append(one)
                continue
            for part in (
                [number for number in outside if number < lines.first],
                [number for number in outside if number > lines.last],
            ):
                if part:
                    all_lines, leads = self.page.source.lines, one.only_leads
                    self.reading.ignore(part[0], part[-1], all_lines, one.reason, only_leads=leads)
        for found in self.reading.sets:
            found.own_lines = [number for number in found.own_lines if number not in lines.numbers]

    def own(self, found: FoundSet, first: int, last: int) -> None:
        """Make the lines those of the title or the description."""
        for index in range(first, last + 1):
            number = self.page.numbers[index]
            if not self.page.is_blank(index) and number not in self.taken:
                self.taken.add(number)
                found.own_lines.append(number)

    def ignore(self, first: int, last: int, reason: str, *, only_leads: bool = False) -> None:
        """Leave the lines from `first` to `last` out that nobody has."""
        run: list[int] = []
        for index in range(first, last + 2):
            number = self.page.numbers[index] if index <= last else -1
            free = index <= last and not self.page.is_blank(index) and number not in self.taken
            if free:
                self.taken.add(number)
                run.append(number)
            elif run and (index > last or not self.page.is_blank(index)):
                lines = self.page.source.lines
                self.reading.ignore(run[0], run[-1], lines, reason, only_leads=only_leads)
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
            return gettext("a comment or front matter")
        return gettext("decoration: a rule, a badge, a link back to the top")

    def text(self, indexes: range) -> str:
        """The Markdown of the lines, without what is dropped at its edges."""
        return text_of(self.page, indexes)

    def ignore_junk(self, first: int, end: int) -> None:
        """Leave out what is decoration between the two lines."""
        for index in range(first, end):
            if not self.page.is_blank(index) and is_droppable(self.page, index):
                self.ignore(index, index, self.junk_reason(index))

    def give_back(self, found: FoundSet) -> None:
        """Take the lines of a set that is none after all."""
        self.taken -= set(found.own_lines)

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
