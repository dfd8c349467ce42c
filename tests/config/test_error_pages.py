"""Error pages say what happened, what is safe and what to do, whatever else is broken."""

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views import defaults
from django.views.csrf import csrf_failure


def test_the_page_for_a_failure_needs_neither_database_nor_context() -> None:
    # No database is allowed in this test: a query would raise.
    response = defaults.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "Answers that showed a receipt are stored" in response.content.decode()


def test_the_page_for_a_bad_request_needs_neither_database_nor_context() -> None:
    response = defaults.bad_request(RequestFactory().get("/"), SuspiciousOperation())
    assert response.status_code == 400
    assert "nothing was changed" in response.content.decode()


def test_a_form_from_an_ended_session_is_told_how_to_keep_its_text() -> None:
    response = csrf_failure(RequestFactory().post("/"), REASON_NO_CSRF_COOKIE)
    assert response.status_code == 403
    assert "your text is still in the form" in response.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_leads_on(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()
    assert "/accounts/login/?next=/no/such/page/" in response.content.decode()


def test_a_refusal_says_what_to_do() -> None:
    response = defaults.permission_denied(RequestFactory().get("/"), PermissionDenied())
    assert response.status_code == 403
    assert "does not have the permission" in response.content.decode()


def test_too_many_tries_say_how_long_to_wait() -> None:
    assert "Wait 12 seconds and try again." in render_to_string("429.html", {"wait": "12 seconds"})
    assert "Wait a little and try again." in render_to_string("429.html")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_are_not_indexed(name: str) -> None:
    assert '<meta name="robots" content="noindex">' in render_to_string(f"{name}.html")
