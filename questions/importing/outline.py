"""The sections of a page: where the titles are, and which marks are its questions.

A heading is a question, the title of a section, or part of an answer. The page decides which
levels of headings ask (`_asking_headings`); what asks in a section below a title is decided there
(`_choose`). One section has one shape; what stands before its first question may have another.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from questions.importing import words
from questions.importing.junk import is_junk
from questions.importing.limits import Deadline
from questions.importing.marks import UNDERLINE, Kind, Mark, clean_title, read_mark
from questions.importing.numbering import is_run, resolve
from questions.importing.page import Details, Is, Page
from questions.importing.words import asks

LINK_ONLY = re.compile(
    r"\W*(?:\*\*|__)?\[(?:[^\[\]]|\[[^\]]*\])*\]\((?:#[^)]*|[^):]*\.md(?:#[^)]*)?)\)[\s\W]*"
)
LISTS = ("auto", "list")
HEADINGS = ("auto", "headings")


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


@dataclass
class Outline:
    sections: list[Section]
    kinds: set[Kind]
    contents_end: int
    holders: set[int]


class Outliner:
    """One page while its sections are found. `shape` is what `--as` said."""

    def __init__(
        self, page: Page, deadline: Deadline, shape: str = "auto", body_is: str = ""
    ) -> None:
        self.page = page
        self.deadline = deadline
        self.shape = shape
        self.body_is = body_is
        self.sort_details()
        self.marks = list(self.read_marks())
        self.by_line = {mark.line: mark for mark in self.marks}
        self.headings = [mark for mark in self.marks if mark.level]
        self.about_questions = self.is_about_questions()
        self.positions = {id(mark): at for at, mark in enumerate(self.headings)}
        self.contents_end = self.find_contents_end()

    # <details>: a question, an answer, a title, or none of these.

    def sort_details(self) -> None:
        page = self.page
        self.asking: dict[int, Details] = {}
        self.holding: dict[int, Details] = {}
        self.dropped: dict[int, Details] = {}
        self.containers: dict[int, Details] = {}
        flat = list(self.unwrapped(page.details))
        summaries = Counter(self.summary(details).casefold() for details in flat)
        for details in flat:
            summary = self.summary(details)
            if self.is_contents(details, summary):
                self.dropped[details.first] = details
            elif (
                not summary
                or words.HOLDER.fullmatch(summary)
                or (summaries[summary.casefold()] > 2 and not asks(summary))
            ):
                self.holding[details.first] = details
            else:
                self.asking[details.first] = details

    def unwrapped(self, found: list[Details]) -> Iterator[Details]:
        """Those at the top, and in place of one that only holds others, those."""
        for details in found:
            inner = [one for one in details.inner if self.summary(one)]
            holds = [one for one in inner if words.HOLDER.fullmatch(self.summary(one))]
            if len(inner) - len(holds) >= 2 and not asks(self.summary(details)):
                self.containers[details.first] = details
                for index in range(details.first, details.last + 1):
                    if self.page.kinds[index] is Is.DETAILS:
                        self.page.kinds[index] = Is.TEXT
                for one in inner:
                    for index in range(one.first, one.last + 1):
                        if self.page.kinds[index] is Is.TEXT:
                            self.page.kinds[index] = Is.DETAILS
                yield from self.unwrapped(details.inner)
            else:
                yield details

    def summary(self, details: Details) -> str:
        if details.summary is None:
            return ""
        return clean_title(" ".join(self.page.slice(*details.summary)))

    def is_contents(self, details: Details, summary: str) -> bool:
        """A table of contents, or a list of links such as translations."""
        if not asks(summary) and re.search(rf"\b{words.CONTENTS.pattern}\b", summary):
            return True
        lines = [line for line in self.page.slice(*details.content) if line.strip()]
        links = sum(
            LINK_ONLY.fullmatch(re.sub(r"^\s*[-*+\d.]*\s*", "", line)) is not None for line in lines
        )
        return links >= 3 and links >= 0.6 * len(lines)

    # Marks.

    def read_marks(self) -> Iterator[Mark]:
        page = self.page
        for index, line in enumerate(page.lines):
            if not index % 1000:
                self.deadline.check(page.numbers[index])
            if index in self.containers:
                details = self.containers[index]
                summary = self.summary(details)
                last = details.summary[1][0] if details.summary else index
                yield Mark(index, summary, level=7, is_title=True, last=last)
                continue
            if not page.is_text(index):
                continue
            mark = read_mark(line, index)
            if mark is not None and self.is_link(mark):
                continue
            mark = self.underlined(mark, index)
            if mark is not None and (mark.text or mark.number is not None):
                yield mark

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

    # Which headings ask.

    def asking_headings(self) -> dict[Kind, bool]:
        """The kinds of headings that are questions, and whether their bodies ask."""
        found: dict[Kind, bool] = {}
        kinds = Counter(mark.kind for mark in self.headings if not mark.is_title)
        for kind in sorted(kinds, key=lambda kind: (kind.name != "label", kind.level, kind.name)):
            if self.shape not in HEADINGS and kind.name != "numbered":
                continue
            marks = [
                mark
                for mark in self.headings
                if mark.kind == kind
                and mark.line > self.contents_end
                and not self.is_boilerplate(mark)
                and not self.is_below(mark, found)
                and not (mark.indent > 1 and Kind("numbered") in found)
            ]
            if len(marks) < 0.5 * kinds[kind] and kind.name != "numbered":
                continue
            verdict = self.judge(marks, kind, bool(found)) if marks else None
            if verdict is not None:
                found[kind] = verdict
        return found

    def is_boilerplate(self, mark: Mark) -> bool:
        title = clean_title(mark.text).strip("?!. ")
        patterns = (words.BOILERPLATE, words.CONTENTS)
        if mark.is_label or "?" in mark.text or mark.kind.name == "numbered":
            return False
        return any(pattern.fullmatch(title) for pattern in patterns)

    def is_below(self, mark: Mark, found: dict[Kind, bool]) -> bool:
        """Whether a heading that asks, of a level above, is the last that is not deeper."""
        at = self.positions[id(mark)]
        for above in reversed(self.headings[max(0, at - 60) : at]):
            if above.level < mark.level:
                return above.kind in found and above.kind != mark.kind
        return False

    def judge(self, marks: list[Mark], kind: Kind, others: bool) -> bool | None:
        """None when these headings are no questions; else whether it is the bodies that ask.

        Where `others` ask already, only question marks or answers will do.
        """
        if kind.name in {"label", "numbered"}:
            return False
        forced = self.shape == "headings"
        bodies = [self.own_body(mark) for mark in marks]
        filled = sum(any(self.page.lines[i].strip() for i in body) for body in bodies)
        if sum(map(self.is_container, marks)) >= 0.5 * len(marks) or filled < 0.3 * len(marks):
            return None
        asked = sum(asks(mark.text) for mark in marks) / len(marks)
        marked = sum("?" in mark.text or "？" in mark.text for mark in marks)
        if marked < 0.3 * len(marks) and sum(map(self.is_over_heading, marks)) >= 0.5 * len(marks):
            return None
        held = sum(map(self.is_held, marks)) / len(marks)
        body_asked = (
            self.bodies_ask(map(self.first_part, bodies)) if self.body_is != "answer" else 0.0
        )
        if self.body_is == "question":
            return True
        many = len(marks) >= 2 or (bool(marked) and kind.level > 1)
        sure = marked >= 0.3 * len(marks) or (kind.level > 1 and len(marks) >= 5 and asked >= 0.8)
        if many and (held >= 0.5 or (asked >= 0.5 and sure)):
            return False
        if others and not forced:
            return None
        if (
            kind.name == "numbered heading"
            and len(marks) >= 3
            and is_run(marks)
            and (asked >= 0.2 or self.about_questions)
        ):
            return body_asked >= 0.5 and asked < 0.2
        if len(marks) >= 4 and body_asked >= 0.5:
            return True
        if forced or (
            self.about_questions
            and len(marks) >= 5
            and filled >= 0.8 * len(marks)
            and kind.level > 2
        ):
            return False
        return None

    def own_body(self, mark: Mark) -> range:
        """The lines below a heading, up to the next of its level or above."""
        at = self.positions[id(mark)]
        for below in self.headings[at + 1 : at + 80]:
            if below.level <= mark.level:
                return range(mark.last + 1, below.line)
        return range(mark.last + 1, min(len(self.page.lines), mark.last + 400))

    def is_container(self, mark: Mark) -> bool:
        """Whether it is a title: questions of another shape stand below it."""
        body = self.own_body(mark)
        enough = 2 + asks(mark.text)
        if sum(index in self.asking for index in body) >= enough - 1:
            return True
        below = [self.by_line[index] for index in body if index in self.by_line]
        deeper = [one for one in below if one.level and not one.is_title]
        if sum("?" in one.text or one.is_label or self.is_held(one) for one in deeper) >= 2:
            return True
        listed = [one for one in below if not one.level and not one.indent]
        asking = [one for one in listed if one.is_label or re.search(r"[?？]\W*$", one.text)]
        return len(asking) >= enough and len(asking) >= 0.6 * len(listed)

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

    def is_over_heading(self, mark: Mark) -> bool:
        index = self.page.next_line(mark.last + 1)
        below = self.by_line.get(index) if index is not None else None
        return below is not None and below.level > mark.level

    def answers(self, index: int) -> bool:
        if index in self.holding:
            return True
        return (
            self.page.is_text(index)
            and words.ANSWER_LABEL.match(self.page.lines[index]) is not None
        )

    def first_part(self, body: range) -> range:
        """The body up to the first heading in it."""
        for index in body:
            if index in self.by_line and self.by_line[index].level:
                return range(body.start, index)
        return body

    def bodies_ask(self, bodies: Iterable[range]) -> float:
        """The share of bodies that are short and ask."""
        count = total = 0
        for body in bodies:
            total += 1
            text = [
                self.page.lines[i]
                for i in body
                if self.page.kinds[i] is Is.TEXT and self.page.lines[i].strip()
            ]
            count += len(text) <= 8 and any(asks(line) for line in text)
        return count / max(total, 1)

    # Titles and sections.

    def outline(self) -> Outline:
        self.kinds = self.asking_headings()
        asking = [
            mark
            for mark in self.headings
            if mark.kind in self.kinds
            and not self.is_boilerplate(mark)
            and mark.line > self.contents_end
        ]
        asking = self.without_nested(asking)
        self.question_lines = {mark.line for mark in asking}
        sections = list(self.split(asking))
        for section in sections:
            self.fill(section, asking)
        return Outline(sections, set(self.kinds), self.contents_end, set(self.holding))

    def without_nested(self, asking: list[Mark]) -> list[Mark]:
        """Leave headings out that are deeper than the question they stand below."""
        kept: list[Mark] = []
        current: Mark | None = None
        at = 0
        asked = {mark.line for mark in asking}
        titles = [mark for mark in self.headings if mark.line not in asked]
        for mark in asking:
            while at < len(titles) and titles[at].line < mark.line:
                if current and titles[at].level < current.level:
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
        titles = [mark for mark in self.headings if mark.line not in self.question_lines]
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
        last = Section(start, len(self.page.lines), title, self.parents(stack, title))
        yield from self.cut(last, asking)

    def cut(self, section: Section, asking: list[Mark]) -> Iterator[Section]:
        """A table of contents and its like end at the first heading that asks."""
        if section.title is not None and self.is_boilerplate(section.title):
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
            for mark in self.marks
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
        if self.is_boilerplate(mark) and mark.level <= (question.level or 6):
            return False
        return counts and mark.level not in levels

    def leads(self, mark: Mark) -> str:
        """What the heading stands right above: a question, a list, or neither."""
        index = self.page.next_line(mark.last + 1)
        while index is not None and self.is_skippable(index):
            index = self.page.next_line(index + 1)
        if index is None:
            return ""
        if index in self.asking or index in self.question_lines:
            return "question"
        below = self.by_line.get(index)
        if below is None:
            return ""
        if below.level and not below.is_title:
            return self.leads(below) if below.level > mark.level else ""
        is_list = below.number == 1 and not below.level and (asks(below.text) or not mark.is_title)
        return "list" if is_list else ""

    def is_skippable(self, index: int) -> bool:
        return self.page.kinds[index] is Is.COMMENT or is_junk(self.page.lines[index])

    def find_contents_end(self) -> int:
        """Where the last table of contents begins that has a heading; -1 without one."""
        end = -1
        for mark in self.headings:
            if words.CONTENTS.fullmatch(clean_title(mark.text).strip("?!. ")):
                end = max(end, mark.line)
        return end

    # What asks in a section.

    def fill(self, section: Section, asking: list[Mark]) -> None:
        lines = range(section.start, section.end)
        if self.is_boilerplate_section(section):
            return
        section.details = (
            [self.asking[index] for index in self.asking if index in lines]
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
        elif self.shape in LISTS and section.end > self.contents_end:
            self.choose_list(section)

    def is_boilerplate_section(self, section: Section) -> bool:
        """Such as “License”, unless `<details>` ask below it."""
        lines = range(section.start, section.end)
        if section.title is None or any(index in self.asking for index in lines):
            return False
        return self.is_boilerplate(section.title)

    def choose_list(self, section: Section) -> None:
        """Numbers, `Q:`, bold lines or bullets: the first kind that asks."""
        lines = range(section.start, section.end)
        marks = [self.by_line[index] for index in lines if index in self.by_line]
        marks = [mark for mark in marks if not mark.level]
        best: tuple[float, list[Mark], list[tuple[int, str]]] | None = None
        for name in ("label", "bold", "number", "bullet"):
            same = self.at_margin([mark for mark in marks if mark.kind.name == name])
            problems: list[tuple[int, str]] = []
            if name == "number":
                numbering = resolve(same)
                same, problems = numbering.questions, numbering.problems
            elif name == "label" and all(mark.number is not None for mark in same):
                problems = resolve(same, may_nest=False).problems
            score = self.score(name, same, section)
            if score > (best[0] if best else 0):
                best = (score, same, problems)
        if best is not None:
            _, section.marks, section.problems = best
            section.shape = "bullets" if section.marks[0].kind.name == "bullet" else "list"

    def at_margin(self, marks: list[Mark]) -> list[Mark]:
        """Those that are not nested in another of their kind."""
        if not marks:
            return []
        margin = min(mark.indent for mark in marks)
        return [mark for mark in marks if mark.indent <= margin + 1]

    def score(self, name: str, marks: list[Mark], section: Section) -> float:
        """How much speaks for these being the questions of the section; 0 when they are not."""
        texts = [mark for mark in marks if mark.text]
        if not texts:
            return 0
        asked = sum(asks(mark.text) for mark in texts) / len(texts)
        strict = sum(bool(re.search(r"[?？]", mark.text)) for mark in texts) / len(texts)
        held = sum(self.is_answered(mark, marks, section) for mark in texts) / len(texts)
        forced = self.shape == "list"
        enough = len(texts) >= 2 or strict == 1
        if name == "label":
            return 3 + asked if asked >= 0.3 or held >= 0.3 or len(texts) > 2 else 0
        if name == "bold":
            return (
                1.5 * asked + strict
                if enough and asked >= 0.6 and (strict >= 0.3 or held >= 0.5)
                else 0
            )
        if name == "number":
            good = asked >= 0.3 or held >= 0.5 or forced or (self.about_questions and asked > 0.1)
            return 0.2 + asked + strict if enough and good else 0
        good = (asked >= 0.5 and (strict >= 0.3 or len(texts) >= 4)) or forced or held >= 0.5
        return 0.1 + asked + strict * 0.8 if enough and good else 0

    def is_answered(self, mark: Mark, marks: list[Mark], section: Section) -> bool:
        if words.INLINE_ANSWER.search(f"{mark.text} {mark.rest}"):
            return True
        for index in range(mark.line + 1, min(section.end, mark.line + 15)):
            if self.answers(index):
                return True
            if index in self.by_line and self.by_line[index].kind == mark.kind:
                return False
        return False
