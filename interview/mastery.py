"""How well a candidate masters each topic, by the marks on its key points.

Of the last `MOST_POINTS` key points on a topic that were marked, each counts by its newest mark and
with its weight: so a set that is sat again replaces what it was, and what is long ago fades out.
Three queries, over the newest `MOST_SITTINGS` interviews that have been revealed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Value, When

from accounts.models import User
from interview.comparison import topics_of
from interview.models import Interview, Mark, Review
from interview.scoring import weighted_mean
from questions.models import Question, QuestionVersion, Topic

MOST_SITTINGS = 50
MOST_POINTS = 20
FEWEST_POINTS = 4
"""Of fewer key points no score is told: it would be chance."""


class MarkedPoint(NamedTuple):
    """A key point with the newest mark that it has."""

    question: int
    value: str
    weight: int
    by_reviewer: bool
    started_at: datetime
    """When the interview was, in which it was marked."""
    is_readable: bool
    """Whether its question can be asked today."""


@dataclass(frozen=True)
class Mastery:
    topic: Topic
    points: Sequence[MarkedPoint]
    """The newest first, at most `MOST_POINTS`."""

    @property
    def score(self) -> int | None:
        """0 to 100; None for too few key points."""
        if len(self.points) < FEWEST_POINTS:
            return None
        return round(weighted_mean((point.value, point.weight) for point in self.points) * 100)

    @property
    def place(self) -> int:
        """By score, those without one last."""
        return 101 if self.score is None else self.score

    @property
    def counts(self) -> Mapping[str, int]:
        """How many are full, half and missed."""
        return {**dict.fromkeys(Mark.Value.values, 0), **Counter(p.value for p in self.points)}

    @property
    def by_reviewers(self) -> int:
        """How many of the marks are a reviewer's; the others are the candidate's own."""
        return sum(point.by_reviewer for point in self.points)

    @property
    def newest_at(self) -> datetime:
        return self.points[0].started_at

    @property
    def can_be_practised(self) -> bool:
        """Whether the library still has one of its questions; of others nothing is known here."""
        return any(point.is_readable for point in self.points)


def masteries_of(candidate: User) -> list[Mastery]:
    """The weakest first; those with too few marks to tell stand last."""
    points = marked_points_of(candidate)
    topics = topics_of({point.question for point in points}) if points else {}
    found = [
        Mastery(topic, [point for point in points if point.question in questions][:MOST_POINTS])
        for topic, questions in topics.items()
    ]
    return sorted(found, key=lambda one: (one.place, one.topic.title, one.topic.pk))


def marked_points_of(candidate: User) -> list[MarkedPoint]:
    """Each key point once, the newest first. Two queries.

    Within one interview a reviewer's mark counts before the candidate's own, and of these the one
    that was set beside the model answers before the one without help.
    """
    marks = list(newest_marks_of(candidate))
    known = versions_of({mark.version for mark in marks}) if marks else {}
    points = []
    for mark in sorted(marks, key=lambda mark: (mark.interview, -mark.position), reverse=True):
        question, is_readable, weights = known[mark.version]
        by_reviewer = mark.kind not in Review.OWN_KINDS
        weight = weights.get(mark.key, 1)
        points.append(
            MarkedPoint(question, mark.value, weight, by_reviewer, mark.started_at, is_readable)
        )
    return points


class NewestMark(NamedTuple):
    version: int
    key: str
    value: str
    kind: str
    interview: UUID
    position: int
    started_at: datetime


def newest_marks_of(candidate: User) -> Iterable[NewestMark]:
    """One for each key point of each question, in any version. One query."""
    revealed = Interview.objects.of(candidate).revealed().order_by("-id")
    newest = revealed.values("pk")[:MOST_SITTINGS]
    reviews = Review.objects.filter(interview__in=newest).that_count()
    rank = Case(
        When(review__kind=Review.Kind.GUIDED, then=Value(1)),
        When(review__kind=Review.Kind.SELF, then=Value(2)),
        default=Value(0),
        output_field=IntegerField(),
    )
    point = ("answer__question_version__question_id", "key")
    rows: Any = (
        Mark.objects.filter(review__in=reviews)
        .order_by(*point, "-interview_id", rank)
        .distinct(*point)
        .values_list(
            "answer__question_version_id",
            "key",
            "value",
            "review__kind",
            "interview_id",
            "answer__position",
            "interview__started_at",
        )
    )
    return (NewestMark(*row) for row in rows)


def versions_of(versions: set[int]) -> dict[int, tuple[int, bool, dict[str, int]]]:
    """Of each version its question, whether that is readable, and the weights by key. One query."""
    readable = Question.objects.readable().filter(pk=OuterRef("question"))
    rows = (
        QuestionVersion.objects.filter(pk__in=versions)
        .order_by()
        .values_list("pk", "question_id", Exists(readable), F("content__key_points"))
    )
    return {
        pk: (question, is_readable, {point["key"]: point["weight"] for point in points})
        for pk, question, is_readable, points in rows
    }
