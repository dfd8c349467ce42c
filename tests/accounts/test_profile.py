"""Everybody's own page, and the people as superusers manage them."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from interview.groups import REVIEWERS
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def test_the_name_is_stored_and_said_so(client_of: ClientOf, candidate: User) -> None:
    client = client_of(candidate)

    response = client.post(
        reverse("profile"), {"name": "Ada <b>Lovelace</b>", "time": "1"}, follow=True
    )

    page = response.content.decode()
    assert "Your profile is saved." in page
    assert "Ada &lt;b&gt;Lovelace&lt;/b&gt;" in page
    candidate.refresh_from_db()
    assert candidate.name == "Ada <b>Lovelace</b>"


def test_a_name_that_is_too_long_is_refused_and_kept(client_of: ClientOf, candidate: User) -> None:
    name = "x" * 101

    response = client_of(candidate).post(reverse("profile"), {"name": name, "time": "1"})

    page = response.content.decode()
    assert 'id="id_name_error"' in page
    assert name in page
    candidate.refresh_from_db()
    assert candidate.name == "Candidate"


def test_the_page_says_whether_the_address_is_confirmed(
    client_of: ClientOf, candidate: User
) -> None:
    client = client_of(candidate)
    assert "Not confirmed" in client.get(reverse("profile")).content.decode()

    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True)

    assert "Not confirmed" not in client.get(reverse("profile")).content.decode()


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/interviews/new/?set=basics", "/interviews/new/?set=basics"),
        ("https://evil.example.com/", "/profile/"),
        ("javascript:alert(1)", "/profile/"),
        # No address, but the name of one: for redirect() that is another thing.
        ("self-score", "/profile/"),
        ("nowhere", "/profile/"),
    ],
)
def test_saving_returns_to_where_the_time_was_to_be_changed(
    client_of: ClientOf, candidate: User, wanted: str, location: str
) -> None:
    client = client_of(candidate)
    page = client.get(reverse("profile"), {"next": wanted}).content.decode()
    assert (wanted in page) == (wanted == location)

    response = client.post(reverse("profile"), {"time": "1", "next": wanted})

    assert response["Location"] == location


def test_the_profile_costs_three_queries(
    client_of: ClientOf, candidate: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(candidate)

    # Session with the user and their permissions, timing profile, confirmed address.
    with django_assert_num_queries(3):
        client.get(reverse("profile"))


# The admin pages.


def test_a_superuser_adds_somebody_by_email(client_of: ClientOf, superuser: User) -> None:
    response = client_of(superuser).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "Grace@Example.com",
            "name": "Grace",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert response.status_code == 302
    assert User.objects.get(name="Grace").email == "grace@example.com"


def test_an_address_is_not_given_twice(
    client_of: ClientOf, superuser: User, candidate: User
) -> None:
    response = client_of(superuser).post(
        reverse("admin:accounts_user_add"),
        {
            "email": "CANDIDATE@example.com",
            "usable_password": "true",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )

    assert "Somebody uses this email address already." in response.content.decode()


def test_a_superuser_makes_somebody_a_reviewer(
    client_of: ClientOf, superuser: User, candidate: User
) -> None:
    change = reverse("admin:accounts_user_change", args=[candidate.pk])

    response = client_of(superuser).post(
        change,
        {
            "email": candidate.email,
            "name": candidate.name,
            "is_active": "on",
            "groups": [Group.objects.get(name=REVIEWERS).pk],
        },
    )

    assert response.status_code == 302
    assert User.objects.get(pk=candidate.pk).has_perm("interview.review")


def test_an_address_that_a_superuser_changed_is_to_be_confirmed_anew(
    client_of: ClientOf, superuser: User, candidate: User
) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)

    client_of(superuser).post(
        reverse("admin:accounts_user_change", args=[candidate.pk]),
        {"email": "new@example.com", "name": candidate.name, "is_active": "on"},
    )

    candidate.refresh_from_db()
    assert candidate.email == "new@example.com"
    assert not EmailAddress.objects.filter(user=candidate).exists()


def test_people_are_found_by_email_and_name(
    client_of: ClientOf, superuser: User, candidate: User, reviewer: User
) -> None:
    page = client_of(superuser).get(reverse("admin:accounts_user_changelist"), {"q": "candid"})

    assert candidate.email in page.content.decode()
    assert reviewer.email not in page.content.decode()


def test_editors_do_not_manage_people(client_of: ClientOf, editor: User) -> None:
    assert client_of(editor).get(reverse("admin:accounts_user_changelist")).status_code == 403
