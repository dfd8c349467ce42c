"""Logging in and out, and the password that is needed for it."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from tests.conftest import PASSWORD

LOGIN = "/accounts/login/"
NEW_PASSWORD = "another-dry-run-password"

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str = PASSWORD, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(LOGIN, {"login": email, "password": password, **fields})


def logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.fixture
def confirmed(candidate: User) -> User:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    return candidate


@pytest.mark.parametrize("email", ["candidate@example.com", "Candidate@Example.COM"])
def test_people_log_in_by_email_in_any_case(client: Client, candidate: User, email: str) -> None:
    response = log_in(client, email)

    assert response["Location"] == reverse("home")
    assert logged_in(client)


def test_logging_in_returns_to_the_page_that_was_wanted(client: Client, candidate: User) -> None:
    response = log_in(client, candidate.email, next="/interviews/?page=2")

    assert response["Location"] == "/interviews/?page=2"


def test_logging_in_leads_to_no_other_site(client: Client, candidate: User) -> None:
    response = log_in(client, candidate.email, next="https://evil.example.com/")

    assert response["Location"] == reverse("home")


def test_a_wrong_password_and_an_unknown_address_look_alike(
    client: Client, candidate: User
) -> None:
    def page(email: str) -> str:
        response = log_in(client, email, "wrong-password")
        assert response.status_code == 200
        text = response.content.decode().replace(email, "EMAIL")
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)

    known, unknown = page(candidate.email), page("nobody@example.com")

    assert "The email address or the password is wrong." in known
    assert known == unknown


def test_a_closed_account_is_told_so_after_the_right_password(
    client: Client, candidate: User
) -> None:
    candidate.is_active = False
    candidate.save()

    response = log_in(client, candidate.email)

    assert response["Location"] == reverse("account_inactive")
    assert client.get(response["Location"]).status_code == 200
    assert not logged_in(client)


def test_passwords_can_not_be_guessed_at_length(client: Client, candidate: User) -> None:
    for _attempt in range(5):
        log_in(Client(), candidate.email, "wrong-password")

    response = log_in(client, candidate.email)

    assert "Too many tries" in response.content.decode()
    assert not logged_in(client)


def test_log_ins_are_counted_per_network_address(client: Client) -> None:
    statuses = [client.post(LOGIN, {"login": "no address"}).status_code for _attempt in range(31)]

    assert statuses == [200] * 30 + [429]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_visit_does_not_log_out(
    client_of: Callable[[User], Client], candidate: User, method: str
) -> None:
    client = client_of(candidate)

    response = getattr(client, method)(reverse("account_logout"))

    assert response.status_code == 200
    assert logged_in(client)


def test_logging_out_ends_the_session(client_of: Callable[[User], Client], candidate: User) -> None:
    client = client_of(candidate)

    response = client.post(reverse("account_logout"))

    assert response["Location"] == reverse("home")
    assert not logged_in(client)
    assert not candidate.sessions.exists()


def test_the_log_in_page_costs_strangers_no_query(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get(LOGIN)


# A forgotten password.


def ask_for_reset(email: str) -> Client:
    client = Client()
    response = client.post(reverse("account_reset_password"), {"email": email})
    assert response["Location"] == reverse("account_reset_password_done")
    assert client.get(response["Location"]).status_code == 200
    return client


def test_a_forgotten_password_is_reset_by_mail(candidate: User, settings: Settings) -> None:
    settings.SITE_URL = "https://dryrun.example.com"
    log_in(Client(), candidate.email)
    client = ask_for_reset(candidate.email)
    found = re.search(
        r"https://dryrun\.example\.com/accounts/password/reset/\S+", str(mail.outbox[0].body)
    )
    assert found
    form = client.get(urlsplit(found[0]).path, follow=True)
    assert "Choose a new password" in form.content.decode()

    response = client.post(
        form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )

    assert response["Location"] == reverse("account_reset_password_from_key_done")
    assert client.get(response["Location"]).status_code == 200
    candidate.refresh_from_db()
    assert candidate.check_password(NEW_PASSWORD)
    assert not candidate.sessions.exists()
    used = Client().get(urlsplit(found[0]).path)
    assert "This link no longer works" in used.content.decode()


def test_resetting_tells_nobody_who_has_an_account() -> None:
    ask_for_reset("nobody@example.com")

    assert mail.outbox == []


def test_an_address_that_was_never_confirmed_can_not_reset_the_account_that_named_it(
    confirmed: User,
) -> None:
    EmailAddress.objects.create(user=confirmed, email="mistyped@example.com")

    ask_for_reset("mistyped@example.com")

    assert mail.outbox == []


# Changing the password.


def change_password(client: Client, old: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post(
        reverse("account_change_password"),
        {"oldpassword": old, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )


def test_changing_the_password_needs_the_old_one(
    client_of: Callable[[User], Client], candidate: User
) -> None:
    response = change_password(client_of(candidate), "wrong-password")

    assert "This is not your password." in response.content.decode()
    candidate.refresh_from_db()
    assert candidate.check_password(PASSWORD)


def test_who_confirmed_the_address_is_told_that_the_password_changed(
    client_of: Callable[[User], Client], confirmed: User
) -> None:
    change_password(client_of(confirmed))

    (message,) = mail.outbox
    assert message.to == [confirmed.email]


def test_who_did_not_confirm_the_address_is_mailed_nothing(
    client_of: Callable[[User], Client], candidate: User
) -> None:
    change_password(client_of(candidate))

    candidate.refresh_from_db()
    assert candidate.check_password(NEW_PASSWORD)
    assert mail.outbox == []


# Changing the address.


def change_email(client: Client, email: str):  # type: ignore[no-untyped-def]
    response = client.post(reverse("account_email"), {"email": email, "action_add": ""})
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    return client.post(response["Location"], {"password": PASSWORD}, follow=True)


def confirm(client: Client, message: mail.EmailMessage) -> None:
    found = re.search(r"/accounts/confirm-email/\S+", str(message.body))
    assert found
    client.post(found[0])


def test_a_confirmed_address_stays_until_the_new_one_is_confirmed(
    client: Client, confirmed: User
) -> None:
    log_in(client, confirmed.email)

    change_email(client, "new@example.com")

    confirmed.refresh_from_db()
    assert confirmed.email == "candidate@example.com"
    (message,) = mail.outbox
    assert message.to == ["new@example.com"]

    confirm(client, message)

    confirmed.refresh_from_db()
    assert confirmed.email == "new@example.com"
    assert confirmed.email_is_confirmed()
    assert mail.outbox[1].to == ["candidate@example.com"]
    assert log_in(Client(), "new@example.com").status_code == 302


def test_changing_the_address_needs_the_password_once_more(
    client_of: Callable[[User], Client], confirmed: User
) -> None:
    client = client_of(confirmed)

    response = client.post(reverse("account_email"), {"email": "new@example.com", "action_add": ""})

    assert client.get(response["Location"]).status_code == 200
    wrong = client.post(response["Location"], {"password": "wrong-password"})
    assert "This is not your password." in wrong.content.decode()
    assert not EmailAddress.objects.filter(email="new@example.com").exists()
    assert mail.outbox == []


def test_a_mistyped_address_is_replaced_at_once_and_mailed_no_more(client: Client) -> None:
    client.post(reverse("account_signup"), {"email": "mistyped@example.com", "password1": PASSWORD})
    user = User.objects.get()

    change_email(client, "ada@example.com")

    user.refresh_from_db()
    assert user.email == "ada@example.com"
    assert list(EmailAddress.objects.values_list("email", "verified")) == [
        ("ada@example.com", False)
    ]
    confirm(client, mail.outbox[1])
    assert user.email_is_confirmed()
    assert [message.to for message in mail.outbox] == [
        ["mistyped@example.com"],
        ["ada@example.com"],
    ]


def test_a_mistyped_address_is_not_replaced_by_somebody_else_s(
    client: Client, candidate: User
) -> None:
    client.post(reverse("account_signup"), {"email": "mistyped@example.com", "password1": PASSWORD})

    response = client.post(reverse("account_email"), {"email": candidate.email, "action_add": ""})

    assert "Somebody uses this email address already" in response.content.decode()


def test_confirming_an_address_that_became_somebody_else_s_changes_nothing(
    client: Client, confirmed: User, person: Callable[..., User]
) -> None:
    log_in(client, confirmed.email)
    change_email(client, "ada@example.com")
    person("ada")

    confirm(client, mail.outbox[0])

    page = client.get(reverse("account_email")).content.decode()
    confirmed.refresh_from_db()
    assert confirmed.email == "candidate@example.com"
    assert "belongs to another account" in page


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_email_verification_sent",
        "account_inactive",
    ],
)
def test_strangers_reach_what_they_need_to_get_in(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
