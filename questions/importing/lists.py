"""Which lines of a section ask, where no heading does: numbers, `Q:`, bold lines or bullets."""

from questions.importing import words
from questions.importing.marked_page import MarkedPage
from questions.importing.marks import Mark
from questions.importing.numbering import resolve
from questions.importing.sections import Section
from questions.importing.words import asks, has_mark


class ListChooser:
    """`shape` is what `--as` said."""

    def __init__(self, marked: MarkedPage, shape: str) -> None:
        self.marked = marked
        self.shape = shape

    def choose(self, section: Section) -> None:
        """Numbers, `Q:`, bold lines or bullets: the first kind that asks."""
        lines = range(section.start, section.end)
        marks = [self.marked.by_line[index] for index in lines if index in self.marked.by_line]
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
        asked = sum(map(_asks, texts)) / len(texts)
        strict = sum(has_mark(mark.text) for mark in texts) / len(texts)
        held = sum(self.is_answered(mark, marks, section) for mark in texts) / len(texts)
        forced = self.shape == "list"
        enough = len(texts) >= 2 or strict == 1
        if all(words.LINKED.fullmatch(mark.text) for mark in texts):
            enough = len(texts) >= 3
        if name == "label":
            return 3 + asked if asked >= 0.3 or held >= 0.3 or len(texts) > 2 else 0
        if name == "bold":
            return (
                1.5 * asked + strict
                if enough and asked >= 0.6 and (strict >= 0.3 or held >= 0.5)
                else 0
            )
        if name == "number":
            about = self.marked.about_questions and (asked > 0.1 or self.are_blocks(texts, section))
            good = asked >= 0.3 or held >= 0.5 or forced or about
            return 0.2 + asked + strict if enough and good else 0
        announced = words.speaks_of_questions(section.name) and len(texts) >= 3 and asked >= 0.25
        good = (asked >= 0.5 and (strict >= 0.3 or len(texts) >= 4)) or announced
        good = good or forced or held >= 0.5
        return 0.1 + asked + strict * 0.8 if enough and good else 0

    def are_blocks(self, marks: list[Mark], section: Section) -> bool:
        """Whether text at the margin stands below nearly each: that is no list of steps."""
        below = [self.marked.page.next_line(mark.last + 1, section.end) for mark in marks]
        blocks = [
            index is not None
            and index > mark.last + 1
            and index not in self.marked.by_line
            and not self.marked.page.lines[index][:1].isspace()
            for mark, index in zip(marks, below, strict=True)
        ]
        return len(marks) >= 3 and sum(blocks) >= 0.8 * len(marks)

    def is_answered(self, mark: Mark, marks: list[Mark], section: Section) -> bool:
        if words.INLINE_ANSWER.search(f"{mark.text} {mark.rest}"):
            return True
        for index in range(mark.line + 1, min(section.end, mark.line + 15)):
            if self.marked.answers(index):
                return True
            if index in self.marked.by_line and self.marked.by_line[index].kind == mark.kind:
                return False
        return False


def _asks(mark: Mark) -> bool:
    """A link without a question mark is more often one to elsewhere."""
    linked = words.LINKED.fullmatch(mark.text) is not None
    return asks(mark.text) and (not linked or words.asks_plainly(mark.text))
