"""The largest file that is read stays usable."""

import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from questions.importing import pending
from questions.importing.limits import MAX_BYTES, MAX_ITEMS
from questions.models import Question
from tests.questions.importing.admin import Desk

pytestmark = pytest.mark.django_db


def test_two_megabytes_with_two_thousand_questions(bring: Callable[..., Desk]) -> None:
    words = "lorem ipsum dolor sit amet " * 34
    text = "".join(
        f"{n}. What is the meaning of number {n}, and of {n * 7 % 991}?\n\n   {words}\n\n"
        for n in range(1, MAX_ITEMS + 1)
    )
    assert MAX_BYTES * 0.95 < len(text) <= MAX_BYTES
    desk = bring(text)
    pending.read(desk.item.pk)
    times = {}

    for name, act in (
        ("first page", lambda: desk.look()),
        ("last page", lambda: desk.look("?page=80")),
        ("merge", lambda: desk.do("merge q1999 q2000", here="page=80")),
        ("item", lambda: desk.client.get(desk.url("items/q1000"))),
        ("write", lambda: desk.write()),
    ):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            act()
        times[name] = (round(time.perf_counter() - began, 2), len(queries))

    assert Question.objects.count() == MAX_ITEMS - 1
    assert {name: count < 40 for name, (_, count) in times.items()} == dict.fromkeys(times, True)
    assert all(seconds < 10 for seconds, _ in times.values()), times
