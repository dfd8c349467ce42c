"""Deleting an account takes what is somebody's own, and leaves what they wrote for others."""

from collections.abc import Callable
from threading import Event

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Session, User
from interview.models import (
    Answer,
    Assignment,
    Comment,
    Interview,
    Invitation,
    Mark,
    Review,
    Revision,
)
from questions.models import Question, QuestionSet, QuestionVersion
from tests.conftest import PASSWORD, start_interview, write
from tests.interview.reviewing import grade, token_of
from tests.races import race, wait_until_somebody_waits

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def delete(client: Client, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post(reverse("profile-delete"), {"password": password})


def test_a_visit_says_what_goes_and_what_stays_and_deletes_nothing(
    client_of: ClientOf, candidate: User
) -> None:
    page = client_of(candidate).get(reverse("profile-delete")).content.decode()

    assert "What goes" in page
    assert "all your interviews" in page
    assert "What stays" in page
    assert "reviews you published" not in page
    assert User.objects.filter(pk=candidate.pk).exists()


def test_a_reviewer_is_told_of_their_reviews(client_of: ClientOf, reviewer: User) -> None:
    page = client_of(reviewer).get(reverse("profile-delete")).content.decode()

    assert "reviews you published" in page


@pytest.mark.parametrize("password", ["", "wrong-password"])
def test_without_the_password_nothing_is_deleted(
    client_of: ClientOf, candidate: User, password: str
) -> None:
    response = delete(client_of(candidate), password)

    assert response.status_code == 200
    assert 'id="id_password_error"' in response.content.decode()
    assert User.objects.filter(pk=candidate.pk).exists()


def test_the_password_can_not_be_guessed_here_either(client_of: ClientOf, candidate: User) -> None:
    client = client_of(candidate)
    for _attempt in range(5):
        delete(client, "wrong-password")

    response = delete(client)

    assert "Too many tries" in response.content.decode()
    assert User.objects.filter(pk=candidate.pk).exists()


def test_it_logs_out_everywhere_and_says_so(client_of: ClientOf, candidate: User) -> None:
    here, elsewhere = client_of(candidate), client_of(candidate)

    response = delete(here)

    assert response["Location"] == reverse("home")
    assert response["Clear-Site-Data"] == '"storage"'
    assert not User.objects.filter(pk=candidate.pk).exists()
    assert not Session.objects.exists()
    assert "Your account is deleted." in here.get(reverse("home")).content.decode()
    assert elsewhere.get(reverse("profile")).status_code == 302


def test_the_address_can_be_used_again(client_of: ClientOf, candidate: User) -> None:
    delete(client_of(candidate))

    Client().post(reverse("account_signup"), {"email": candidate.email, "password1": PASSWORD})

    assert User.objects.filter(email=candidate.email).exists()


def test_a_candidate_s_sittings_go_with_all_that_hangs_on_them(
    client_of: ClientOf,
    candidate: User,
    other_candidate: User,
    question_set: QuestionSet,
    claimed_review: Review,
) -> None:
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(None, "Good.")
    kept = start_interview(other_candidate, question_set)
    versions = QuestionVersion.objects.count()

    delete(client_of(candidate))

    assert list(Interview.objects.all()) == [kept]
    assert Answer.objects.count() == 3
    for model in (Revision, Assignment, Review, Mark, Comment):
        assert not model.objects.exists()
    assert QuestionVersion.objects.count() == versions


def test_a_running_interview_goes_too(
    client_of: ClientOf, candidate: User, running_interview: Interview
) -> None:
    delete(client_of(candidate))

    assert not Interview.objects.exists()


def test_published_reviews_stay_without_a_name(
    client_of: ClientOf, reviewer: User, claimed_review: Review
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))

    delete(client_of(reviewer))

    claimed_review.refresh_from_db()
    assert claimed_review.author is None
    assert claimed_review.score == 100
    assert claimed_review.marks.count() == 6


def test_a_draft_goes_and_its_interview_waits_for_another_reviewer(
    client_of: ClientOf, reviewer: User, other_reviewer: User, claimed_review: Review
) -> None:
    grade(claimed_review)
    assignment = claimed_review.assignment
    assert assignment

    delete(client_of(reviewer))

    assert not Review.objects.exists()
    assignment.refresh_from_db()
    assert (assignment.holder, assignment.token, assignment.lease_ends_at) == (None, None, None)
    assert assignment.claim(other_reviewer).author == other_reviewer


@pytest.mark.django_db(transaction=True)
def test_what_is_being_saved_meanwhile_goes_too(running_interview: Interview) -> None:
    candidate = running_interview.candidate
    saved = Event()

    def save_slowly() -> None:
        with transaction.atomic():
            write(running_interview, 1, "typed on the phone")
            saved.set()
            wait_until_somebody_waits()

    def delete_meanwhile() -> None:
        assert saved.wait(timeout=10)
        candidate.delete_account()

    assert race(save_slowly, delete_meanwhile) == [None, None]
    assert not Interview.objects.exists()
    assert not Revision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_reviewer_marks_meanwhile_goes_too(claimed_review: Review) -> None:
    candidate = claimed_review.interview.candidate
    answer = claimed_review.interview.answers.select_related("question_version").get(position=1)
    marked = Event()

    def mark_slowly() -> None:
        with claimed_review.writing(token_of(claimed_review)):
            claimed_review.mark(answer, {"main": "full"})
            marked.set()
            wait_until_somebody_waits()

    def delete_meanwhile() -> None:
        assert marked.wait(timeout=10)
        candidate.delete_account()

    assert race(mark_slowly, delete_meanwhile) == [None, None]
    assert not Mark.objects.exists()
    assert not Review.objects.exists()


def test_invitations_go_and_the_interviews_by_them_stay(
    client_of: ClientOf, reviewer: User, running_interview: Interview
) -> None:
    invitation = Invitation.objects.create(reviewer=reviewer, title="For Ada", minutes=20)
    Interview.objects.filter(pk=running_interview.pk).update(invitation=invitation)
    running_interview.finish()
    reserved = Assignment.objects.create(interview=running_interview, reserved_for=reviewer)

    delete(client_of(reviewer))

    running_interview.refresh_from_db()
    assert running_interview.invitation is None
    reserved.refresh_from_db()
    assert reserved.reserved_for is None


def test_versions_forget_who_made_them(
    client_of: ClientOf, editor: User, question_set: QuestionSet
) -> None:
    question = Question.objects.first()
    assert question
    Question.objects.filter(pk=question.pk).update(prompt="Changed?")
    version = question.record_version(by=editor)

    delete(client_of(editor))

    version.refresh_from_db()
    assert version.created_by is None
    assert version.prompt == "Changed?"


def test_the_admin_pages_forget_the_address_too(
    client_of: ClientOf, superuser: User, candidate: User
) -> None:
    client_of(superuser).post(
        reverse("admin:accounts_user_change", args=[candidate.pk]),
        {"email": candidate.email, "name": "", "is_active": "on"},
    )
    assert LogEntry.objects.get().object_repr == candidate.email

    delete(client_of(candidate))

    assert LogEntry.objects.get().object_repr == "deleted account"


@pytest.mark.parametrize("way", ["one", "selected"])
def test_a_superuser_deletes_in_the_same_way(
    client_of: ClientOf, superuser: User, reviewer: User, claimed_review: Review, way: str
) -> None:
    client = client_of(superuser)
    if way == "one":
        client.post(reverse("admin:accounts_user_delete", args=[reviewer.pk]), {"post": "yes"})
    else:
        client.post(
            reverse("admin:accounts_user_changelist"),
            {"action": "delete_selected", "_selected_action": [reviewer.pk], "post": "yes"},
        )

    assert not User.objects.filter(pk=reviewer.pk).exists()
    assert not Review.objects.exists()
    assert not LogEntry.objects.filter(object_repr__contains="Reviewer").exists()


def test_nothing_in_the_database_names_them_any_more(
    client_of: ClientOf, candidate: User, claimed_review: Review
) -> None:
    """Looks for the address in every text of every table, jobs and caches included."""
    client_of(candidate).get(reverse("account_email"))

    delete(client_of(candidate))

    assert places_of("candidate@example.com") == []


def places_of(text: str) -> list[str]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {name} AS r WHERE r::text LIKE %s", [f"%{text}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_the_search_for_an_address_finds_one_that_is_there(candidate: User) -> None:
    assert places_of("candidate@example.com") == ["accounts_user"]


def test_the_page_costs_one_query(
    client_of: ClientOf, candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(candidate)

    # Session with the user and their permissions.
    with django_assert_num_queries(1):
        client.get(reverse("profile-delete"))
