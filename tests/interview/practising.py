"""Interviews that are over, with the marks they got: one, or as many as somebody sits in years."""

from datetime import timedelta

from accounts.models import User
from interview.clock import database_now
from interview.models import Answer, Assignment, Interview, Mark, Review
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write
from tests.interview.reviewing import LEVELS, grade, pass_a_minute, token_of


def sit(
    candidate: User,
    question_set: QuestionSet,
    own: str | None = None,
    *,
    reviewer: User | None = None,
    value: str = "full",
    ago: str = "",
) -> Interview:
    """An interview with something written, and the same mark on every point.

    The candidate's `own` if they marked themselves, the `reviewer`'s `value` if one did.
    """
    interview = start_interview(candidate, question_set)
    write(interview, 1, "Something.")
    interview.finish()
    if own is None:
        interview.reveal()
    else:
        interview.score_yourself({n: {"main": own, "side": own} for n in (1, 2, 3)})
    if reviewer is not None:
        interview.ask_for_review()
        review = interview.assignments.get().claim(reviewer)
        grade(review, value)
        review.publish(token_of(review))
        pass_a_minute(review)
    if ago:
        move_back(interview, ago)
    return interview


def mark_beside_the_answers(interview: Interview, value: str) -> None:
    assert interview.mark_again({n: {"main": value, "side": value} for n in (1, 2, 3)})


def sit_often(
    candidate: User, question_set: QuestionSet, reviewer: User, times: int, minutes: int = 24 * 60
) -> None:
    """So many that both marked, one each so many `minutes` until now, in a few statements."""
    now = database_now()
    versions = [question.record_version() for question in question_set.questions.all()]
    interviews = Interview.objects.bulk_create(
        Interview(
            candidate=candidate,
            title=f"{question_set.title} {number}",
            question_set=question_set,
            limit=timedelta(minutes=12),
            time_factor=1,
            started_at=now - timedelta(minutes=minutes) * (times - number),
            ended_at=now,
            revealed_at=now,
        )
        for number in range(times)
    )
    assignments = Assignment.objects.bulk_create(
        Assignment(interview=interview, reserved_for=None, done_at=now) for interview in interviews
    )
    answers = Answer.objects.bulk_create(
        Answer(
            interview=interview,
            position=position,
            question_version=version,
            minutes=4,
            text="Something.",
            opened_at=now,
        )
        for interview in interviews
        for position, version in enumerate(versions, start=1)
    )
    told = {"published_at": now, "visible_from": now}
    reviews = Review.objects.bulk_create(
        Review(interview=assignment.interview, score=40 + number * 7 % 50, **told, **kind)
        for number, assignment in enumerate(assignments)
        for kind in (
            {"kind": Review.Kind.SELF, "author": candidate},
            {
                "kind": Review.Kind.REVIEWER,
                "author": reviewer,
                "assignment": assignment,
                **LEVELS,
            },
        )
    )
    of_interview: dict[object, list[Answer]] = {}
    for answer in answers:
        of_interview.setdefault(answer.interview_id, []).append(answer)
    values = Mark.Value.values
    Mark.objects.bulk_create(
        Mark(
            review=review,
            interview_id=review.interview_id,
            answer=answer,
            key=point.key,
            value=values[(number + answer.position) % 3],
        )
        for number, review in enumerate(reviews)
        for answer in of_interview[review.interview_id]
        for point in answer.question_version.key_points
    )
