"""What a candidate reads after an interview: each answer with own marks and the reviewer's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import Promise

from interview import clock
from interview.comparison import Pair
from interview.corrected import Changes, changes_between
from interview.levels import SCALES, Scale
from interview.models import (
    AcceptedText,
    Answer,
    GradedAnswer,
    Interview,
    LateText,
    Mark,
    Review,
    SecondLook,
)
from interview.quotes import Passage
from questions.models import Status, Story, VersionKeyPoint


@dataclass(frozen=True)
class PointResult:
    point: VersionKeyPoint
    own: Mark | None
    reviewers: Mark | None
    look: SecondLook | None = None
    """The second look that the candidate asked for, answered or not."""
    may_be_asked: bool = False
    quote: str = ""
    """The words of the answer that the reviewer's mark rests on."""

    @property
    def story(self) -> Story | None:
        """What happens to those who miss this point, where the reviewer misses some of it."""
        mark = self.reviewers
        if mark is None or mark.value == Mark.Value.FULL or mark.key_point is None:
            return None
        story = mark.key_point.story
        return story if story and story.status == Status.PUBLISHED else None


@dataclass(frozen=True)
class AnswerResult:
    answer: Answer
    points: Sequence[PointResult]
    own_percent: Decimal | None
    percent: Decimal | None
    comment: str
    late_texts: Sequence[LateText]
    passages: Sequence[Passage]
    """The answer's text, with the words that marks rest on; so is that of an accepted late text."""
    accepted_passages: Sequence[Passage]

    @property
    def cites(self) -> bool:
        """Whether a mark rests on words, so that their numbers must be found."""
        return any(point.quote for point in self.points)


@dataclass(frozen=True)
class Correction:
    """A review that superseded another: what the candidate is told of it."""

    review: Review
    number: int
    """Of the review that it superseded, which stays readable by it."""
    changes: Changes


@dataclass(frozen=True)
class Results:
    """Of an interview that was fetched `for_results()`."""

    self_review: Review | None
    review: Review | None
    """By somebody else, and visible."""
    answers: Sequence[AnswerResult]
    corrections: Sequence[Correction] = ()
    """The newest first; `review` is what they led to."""
    superseded_by: Review | None = None
    """Where an earlier review is shown: what took its place."""
    ask_until: datetime | None = None
    """When the last second look can be asked for; None if it was, or there is nothing to ask."""

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

    @property
    def gap(self) -> Pair | None:
        """The own score and the reviewer's; None without both."""
        own, review = self.self_review, self.review
        if own is None or review is None or own.score is None or review.score is None:
            return None
        return Pair(float(own.score), float(review.score))

    @property
    def has_answers(self) -> bool:
        """Whether a second look is answered."""
        return any(p.look and p.look.is_visible for a in self.answers for p in a.points)

    @property
    def new_until(self) -> datetime | None:
        """Of all that others wrote here and the candidate can read, when the newest could be."""
        looks = [p.look for a in self.answers for p in a.points if p.look and p.look.is_visible]
        times = [look.visible_from for look in looks]
        if self.review is not None:
            times.append(self.review.visible_from)
        return max((time for time in times if time is not None), default=None)


def results_of(interview: Interview, number: int | None = None) -> Results:
    """What stands, or the earlier review of that `number`, counted from 1.

    Two queries for what reviewers wrote beside their marks; none where there is no review.

    Raises:
        IndexError: no earlier review has it.
    """
    own = next((r for r in interview.visible_reviews if r.kind == Review.Kind.SELF), None)
    chain = chain_of(interview)
    accepted = AcceptedText.objects.select_related("revision")
    prefetch_related_objects(chain, "comments", Prefetch("accepted_texts", accepted))
    review = chain[-1] if chain else None
    superseded_by = None
    if number is not None:
        if not 1 <= number < len(chain):
            raise IndexError(number)
        review, superseded_by = chain[number - 1], chain[number]
    looks = looks_of(chain)
    ask_until = None if superseded_by else last_moment_to_ask(interview, review)
    own_marks = own.marks_by_answer() if own else {}
    grades = review.graded_answers() if review else []
    answers = [
        answer_result(
            answer,
            GradedAnswer(answer, own_marks.get(answer.pk, {}), ""),
            grades[place] if grades else GradedAnswer(answer, {}, ""),
            looks,
            open_to_ask=ask_until is not None,
        )
        for place, answer in enumerate(interview.answers.all())
    ]
    corrections = [
        Correction(after, place, changes_between(before, after))
        for place, (before, after) in enumerate(pairwise(chain), start=1)
    ]
    return Results(
        self_review=own,
        review=review,
        answers=answers,
        corrections=corrections[::-1] if superseded_by is None else (),
        superseded_by=superseded_by,
        ask_until=ask_until if any(p.may_be_asked for a in answers for p in a.points) else None,
    )


def chain_of(interview: Interview) -> list[Review]:
    """The newest of the reviews by others and those that it superseded, the first one first."""
    others = [r for r in interview.visible_reviews if r.kind != Review.Kind.SELF]
    by_id = {review.pk: review for review in others}
    superseded = {review.supersedes_id for review in others}
    # In the order of the query: the newest first.
    review = next((review for review in others if review.pk not in superseded), None)
    chain = []
    while review is not None:
        chain.append(review)
        review = by_id.get(review.supersedes_id) if review.supersedes_id else None
    return chain[::-1]


Looks = Mapping[tuple[int, str], SecondLook]
"""By answer and key."""


def looks_of(chain: Sequence[Review]) -> Looks:
    return {
        (mark.answer_id, mark.key): mark.second_look
        for review in chain
        for mark in review.marks.all()
        if hasattr(mark, "second_look")
    }


def last_moment_to_ask(interview: Interview, review: Review | None) -> datetime | None:
    if review is None or review.visible_from is None:
        return None
    until = review.visible_from + clock.SECOND_LOOK
    return until if interview.now < until else None


def answer_result(
    answer: Answer, own: GradedAnswer, graded: GradedAnswer, looks: Looks, *, open_to_ask: bool
) -> AnswerResult:
    points, words = [], graded.quoted_words
    for point in answer.question_version.key_points:
        mark, look = graded.mark_on(point.key), looks.get((answer.pk, point.key))
        to_gain = mark is not None and mark.value != Mark.Value.FULL
        may_be_asked = open_to_ask and look is None and to_gain
        points.append(
            PointResult(
                point,
                own.mark_on(point.key),
                mark,
                look,
                may_be_asked,
                words.get(point.key, ""),
            )
        )
    return AnswerResult(
        answer=answer,
        points=points,
        own_percent=own.percent,
        percent=graded.percent,
        comment=graded.comment,
        late_texts=graded.late_texts,
        passages=graded.passages,
        accepted_passages=graded.accepted_passages,
    )
