"""The Content-Security-Policy is on whatever is answered, and always the same."""

import pytest
from django.test import Client
from django.urls import reverse

POLICY = {
    "default-src 'self'",
    "form-action 'self'",
    "base-uri 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        (reverse("home"), 200),
        (reverse("interview-list"), 302),
        ("/no/such/page/", 404),
        (reverse("health"), 200),
        ("/admin/", 302),
    ],
)
def test_every_answer_has_the_policy(client: Client, path: str, status: int) -> None:
    response = client.get(path)

    assert response.status_code == status
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY


@pytest.mark.django_db
def test_what_is_refused_has_it_too() -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"))

    assert response.status_code == 403
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
