"""Where a stranger is sent who asks for what needs a log-in."""

import pytest
from django.test import Client
from django.urls import reverse

PAGE = "/interviews/?page=2"


@pytest.fixture
def private() -> str:
    return reverse("account_email")


@pytest.fixture
def login() -> str:
    return reverse("account_login")


def test_a_page_leads_to_a_log_in_that_returns_to_it(
    client: Client, private: str, login: str
) -> None:
    response = client.get(f"{private}?a=1&b=2")

    assert response.status_code == 302
    assert response["Location"] == f"{login}?next={private}%3Fa%3D1%26b%3D2"


def test_an_htmx_request_leads_the_browser_to_a_log_in_that_returns_to_the_page(
    client: Client, private: str, login: str
) -> None:
    response = client.get(
        private, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{PAGE}"}
    )

    assert response.status_code == 200
    assert response.content == b""
    assert response["HX-Redirect"] == f"{login}?next=/interviews/%3Fpage%3D2"


def test_a_script_that_accepts_json_only_is_told_where_to_log_in(
    client: Client, private: str, login: str
) -> None:
    response = client.post(
        private,
        headers={"Accept": "application/json", "Referer": f"http://testserver{PAGE}"},
    )

    assert response.status_code == 401
    assert response.json() == {"login": f"{login}?next=/interviews/%3Fpage%3D2"}


@pytest.mark.parametrize("accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "*/*"])
def test_whoever_accepts_a_page_gets_one(client: Client, private: str, accept: str) -> None:
    assert client.get(private, headers={"Accept": accept}).status_code == 302


def test_a_form_that_was_sent_returns_to_its_page(client: Client, private: str, login: str) -> None:
    response = client.post(private, headers={"Referer": f"http://testserver{PAGE}"})

    assert response["Location"] == f"{login}?next=/interviews/%3Fpage%3D2"


@pytest.mark.parametrize(
    "referrer", ["", "https://elsewhere.example.com/interviews/", "http://[", "javascript:alert(1)"]
)
def test_a_form_from_elsewhere_returns_home(
    client: Client, private: str, login: str, referrer: str
) -> None:
    response = client.post(private, headers={"Referer": referrer})

    assert response["Location"] == f"{login}?next=/"
