"""A message that waits for the next page is said there once."""

import pytest
from django.contrib.messages import INFO, SUCCESS
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from config.said_once import SaidOnceStorage


@pytest.fixture
def storage() -> SaidOnceStorage:
    request = HttpRequest()
    request.session = SessionStore()
    return SaidOnceStorage(request)


def said(storage: SaidOnceStorage) -> list[tuple[int, str]]:
    return [(message.level, str(message)) for message in storage]


def test_the_same_sentence_twice_is_one_message(storage: SaidOnceStorage) -> None:
    storage.add(SUCCESS, "Saved.")
    storage.add(SUCCESS, str(gettext_lazy("Saved.")))

    assert said(storage) == [(SUCCESS, "Saved.")]


def test_another_sentence_or_another_level_is_another_message(storage: SaidOnceStorage) -> None:
    storage.add(SUCCESS, "Saved.")
    storage.add(INFO, "Saved.")
    storage.add(SUCCESS, "Sent.")

    assert len(said(storage)) == 3


def test_what_a_page_has_shown_may_be_said_on_the_next_one(storage: SaidOnceStorage) -> None:
    storage.add(SUCCESS, "Saved.")
    assert said(storage) == [(SUCCESS, "Saved.")]
    storage.add(SUCCESS, "Saved.")
    storage.update(response := HttpResponse())
    next_request = HttpRequest()
    next_request.session = SessionStore()
    next_request.COOKIES["messages"] = response.cookies["messages"].value

    assert said(SaidOnceStorage(next_request)) == [(SUCCESS, "Saved.")]
