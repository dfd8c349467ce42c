"""What the query watch tells of a request, and that it is right about the place."""

import logging
from collections.abc import Callable

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.test import Client
from django.urls import path

from accounts.models import User
from config import query_watch
from questions.models import Question, QuestionSet

TEMPLATES = {
    "list.html": "{% for question in questions %}\n{{ question.question_set }}{% endfor %}"
}
ENGINE = Engine(loaders=[("django.template.loaders.locmem.Loader", TEMPLATES)])


@login_not_required
def looping(request: HttpRequest) -> HttpResponse:
    for number in range(50):
        User.objects.filter(pk=number).first()
    return HttpResponse()


@login_not_required
def templated(request: HttpRequest) -> HttpResponse:
    """Asks for the set of each question, one at a time."""
    context = Context({"questions": Question.objects.order_by("pk")})
    return HttpResponse(ENGINE.get_template("list.html").render(context))


@login_not_required
def prefetching(request: HttpRequest) -> HttpResponse:
    questions = Question.objects.select_related("question_set")
    return HttpResponse(ENGINE.get_template("list.html").render(Context({"questions": questions})))


@login_not_required
def waiting(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.06)")
    return HttpResponse()


@login_not_required
def locking(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(1), pg_advisory_unlock(1)")
    return HttpResponse()


urlpatterns = [
    path(f"{view.__name__}/", view) for view in (looping, templated, prefetching, waiting, locking)
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def told(told_of_queries: list[str]) -> Callable[[str], list[str]]:
    """What is told of that page; and then forgotten, or the test would fail for it."""

    def ask(page: str) -> list[str]:
        assert Client().get(f"/{page}/").status_code == 200
        messages = list(told_of_queries)
        told_of_queries.clear()
        return messages

    return ask


def test_a_loop_is_told_once_with_its_line(told: Callable[[str], list[str]]) -> None:
    (message,) = told("looping")

    line = looping.__code__.co_firstlineno + 3
    assert message.startswith("GET /looping/: asked ")
    assert f" at tests/config/test_query_watch.py:{line} in looping(): SELECT " in message


def test_a_loop_in_a_template_is_told_with_the_template_s_line(
    told: Callable[[str], list[str]], question_set: QuestionSet
) -> None:
    for slug in ("four", "five"):
        Question.objects.create(question_set=question_set, slug=slug, prompt="What?")

    (message,) = told("templated")

    assert " at list.html:2, tests/config/test_query_watch.py:" in message
    assert " in templated(): " in message
    assert told("prefetching") == []


def test_each_request_counts_for_itself(told: Callable[[str], list[str]]) -> None:
    for _ in range(2 * query_watch.MOST_ALIKE):
        assert told("prefetching") == []
    assert len(told("looping")) == len(told("looping")) == 1


def test_what_a_test_asks_itself_is_its_own_affair(told_of_queries: list[str]) -> None:
    for _ in range(2 * query_watch.MOST_ALIKE):
        User.objects.first()

    assert told_of_queries == []


def test_a_slow_statement_is_told_and_fails_nothing(
    told: Callable[[str], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, query_watch.SLOW.name):
        assert told("waiting") == []

    (message,) = [each.getMessage() for each in caplog.records if each.name.endswith(".slow")]
    assert " ms at tests/config/test_query_watch.py:" in message
    assert message.endswith(" in waiting(): SELECT pg_sleep(0.06)")


def test_a_lock_of_the_session_is_told(told: Callable[[str], list[str]]) -> None:
    (message,) = told("locking")

    assert "leaves something on its connection at tests/config/test_query_watch.py:" in message


@pytest.mark.parametrize(
    ("statement", "is_left"),
    [
        ("SET work_mem = '1GB'", True),
        ("  set session work_mem to '1GB'", True),
        ("SELECT 1; SET search_path = x", True),
        ("SET LOCAL work_mem = '1GB'; SELECT 1", False),
        ("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", False),
        ("SET CONSTRAINTS ALL IMMEDIATE", False),
        ("RESET work_mem", True),
        ("LISTEN jobs", True),
        ("NOTIFY jobs", False),
        ("CREATE TEMP TABLE x (y int)", True),
        ("CREATE LOCAL TEMPORARY TABLE x (y int)", True),
        ("PREPARE x AS SELECT 1", True),
        ("PREPARE TRANSACTION 'x'", False),
        ("DECLARE x CURSOR WITH HOLD FOR SELECT 1", True),
        ("DECLARE x CURSOR FOR SELECT 1", False),
        ("SELECT pg_advisory_lock(%s)", True),
        ("SELECT pg_try_advisory_lock_shared(%s)", True),
        ("SELECT pg_advisory_xact_lock(%s)", False),
        ("SELECT set_config('TimeZone', 'UTC', false)", True),
        ("SELECT set_config('TimeZone', 'UTC', true)", False),
        ('SELECT "set" FROM x', False),
        ("UPDATE x SET listen = 1", False),
        ("UPDATE x\nSET y = 1", False),
    ],
)
def test_what_stays_on_a_connection(
    statement: str, is_left: bool, told_of_queries: list[str]
) -> None:
    query_watch.QueryWatch("GET /").look_at(statement, 0)

    assert bool(told_of_queries) is is_left
    told_of_queries.clear()
