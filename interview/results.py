"""What a candidate reads after an interview: each answer with own marks and the reviewer's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise

from interview.levels import SCALES, Scale
from interview.models import Answer, GradedAnswer, Interview, LateText, Mark, Review
from questions.models import VersionKeyPoint


@dataclass(frozen=True)
class PointResult:
    point: VersionKeyPoint
    own: Mark | None
    reviewers: Mark | None


@dataclass(frozen=True)
class AnswerResult:
    answer: Answer
    points: Sequence[PointResult]
    own_percent: Decimal | None
    percent: Decimal | None
    comment: str
    late_texts: Sequence[LateText]


@dataclass(frozen=True)
class Results:
    """Of an interview that was fetched `for_results()`; makes no query."""

    self_review: Review | None
    review: Review | None
    """By somebody else, and visible."""
    answers: Sequence[AnswerResult]

    @property
    def score(self) -> Decimal | None:
        """Of the review, or else of the self-score: 0 to 100."""
        review = self.review or self.self_review
        return review.score if review else None

    def levels(self) -> Iterator[tuple[Scale, Review.Level, Promise]]:
        """What the reviewer chose on each scale, with the words the choice was made by."""
        for scale in SCALES:
            for level, anchor in scale.levels():
                if level == getattr(self.review, scale.field, None):
                    yield scale, level, anchor


def results_of(interview: Interview) -> Results:
    own = newest(interview, by_candidate=True)
    review = newest(interview, by_candidate=False)
    own_grades = own.graded_answers() if own else []
    grades = review.graded_answers() if review else []
    return Results(
        self_review=own,
        review=review,
        answers=[
            answer_result(
                answer,
                own_grades[place] if own_grades else GradedAnswer(answer, {}, ""),
                grades[place] if grades else GradedAnswer(answer, {}, ""),
            )
            for place, answer in enumerate(interview.answers.all())
        ],
    )


def newest(interview: Interview, *, by_candidate: bool) -> Review | None:
    reviews = interview.visible_reviews
    return next((r for r in reviews if (r.kind == Review.Kind.SELF) == by_candidate), None)


def answer_result(answer: Answer, own: GradedAnswer, graded: GradedAnswer) -> AnswerResult:
    return AnswerResult(
        answer=answer,
        points=[
            PointResult(point, own.marks.get(point.key), graded.marks.get(point.key))
            for point in answer.question_version.key_points
        ],
        own_percent=own.percent,
        percent=graded.percent,
        comment=graded.comment,
        late_texts=graded.late_texts,
    )
