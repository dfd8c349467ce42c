"""Who tried too often is told how long to wait, and it is true."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.tries import ACTIONS

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


def try_often(client: Client, url: str, **fields: str) -> Any:
    """The first reply that refuses; there must be one."""
    for _attempt in range(40):
        reply = client.post(url, fields)
        if reply.status_code == 429:
            return reply
    raise AssertionError("never refused")


def told(reply: Any) -> str:
    found = re.search(r"Wait ([^<]+) and try again", reply.content.decode())
    assert found
    return found[1]


def let_pass(seconds: int, action: str) -> None:
    """Make the tries from the tests' address so much older."""
    request = RequestFactory().post("/")
    [rate] = ratelimit.parse_rates(app_settings.RATE_LIMITS[action])
    key = ratelimit.get_cache_key(request, app="allauth.account", action=action, rate=rate)
    tries = cache.get(key)
    assert tries
    cache.set(key, [one - seconds for one in tries], rate.duration)


def test_the_page_says_the_seconds_that_are_left(client: Client) -> None:
    reply = try_often(client, LOGIN, login="no address")
    seconds = int(reply["Retry-After"])
    assert 45 <= seconds <= 60
    assert told(reply) == f"{seconds} seconds"


def test_one_more_try_is_let_in_after_that_time_and_not_before(client: Client) -> None:
    let_pass_all = int(try_often(client, LOGIN, login="no address")["Retry-After"])
    let_pass(20, "login")
    early = client.post(LOGIN, {"login": "no address"})
    assert early.status_code == 429
    assert let_pass_all - 25 <= int(early["Retry-After"]) <= let_pass_all - 20
    let_pass(int(early["Retry-After"]), "login")
    assert client.post(LOGIN, {"login": "no address"}).status_code == 200


@pytest.mark.parametrize(("passed", "wait"), [(0, "5 minutes"), (150, "3 minutes")])
def test_minutes_are_never_too_few(
    client: Client, settings: Settings, passed: int, wait: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/5m/ip"}
    try_often(client, "/accounts/signup/", email="no address")
    let_pass(passed, "signup")
    assert told(client.post("/accounts/signup/", {"email": "no address"})) == wait


def test_a_longer_limit_is_told_in_minutes(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/30m/ip"}
    reply = try_often(client, "/accounts/signup/", email="no address")
    assert told(reply) == "30 minutes"
    assert 1_700 <= int(reply["Retry-After"]) <= 1_800


def test_of_two_limits_the_one_that_refused_counts(client: Client) -> None:
    """Five for one address, in whatever case, and twenty for one network: the first is full."""
    for _attempt in range(5):
        assert client.post(RESET, {"email": " Ada@example.com"}).status_code == 302
    reply = client.post(RESET, {"email": "ada@example.com"})
    assert reply.status_code == 429
    assert 45 <= int(reply["Retry-After"]) <= 60


def test_what_is_counted_by_account_is_told_too(
    client_of: Callable[[User], Client], candidate: User
) -> None:
    reply = try_often(client_of(candidate), "/accounts/password/change/", oldpassword="wrong")
    assert told(reply) == f"{reply['Retry-After']} seconds"
    assert int(reply["Retry-After"]) > 45


def test_it_is_told_in_german(client: Client) -> None:
    client.cookies["django_language"] = "de"
    reply = try_often(client, LOGIN, login="no address")
    expected = f"Warte {reply['Retry-After']} Sekunden und versuche es dann noch einmal."
    assert expected in reply.content.decode()


def test_each_form_has_a_limit_of_its_name() -> None:
    for name, action in ACTIONS.items():
        arguments = ["1", "2-3"] if name.endswith("from_key") else []
        assert reverse(name, args=arguments)
        assert ratelimit.parse_rates(app_settings.RATE_LIMITS[action])
