"""A session knows whose it is, and ends when it must."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def log_in(user: User) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def test_a_session_carries_the_id_of_its_user(candidate: User) -> None:
    client = log_in(candidate)

    session = Session.objects.get(session_key=client.session.session_key)

    assert session.user == candidate


def test_a_session_of_a_stranger_carries_nobody_s_id() -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store["key"] = "value"
    store.save()

    assert Session.objects.get().user is None


def test_logging_in_changes_the_key_of_a_session_that_was_there_before(candidate: User) -> None:
    client = Client()
    session = client.session
    session["key"] = "value"
    session.save()
    before = session.session_key

    client.post(reverse("account_login"), {"login": candidate.email, "password": PASSWORD})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_new_password_ends_all_other_sessions(candidate: User, other_candidate: User) -> None:
    here, elsewhere, somebody_else = log_in(candidate), log_in(candidate), log_in(other_candidate)

    here.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": "another-dry-run-password",
            "password2": "another-dry-run-password",
        },
    )

    # Before anybody comes back: then Django itself would end what is no longer good.
    assert candidate.sessions.get().session_key == here.session.session_key
    assert here.get(reverse("profile")).status_code == 200
    assert elsewhere.get(reverse("profile")).status_code == 302
    assert somebody_else.get(reverse("profile")).status_code == 200


def test_a_password_set_in_the_admin_pages_logs_out(
    client_of: Callable[[User], Client], superuser: User, candidate: User
) -> None:
    client = log_in(candidate)

    response = client_of(superuser).post(
        reverse("admin:auth_user_password_change", args=[candidate.pk]),
        {
            "usable_password": "true",
            "password1": "another-dry-run-password",
            "password2": "another-dry-run-password",
        },
    )

    assert response.status_code == 302
    assert client.get(reverse("profile")).status_code == 302


def test_expired_sessions_are_forgotten(candidate: User) -> None:
    kept, expired = log_in(candidate), log_in(candidate)
    Session.objects.filter(session_key=expired.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()

    assert candidate.sessions.get().session_key == kept.session.session_key


# Who asks comes with the session, in one query (accounts/backends.py).


def named_by(page: bytes, *people: User) -> list[User]:
    return [person for person in people if f">{person.email}<".encode() in page]


def test_whose_it_is_and_what_they_may_do_comes_with_the_session(
    reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)

    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("profile")).content

    assert named_by(page, reviewer) == [reviewer]
    assert reverse("queue").encode() in page
    asked = [sql for query in queries if "accounts_user" in (sql := query["sql"])]
    assert len(asked) == 1
    assert 'FROM "session"' in asked[0]


def test_who_was_closed_out_by_whatever_way_is_nobody(candidate: User, client_of: ClientOf) -> None:
    client = client_of(candidate)
    with connection.cursor() as cursor:
        # Past the trigger that ends their sessions.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE accounts_user SET is_active = false WHERE id = %s", [candidate.pk])
        cursor.execute("SET session_replication_role = origin")

    assert client.get(reverse("profile")).status_code == 302


def test_a_session_that_names_another_than_its_row_is_theirs_whom_it_names(
    candidate: User, other_candidate: User, client_of: ClientOf
) -> None:
    """Its data are signed; the row's column is there to be joined and listed."""
    client = client_of(candidate)
    Session.objects.update(user=other_candidate)

    page = client.get(reverse("profile")).content

    assert named_by(page, candidate, other_candidate) == [candidate]


def test_of_two_who_log_in_one_after_the_other_each_page_shows_the_right_one(
    candidate: User, other_candidate: User, client_of: ClientOf
) -> None:
    """In one process and thread: nothing of who asked before is left."""
    first, second, nobody = client_of(candidate), client_of(other_candidate), Client()

    for client, expected in ((first, [candidate]), (second, [other_candidate])) * 2:
        page = client.get(reverse("profile")).content
        assert named_by(page, candidate, other_candidate) == expected
        assert named_by(nobody.get("/").content, candidate, other_candidate) == []


def test_what_somebody_may_do_is_asked_each_time(reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    assert client.get(reverse("queue")).status_code == 200

    reviewer.groups.clear()

    assert client.get(reverse("queue")).status_code == 404
