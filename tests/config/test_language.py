"""Which language somebody gets, and that finding out costs nothing."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import User
from interview import clock, tasks
from interview.models import Interview, Review
from questions.models import Picture
from tests.conftest import PASSWORD
from tests.interview.reviewing import grade, pass_a_minute, token_of
from tests.wire import sent_to_postgres

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]

GERMAN = {"Accept-Language": "fr;q=0.9, de-AT;q=0.8, en;q=0.5"}


def language_of(client: Client, path: str = "/", **headers: str) -> str:
    html = client.get(path, headers=headers).content.decode()
    found = re.search(r'<html lang="([^"]+)">', html)
    assert found, html
    return found[1]


def choose(client: Client, language: str, **headers: str) -> None:
    response = client.post(reverse("language"), {"language": language}, headers=headers)
    assert response.status_code == 302


@pytest.fixture
def german(candidate: User) -> User:
    candidate.language = "de"
    candidate.save()
    return candidate


# Strangers.


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de", "de"),
        ("de-CH, en;q=0.9", "de"),
        ("fr;q=0.9, de-AT;q=0.8, en;q=0.5", "de"),
        ("en-GB, de;q=0.9", "en"),
        ("fr, it", "en"),
        ("*", "en"),
        ("de;q=wrong, \x00, " + "x" * 5000, "en"),
        ("", "en"),
    ],
)
def test_a_stranger_gets_what_the_browser_asks(
    client: Client, accepted: str, language: str
) -> None:
    assert language_of(client, **{"Accept-Language": accepted}) == language


def test_a_page_says_its_language_and_what_it_depends_on(client: Client) -> None:
    response = client.get("/", headers=GERMAN)

    assert response["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= set(response["Vary"].split(", "))
    assert "Übe das Interview, bevor es zählt." in response.content.decode()


def test_a_page_that_is_not_there_says_so_in_the_language(client: Client) -> None:
    response = client.get("/nowhere/", headers=GERMAN)

    assert response.status_code == 404
    assert response["Content-Language"] == "de"
    assert "Hier ist nichts" in response.content.decode()


def test_nobody_gets_the_language_of_the_request_before(client: Client) -> None:
    assert language_of(client, **GERMAN) == "de"

    assert language_of(Client()) == "en"


def test_a_stranger_chooses_another_language_for_this_browser(client: Client) -> None:
    choose(client, "de")

    assert language_of(client) == "de"
    cookie = client.cookies["django_language"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 31536000)
    choose(client, "en")
    assert language_of(client, **GERMAN) == "en"


def test_choosing_leads_back_to_the_page(client: Client) -> None:
    response = client.post(
        reverse("language"),
        {"language": "de"},
        headers={"Referer": "http://testserver/sets/?page=2"},
    )

    assert response["Location"] == "/sets/?page=2"


@pytest.mark.parametrize("page", ["https://evil.example.com/", "javascript:alert(1)", ""])
def test_choosing_leads_to_no_other_site(client: Client, page: str) -> None:
    response = client.post(reverse("language"), {"language": "de"}, headers={"Referer": page})

    assert response["Location"] == "/"


@pytest.mark.parametrize("language", ["", "xx", "de-AT", "../../etc", "de\x00", "d" * 5000])
def test_what_is_no_language_of_ours_changes_nothing(
    client_of: ClientOf, german: User, language: str
) -> None:
    client = client_of(german)

    choose(client, language)

    german.refresh_from_db()
    assert german.language == "de"
    assert language_of(client) == "de"


def test_choosing_needs_the_token_of_a_page(candidate: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(candidate)

    assert client.post(reverse("language"), {"language": "de"}).status_code == 403
    candidate.refresh_from_db()
    assert candidate.language == ""


def test_every_page_offers_each_language_under_its_own_name(client: Client) -> None:
    html = client.get("/", headers=GERMAN).content.decode()

    assert re.search(r'value="en" lang="en" aria-pressed="false">English</button>', html)
    assert re.search(r'value="de" lang="de" aria-pressed="true">Deutsch</button>', html)


# People with an account.


def test_the_account_s_language_wins_over_browser_and_cookie(
    client_of: ClientOf, german: User
) -> None:
    client = client_of(german)
    client.cookies["django_language"] = "en"

    assert language_of(client, **{"Accept-Language": "en"}) == "de"
    assert language_of(client, reverse("profile"), **{"Accept-Language": "en"}) == "de"


def test_the_cookie_is_kept_in_step_with_the_account(client_of: ClientOf, german: User) -> None:
    client = client_of(german)
    client.get("/")
    assert client.cookies["django_language"].value == "de"

    User.objects.update(language="en")
    client.get("/")
    assert client.cookies["django_language"].value == "en"

    assert "django_language" not in client.get("/").cookies


def test_who_logs_in_gets_the_account_s_language_at_once(client: Client, german: User) -> None:
    response = client.post(
        reverse("account_login"), {"login": german.email, "password": PASSWORD}, follow=True
    )

    assert '<html lang="de">' in response.content.decode()


def test_choosing_is_kept_in_the_account(client_of: ClientOf, candidate: User) -> None:
    choose(client_of(candidate), "de")

    candidate.refresh_from_db()
    assert candidate.language == "de"
    assert language_of(client_of(candidate)) == "de"


def test_the_profile_changes_it_and_says_so_in_the_new_language(
    client_of: ClientOf, candidate: User
) -> None:
    client = client_of(candidate)

    response = client.post(reverse("profile"), {"time": "1", "language": "de"}, follow=True)

    html = response.content.decode()
    assert '<html lang="de">' in html
    assert "Dein Profil ist gespeichert." in html
    assert '<option value="de" selected>Deutsch</option>' in html


def test_the_profile_leaves_it_to_the_browser_again(client_of: ClientOf, german: User) -> None:
    client = client_of(german)
    client.get("/")

    client.post(reverse("profile"), {"time": "1", "language": ""})

    german.refresh_from_db()
    assert german.language == ""
    assert language_of(client) == "en"
    assert language_of(client, **GERMAN) == "de"


def test_who_signs_up_keeps_the_language(client: Client) -> None:
    client.post(
        reverse("account_signup"),
        {"email": "new@example.com", "password1": "long-enough-4-all"},
        headers=GERMAN,
    )

    assert User.objects.get(email="new@example.com").language == "de"
    assert mail.outbox[0].subject == "Bestätige deine E-Mail-Adresse"


# What it costs.


@pytest.mark.parametrize("name", ["home", "profile", "set-list", "interview-list"])
def test_it_costs_no_query(client_of: ClientOf, candidate: User, name: str) -> None:
    counts = {}
    for language in ("", "de"):
        User.objects.update(language=language)
        client = client_of(candidate)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse(name))
        counts[language] = len(queries)

    assert counts["de"] == counts[""]


def test_a_picture_looks_nobody_up(client_of: ClientOf, german: User) -> None:
    Picture.objects.create(path="sets/a.png", media_type="image/png", content=b"", digest="0")

    client = client_of(german)

    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("picture", args=["sets/a.png"]))

    assert len(queries) == 2
    assert "Vary" not in response or "Cookie" not in response["Vary"]


@pytest.mark.django_db(transaction=True)
def test_a_save_is_one_statement_in_german_too(
    client_of: ClientOf, german: User, running_interview: Interview
) -> None:
    client = client_of(german)
    client.get(reverse("interview", args=[running_interview.pk]), follow=True)

    def save(text: str, base: int) -> dict[str, str]:
        response = client.post(
            reverse("answer-save", args=[running_interview.pk, 1]),
            {
                "text": text,
                "base": base,
                "writer": str(UUID("01234567-89ab-4def-8123-456789abcdef")),
                "sequence": base + 1,
            },
            content_type="application/json",
            headers={"Accept": "application/json", "Accept-Language": "en"},
        )
        reply: dict[str, str] = response.json()
        return reply

    save("eins", 0)
    with sent_to_postgres() as asked:
        reply = save("eins zwei", 1)

    assert asked == ["Bind", "Execute", "Sync"]
    assert reply["receipt"].startswith('<p class="receipt" id="receipt">Gespeichert <time')
    assert reply["receipt"].endswith("· Fassung 2 · 2 Wörter</p>")


# Mail.


def test_a_mail_is_in_the_language_of_whom_it_is_for(client: Client, german: User) -> None:
    EmailAddress.objects.create(user=german, email=german.email, verified=True, primary=True)

    client.post(
        reverse("account_reset_password"),
        {"email": german.email},
        headers={"Accept-Language": "en"},
    )

    assert mail.outbox[0].subject == "Wähle ein neues Passwort"
    assert "Wenn du nicht darum gebeten hast" in str(mail.outbox[0].body)


def test_a_notice_of_a_change_is_in_it_too(client_of: ClientOf, german: User) -> None:
    EmailAddress.objects.create(user=german, email=german.email, verified=True, primary=True)

    client_of(german).post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another-long-one", "password2": "another-long-one"},
        headers={"Accept-Language": "en"},
    )

    assert mail.outbox[0].subject == "Dein Passwort wurde geändert"
    assert "Warst du das nicht?" in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("language", "subject", "words"),
    [
        ("de", "Dein Feedback ist da: Basics", "Lies es hier:"),
        ("en", "Your feedback is ready: Basics", "Read it here:"),
        ("", "Your feedback is ready: Basics", "Read it here:"),
    ],
)
def test_a_job_writes_in_the_candidate_s_language(
    candidate: User, claimed_review: Review, language: str, subject: str, words: str
) -> None:
    candidate.language = language
    candidate.save()
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)

    tasks.mail_feedback(str(claimed_review.pk))

    (message,) = mail.outbox
    assert message.subject == subject
    assert words in str(message.body)
    assert f'<html lang="{language or "en"}">' in str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert translation.get_language() == "en"


# Dates and durations.


@pytest.mark.parametrize(
    ("duration", "words", "roughly"),
    [
        (timedelta(seconds=1), "1 Sekunde", "eine Stunde"),
        (timedelta(seconds=12), "12 Sekunden", "eine Stunde"),
        (timedelta(minutes=3), "3 Minuten", "eine Stunde"),
        (timedelta(hours=2), "2 Stunden", "2 Stunden"),
        (timedelta(days=3), "72 Stunden", "3 Tage"),
    ],
)
def test_durations_are_told_in_german(duration: timedelta, words: str, roughly: str) -> None:
    with translation.override("de"):
        assert clock.in_words(duration) == words
        assert clock.in_hours_or_days(duration) == roughly


@pytest.mark.parametrize(("days", "words"), [(1, "Nach 1 Tag kann"), (3, "Nach 3 Tagen kann")])
def test_days_after_a_preposition_are_in_the_dative(days: int, words: str) -> None:
    one = "You get them first. After %(days)s day any reviewer can claim them."
    more = "You get them first. After %(days)s days any reviewer can claim them."
    with translation.override("de"):
        assert words in translation.ngettext(one, more, days) % {"days": days}


@pytest.mark.parametrize(
    ("language", "name", "written"),
    [
        ("de", "DATETIME_FORMAT", "3. März 2026, 09:05"),
        ("de", "DATE_FORMAT", "3. März 2026"),
        ("de", "SHORT_DATE_FORMAT", "3. Mär 2026"),
        ("de", "MONTH_DAY_FORMAT", "3. März"),
        ("en", "DATETIME_FORMAT", "3 March 2026, 09:05"),
        ("en", "DATE_FORMAT", "3 March 2026"),
        ("en", "SHORT_DATE_FORMAT", "3 Mar 2026"),
        ("en", "MONTH_DAY_FORMAT", "3 March"),
    ],
)
def test_dates_are_written_as_in_the_language(language: str, name: str, written: str) -> None:
    moment = datetime(2026, 3, 3, 9, 5, tzinfo=UTC)
    with translation.override(language):
        assert date_format(moment, name) == written
