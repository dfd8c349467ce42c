"""A crowd: sittings of one invitation, reviewers with claims, and when it all ends."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import User
from bench import people
from bench.candidates import Grading, Sitting
from config import demo
from interview import clock, tasks
from interview.models import Answer, Assignment, Interview, Invitation, Mark
from questions.models import QuestionSet, QuestionVersion

INVITED_TO = "k8s-services"
QUESTIONS = 3
REVIEWERS = 20
AT_ONCE = 1_000


def crowd(file: Path, count: int) -> None:
    """`count` candidates in the middle of one invitation's sittings, and twenty reviewers."""
    inviter, *graders = people.reviewers(f"grader-{n}" for n in range(REVIEWERS + 1))
    questions = list(QuestionSet.objects.get(slug=INVITED_TO).questions.published()[:QUESTIONS])
    invitation = Invitation.objects.prepare(
        reviewer=inviter,
        title="One round for all",
        questions=questions,
        minutes=60,
        mode=Interview.Mode.FREE,
        due_at=None,
    )
    versions = [question.record_version() for question in questions]
    candidates: list[tuple[str, str]] = []
    for first in range(0, count, AT_ONCE):
        persons = people.people(f"sitter-{n}" for n in range(first, min(first + AT_ONCE, count)))
        sittings = sat_by(persons, invitation, versions)
        candidates += zip(people.log_in(persons), sittings, strict=True)
    for other in people.people(f"waiting-{n}" for n in range(REVIEWERS * 2)):
        demo.sit_interview(other)
    found = {
        "candidates": candidates,
        "reviewers": list(claims_of(graders)),
        "questions": QUESTIONS,
    }
    file.write_text(json.dumps(found))


def sat_by(
    persons: Sequence[User], invitation: Invitation, versions: Sequence[QuestionVersion]
) -> list[str]:
    """The ids of their sittings, which end in an hour."""
    now = timezone.now()
    end = now + timedelta(hours=1)
    sittings = Interview.objects.bulk_create(
        Interview(
            id=uuid7(),
            candidate=person,
            title=invitation.title,
            invitation=invitation,
            mode=Interview.Mode.FREE,
            limit=timedelta(hours=1),
            time_factor=1,
            started_at=now,
            deadline=end,
        )
        for person in persons
    )
    Answer.objects.bulk_create(
        Answer(
            interview=sitting,
            position=position,
            question_version=version,
            minutes=5,
            opened_at=now,
            closes_at=end,
            accepts_until=end + clock.GRACE,
        )
        for sitting in sittings
        for position, version in enumerate(versions, 1)
    )
    return [str(sitting.pk) for sitting in sittings]


def claims_of(graders: Sequence[User]) -> Iterator[dict[str, object]]:
    """A session and a claim of each, with what is to be marked: by position, the keys."""
    for grader, session in zip(graders, people.log_in(graders), strict=True):
        review = Assignment.objects.claim_next(grader)
        assert review is not None
        assert review.assignment is not None
        token = Assignment.objects.get(pk=review.assignment.pk).token
        yield {
            "session": session,
            "review": str(review.pk),
            "token": str(token),
            "keys": {
                graded.answer.position: [point.key for point, _mark in graded.points]
                for graded in review.graded_answers()
            },
        }


def end_in(seconds: float) -> None:
    """Let all sittings of the crowd end at one moment."""
    with connection.cursor() as cursor:
        end = clock.database_now() + timedelta(seconds=seconds)
        running = Interview.objects.unfinished()
        running.update(deadline=end)
        Answer.objects.filter(interview__in=running).update(
            closes_at=end, accepts_until=end + clock.GRACE
        )
        cursor.execute("VACUUM ANALYZE")


def seconds_left() -> float:
    """As a page is told: by the database's clock."""
    interview = Interview.objects.unfinished().with_now()[0]
    assert interview.seconds_left is not None
    return interview.seconds_left


def ended() -> int:
    """How many of the crowd's sittings are over."""
    return Interview.objects.ended().filter(invitation__isnull=False).count()


def stamp() -> None:
    """What the job does every minute."""
    tasks.stamp_overdue(timestamp=0)


def compare(sittings: Sequence[Sitting], gradings: Sequence[Grading]) -> dict[str, int]:
    """Each last receipt with what is stored; what was stored newer than it is not lost."""
    rows = Answer.objects.filter(interview__invitation__isnull=False)
    stored = {
        (str(interview), position): (revision, text)
        for interview, position, revision, text in rows.values_list(
            "interview", "position", "revision", "text"
        )
    }
    marks = {
        (str(review), position, key): value
        for review, position, key, value in Mark.objects.values_list(
            "review", "answer__position", "key", "value"
        )
    }
    lost = sum(
        not sitting.is_kept(position, *stored[sitting.interview, position])
        for sitting in sittings
        for position in sitting.texts
    ) + sum(
        marks.get((grading.review, *place)) != value
        for grading in gradings
        for place, value in grading.marked.items()
    )
    return {"lost": lost, "receipts": sum(sum(each.revisions.values()) for each in sittings)}
