"""Many candidates in the middle of a sitting, each with one open answer and a log-in."""

from datetime import timedelta
from pathlib import Path

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.utils import timezone
from uuid_utils.compat import uuid7

from accounts.models import Session, User
from interview.models import Answer, Interview
from questions.models import QuestionVersion

ROUND = 1_000
"""How many are made at once."""


def seat(count: int, places: Path) -> None:
    """Make `count` of them; write the session and the interview of each into a line of `places`."""
    version = QuestionVersion.objects.order_by("pk")[0]
    with places.open("w") as file:
        for first in range(0, count, ROUND):
            for session, interview in seat_round(first, min(ROUND, count - first), version):
                file.write(f"{session} {interview}\n")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def seat_round(first: int, count: int, version: QuestionVersion) -> list[tuple[str, str]]:
    now = timezone.now()
    end = now + timedelta(hours=12)
    people = User.objects.bulk_create(
        User(email=f"sitter-{number}@example.com", password=UNUSABLE_PASSWORD_PREFIX)
        for number in range(first, first + count)
    )
    sessions = Session.objects.bulk_create(
        Session(session_key=f"bench{person.pk:032}", user=person, expire_date=end)
        for person in people
    )
    interviews = Interview.objects.bulk_create(
        Interview(
            id=uuid7(),
            candidate=person,
            title="Measured",
            mode=Interview.Mode.FREE,
            limit=timedelta(hours=12),
            time_factor=1,
            started_at=now,
            deadline=end,
        )
        for person in people
    )
    Answer.objects.bulk_create(
        Answer(
            interview=interview,
            position=1,
            question_version=version,
            minutes=5,
            opened_at=now,
            closes_at=end,
            accepts_until=end + timedelta(seconds=10),
        )
        for interview in interviews
    )
    return [(s.session_key, str(i.pk)) for s, i in zip(sessions, interviews, strict=True)]
