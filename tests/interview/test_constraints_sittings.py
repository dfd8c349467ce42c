"""Rules of sittings that the database itself refuses to break: each is tried through SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from interview.models import Interview, Invitation
from questions.models import Question
from tests.conftest import write


def refuses(constraint: str, statement: str, *parameters: int | str | None) -> None:
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)


def columns_of(table: str, *without: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        return ", ".join(f'"{name}"' for (name,) in cursor.fetchall() if name not in without)


# Interviews.


def test_a_candidate_has_one_unfinished_sitting(running_interview: Interview) -> None:
    others = columns_of("interview_interview", "id")
    refuses(
        "interview_one_unfinished_per_candidate",
        f"INSERT INTO interview_interview (id, {others})"  # noqa: S608
        f" SELECT gen_random_uuid(), {others} FROM interview_interview",
    )


def test_a_sitting_does_not_end_before_it_starts(running_interview: Interview) -> None:
    refuses(
        "interview_starts_before_deadline",
        "UPDATE interview_interview SET deadline = started_at - interval '1 second'",
    )
    refuses(
        "interview_starts_before_end",
        "UPDATE interview_interview SET ended_at = started_at - interval '1 second'",
    )


def test_nothing_is_revealed_before_the_end(running_interview: Interview) -> None:
    refuses("interview_revealed_after_end", "UPDATE interview_interview SET revealed_at = now()")


def test_the_time_is_extended_ten_times_at_most(running_interview: Interview) -> None:
    refuses("interview_at_most_ten_extensions", "UPDATE interview_interview SET extensions = 11")


def test_an_invitation_is_followed_once_by_each_candidate(
    ended_interview: Interview, reviewer: User
) -> None:
    invitation = Invitation.objects.create(reviewer=reviewer, title="Round one", minutes=12)
    Interview.objects.update(invitation=invitation)
    others = columns_of("interview_interview", "id")
    refuses(
        "interview_one_per_invitation_and_candidate",
        f"INSERT INTO interview_interview (id, {others})"  # noqa: S608
        f" SELECT gen_random_uuid(), {others} FROM interview_interview",
    )


# Answers.


def test_a_position_has_one_answer(running_interview: Interview) -> None:
    refuses(
        "answer_position_unique",
        "UPDATE interview_answer SET position = 1 WHERE position = 2",
    )


def test_a_question_is_asked_once(running_interview: Interview) -> None:
    refuses(
        "answer_question_asked_once",
        "UPDATE interview_answer SET question_version_id ="
        " (SELECT question_version_id FROM interview_answer WHERE position = 1)"
        " WHERE position = 2",
    )


def test_an_answer_refuses_text_no_sooner_than_it_closes(running_interview: Interview) -> None:
    for change in (
        "accepts_until = closes_at - interval '1 second'",
        "accepts_until = NULL",
        "closes_at = NULL",
    ):
        refuses(
            "answer_closes_before_refusing",
            f"UPDATE interview_answer SET {change}",  # noqa: S608
        )


def test_a_text_has_a_revision_that_was_given_out(running_interview: Interview) -> None:
    refuses("answer_revision_given_out", "UPDATE interview_answer SET revision = 1")


# Revisions.


def test_revisions_are_numbered_without_doubles(running_interview: Interview) -> None:
    write(running_interview, 1, "something")
    others = columns_of("interview_revision", "id")
    refuses(
        "revision_number_unique",
        f"INSERT INTO interview_revision ({others})"  # noqa: S608
        f" SELECT {others} FROM interview_revision",
    )


@pytest.mark.parametrize("kind", ["late", "conflict"])
def test_what_was_set_aside_is_kept_once(running_interview: Interview, kind: str) -> None:
    write(running_interview, 1, "something")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interview_revision SET kind = %s, late_by = %s",
            [kind, "1 second" if kind == "late" else None],
        )
    others = columns_of("interview_revision", "id", "number")
    refuses(
        "revision_set_aside_once",
        f"INSERT INTO interview_revision (number, {others})"  # noqa: S608
        f" SELECT number + 1, {others} FROM interview_revision",
    )


def test_late_text_has_its_delay_and_no_other_has(running_interview: Interview) -> None:
    write(running_interview, 1, "something")
    refuses("revision_late_has_delay", "UPDATE interview_revision SET kind = 'late'")
    refuses("revision_late_has_delay", "UPDATE interview_revision SET late_by = '1 second'")


# Invitations.


@pytest.fixture
def invitation(reviewer: User, running_interview: Interview) -> Invitation:
    """With two questions."""
    invitation = Invitation.objects.create(reviewer=reviewer, title="Round one", minutes=12)
    for question in Question.objects.filter(position__in=[1, 2]):
        invitation.invitationquestion_set.create(question=question, position=question.position)
    return invitation


@pytest.mark.parametrize("minutes", [0, 601])
def test_an_invitation_takes_1_to_600_minutes(invitation: Invitation, minutes: int) -> None:
    refuses(
        "invitation_minutes_1_to_600",
        "UPDATE interview_invitation SET minutes = %s",
        minutes,
    )


def test_a_link_leads_to_one_invitation(invitation: Invitation, reviewer: User) -> None:
    Invitation.objects.create(reviewer=reviewer, title="Round two", minutes=12)
    refuses("secret", "UPDATE interview_invitation SET secret = 'the same'")


def test_a_place_of_an_invitation_has_one_question(invitation: Invitation) -> None:
    refuses(
        "invitation_position_unique",
        "UPDATE interview_invitationquestion SET position = 1",
    )


@pytest.mark.parametrize("position", [0, 31])
def test_an_invitation_asks_at_most_thirty_questions(invitation: Invitation, position: int) -> None:
    refuses(
        "invitation_asks_at_most_30",
        "UPDATE interview_invitationquestion SET position = %s WHERE position = 1",
        position,
    )


def test_an_invitation_asks_a_question_once(invitation: Invitation) -> None:
    refuses(
        "invitation_question_unique",
        "UPDATE interview_invitationquestion SET question_id ="
        " (SELECT min(question_id) FROM interview_invitationquestion)",
    )
