"""A save stays short: counted in calls of Python functions, which no busy machine changes.

It is no measure of time, but what grows here costs time on every machine. `make bench` measures.
"""

import json
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any
from uuid import UUID

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from interview.models import Interview

MOST_CALLS = 850
"""It was 786 when this was written; a tenth more on other versions of Python is no alarm."""
TAB = UUID(int=1)
TOKEN = "t" * 32

pytestmark = pytest.mark.django_db(transaction=True)


def calls_of(act: Callable[[], object]) -> int:
    count = 0

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(before)
    return count


def test_a_save_calls_no_more_functions_than_it_did(
    candidate: User, running_interview: Interview
) -> None:
    browser = Client()
    browser.force_login(candidate)
    cookies = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}"
    server = WSGIHandler()
    statuses: list[str] = []

    def start(status: str, *others: object) -> Callable[[bytes], object]:
        statuses.append(status)
        return bytes

    def save(sequence: int) -> int:
        """How many functions the server calls for it, from the first to the last."""
        text = {"text": f"I know {sequence} things.", "base": 0}
        sent = RequestFactory().post(
            reverse("answer-save", args=[running_interview.pk, 1]),
            json.dumps({**text, "writer": str(TAB), "sequence": sequence}),
            content_type="application/json",
            headers={"accept": "application/json", "x-csrftoken": TOKEN, "cookie": cookies},
        )
        return calls_of(lambda: server(sent.environ, start))

    counts = [save(sequence) for sequence in range(1, 8)]

    assert set(statuses) == {"200 OK"}
    # The first ones load middlewares and the URLs, and prepare the statement.
    assert max(counts[3:]) <= MOST_CALLS, counts
