"""How much time somebody gets is theirs to say, and for nobody else to see (Rules of time, 3)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from questions.models import QuestionSet
from tests.conftest import start_interview

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def choose(client: Client, **fields: object):  # type: ignore[no-untyped-def]
    data = {"name": "", "time": "1", "factor": "", "show_clock": "on", **fields}
    return client.post(reverse("profile"), data)


def test_who_set_nothing_has_the_usual_time_and_three_announcements(candidate: User) -> None:
    profile = TimingProfile.objects.of(candidate)

    assert profile.factor == 1
    assert (profile.show_clock, profile.announcements) == (True, [10, 5, 1])
    assert not TimingProfile.objects.exists()


@pytest.mark.parametrize(
    ("time", "factor", "stored"),
    [
        ("1", "", "1"),
        ("1.25", "", "1.25"),
        ("1.5", "7", "1.5"),
        ("2", "no number", "2"),
        ("other", "1.75", "1.75"),
        ("other", "10", "10"),
    ],
)
def test_the_chosen_factor_is_stored(
    client_of: ClientOf, candidate: User, time: str, factor: str, stored: str
) -> None:
    response = choose(client_of(candidate), time=time, factor=factor)

    assert response["Location"] == reverse("profile")
    assert TimingProfile.objects.of(candidate).factor == Decimal(stored)


def test_no_limit_is_stored_as_untimed(client_of: ClientOf, candidate: User) -> None:
    choose(client_of(candidate), time="none")

    assert TimingProfile.objects.of(candidate).untimed


@pytest.mark.parametrize(
    "factor", ["", "0", "0.99", "10.01", "11", "-2", "1e3", "NaN", "1.333", "x"]
)
def test_another_factor_is_a_number_from_1_to_10(
    client_of: ClientOf, candidate: User, factor: str
) -> None:
    response = choose(client_of(candidate), time="other", factor=factor)

    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="id_factor_error"' in page
    assert f'value="{factor}"' in page or not factor
    assert not TimingProfile.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"time": "3"}, {"time": ""}, {"announcements": ["99"]}, {"announcements": ["x"]}]
)
def test_choices_that_were_not_offered_are_refused(
    client_of: ClientOf, candidate: User, fields: dict[str, object]
) -> None:
    assert choose(client_of(candidate), **fields).status_code == 200
    assert not TimingProfile.objects.exists()


def test_clock_and_announcements_are_stored(client_of: ClientOf, candidate: User) -> None:
    client = client_of(candidate)
    client.post(reverse("profile"), {"time": "1", "announcements": ["15", "2"]})

    profile = TimingProfile.objects.of(candidate)
    assert (profile.show_clock, profile.announcements) == (False, [15, 2])

    client.post(reverse("profile"), {"time": "1"})

    assert TimingProfile.objects.of(candidate).announcements == []


@pytest.mark.parametrize(
    ("factor", "checked", "shown"),
    [("1.50", "1.5", ""), ("1.75", "other", "1.75"), (None, "none", "")],
)
def test_the_page_shows_what_is_stored(
    client_of: ClientOf, candidate: User, factor: str | None, checked: str, shown: str
) -> None:
    TimingProfile.objects.create(user=candidate, factor=factor, announcements=[30])

    page = client_of(candidate).get(reverse("profile")).content.decode()

    assert page.count('type="radio"') == 6
    assert f'value="{checked}" required id="id_time_' in page
    assert page.split(f'name="time" value="{checked}"')[1].split(">")[0].endswith("checked")
    assert page.count("checked") == 3  # The time, the clock, one announcement.
    assert (f'name="factor" value="{shown}"' in page) == bool(shown)


def test_the_next_interview_gets_the_time_and_the_running_one_keeps_its_own(
    client_of: ClientOf, candidate: User, question_set: QuestionSet
) -> None:
    client = client_of(candidate)
    choose(client, time="1.5")
    first = start_interview(candidate, question_set)
    choose(client, time="2")
    first.refresh_from_db()

    assert first.deadline == first.started_at + timedelta(minutes=18)

    first.finish()
    second = start_interview(candidate, question_set)

    assert second.deadline == second.started_at + timedelta(minutes=24)


@pytest.mark.parametrize("factor", ["0.5", "10.5"])
def test_the_database_holds_no_other_factor(candidate: User, factor: str) -> None:
    TimingProfile.objects.create(user=candidate)

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_timingprofile SET factor = %s", [factor])


def test_the_admin_pages_show_nobody_s_timing_profile(
    client_of: ClientOf, superuser: User, candidate: User
) -> None:
    TimingProfile.objects.create(user=candidate, factor="1.75")

    page = client_of(superuser).get(reverse("admin:accounts_user_change", args=[candidate.pk]))

    text = page.content.decode()
    assert candidate.email in text
    assert "1.75" not in text
    assert "factor" not in text
