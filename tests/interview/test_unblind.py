"""Superusers may learn whose interview an assignment is, with a reason, which is logged."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.clock import database_now
from interview.groups import REVIEWERS
from interview.models import Assignment, Review, SecondLook, Unblinding
from interview.refusals import KnowsTooMuch, Refused
from questions.models import QuestionSet
from tests.conftest import start_interview, write
from tests.interview.reviewing import grade, pass_a_minute, token_of
from tests.races import race

ClientOf = Callable[[User], Client]

REASON = "A complaint about the mark of question 2."


def url_of(assignment: Assignment) -> str:
    return reverse("admin:interview_assignment_unblind", args=[assignment.pk])


def test_without_a_reason_nothing_is_shown_and_nothing_is_logged(
    assignment: Assignment, candidate: User, superuser: User, client_of: ClientOf
) -> None:
    client = client_of(superuser)
    for reply in (
        client.get(url_of(assignment)),
        client.post(url_of(assignment), {"reason": " \n"}),
        client.post(url_of(assignment), {"reason": "x" * 501}),
    ):
        page = reply.content.decode()
        assert reply.status_code == 200
        assert assignment.pseudonym in page
        assert candidate.email not in page
        assert candidate.name not in page
        assert str(assignment.interview_id) not in page
    assert not Unblinding.objects.exists()


def test_with_a_reason_it_is_logged_and_then_shown(
    assignment: Assignment, candidate: User, superuser: User, client_of: ClientOf
) -> None:
    client = client_of(superuser)
    reply = client.post(url_of(assignment), {"reason": REASON}, follow=True)
    page = reply.content.decode()
    assert reply.redirect_chain[-1][0] == reverse(
        "admin:interview_interview_change", args=[assignment.interview_id]
    )
    assert candidate.name in page
    assert f"{assignment.pseudonym} is this interview." in page
    line = Unblinding.objects.get()
    assert (line.by, line.interview, line.pseudonym, line.reason) == (
        superuser,
        assignment.interview,
        assignment.pseudonym,
        REASON,
    )
    assert database_now() - line.at < timedelta(minutes=1)


def test_each_look_is_a_line_of_its_own(
    assignment: Assignment, superuser: User, client_of: ClientOf
) -> None:
    for _ in range(2):
        client_of(superuser).post(url_of(assignment), {"reason": REASON})
    assert Unblinding.objects.count() == 2


def test_the_log_can_be_read_and_not_changed(
    assignment: Assignment, candidate: User, superuser: User, client_of: ClientOf
) -> None:
    assignment.unblind(superuser, REASON)
    client = client_of(superuser)
    line = Unblinding.objects.get()
    page = client.get(reverse("admin:interview_unblinding_changelist")).content.decode()
    assert REASON in page
    assert assignment.pseudonym in page
    url = reverse("admin:interview_unblinding_change", args=[line.pk])
    page = client.get(url).content.decode()
    assert superuser.name in page
    assert candidate.name not in page
    assert str(assignment.interview_id) not in page
    assert client.post(url, {"reason": "Other"}).status_code == 403
    delete = reverse("admin:interview_unblinding_delete", args=[line.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    assert client.get(reverse("admin:interview_unblinding_add")).status_code == 403


def test_nobody_else_gets_there_whatever_their_permissions(
    assignment: Assignment, editor: User, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="interview"))
    log = reverse("admin:interview_unblinding_changelist")
    staff = client_of(editor)
    for reply in (
        staff.get(url_of(assignment)),
        staff.post(url_of(assignment), {"reason": REASON}),
        staff.get(log),
    ):
        assert reply.status_code == 403
    for somebody in (reviewer, candidate):
        reply = client_of(somebody).post(url_of(assignment), {"reason": REASON})
        assert reply["Location"].startswith(reverse("admin:login"))
    assert not Unblinding.objects.exists()


def test_what_is_no_assignment_is_not_there(superuser: User, client_of: ClientOf) -> None:
    client = client_of(superuser)
    for name in ("1", "01890000-0000-4000-8000-000000000000"):
        url = reverse("admin:interview_assignment_unblind", args=[name])
        assert client.get(url).status_code == 404


# Who knows too much


def test_who_reviews_the_interview_is_refused_and_told(
    claimed_review: Review,
    assignment: Assignment,
    reviewer: User,
    candidate: User,
    client_of: ClientOf,
) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_staff=True, is_superuser=True)
    page = client_of(reviewer).post(url_of(assignment), {"reason": REASON}).content.decode()
    assert "You have reviewed this interview, or it is yours." in page
    assert REASON in page
    assert candidate.email not in page
    # Nor after they gave it back or published.
    assignment.release(reviewer)
    with pytest.raises(KnowsTooMuch):
        assignment.unblind(reviewer, REASON)
    with pytest.raises(KnowsTooMuch):
        assignment.unblind(candidate, REASON)
    assert not Unblinding.objects.exists()


def test_who_unblinded_it_can_not_review_it_any_more(
    assignment: Assignment, superuser: User, other_reviewer: User, client_of: ClientOf
) -> None:
    assert Assignment.objects.open_to(superuser).exists()
    assignment.unblind(superuser, REASON)
    assert Assignment.objects.claim_next(superuser) is None
    client = client_of(superuser)
    assert assignment.pseudonym not in client.get(reverse("queue")).content.decode()
    claim = reverse("assignment-claim", args=[assignment.pk])
    assert client.post(claim).status_code == 404
    assert Assignment.objects.claim_next(other_reviewer) is not None


def test_what_was_reserved_for_who_unblinded_it_is_in_their_queue_no_more(
    assignment: Assignment, superuser: User, client_of: ClientOf
) -> None:
    assignment.reserved_for = superuser
    assignment.save()
    client = client_of(superuser)
    assert assignment.pseudonym in client.get(reverse("queue")).content.decode()
    assignment.unblind(superuser, REASON)
    assert assignment.pseudonym not in client.get(reverse("queue")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_a_claim_and_an_unblinding_at_once_one_is_refused(
    assignment: Assignment, superuser: User
) -> None:
    other = Assignment.objects.select_related("interview").get(pk=assignment.pk)
    outcomes = race(lambda: assignment.claim(superuser), lambda: other.unblind(superuser, REASON))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 1
    assert Unblinding.objects.count() + Review.objects.count() == 1


def test_who_unblinded_it_answers_no_second_look_either(
    claimed_review: Review, reviewer: User, superuser: User
) -> None:
    grade(claimed_review, "half")
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    mark = claimed_review.marks.select_related("review__assignment", "answer").first()
    assert mark
    SecondLook.objects.ask(mark, "It is there.")
    reviewer.delete_account()
    assert SecondLook.objects.open_to(superuser).exists()
    mark.review.assignment.unblind(superuser, REASON)  # type: ignore[union-attr]
    assert not SecondLook.objects.open_to(superuser).exists()


# Nothing else in the admin leads from a pseudonym to a person


def test_no_page_of_the_admin_leads_from_a_pseudonym_to_a_person(
    claimed_review: Review,
    assignment: Assignment,
    candidate: User,
    superuser: User,
    client_of: ClientOf,
) -> None:
    candidate.name = "Xenophanes"
    candidate.save()
    grade(claimed_review, "half")
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    mark = claimed_review.marks.select_related("review__assignment", "answer").first()
    assert mark
    look = SecondLook.objects.ask(mark, "It is there.")
    client = client_of(superuser)
    rows = {"assignment": assignment.pk, "review": claimed_review.pk, "secondlook": look.pk}
    for model, pk in rows.items():
        for url in (
            reverse(f"admin:interview_{model}_changelist"),
            reverse(f"admin:interview_{model}_change", args=[pk]),
            reverse(f"admin:interview_{model}_history", args=[pk]),
        ):
            page = client.get(url).content.decode()
            assert assignment.pseudonym in page or "history" in url
            for trace in (candidate.email, str(assignment.interview_id), candidate.name):
                assert trace not in page, url
    page = client.get(
        reverse("admin:interview_interview_change", args=[assignment.interview_id])
    ).content.decode()
    assert candidate.name in page
    assert assignment.pseudonym not in page
    assert str(assignment.pk) not in page


def test_self_scores_are_not_in_the_admin(
    claimed_review: Review, candidate: User, superuser: User, client_of: ClientOf
) -> None:
    marks = {position: {"main": "full", "side": "full"} for position in (1, 2, 3)}
    claimed_review.interview.score_yourself(marks)
    assert claimed_review.interview.mark_again(marks)  # Beside the model answers.
    page = client_of(superuser).get(reverse("admin:interview_review_changelist")).content.decode()
    assert "1 review" in page
    assert candidate.name not in page


# What stays


def test_the_log_stays_when_accounts_go(
    assignment: Assignment, candidate: User, superuser: User
) -> None:
    assignment.unblind(superuser, REASON)
    candidate.delete_account()
    superuser.delete_account()
    line = Unblinding.objects.get()
    assert (line.interview, line.by, line.reason) == (None, None, REASON)


def test_the_queue_of_who_unblinded_somebody_that_is_gone_goes_on(
    assignment: Assignment,
    candidate: User,
    other_candidate: User,
    question_set: QuestionSet,
    superuser: User,
) -> None:
    interview = start_interview(other_candidate, question_set)
    write(interview, 1, "Mine.")
    interview.finish()
    interview.ask_for_review()
    assignment.unblind(superuser, REASON)
    candidate.delete_account()
    waiting = Assignment.objects.waiting().open_to(superuser)
    assert [one.interview for one in waiting] == [interview]


def test_a_reason_must_be_there_whoever_writes_it(assignment: Assignment, superuser: User) -> None:
    assignment.unblind(superuser, REASON)
    with (
        pytest.raises(IntegrityError, match="unblinding_has_a_reason"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE interview_unblinding SET reason = ''")


def test_the_candidate_is_told_in_their_export_and_the_superuser_in_theirs(
    assignment: Assignment, candidate: User, superuser: User, client_of: ClientOf
) -> None:
    superuser.groups.set(Group.objects.filter(name=REVIEWERS))
    assignment.unblind(superuser, REASON)

    def export(user: User) -> str:
        return client_of(user).get(reverse("profile-export")).getvalue().decode()

    mine = json.loads(export(candidate))
    assert [one["reason"] for one in mine["interviews"][0]["unblinded"]] == [REASON]
    assert superuser.email not in json.dumps(mine)
    assert assignment.pseudonym not in json.dumps(mine)
    theirs = export(superuser)
    assert json.loads(theirs)["unblindings_made"][0]["pseudonym"] == assignment.pseudonym
    assert candidate.email not in theirs
    assert str(assignment.interview_id) not in theirs
