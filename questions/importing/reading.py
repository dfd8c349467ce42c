"""What was read from a file: sets with questions, stories, notes, and everything left over.

Lines count from 1. Each line that is not blank has exactly one place, which `Reading.places`
tells: the title or description of a set, a question, a story, a note, or the ignored. The `lines`
of a set run from its first line to the last of its last question.

The preview of the admin works on these objects: `merge`, `split`, `make_title`, `make_note`, `join`
and `cut` move lines from one place to another and lose none. They know an object by what it
is, not by what it says: a file may say the same twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

T = TypeVar("T")

# What people put before a question: dropped from the line that becomes one.
MARKER = re.compile(r"^(?:>\s*|#{1,6}\s+|[-*+]\s+|\(?[Qq]?\d{1,4}[.):]\s*|[Qq][.:]\s+)+")

BOLD = re.compile(r"^(\*\*|__)(.+)\1$")


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
    """`only_leads`: it is a list of links, such as contents. What asks there stands elsewhere."""

    lines: Lines
    text: str
    reason: str
    only_leads: bool = False


@dataclass
class Reading:
    """Everything that one file holds. `why` says how it was read, in words for people.

    Reasons, messages and `why` are in `language`: that of whoever had the file read.
    """

    path: str
    encoding: str = "utf-8"
    licence: str = ""
    why: list[str] = field(default_factory=list)
    sets: list[FoundSet] = field(default_factory=list)
    stories: list[FoundStory] = field(default_factory=list)
    notes: list[FoundNote] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    language: str = "en"

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

    def ignore(
        self, first: int, last: int, lines: list[str], reason: str, *, only_leads: bool = False
    ) -> None:
        """Leave the lines out of everything; `lines` are all those of the file."""
        text = "\n".join(lines[first - 1 : last])
        self.ignored.append(Ignored(Lines(first, last), text, reason, only_leads))

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
        found.own_lines = sorted([*found.own_lines, *other.own_lines])
        found.topics += [topic for topic in other.topics if topic not in found.topics]
        title = f"**{other.title}**" if other.title else ""
        found.description = _paragraphs(found.description, title, other.description)
        self._drop(other)

    def split(self, found: FoundSet, at: FoundQuestion, title: str) -> FoundSet:
        """Begin a new set with the question `at`."""
        index = _place(found.questions, at)
        first = at.lines.first
        new = FoundSet(title, found.questions[index:], topics=list(found.topics))
        new.own_lines = [number for number in found.own_lines if number > first]
        found.own_lines = [number for number in found.own_lines if number <= first]
        found.questions = found.questions[:index]
        self.sets.insert(_place(self.sets, found) + 1, new)
        self._drop_if_empty(found)
        return new

    def make_title(self, found: FoundSet, question: FoundQuestion) -> FoundSet:
        """“This is a title”: the question was none; what follows it is a set of that name."""
        title, _, rest = question.prompt.partition("\n")
        new = self.split(found, question, title)
        new.questions = new.questions[1:]
        new.description = _paragraphs(rest, _told(question))
        new.own_lines = sorted({*question.lines.numbers, *new.own_lines})
        return new

    def make_note(self, found: FoundSet, question: FoundQuestion) -> FoundNote:
        """“This is a note”: the question was none."""
        del found.questions[_place(found.questions, question)]
        title, _, rest = question.prompt.partition("\n")
        note = FoundNote(title, question.lines, _paragraphs(rest, _told(question)))
        self.notes.append(note)
        self._drop_if_empty(found)
        return note

    def join(self, found: FoundSet, question: FoundQuestion, other: FoundQuestion) -> None:
        """The question `other`, below `question`, was none: it belongs to the answer above.

        What stands between them comes along.
        """
        del found.questions[_place(found.questions, other)]
        question.answer = _paragraphs(question.answer, other.prompt, other.answer)
        question.key_points += other.key_points
        question.follow_ups += other.follow_ups
        question.topics += [topic for topic in other.topics if topic not in question.topics]
        question.difficulty = question.difficulty or other.difficulty
        question.confidence = min(question.confidence, other.confidence)
        lines = Lines(
            min(question.lines.first, other.lines.first), max(question.lines.last, other.lines.last)
        )
        self.ignored = [left for left in self.ignored if left.lines.first not in lines.numbers]
        for one in self.sets:
            one.own_lines = [number for number in one.own_lines if number not in lines.numbers]
        question.lines = lines

    def cut(
        self, found: FoundSet, question: FoundQuestion, at: int, lines: list[str]
    ) -> FoundQuestion:
        """Two questions stood in one: the second begins with line `at` of `text_of(question)`.

        `lines` are all those of the file. Where both stand in one line of it, they share that line.
        """
        prompt, text = question.prompt.split("\n"), text_of(question)
        first = MARKER.sub("", text[at].strip()) or text[at].strip()
        if at < len(prompt):
            asked, answer = [first, *prompt[at + 1 :]], question.answer.split("\n")
            question.prompt, question.answer = _block(prompt[:at]), ""
        else:
            asked, answer = [BOLD.sub(r"\2", first)], text[at + 1 :]
            question.answer = _block(text[len(prompt) : at])
        begins = _where(text, at, question.lines, lines)
        last = question.lines.last
        new = FoundQuestion(
            _block(asked),
            Lines(begins, last),
            _block(answer),
            follow_ups=question.follow_ups,
            topics=list(question.topics),
            confidence=question.confidence,
            shape=question.shape,
        )
        question.follow_ups = []
        if begins > question.lines.first:
            question.lines = Lines(question.lines.first, begins - 1)
        found.questions.insert(_place(found.questions, question) + 1, new)
        return new

    def _drop(self, found: FoundSet) -> None:
        del self.sets[_place(self.sets, found)]

    def _drop_if_empty(self, found: FoundSet) -> None:
        if not found.questions and not found.own_lines:
            self._drop(found)


def text_of(question: FoundQuestion) -> list[str]:
    """The lines of the prompt and then of the answer: what a person may cut at."""
    return [*question.prompt.split("\n"), *(question.answer.split("\n") if question.answer else [])]


def _place(items: Sequence[T], item: T) -> int:
    return next(index for index, one in enumerate(items) if one is item)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _block(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _told(question: FoundQuestion) -> str:
    """All that the question says besides its prompt, as Markdown."""
    lists = [*question.key_points, *question.follow_ups]
    return _paragraphs(question.answer, "\n".join(f"- {text}" for text in lists))


def _where(text: list[str], at: int, place: Lines, lines: list[str]) -> int:
    """The line of the file in which line `at` of the text stands, or else where it should."""
    wanted = "".join(re.findall(r"\w+", text[at]))
    earlier = sum("".join(re.findall(r"\w+", line)) == wanted for line in text[:at])
    for number in place.numbers[1:]:
        if wanted and "".join(re.findall(r"\w+", lines[number - 1])).endswith(wanted):
            if not earlier:
                return number
            earlier -= 1
    return min(place.first + at, place.last)
