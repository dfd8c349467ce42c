"""What the pages and mails around an account show; what they do is tested act by act."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirmed(candidate: User) -> User:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    return candidate


@pytest.fixture
def inside(confirmed: User) -> Client:
    """The candidate, who gave the password a moment ago."""
    client = Client()
    client.force_login(confirmed)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def headings(html: str) -> list[str]:
    return re.findall(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)


def title(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_login", "Log in"),
        ("account_signup", "Sign up"),
        ("account_reset_password", "Reset your password"),
        ("account_reset_password_done", "Check your email"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_email_verification_sent", "Check your email"),
        ("account_inactive", "This account is closed"),
    ],
)
def test_a_stranger_s_page_has_its_title_as_its_one_heading(
    client: Client, name: str, heading: str
) -> None:
    page = client.get(reverse(name)).content.decode()
    assert headings(page) == [heading]
    assert title(page) == f"{heading} · Dry Run"


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("account_email", "Your email address"),
        ("account_change_password", "Change your password"),
        ("account_reauthenticate", "Is it still you?"),
        ("account_logout", "Log out"),
    ],
)
def test_a_page_of_one_s_account_has_its_title_as_its_one_heading(
    inside: Client, name: str, heading: str
) -> None:
    page = inside.get(reverse(name)).content.decode()
    assert headings(page) == [heading]
    assert title(page) == f"{heading} · Dry Run"


@pytest.mark.parametrize(
    ("name", "key", "needed"),
    [
        ("account_confirm_email", ["spoilt"], "account_email"),
        ("account_reset_password_from_key", ["1", "a-b"], "account_reset_password"),
    ],
)
def test_a_spoilt_link_says_so_and_how_to_get_another(
    client: Client, name: str, key: list[str], needed: str
) -> None:
    page = client.get(reverse(name, args=key)).content.decode()
    assert headings(page) == ["This link no longer works"]
    assert reverse(needed) in page


def test_a_weak_password_is_told_beside_its_field_and_in_the_summary(client: Client) -> None:
    page = client.post(
        reverse("account_signup"), {"email": "new@example.com", "password1": "qwerty"}
    ).content.decode()
    assert '<div class="error-summary"' in page
    assert 'href="#id_password1"' in page
    assert re.search(r'id="id_password1_error"><p class="field__error">', page)
    assert "qwerty" not in page


@pytest.mark.parametrize("data", [None, {"login": "", "password": ""}], ids=["empty", "wrong"])
def test_what_the_password_field_names_as_its_description_is_there(
    client: Client, data: dict[str, str] | None
) -> None:
    url = reverse("account_login")
    page = (client.post(url, data) if data else client.get(url)).content.decode()
    described = re.search(r'name="password"[^>]*aria-describedby="(.*?)"', page)
    assert described
    for part in described[1].split():
        assert f'id="{part}"' in page
    assert f'<a href="{reverse("account_reset_password")}">Forgot your password?</a>' in page


def test_an_address_that_waits_for_its_confirmation_is_shown(
    inside: Client, confirmed: User
) -> None:
    url = reverse("account_email")
    inside.post(url, {"action_add": "", "email": "newer@example.com"})
    page = inside.get(url).content.decode()
    assert "<strong>newer@example.com</strong> is not confirmed yet." in page
    assert f"You log in with <strong>{confirmed.email}</strong>." in page

    inside.post(url, {"action_remove": "", "email": "newer@example.com"})
    assert "is not confirmed yet" not in inside.get(url).content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_log_in_and_sign_up_may_be_found_by_search_engines(client: Client, name: str) -> None:
    assert "noindex" not in client.get(reverse(name)).content.decode()


@pytest.mark.parametrize("name", ["account_login", "account_signup"])
def test_but_not_once_for_each_page_they_lead_back_to(client: Client, name: str) -> None:
    page = client.get(reverse(name, query={"next": "/interviews/"})).content.decode()
    assert '<meta name="robots" content="noindex">' in page


@pytest.mark.parametrize("name", ["account_reset_password", "account_inactive"])
def test_the_other_pages_may_not(client: Client, name: str) -> None:
    page = client.get(reverse(name)).content.decode()
    assert '<meta name="robots" content="noindex">' in page


def test_mails_are_short_and_calm(client: Client, inside: Client, confirmed: User) -> None:
    client.post(reverse("account_signup"), {"email": "new@example.com", "password1": PASSWORD})
    client.post(reverse("account_reset_password"), {"email": confirmed.email})
    inside.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "another-password", "password2": "another-password"},
    )
    assert [message.subject for message in mail.outbox] == [
        "Confirm your email address",
        "Choose a new password",
        "Your password was changed",
    ]
    for message in mail.outbox:
        assert "!" not in str(message.body)
        assert len(str(message.body).splitlines()) < 16


def test_the_account_menu_logs_out_by_a_form(
    candidate: User, client_of: Callable[[User], Client]
) -> None:
    page = client_of(candidate).get(reverse("account_logout")).content.decode()
    menu = re.search(r'id="account-menu".*?</form>', page, re.DOTALL)
    assert menu
    assert f'<form method="post" action="{reverse("account_logout")}">' in menu[0]
    assert candidate.email in menu[0]


def test_a_new_password_is_asked_for_in_the_words_and_with_the_rules_of_the_sign_up(
    inside: Client, client: Client, confirmed: User
) -> None:
    sign_up = client.get(reverse("account_signup")).content.decode()
    rules = re.search(r'<div class="field__help" id="id_password1_helptext">(.*?)</div>', sign_up)
    assert rules
    change = inside.get(reverse("account_change_password")).content.decode()
    client.post(reverse("account_reset_password"), {"email": confirmed.email})
    link = re.search(r"http://\S+", str(mail.outbox[-1].body))
    assert link
    reset = client.get(link[0], follow=True).content.decode()

    for page, old in ((change, ["Current password"]), (reset, [])):
        labels = re.findall(r'<label for="id_\w*password\d?">(.*?)</label>', page)
        assert labels == [*old, "New password", "New password, again"]
        assert rules[0] in page


def test_the_way_to_a_forgotten_password_stands_behind_its_field(
    inside: Client, client: Client
) -> None:
    for one, path, name in (
        (client, "account_login", "password"),
        (inside, "account_change_password", "oldpassword"),
    ):
        page = one.get(reverse(path)).content.decode()
        assert page.index(f'name="{name}"') < page.index("Forgot your password?")
        assert f'aria-describedby="id_{name}_helptext"' in page
