"""What was read from a file: sets with questions, stories, notes, and everything left over.

Lines count from 1. Each line that is not blank has exactly one place, which `Reading.places`
tells: the title or description of a set, a question, a story, a note, or the ignored. The `lines`
of a set run from its first line to the last of its last question.

The preview of the admin works on these objects: `merge`, `split`, `make_title`, `make_note` and
`skip` move lines from one place to another and lose none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Lines(NamedTuple):
    """The first and the last line, both included."""

    first: int
    last: int

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)


@dataclass(frozen=True, order=True)
class Problem:
    """Something that a person should look at; the file was read nevertheless."""

    line: int
    message: str


@dataclass
class FoundQuestion:
    """`prompt` is Markdown: a line, and below it what the question needs besides, such as code.

    `confidence` is between 0 and 1: how sure the importer is that this is a question, and whole.
    """

    prompt: str
    lines: Lines
    answer: str = ""
    key_points: list[str] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    difficulty: int | None = None
    topics: list[str] = field(default_factory=list)
    confidence: float = 1.0
    shape: str = ""


@dataclass
class FoundSet:
    """`own_lines` are those of the title and the description."""

    title: str
    questions: list[FoundQuestion] = field(default_factory=list)
    description: str = ""
    own_lines: list[int] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)

    @property
    def lines(self) -> Lines:
        firsts = [*self.own_lines, *(question.lines.first for question in self.questions)]
        lasts = [*self.own_lines, *(question.lines.last for question in self.questions)]
        return Lines(min(firsts), max(lasts))


@dataclass
class FoundStory:
    title: str
    lines: Lines
    url: str = ""
    body: str = ""


@dataclass
class FoundNote:
    title: str
    lines: Lines
    body: str = ""


@dataclass
class Ignored:
    lines: Lines
    text: str
    reason: str


@dataclass
class Reading:
    """Everything that one file holds. `why` says how it was read, in words for people."""

    path: str
    encoding: str = "utf-8"
    licence: str = ""
    why: list[str] = field(default_factory=list)
    sets: list[FoundSet] = field(default_factory=list)
    stories: list[FoundStory] = field(default_factory=list)
    notes: list[FoundNote] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def questions(self) -> Iterator[FoundQuestion]:
        for found in self.sets:
            yield from found.questions

    def places(self) -> Iterator[tuple[int, str]]:
        """Every line that has a place, with the name of that place."""
        for found in self.sets:
            yield from ((number, "set") for number in found.own_lines)
            for question in found.questions:
                yield from ((number, "question") for number in question.lines.numbers)
        for story in self.stories:
            yield from ((number, "story") for number in story.lines.numbers)
        for note in self.notes:
            yield from ((number, "note") for number in note.lines.numbers)
        for left in self.ignored:
            yield from ((number, "ignored") for number in left.lines.numbers)

    def firsts(self) -> list[int]:
        """The first line of each question, story and note."""
        questions = [question.lines.first for question in self.questions]
        stories = [story.lines.first for story in self.stories]
        return [*questions, *stories, *(note.lines.first for note in self.notes)]

    def complain(self, line: int, message: str) -> None:
        self.problems.append(Problem(line, message))

    def ignore(self, first: int, last: int, lines: list[str], reason: str) -> None:
        """Leave the lines out of everything; `lines` are all those of the file."""
        text = "\n".join(lines[first - 1 : last])
        self.ignored.append(Ignored(Lines(first, last), text, reason))

    def account_for(self, lines: list[str], reason: str) -> None:
        """Ignore whatever has no place yet, and put everything in the order of the file."""
        placed = {number for number, _ in self.places()}
        run: list[int] = []
        for number, text in enumerate([*lines, ""], 1):
            if text.strip() and number not in placed:
                run.append(number)
            elif run and (text.strip() or number > len(lines)):
                self.ignore(run[0], run[-1], lines, reason)
                run = []
        self.ignored.sort(key=lambda item: item.lines)
        self.problems = sorted(set(self.problems))

    # What the preview does.

    def merge(self, found: FoundSet, other: FoundSet) -> None:
        """Make one set of two; `other` stands below `found` and gives its questions away."""
        found.questions += other.questions
        found.own_lines += other.own_lines
        kept = [found.description, f"**{other.title}**" if other.title else "", other.description]
        found.description = "\n\n".join(text for text in kept if text)
        self.sets.remove(other)

    def split(self, found: FoundSet, at: FoundQuestion, title: str) -> FoundSet:
        """Begin a new set with the question `at`."""
        index = found.questions.index(at)
        first = at.lines.first
        new = FoundSet(title, found.questions[index:], topics=list(found.topics))
        new.own_lines = [number for number in found.own_lines if number > first]
        found.own_lines = [number for number in found.own_lines if number <= first]
        found.questions = found.questions[:index]
        self.sets.insert(self.sets.index(found) + 1, new)
        return new

    def make_title(self, found: FoundSet, question: FoundQuestion) -> FoundSet:
        """“This is a title”: the question was none; what follows it is a set of that name."""
        new = self.split(found, question, question.prompt)
        new.questions.remove(question)
        new.description = question.answer
        new.own_lines = sorted([*question.lines.numbers, *new.own_lines])
        if not found.questions and not found.own_lines:
            self.sets.remove(found)
        return new

    def make_note(self, found: FoundSet, question: FoundQuestion) -> FoundNote:
        """“This is a note”: the question was none."""
        found.questions.remove(question)
        note = FoundNote(question.prompt, question.lines, question.answer)
        self.notes.append(note)
        return note

    def skip(self, item: FoundQuestion | FoundStory | FoundNote, lines: list[str]) -> None:
        """Leave it out, on a person's word."""
        for found in self.sets:
            if item in found.questions:
                found.questions.remove(item)
        if isinstance(item, FoundStory):
            self.stories.remove(item)
        elif isinstance(item, FoundNote):
            self.notes.remove(item)
        self.ignore(*item.lines, lines, "skipped in the preview")
