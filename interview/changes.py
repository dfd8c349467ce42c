"""What changed in a question from the version that was answered to the newest one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from questions.differences import Kind, Passage, differences
from questions.markdown import grammar
from questions.models import QuestionVersion


@dataclass(frozen=True)
class PointChange:
    """A key point that changed, came or went."""

    passages: Sequence[Passage]
    weight: int
    weight_before: int

    @property
    def is_reweighted(self) -> bool:
        return 0 < self.weight_before != self.weight > 0


@dataclass(frozen=True)
class Changes:
    """Each part is empty when its words are the same."""

    prompt: Sequence[Passage]
    body: Sequence[Passage]
    answer: Sequence[Passage]
    points: Sequence[PointChange]


def changes_between(before: QuestionVersion, now: QuestionVersion) -> Changes:
    return Changes(
        prompt=_changed(before.prompt, now.prompt),
        body=_changed(before.body, now.body),
        answer=_changed(before.answer, now.answer),
        points=list(_point_changes(before, now)),
    )


def unwrapped(text: str) -> str:
    """Markdown with each paragraph in one line: where a file breaks its lines says nothing."""
    lines = text.split("\n")
    paragraphs = [
        token.map or [0, 0]
        for opening, token in pairwise(grammar().parse(text))
        if opening.type == "paragraph_open"
    ]
    for start, end in reversed(paragraphs):
        if not any(line.lstrip().startswith(">") for line in lines[start + 1 : end]):
            rest = [line.strip() for line in lines[start + 1 : end]]
            lines[start:end] = [" ".join([lines[start].rstrip(), *rest])]
    return "\n".join(lines)


def _changed(before: str, now: str) -> Sequence[Passage]:
    passages = differences(unwrapped(before), unwrapped(now))
    return passages if any(passage.kind != Kind.SAME for passage in passages) else []


def _point_changes(before: QuestionVersion, now: QuestionVersion) -> Iterator[PointChange]:
    """Those of today in their order, then those that went; told apart by their keys."""
    old = {point.key: point for point in before.key_points}
    for point in now.key_points:
        was = old.pop(point.key, None)
        passages = differences(was.text if was else "", point.text)
        change = PointChange(passages, point.weight, was.weight if was else 0)
        if change.is_reweighted or any(passage.kind != Kind.SAME for passage in passages):
            yield change
    for was in old.values():
        yield PointChange([Passage(Kind.REMOVED, was.text)], 0, was.weight)
