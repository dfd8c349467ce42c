"""What a correction changed: the difference between two reviews of one interview. No query."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from interview.levels import SCALES, Scale
from interview.models import Answer, GradedAnswer, Mark, Review
from questions.models import VersionKeyPoint


@dataclass(frozen=True)
class MarkChange:
    answer: Answer
    point: VersionKeyPoint
    before: Mark | None
    after: Mark | None


@dataclass(frozen=True)
class LevelChange:
    scale: Scale
    before: Review.Level
    after: Review.Level


@dataclass(frozen=True)
class Changes:
    """From one review to the next. False if nothing that a candidate reads is different."""

    score_before: Decimal | None
    score: Decimal | None
    marks: Sequence[MarkChange]
    levels: Sequence[LevelChange]
    comments: Sequence[Answer]
    """The answers whose comment has other words."""
    overall_comment: bool
    late_texts: Sequence[Answer]
    """The answers of which another late text counts, or one more, or one less."""
    quotes: Sequence[Answer]
    """The answers of which other words are cited."""

    def __bool__(self) -> bool:
        parts = (self.marks, self.levels, self.comments, self.late_texts, self.quotes)
        return self.overall_comment or any(parts)


def changes_between(before: Review, after: Review) -> Changes:
    """Of two that were fetched `with_grading()` or `for_results()`."""
    pairs = list(zip(before.graded_answers(), after.graded_answers(), strict=True))
    return Changes(
        score_before=before.score,
        score=after.score,
        marks=[
            MarkChange(new.answer, point, old.mark_on(point.key), new.mark_on(point.key))
            for old, new in pairs
            for point, _mark in old.points
            if value_of(old.mark_on(point.key)) != value_of(new.mark_on(point.key))
        ],
        levels=list(level_changes(before, after)),
        comments=[new.answer for old, new in pairs if old.comment != new.comment],
        overall_comment=before.overall_comment != after.overall_comment,
        late_texts=[
            new.answer
            for old, new in pairs
            if (old.accepted and old.accepted.number) != (new.accepted and new.accepted.number)
        ],
        quotes=[new.answer for old, new in pairs if quotes_of(old) != quotes_of(new)],
    )


def quotes_of(graded: GradedAnswer) -> dict[str, tuple[int | None, int | None, int | None]]:
    """By key, which words of which text each mark cites."""
    return {
        key: (mark.quote_revision, mark.quote_start, mark.quote_end)
        for key, mark in graded.marks.items()
        if mark.quote_revision is not None
    }


def value_of(mark: Mark | None) -> str | None:
    return mark.value if mark else None


def level_changes(before: Review, after: Review) -> Iterator[LevelChange]:
    for scale in SCALES:
        old, new = getattr(before, scale.field), getattr(after, scale.field)
        if old != new and old is not None and new is not None:
            yield LevelChange(scale, Review.Level(old), Review.Level(new))
