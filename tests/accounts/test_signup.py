"""Somebody new signs up by email."""

import re
from threading import Thread
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from tests.conftest import PASSWORD

SIGNUP = "/accounts/signup/"


def sign_up(client: Client, email: str = "ada@example.com", **fields: str):  # type: ignore[no-untyped-def]
    return client.post(SIGNUP, {"email": email, "password1": PASSWORD, **fields})


def link_in(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://\S+/accounts/\S+", str(message.body))
    assert found, message.body
    return found[0]


@pytest.mark.django_db
def test_signing_up_asks_for_an_address_and_one_password(client: Client) -> None:
    page = client.get(SIGNUP).content.decode()

    assert re.findall(r'<input[^>]* type="(email|password)"', page) == ["email", "password"]


@pytest.mark.django_db
def test_signing_up_lets_in_at_once_and_stores_the_address_in_lower_case(client: Client) -> None:
    response = sign_up(client, "Ada@Example.com")

    assert response["Location"] == reverse("home")
    user = User.objects.get()
    assert user.email == "ada@example.com"
    assert user.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert not user.is_staff
    assert not user.groups.exists()


@pytest.mark.django_db
def test_only_the_confirmation_is_mailed_and_its_link_leads_to_the_site_s_address(
    client: Client, settings: Settings
) -> None:
    settings.SITE_URL = "https://dryrun.example.com"

    sign_up(client)

    (message,) = mail.outbox
    assert message.to == ["ada@example.com"]
    assert link_in(message).startswith("https://dryrun.example.com/accounts/confirm-email/")
    assert "testserver" not in message.body


@pytest.mark.django_db
def test_the_link_confirms_the_address_on_a_click_and_not_on_a_visit(client: Client) -> None:
    sign_up(client)
    user = User.objects.get()
    path = urlsplit(link_in(mail.outbox[0])).path
    elsewhere = Client()

    page = elsewhere.get(path)

    assert "ada@example.com" in page.content.decode()
    assert not user.email_is_confirmed()

    response = elsewhere.post(path)

    assert response.status_code == 302
    assert user.email_is_confirmed()


@pytest.mark.django_db
def test_a_used_link_says_so(client: Client) -> None:
    sign_up(client)
    path = urlsplit(link_in(mail.outbox[0])).path
    client.post(path)

    assert "This link no longer works" in client.get(path).content.decode()


@pytest.mark.django_db
def test_a_stranger_who_wanted_a_page_ends_there_after_signing_up(client: Client) -> None:
    wanted = f"{reverse('interview-new')}?set=basics"
    to_log_in = client.get(wanted)["Location"]
    log_in_page = client.get(to_log_in).content.decode()
    found = re.search(r'href="(/accounts/signup/\?next=[^"]+)"', log_in_page)
    assert found
    sign_up_page = client.get(found[1]).content.decode()
    kept = re.search(r'<input type="hidden" name="next" value="([^"]+)">', sign_up_page)
    assert kept

    response = sign_up(client, next=kept[1])

    assert response["Location"] == wanted


@pytest.mark.django_db
@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.com/", "//evil.example.com", "\\\\evil"]
)
def test_signing_up_leads_to_no_other_site(client: Client, elsewhere: str) -> None:
    assert sign_up(client, next=elsewhere)["Location"] == reverse("home")


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["candidate@example.com", "CANDIDATE@example.com"])
def test_an_address_in_use_is_refused_beside_its_field(
    client: Client, candidate: User, email: str
) -> None:
    response = sign_up(client, email)

    assert response.status_code == 200
    page = response.content.decode()
    assert "Somebody uses this email address already" in page
    assert 'aria-describedby="id_email_error"' in page
    assert User.objects.count() == 1
    assert mail.outbox == []


@pytest.mark.django_db
def test_an_address_that_somebody_only_wants_to_change_to_is_still_to_be_had(
    client: Client, candidate: User
) -> None:
    EmailAddress.objects.create(user=candidate, email="ada@example.com")

    sign_up(client)

    assert User.objects.filter(email="ada@example.com").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "at least 10 characters"),
        ("password1234", "too common"),
        ("ada.lovelace@example.com", "too similar"),
    ],
)
def test_a_weak_password_is_refused_with_the_address_kept(
    client: Client, password: str, complaint: str
) -> None:
    response = client.post(SIGNUP, {"email": "ada.lovelace@example.com", "password1": password})

    page = response.content.decode()
    assert complaint in page
    assert 'value="ada.lovelace@example.com"' in page
    assert not re.search(r'type="password"[^>]* value=', page)
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"email": "ada", "password1": PASSWORD},
        {"email": "a" * 250 + "@example.com", "password1": PASSWORD},
        {"email": "ada\x00@example.com", "password1": PASSWORD},
        {"email": "ada@example.com", "password1": PASSWORD + "\x00"},
        {"email": "<script>@example.com", "password1": "x" * 100_000},
    ],
)
def test_hostile_fields_make_no_account(client: Client, fields: dict[str, str]) -> None:
    response = client.post(SIGNUP, fields)

    assert response.status_code == 200
    assert "<script>@" not in response.content.decode()
    assert not User.objects.exists()


@pytest.mark.django_db
def test_sign_ups_are_counted_per_network_address(client: Client) -> None:
    statuses = [
        Client().post(SIGNUP, {"email": "no address"}).status_code for _attempt in range(21)
    ]

    assert statuses == [200] * 20 + [429]


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_at_once_one_is_sent_to_the_log_in(client: Client) -> None:
    """The second form was checked before the first account was there: a double click."""

    def rival() -> None:
        User.objects.create_user("ada@example.com", "rival-password")
        connection.close()

    def be_quicker(instance: User, **kwargs: object) -> None:
        pre_save.disconnect(be_quicker, sender=User)
        thread = Thread(target=rival)
        thread.start()
        thread.join()

    pre_save.connect(be_quicker, sender=User)
    response = sign_up(client, next="/interviews/")

    assert response["Location"] == "/accounts/login/?next=%2Finterviews%2F"
    user = User.objects.get()
    assert user.check_password("rival-password")
    assert "_auth_user_id" not in client.session
    assert mail.outbox == []
