"""A session that ended in mid-answer: the save is refused, and the text is not lost.

Rules of saving, 8 and 9. A save asks for its session by key alone, so each way by which a session
must end has to end it for good.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interview.models import Interview, Review, Revision
from tests.conftest import PASSWORD, logged_in_client
from tests.races import race

TAB = UUID("01234567-89ab-4def-8123-456789abcdef")
NEW_PASSWORD = "another-dry-run-password"
TEXT = "<b>Ten minutes</b> of work & more"


@pytest.fixture
def tab(candidate: User) -> Client:
    """The page in which somebody writes, as a browser: its token is checked."""
    tab = Client(enforce_csrf_checks=True, headers={"host": "testserver"})
    tab.force_login(candidate)
    tab.cookies["csrftoken"] = "t" * 32
    return tab


def url_of(interview: Interview, name: str = "answer-save") -> str:
    return reverse(name, args=[interview.pk] if name == "interview-extend" else [interview.pk, 1])


def save_by_script(  # type: ignore[no-untyped-def]
    tab: Client, interview: Interview, text: str = TEXT, sequence: int = 1
):
    return tab.post(
        url_of(interview),
        {"text": text, "base": 0, "writer": str(TAB), "sequence": sequence},
        content_type="application/json",
        headers={
            "accept": "application/json",
            "x-csrftoken": "t" * 32,
            "referer": f"http://testserver{reverse('answer', args=[interview.pk, 1])}",
        },
    )


def save_by_form(tab: Client, url: str, token: str | None = "t" * 32, **fields: object):  # type: ignore[no-untyped-def]
    form = {"text": TEXT, "base": 0, "writer": str(TAB), "sequence": 1, "then": "next", **fields}
    return tab.post(url, form if token is None else {**form, "csrfmiddlewaretoken": token})


def stored(interview: Interview) -> str:
    return interview.answers.get(position=1).text


# Each way by which a session ends.


def log_out(candidate: User, tab: Client) -> None:
    tab.post(reverse("account_logout"), {"csrfmiddlewaretoken": "t" * 32})


def log_out_with_the_cookie_kept(candidate: User, tab: Client) -> None:
    copy = Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = tab.cookies[settings.SESSION_COOKIE_NAME].value
    copy.post(reverse("account_logout"))


def change_the_password_elsewhere(candidate: User, tab: Client) -> None:
    elsewhere = logged_in_client(candidate)
    response = elsewhere.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert response.status_code == 302
    assert elsewhere.get(reverse("profile")).status_code == 200


def reset_the_password(candidate: User, tab: Client, browser: Client | None = None) -> None:
    browser = browser or Client()
    browser.post(reverse("account_reset_password"), {"email": candidate.email})
    found = re.search(r"http://\S+/accounts/password/reset/\S+", str(mail.outbox[0].body))
    assert found
    form = browser.get(urlsplit(found[0]).path, follow=True)
    response = browser.post(
        form.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    )
    assert response["Location"] == reverse("account_reset_password_from_key_done")


def reset_the_password_while_logged_in(candidate: User, tab: Client) -> None:
    """In the same browser, where the session is in use by the page that resets."""
    browser = Client()
    browser.cookies[settings.SESSION_COOKIE_NAME] = tab.cookies[settings.SESSION_COOKIE_NAME].value
    reset_the_password(candidate, tab, browser)


def set_a_password_in_the_admin_pages(candidate: User, tab: Client, usable: str = "true") -> None:
    admin = User.objects.create_superuser("admin@example.com", PASSWORD)
    response = logged_in_client(admin).post(
        reverse("admin:auth_user_password_change", args=[candidate.pk]),
        {
            "usable_password": usable,
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "set-password" if usable == "true" else "unset-password": "1",
        },
    )
    assert response.status_code == 302


def take_the_password_away_in_the_admin_pages(candidate: User, tab: Client) -> None:
    set_a_password_in_the_admin_pages(candidate, tab, usable="false")


def run_changepassword(candidate: User, tab: Client) -> None:
    with patch("getpass.getpass", return_value=NEW_PASSWORD):
        call_command("changepassword", candidate.email, stdout=StringIO())


def change_the_password_in_the_database(candidate: User, tab: Client) -> None:
    User.objects.filter(pk=candidate.pk).update(password="md5$salt$hash")


def close_the_account(candidate: User, tab: Client) -> None:
    candidate.is_active = False
    candidate.save()


def close_the_account_and_open_it_again(candidate: User, tab: Client) -> None:
    for active in (False, True):
        candidate.is_active = active
        candidate.save()


def come_with_a_session_made_since_the_account_was_closed(candidate: User, tab: Client) -> None:
    close_the_account(candidate, tab)
    tab.force_login(candidate)


def let_the_session_expire(candidate: User, tab: Client) -> None:
    candidate.sessions.update(expire_date=timezone.now() - timedelta(seconds=1))


def bring_a_key_that_is_nobody_s(candidate: User, tab: Client) -> None:
    tab.cookies[settings.SESSION_COOKIE_NAME] = "x" * 32


def bring_no_key(candidate: User, tab: Client) -> None:
    del tab.cookies[settings.SESSION_COOKIE_NAME]


WAYS = [
    log_out,
    log_out_with_the_cookie_kept,
    change_the_password_elsewhere,
    reset_the_password,
    reset_the_password_while_logged_in,
    set_a_password_in_the_admin_pages,
    take_the_password_away_in_the_admin_pages,
    run_changepassword,
    change_the_password_in_the_database,
    close_the_account,
    close_the_account_and_open_it_again,
    come_with_a_session_made_since_the_account_was_closed,
    let_the_session_expire,
    bring_a_key_that_is_nobody_s,
    bring_no_key,
]


@pytest.mark.parametrize("end", WAYS)
def test_a_save_is_refused_once_its_session_has_ended(
    tab: Client, candidate: User, running_interview: Interview, end: Callable[[User, Client], None]
) -> None:
    assert save_by_script(tab, running_interview, "before").status_code == 200
    end(candidate, tab)
    tab.cookies["csrftoken"] = "t" * 32

    reply = save_by_script(tab, running_interview, "after", 2)

    assert reply.status_code == 401
    assert reply.json() == {
        "login": f"{reverse('account_login')}?next=/interviews/{running_interview.pk}/answers/1/"
    }
    assert stored(running_interview) == "before"
    assert not Revision.objects.filter(text="after").exists()


@pytest.mark.parametrize(
    "sent", ["", "short", r'"with\000nul-character"', "é" * 32, "x" * 5_000, '"\'; --"']
)
def test_a_strange_key_is_nobody_s(tab: Client, running_interview: Interview, sent: str) -> None:
    """As it stands in the header: Python's own cookies can't hold some of these."""
    cookies = f"{settings.SESSION_COOKIE_NAME}={sent}; csrftoken={'t' * 32}"
    tab.defaults["HTTP_COOKIE"] = cookies

    assert save_by_script(tab, running_interview).status_code == 401
    assert stored(running_interview) == ""


def test_who_changes_the_password_goes_on_where_they_did_it(
    tab: Client, candidate: User, running_interview: Interview
) -> None:
    tab.post(
        reverse("account_change_password"),
        {
            "oldpassword": PASSWORD,
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "csrfmiddlewaretoken": "t" * 32,
        },
    )
    tab.cookies["csrftoken"] = "t" * 32

    assert save_by_script(tab, running_interview).status_code == 200
    assert candidate.sessions.count() == 1


def test_a_new_name_logs_nobody_out(
    tab: Client, candidate: User, running_interview: Interview
) -> None:
    candidate.name = "New Name"
    candidate.save()

    assert save_by_script(tab, running_interview).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_a_save_and_a_log_out_at_once_each_is_told_the_truth(
    candidate: User, running_interview: Interview
) -> None:
    """What got a receipt is stored; what was stored got one; after the log-out nothing is."""
    here = logged_in_client(candidate)
    key = here.cookies[settings.SESSION_COOKIE_NAME].value

    def save(position: int) -> int:
        tab = Client()
        tab.cookies[settings.SESSION_COOKIE_NAME] = key
        response = tab.post(
            reverse("answer-save", args=[running_interview.pk, position]),
            {"text": "text", "base": 0, "writer": str(TAB), "sequence": 1},
            content_type="application/json",
            headers={"accept": "application/json"},
        )
        return response.status_code

    *statuses, _logged_out = race(
        *(lambda position=position: save(position) for position in (1, 2, 3)),
        lambda: here.post(reverse("account_logout")),
    )

    answers = running_interview.answers.order_by("position")
    assert [answer.text for answer in answers] == [
        "text" if status == 200 else "" for status in statuses
    ]
    assert set(statuses) <= {200, 401}
    assert save(1) == 401


# Plain forms: the page that keeps the text.


def token_of(page: Any) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def form_on(page: Any) -> dict[str, str]:
    """What a browser would send by its button."""
    html = page.content.decode()
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html)
    area = re.search(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', html, re.DOTALL)
    assert area, html
    return {name: unescape(value) for name, value in [*hidden, area.groups()]}


@pytest.mark.parametrize("name", ["answer-save", "answer-flag", "interview-extend"])
def test_a_form_whose_session_has_ended_shows_its_text_and_a_log_in(
    tab: Client, candidate: User, running_interview: Interview, name: str
) -> None:
    candidate.sessions.all().delete()

    page = save_by_form(tab, url_of(running_interview, name), flag="1")

    html = page.content.decode()
    assert page.status_code == 401
    assert "Your text is not saved yet" in html
    assert "&lt;b&gt;Ten minutes&lt;/b&gt; of work &amp; more" in html
    assert f'action="{url_of(running_interview, name)}"' in html
    assert re.search(rf'href="{reverse("account_login")}\?next=[^"]*" target="_blank"', html)
    assert "no-store" in page["Cache-Control"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert stored(running_interview) == ""


def test_a_text_that_does_not_fit_is_no_less_refused_without_a_session(
    running_interview: Interview,
) -> None:
    page = save_by_form(Client(), url_of(running_interview), text="long " * 4_200)

    assert page.status_code == 401
    assert "<textarea" not in page.content.decode()
    assert "too long to be shown here" in page.content.decode()


def test_after_the_log_in_the_text_on_that_page_is_saved(
    tab: Client, candidate: User, running_interview: Interview
) -> None:
    """The log-in changes the token, so the page asks once more, and then it is stored."""
    candidate.sessions.all().delete()
    page = save_by_form(tab, url_of(running_interview))
    token = token_of(tab.get(reverse("account_login")))
    tab.post(
        reverse("account_login"),
        {"login": candidate.email, "password": PASSWORD, "csrfmiddlewaretoken": token},
    )

    again = tab.post(url_of(running_interview), form_on(page))
    assert again.status_code == 403
    assert stored(running_interview) == ""
    reply = tab.post(url_of(running_interview), form_on(again))

    assert reply["Location"] == reverse("answer", args=[running_interview.pk, 2])
    assert stored(running_interview) == TEXT


@pytest.mark.parametrize("token", [None, "", "short", "o" * 32])
@pytest.mark.parametrize("name", ["answer-save", "answer-flag", "interview-extend"])
def test_a_form_with_a_stale_token_shows_its_text_with_a_new_one(
    tab: Client, running_interview: Interview, name: str, token: str | None
) -> None:
    page = save_by_form(
        tab, url_of(running_interview, name), token, flag="1", extensions=0, question=1
    )

    html = page.content.decode()
    assert page.status_code == 403
    assert "Your text is not saved yet" in html
    assert "&lt;b&gt;Ten minutes&lt;/b&gt; of work &amp; more" in html
    assert "Log in" not in html
    assert "no-store" in page["Cache-Control"]
    answer = running_interview.answers.get(position=1)
    assert (answer.text, answer.flagged) == ("", False)

    tab.post(url_of(running_interview, name), form_on(page))

    answer.refresh_from_db()
    assert (answer.text, answer.flagged) == (TEXT, name == "answer-flag")


def test_a_form_without_the_cookie_of_the_token_gets_one(
    tab: Client, running_interview: Interview
) -> None:
    del tab.cookies["csrftoken"]

    page = save_by_form(tab, url_of(running_interview))
    tab.post(url_of(running_interview), form_on(page))

    assert page.status_code == 403
    assert stored(running_interview) == TEXT


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.com"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_the_text_of_another_site_s_form_is_not_shown_beside_a_button_that_saves_it(
    tab: Client, running_interview: Interview, headers: dict[str, str]
) -> None:
    page = tab.post(
        url_of(running_interview),
        {"text": "Planted", "base": 0, "writer": str(TAB), "sequence": 1},
        headers=headers,
    )

    assert page.status_code == 403
    assert "Planted" not in page.content.decode()
    assert "This page was open too long" in page.content.decode()


def test_a_script_with_a_stale_token_is_told_so_in_json(
    tab: Client, running_interview: Interview
) -> None:
    tab.cookies["csrftoken"] = "o" * 32

    reply = save_by_script(tab, running_interview)

    assert reply.status_code == 403
    assert reply.json()["state"] == "stale-token"
    assert "was not stored" in reply.json()["notice"]
    assert stored(running_interview) == ""


def test_a_form_elsewhere_with_a_stale_token_is_refused_on_a_plain_page(tab: Client) -> None:
    page = tab.post(reverse("profile"), {"name": "Not shown again"})

    assert page.status_code == 403
    assert "This page was open too long" in page.content.decode()
    assert "Not shown again" not in page.content.decode()


def test_a_reviewer_s_comment_is_not_lost_either(claimed_review: Review, reviewer: User) -> None:
    assert claimed_review.assignment
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    form = {
        "token": claimed_review.assignment.token,
        "comment": "Well said.\nTwice.",
        "mark-main": "full",
        "go": "2",
    }

    page = Client().post(url, form)
    assert page.status_code == 401
    logged_in_client(reviewer).post(url, form_on(page))

    comment = claimed_review.comments.get()
    assert comment.text == "Well said.\nTwice."
