"""Which levels of headings are questions: most of theirs ask, or have answers."""

from collections import Counter
from collections.abc import Iterable

from questions.importing import words
from questions.importing.marked_page import MarkedPage
from questions.importing.marks import Kind, Mark
from questions.importing.numbering import is_run
from questions.importing.page import Is
from questions.importing.words import asks, ends_asking, has_mark

HEADINGS = ("auto", "headings")


class HeadingJudge:
    """`shape` is what `--as` said, `body_is` what `--body-is` said."""

    def __init__(self, marked: MarkedPage, shape: str, body_is: str) -> None:
        self.marked = marked
        self.shape = shape
        self.body_is = body_is

    def asking_headings(self) -> dict[Kind, bool]:
        """The kinds of headings that are questions, and whether their bodies ask."""
        found: dict[Kind, bool] = {}
        kinds = Counter(mark.kind for mark in self.marked.headings if not mark.is_title)
        for kind in sorted(kinds, key=lambda kind: (kind.name != "label", kind.level, kind.name)):
            if self.shape not in HEADINGS and kind.name != "numbered":
                continue
            marks = [
                mark
                for mark in self.marked.headings
                if mark.kind == kind
                and mark.line > self.marked.contents_end
                and not self.marked.is_boilerplate(mark)
                and not self.is_below(mark, found)
                and not (mark.indent > 1 and Kind("numbered") in found)
            ]
            if len(marks) < 0.5 * kinds[kind] and kind.name != "numbered":
                continue
            verdict = self.judge(marks, kind, bool(found)) if marks else None
            if verdict is not None:
                found[kind] = verdict
        return found

    def is_below(self, mark: Mark, found: dict[Kind, bool]) -> bool:
        """Whether a heading that asks, of a level above, is the last that is not deeper."""
        at = self.marked.positions[id(mark)]
        for above in reversed(self.marked.headings[max(0, at - 60) : at]):
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
        bodies = [self.marked.own_body(mark) for mark in marks]
        filled = sum(any(self.marked.page.lines[i].strip() for i in body) for body in bodies)
        if sum(map(self.is_container, marks)) >= 0.5 * len(marks) or filled < 0.3 * len(marks):
            return None
        asked = sum(asks(mark.text) for mark in marks) / len(marks)
        marked = sum(has_mark(mark.text) for mark in marks)
        over = sum(map(self.is_over_heading, marks))
        if marked < 0.3 * len(marks) and over >= 0.5 * len(marks):
            return None
        held = sum(map(self.marked.is_held, marks)) / len(marks)
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
            and (asked >= 0.2 or self.marked.about_questions)
        ):
            return asked < 0.2 and (body_asked >= 0.5 or self.marked.about_tasks)
        if len(marks) >= 4 and body_asked >= 0.5:
            return True
        if forced or (
            self.marked.about_questions
            and len(marks) >= 5
            and filled >= 0.8 * len(marks)
            and kind.level > 2
            and not self.are_above_questions(bodies)
        ):
            return False
        return None

    def are_above_questions(self, bodies: list[range]) -> bool:
        """Whether more items below them ask than there are of them: then they are titles."""
        by_line = self.marked.by_line
        below = [by_line[index] for body in bodies for index in body if index in by_line]
        items = [mark for mark in below if not mark.level and not mark.indent]
        return sum(mark.is_label or ends_asking(mark.text) for mark in items) >= 2 * len(bodies)

    def is_container(self, mark: Mark) -> bool:
        """Whether it is a title: questions of another shape stand below it."""
        body = self.marked.own_body(mark)
        enough = 2 + asks(mark.text)
        if sum(index in self.marked.folded.asking for index in body) >= enough - 1:
            return True
        below = [self.marked.by_line[index] for index in body if index in self.marked.by_line]
        deeper = [one for one in below if one.level and not one.is_title]
        if sum("?" in one.text or one.is_label or self.marked.is_held(one) for one in deeper) >= 2:
            return True
        listed = [one for one in below if not one.level and not one.indent]
        asking = [one for one in listed if one.is_label or ends_asking(one.text)]
        announced = len(listed) >= 3 and words.speaks_of_questions(mark.text)
        if announced and any(asks(one.text) for one in listed):
            return True
        share = 0.6 if asks(mark.text) else 0.3
        return len(asking) >= enough and len(asking) >= share * len(listed)

    def is_over_heading(self, mark: Mark) -> bool:
        index = self.marked.page.next_line(mark.last + 1)
        below = self.marked.by_line.get(index) if index is not None else None
        # One word below a question, such as `ID17`, is no title.
        is_remark = below is not None and asks(mark.text) and len(below.text.split()) == 1
        return below is not None and below.level > mark.level and not is_remark

    def first_part(self, body: range) -> range:
        """The body up to the first heading in it."""
        for index in body:
            if index in self.marked.by_line and self.marked.by_line[index].level:
                return range(body.start, index)
        return body

    def bodies_ask(self, bodies: Iterable[range]) -> float:
        """The share of bodies that are short and ask."""
        count = total = 0
        for body in bodies:
            total += 1
            text = [
                self.marked.page.lines[i]
                for i in body
                if self.marked.page.kinds[i] is Is.TEXT and self.marked.page.lines[i].strip()
            ]
            count += len(text) <= 8 and any(asks(line) for line in text)
        return count / max(total, 1)
