"""Signing up, logging in and out, passwords and the address: the pages and the mails of it."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

NEW_PASSWORD = "a-new-password-of-mine"

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(candidate: User) -> User:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    return candidate


def link_in(text: object) -> str:
    found = re.search(r"https?://\S+", str(text))
    assert found, text
    return urlsplit(found[0]).path


def headings(html: str) -> list[str]:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)


def test_somebody_signs_up_is_in_at_once_and_confirms_by_the_link_in_the_mail(
    client: Client,
) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "New@example.com", "password1": PASSWORD}, follow=True
    )
    assert response.wsgi_request.user.is_authenticated
    assert "A link to confirm new@example.com is on its way." in response.content.decode()

    (message,) = mail.outbox
    assert "Confirm your email address" in message.subject
    assert "!" not in str(message.body)
    link = link_in(message.body)
    page = client.get(link).content.decode()
    assert headings(page) == ["Confirm your email address"]
    assert "new@example.com" in page
    assert not EmailAddress.objects.filter(verified=True).exists()

    response = client.post(link, follow=True)
    assert "new@example.com is confirmed." in response.content.decode()
    assert EmailAddress.objects.get(email="new@example.com").verified


def test_a_confirmation_link_that_is_spoilt_says_how_to_get_another(client: Client) -> None:
    page = client.get(reverse("account_confirm_email", args=["spoilt"])).content.decode()
    assert headings(page) == ["This link no longer works"]
    assert reverse("account_email") in page


def test_a_password_that_is_too_short_is_told_beside_its_field_and_in_the_summary(
    client: Client,
) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "new@example.com", "password1": "short"}
    )
    page = response.content.decode()
    assert '<div class="error-summary"' in page
    assert 'href="#id_password1"' in page
    assert re.search(r'id="id_password1_error"><p class="field__error">', page)
    assert 'value="new@example.com"' in page
    assert "short" not in page.replace("too short", "")


def test_signing_up_twice_says_so_beside_the_field_and_changes_nothing(
    client: Client, confirmed: User
) -> None:
    response = client.post(
        reverse("account_signup"), {"email": confirmed.email, "password1": NEW_PASSWORD}
    )
    page = response.content.decode()
    assert re.search(r'id="id_email_error"><p class="field__error">', page)
    assert not response.wsgi_request.user.is_authenticated
    assert User.objects.get() == confirmed
    assert confirmed.check_password(PASSWORD)
    assert not mail.outbox


def test_a_wrong_password_keeps_the_address_and_says_what_is_wrong(
    client: Client, confirmed: User
) -> None:
    response = client.post(
        reverse("account_login"), {"login": confirmed.email, "password": "not-my-password"}
    )
    page = response.content.decode()
    assert '<div class="error-summary"' in page
    assert f'value="{confirmed.email}"' in page
    assert "not-my-password" not in page


def test_logging_in_returns_to_the_page_one_came_for(client: Client, confirmed: User) -> None:
    wanted = reverse("account_email")
    page = client.get(reverse("account_login"), {"next": wanted}).content.decode()
    assert f'<input type="hidden" name="next" value="{wanted}">' in page
    response = client.post(
        reverse("account_login"),
        {"login": confirmed.email, "password": PASSWORD, "next": wanted},
    )
    assert response.status_code == 302
    assert response["Location"] == wanted


def test_what_the_password_field_names_as_its_description_is_there(client: Client) -> None:
    page = client.get(reverse("account_login")).content.decode()
    described = re.search(r'name="password"[^>]*aria-describedby="(.*?)"', page)
    assert described
    for part in described[1].split():
        assert f'id="{part}"' in page
    assert f'<a href="{reverse("account_reset_password")}">Forgot your password?</a>' in page


def test_logging_out_asks_on_a_get_and_happens_on_a_post(
    candidate: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(candidate)
    response = client.get(reverse("account_logout"))
    assert headings(response.content.decode()) == ["Log out"]
    assert client.session.get("_auth_user_id")
    response = client.post(reverse("account_logout"), follow=True)
    assert not response.wsgi_request.user.is_authenticated
    assert "You are logged out." in response.content.decode()


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(
    client: Client, confirmed: User
) -> None:
    response = client.post(
        reverse("account_reset_password"), {"email": confirmed.email}, follow=True
    )
    assert headings(response.content.decode()) == ["Look in your mail"]
    (message,) = mail.outbox
    response = client.get(link_in(message.body), follow=True)
    assert headings(response.content.decode()) == ["Choose a new password"]

    form = response.request["PATH_INFO"]
    wrong = client.post(form, {"password1": NEW_PASSWORD, "password2": "another"})
    assert re.search(r'id="id_password2_error"><p class="field__error">', wrong.content.decode())
    response = client.post(
        form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}, follow=True
    )
    assert headings(response.content.decode()) == ["Your password is changed"]
    confirmed.refresh_from_db()
    assert confirmed.check_password(NEW_PASSWORD)

    used = client.get(link_in(message.body), follow=True)
    assert headings(used.content.decode()) == ["This link no longer works"]


def test_asking_for_the_password_of_nobody_looks_the_same(client: Client) -> None:
    response = client.post(
        reverse("account_reset_password"), {"email": "nobody@example.com"}, follow=True
    )
    assert headings(response.content.decode()) == ["Look in your mail"]
    (message,) = mail.outbox
    assert "There is no account with this address" in message.subject


def test_a_password_is_changed_with_the_old_one(
    confirmed: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(confirmed)
    url = reverse("account_change_password")
    assert headings(client.get(url).content.decode()) == ["Change your password"]
    new = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    wrong = client.post(url, {"oldpassword": "not mine", **new}).content.decode()
    assert 'href="#id_oldpassword"' in wrong
    response = client.post(url, {"oldpassword": PASSWORD, **new}, follow=True)
    assert "Your password is changed." in response.content.decode()
    confirmed.refresh_from_db()
    assert confirmed.check_password(NEW_PASSWORD)


def test_an_address_is_changed_once_the_new_one_is_confirmed(
    confirmed: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(confirmed)
    url = reverse("account_email")
    assert "You log in with" in client.get(url).content.decode()
    client.post(url, {"action_add": "", "email": "newer@example.com"})
    page = client.get(url).content.decode()
    assert "<strong>newer@example.com</strong> is not confirmed yet." in page
    assert f"Keep {confirmed.email}" in page
    confirmed.refresh_from_db()
    assert confirmed.email == "candidate@example.com"

    (message,) = [sent for sent in mail.outbox if sent.to == ["newer@example.com"]]
    client.post(link_in(message.body))
    confirmed.refresh_from_db()
    assert confirmed.email == "newer@example.com"
    notice = mail.outbox[-1]
    assert "!" not in str(notice.body)


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_log_in_and_sign_up_are_public_pages(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert "noindex" not in page


@pytest.mark.parametrize("name", ["account_reset_password", "account_reset_password_done"])
def test_the_other_pages_are_not_indexed(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert '<meta name="robots" content="noindex">' in page
