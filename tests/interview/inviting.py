"""What the tests of invitations share: one prepared, and people who sat it."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from interview.clock import database_now
from interview.models import Interview, Invitation
from questions.models import Question, QuestionSet


def invite_to(reviewer: User, question_set: QuestionSet, **fields: Any) -> Invitation:
    """An invitation to all questions of the set, in order; due in a week unless told."""
    return Invitation.objects.prepare(
        reviewer=reviewer,
        **{
            "title": "Round one",
            "questions": list(question_set.questions.order_by("position")),
            "minutes": 20,
            "mode": Interview.Mode.FREE,
            "due_at": database_now() + timedelta(days=7),
            **fields,
        },
    )


def sit_to_the_end(invitation: Invitation, candidate: User) -> Interview:
    interview = invitation.start(candidate)
    interview.finish()
    return interview


def let_it_be_due(invitation: Invitation) -> None:
    """As if its due date had passed a second ago."""
    past = database_now() - timedelta(seconds=1)
    assert Invitation.objects.filter(pk=invitation.pk).update(due_at=past)


def asked_by(invitation: Invitation) -> list[Question]:
    return list(invitation.asked())
