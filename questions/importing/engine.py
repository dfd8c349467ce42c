"""One engine for lists, `<details>`, headings and bullets: from a page to what it holds."""

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.importing import stories, words
from questions.importing.decoding import Source
from questions.importing.folded import LINK_ONLY
from questions.importing.limits import Deadline
from questions.importing.line_owners import LineOwners
from questions.importing.marked_page import MarkedPage
from questions.importing.marks import clean_title
from questions.importing.outline import Outliner
from questions.importing.page import Is, Page
from questions.importing.reading import FoundNote, FoundSet, Reading
from questions.importing.sections import Section
from questions.importing.segments import is_droppable, text_of
from questions.importing.sets import SetReader

NAMES = {
    "details": _("<details> with the question in its <summary>"),
    "list": _("numbered or labelled questions"),
    "headings": _("a heading for each question"),
    "bullets": _("a bullet for each question"),
    "stories": _("failure stories"),
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
        self.marked = MarkedPage(page, deadline)
        self.outliner = Outliner(self.marked, shape, body_is)
        self.owners = LineOwners(page, self.reading)
        self.sets = SetReader(self.marked, self.owners, self.outliner.lists, self.reading, shape)

    def read(self) -> Reading:
        self.sections = self.outliner.outline()
        self.contents_end = self.marked.contents_end
        self.asking_sections = [one for one in self.sections if one.has_questions]
        self.titles_above = {id(title) for one in self.asking_sections for title in one.parents}
        self.is_stories = stories.is_story_file(self.marked, self.shape)
        self.first_questions = next(
            (number for number, section in enumerate(self.sections) if section.has_questions), None
        )
        number = 0
        while number < len(self.sections):
            self.deadline.check(self.owners.line(self.sections[number].begin))
            number += self.read_section(number)
        self.name_sets()
        self.describe()
        return self.reading

    # Sections.

    def read_section(self, number: int) -> int:
        """Read the section; how many sections that took."""
        section = self.sections[number]
        if self.outliner.is_boilerplate_section(section):
            self.ignore_boilerplate(section)
            return 1
        self.drop_lists_of_links(section)
        if not self.has_text(section) and not stories.is_told_below(self, number):
            reason = gettext("a heading with nothing of its own below")
            self.owners.ignore(section.begin, section.end - 1, reason)
            return 1
        if self.is_stories or stories.is_story(section):
            return stories.read(self, number)
        if section.has_questions:
            self.sets.read(section)
            return 1
        return self.read_rest(number)

    def ignore_boilerplate(self, section: Section) -> None:
        is_contents = words.CONTENTS.fullmatch(section.name.strip("?!. ")) is not None
        reason = (
            gettext("a table of contents")
            if is_contents
            else gettext("not about the subject: “%(title)s”") % {"title": section.name}
        )
        leads = is_contents or re.search("contents|links", section.name) is not None
        self.owners.ignore(section.begin, section.end - 1, reason, only_leads=leads)

    def has_text(self, section: Section) -> bool:
        return any(
            not is_droppable(self.page, index) and self.page.numbers[index] not in self.owners.taken
            for index in range(section.start, section.end)
        )

    def drop_lists_of_links(self, section: Section) -> None:
        """Ignore tables of contents that have no heading, and `<details>` with such."""
        index, end = section.start, section.end
        if section.has_questions:
            # Below the first question they are part of an answer.
            end = section.marks[0].line if section.marks else section.details[0].first
        while index < end:
            if index in self.marked.folded.dropped:
                details = self.marked.folded.dropped[index]
                reason = gettext("a list of links, folded")
                self.owners.ignore(index, details.last, reason, only_leads=True)
                index = details.last + 1
                continue
            run = index
            links = 0
            while run < end and (self.page.is_blank(run) or self.is_link_line(run)):
                links += not self.page.is_blank(run)
                run += 1
            if links >= 3:
                reason = gettext("a table of contents")
                self.owners.ignore(index, run - 1, reason, only_leads=True)
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
            if self.marked.is_boilerplate(below.title) and level < 2:
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
            self.sets.introductions.append(section)
            return
        self.owners.ignore_junk(section.begin, section.end)
        reason = gettext("introduction to the whole file")
        self.owners.ignore(section.begin, section.end - 1, reason)

    def add_note(self, section: Section, end: int) -> None:
        end = self.owners.trim(section.start, end)
        lines = self.owners.claim(section.begin, end - 1)
        title = section.name or self.source.title
        self.reading.notes.append(
            FoundNote(title, lines, text_of(self.page, range(section.start, end)))
        )

    # The end.

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
        self.owners.give_back(found)
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
