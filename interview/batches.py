"""Grading by question: several interviews of one set, and all answers to one question in a row.

A batch is what shares a claim's token (`AssignmentQuerySet.claim_batch()`). Nothing of it is
stored besides: the order of the answers follows from the token, random but always the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from interview.models import GradedAnswer, Review


@dataclass(frozen=True)
class AnswerInBatch:
    review: Review
    graded: GradedAnswer

    @property
    def place(self) -> str:
        """Which of the batch's answers it is, in an address."""
        return f"{self.review.pk}.{self.graded.answer.position}"


@dataclass(frozen=True)
class QuestionInBatch:
    """All answers of the batch to one question, across its versions."""

    answers: Sequence[AnswerInBatch]

    @property
    def newest_version(self) -> int:
        return max(each.graded.answer.question_version.number for each in self.answers)

    @property
    def prompt(self) -> str:
        """As the newest of the versions asks it."""
        versions = (each.graded.answer.question_version for each in self.answers)
        return max(versions, key=lambda version: version.number).prompt

    @property
    def marked(self) -> int:
        return sum(not each.graded.unmarked for each in self.answers)

    @property
    def next(self) -> AnswerInBatch | None:
        return next((each for each in self.answers if each.graded.unmarked), None)

    @property
    def older(self) -> int:
        """How many answers are to an older version than the newest here."""
        newest = self.newest_version
        return sum(e.graded.answer.question_version.number < newest for e in self.answers)


@dataclass(frozen=True)
class Batch:
    token: UUID
    reviews: Sequence[Review]
    """Those that are not published, in the order in which they came into the queue."""
    questions: Sequence[QuestionInBatch]

    @property
    def answers(self) -> list[AnswerInBatch]:
        """In the order in which they are graded: question by question."""
        return [answer for question in self.questions for answer in question.answers]

    def next_after(self, place: str) -> AnswerInBatch | None:
        """The next that has a mark missing, from that place on and then from the start."""
        answers = self.answers
        places = [answer.place for answer in answers]
        start = places.index(place) + 1 if place in places else 0
        turned = [*answers[start:], *answers[:start]]
        return next((answer for answer in turned if answer.graded.unmarked), None)


def batch_of(token: UUID, reviews: Sequence[Review]) -> Batch:
    """Of reviews that were fetched `with_grading()`; makes no query."""
    answers: dict[int, list[AnswerInBatch]] = {}
    places: dict[int, int] = {}
    for review in reviews:
        for graded in review.graded_answers():
            question = graded.answer.question_version.question_id
            answers.setdefault(question, []).append(AnswerInBatch(review, graded))
            place = graded.answer.position
            places[question] = min(places.get(question, place), place)

    def shuffled(answer: AnswerInBatch) -> bytes:
        return sha256(f"{token}/{answer.graded.answer.pk}".encode()).digest()

    return Batch(
        token,
        reviews,
        [
            QuestionInBatch(sorted(answers[question], key=shuffled))
            for question in sorted(answers, key=lambda question: (places[question], question))
        ],
    )
