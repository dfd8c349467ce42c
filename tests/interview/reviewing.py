"""What the tests of reviewing share: a full queue, a graded review, and time that has passed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from interview.clock import database_now
from interview.models import Answer, Assignment, Interview, Mark, Review, Revision
from interview.to_grade import review_to_grade
from questions.models import QuestionSet
from tests.conftest import start_interview

LEVELS = {"knowledge": 3, "reasoning": 4, "communication": 2}


def fill_queue(
    person: Callable[..., User], question_set: QuestionSet, count: int
) -> list[Assignment]:
    """Interviews of as many candidates, ended and waiting, the oldest first."""
    assignments = []
    for number in range(count):
        interview = start_interview(person(f"sitter-{number}"), question_set)
        interview.finish()
        interview.ask_for_review()
        assignments.append(interview.assignments.get())
    return assignments


def token_of(review: Review) -> UUID | None:
    """The claim's token, as a page that is loaded now would carry it."""
    assert review.assignment is not None
    return Assignment.objects.get(pk=review.assignment.pk).token


def to_grade(review: Review) -> Review:
    """As the grading page has it."""
    assert review.author is not None
    return review_to_grade(review.pk, review.author)


def first_answer(review: Review) -> Answer:
    return review.interview.answers.select_related("question_version").get(position=1)


def grade(review: Review, value: str = Mark.Value.FULL) -> None:
    """Give every key point the same mark, and choose all levels."""
    with review.writing(token_of(review)):
        for graded in review.graded_answers():
            keys = [point.key for point in graded.answer.question_version.key_points]
            review.mark(graded.answer, dict.fromkeys(keys, value))
        review.set_levels(LEVELS)


def feedback_on(interview: Interview) -> list[Review]:
    """The reviews that its candidate can read, without those that were corrected since."""
    reviews = Interview.objects.for_results().get(pk=interview.pk).visible_reviews
    superseded = {review.supersedes_id for review in reviews}
    return [review for review in reviews if review.pk not in superseded]


def arrive_late(
    interview: Interview, text: str, seconds: int = 12, *, writer: UUID | None = None
) -> Revision:
    """Late text for the first answer, as a save keeps it."""
    answer = interview.answers.get(position=1)
    answer.last_revision += 1
    answer.save(update_fields=["last_revision"])
    revision: Revision = answer.revisions.create(
        interview=interview,
        number=answer.last_revision,
        kind=Revision.Kind.LATE,
        text=text,
        writer=writer,
        sequence=answer.last_revision if writer else None,
        saved_at=database_now(),
        late_by=timedelta(seconds=seconds),
    )
    return revision


def end_lease(assignment: Assignment) -> None:
    """As if its 20 minutes had passed."""
    _execute(
        "UPDATE interview_assignment SET lease_ends_at = now() - interval '1 second'"
        " WHERE id = %s AND holder_id IS NOT NULL",
        [assignment.pk],
    )


def pass_a_minute(review: Review) -> None:
    """As if the review had been published a minute earlier."""
    _execute(
        "UPDATE interview_review SET published_at = published_at - interval '1 minute',"
        " visible_from = visible_from - interval '1 minute' WHERE id = %s",
        [review.pk],
    )


def _execute(statement: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1
