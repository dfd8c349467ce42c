"""A session knows whose it is, and ends when it must."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Session, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


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
