"""The world's clerk: a process inside Django that makes the cast and reads what is stored.

It takes a line of JSON, `[command, argument]`, and answers with one. The servers under test never
see it; while it lives, the embedded Postgres does too, unless somebody kills that.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

import django
from django.db import connection, connections

Sittings = list[dict[str, Any]]


def make_cast(who: dict[str, Any]) -> Sittings:
    """People who have logged in, each with a sitting of an hour that begins now."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.models import User
    from accounts.sessions import SessionStore
    from interview.models import Interview
    from questions.models import QuestionSet

    question_set = QuestionSet.objects.published().first()
    assert question_set is not None
    questions = list(question_set.questions.published())
    cast = []
    for name in who["names"]:
        user = User(email=f"{name}.{who['run']}@example.com", name=name)
        user.set_unusable_password()
        user.save()
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        interview = Interview.objects.start(
            candidate=user,
            title=question_set.title,
            question_set=question_set,
            questions=questions,
            minutes=60,
            mode=Interview.Mode.FREE,
        )
        member = {"name": name, "session": session.session_key, "interview": interview.pk}
        cast.append({**member, "ends_at": interview.deadline})
    return cast


def bring_near(seconds: dict[str, float]) -> dict[str, float]:
    """Let sittings end in so many seconds, as if they had begun earlier; when each will."""
    from interview.models import Interview
    from tests.conftest import move_back

    ends = {}
    for pk, left in seconds.items():
        interview = Interview.objects.with_now().get(pk=pk)
        assert interview.deadline is not None
        surplus = (interview.deadline - interview.now).total_seconds() - left
        move_back(interview, f"{surplus} seconds")
        ends[pk] = interview.deadline.timestamp()
    return ends


def read(interviews: list[UUID]) -> list[Any]:
    """What stands in each answer in which something was written."""
    from interview.models import Answer

    answers = Answer.objects.filter(interview__in=interviews, revision__gt=0)
    return list(
        answers.values("interview", "position", "text", "revision", "saved_at", "accepts_until")
    )


def close_books(interviews: list[UUID]) -> dict[str, list[Any]]:
    """Stamp what is overdue, as the job does; all sittings, and their history."""
    from interview.models import Interview, Revision

    sittings = Interview.objects.filter(pk__in=interviews)
    sittings.stamp_overdue()
    revisions = Revision.objects.filter(interview__in=interviews).order_by("answer", "number")
    return {
        "sittings": list(sittings.values("id", "started_at", "deadline", "ended_at")),
        "revisions": list(
            revisions.values(
                "interview", "answer__position", "number", "kind", "text", "writer", "sequence"
            )
        ),
    }


def pass_a_minute(review: UUID) -> None:
    """As if it had been published a minute earlier."""
    from interview.models import Review
    from tests.interview import reviewing

    reviewing.pass_a_minute(Review.objects.get(pk=review))


COMMANDS: dict[str, Callable[[Any], Any]] = {
    each.__name__: each for each in (make_cast, bring_near, read, close_books, pass_a_minute)
}


def said(value: object) -> object:
    """For JSON: times as seconds, ids as text."""
    return value.timestamp() if isinstance(value, datetime) else str(value)


def answer(command: str, argument: Any) -> Any:
    """Try twice: the connection at hand may be one to a killed server."""
    with suppress(django.db.OperationalError, django.db.InterfaceError):
        return COMMANDS[command](argument)
    connections.close_all()
    connection.ensure_connection()
    return COMMANDS[command](argument)


if __name__ == "__main__":
    django.setup()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(*json.loads(line)), default=said) + "\n")
        sys.stdout.flush()
