"""Queries that are built once and prepared: they give what Django's give, and count like these."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.kept import KEY, NUMBER, PERSON, WORD, Kept, hang
from accounts.models import User
from interview.models import Answer, Interview
from questions.models import QuestionSet, Topic
from tests.wire import sent_to_postgres

pytestmark = pytest.mark.django_db(transaction=True)

ClientOf = Callable[[User], Client]

SITTING: Kept[Interview] = Kept(
    lambda by, pk: Interview.objects.of(by).for_room().filter(pk=pk), by=PERSON, pk=KEY
)
ANSWER: Kept[Answer] = Kept(
    lambda pk, position: Answer.objects.filter(interview=pk, position=position).select_related(
        "question_version"
    ),
    pk=KEY,
    position=NUMBER,
)
BY_SLUG: Kept[QuestionSet] = Kept(
    lambda slug: QuestionSet.objects.published().filter(slug=slug), slug=WORD
)


def test_they_give_the_instances_that_django_gives(
    candidate: User, running_interview: Interview
) -> None:
    [kept] = SITTING.fetch(by=candidate, pk=running_interview.pk)
    [django] = Interview.objects.of(candidate).for_room().filter(pk=running_interview.pk)

    for name in (field.attname for field in Interview._meta.concrete_fields):
        assert getattr(kept, name) == getattr(django, name), name
    assert abs((kept.now - django.now).total_seconds()) < 60
    assert kept.candidate == candidate
    assert kept.timing_profile.announcements == [10, 5, 1]

    answer = ANSWER.get_or_404(pk=running_interview.pk, position=2)
    assert answer == running_interview.answers.get(position=2)
    with CaptureQueriesContext(connection) as asked:
        assert answer.question_version.key_points[0].key == "main"
    assert len(asked) == 0


def test_what_is_not_theirs_is_not_found(
    other_candidate: User, running_interview: Interview
) -> None:
    assert SITTING.fetch(by=other_candidate, pk=running_interview.pk) == []
    with pytest.raises(Http404):
        SITTING.get_or_404(by=other_candidate, pk=running_interview.pk)
    with pytest.raises(Http404):
        ANSWER.get_or_404(pk=uuid4(), position=1)


@pytest.mark.parametrize(
    "slug", ["", "'; DROP TABLE session; --", "%s", "%(slug)s", "$1", "{}", "a" * 5_000, WORD]
)
def test_what_is_typed_is_a_value_and_nothing_else(slug: str, question_set: QuestionSet) -> None:
    assert BY_SLUG.fetch(slug=slug) == []
    assert BY_SLUG.fetch(slug=question_set.slug) == [question_set]


def test_a_value_that_the_query_does_not_ask_for_is_refused() -> None:
    kept: Kept[Topic] = Kept(lambda slug: Topic.objects.all(), slug=WORD)

    with pytest.raises(AssertionError, match="slug"):
        kept.fetch(slug="networking")


def test_each_is_one_query_to_whoever_counts(candidate: User, running_interview: Interview) -> None:
    with CaptureQueriesContext(connection) as asked:
        SITTING.fetch(by=candidate, pk=running_interview.pk)

    [query] = asked.captured_queries
    assert running_interview.pk.hex in query["sql"]
    assert "$" not in query["sql"]


def test_each_is_prepared_once_whatever_its_values(question_set: QuestionSet) -> None:
    connection.close()
    for number in (1, 300, 70_000, 2**40):
        ANSWER.fetch(pk=uuid4(), position=number % 32_000)
        Kept.fetch(BY_SLUG, slug=f"set-{number}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (2,)


def test_what_hangs_on_an_instance_is_not_asked_again(running_interview: Interview) -> None:
    rows = list(running_interview.answers.order_by("-position"))
    hang(running_interview, "answers", rows)

    with CaptureQueriesContext(connection) as asked:
        assert list(running_interview.answers.all()) == rows
    assert len(asked) == 0
    # But a filter of it is.
    assert running_interview.answers.filter(position=1).get().position == 1


# The connection.


def test_a_page_asks_nothing_but_what_it_shows(
    candidate: User, client_of: ClientOf, running_interview: Interview
) -> None:
    """No question whether the connection lives; nothing is planned again."""
    tab, room = client_of(candidate), reverse("answer", args=[running_interview.pk, 1])
    tab.get(room)

    with sent_to_postgres() as asked:
        assert tab.get(room).status_code == 200

    assert set(asked) == {"Bind", "Execute", "Sync"}
    assert asked.count("Execute") == 1 + 3  # Session with its person, and the room's.


def test_a_connection_that_died_between_two_pages_is_replaced(
    candidate: User,
    client_of: ClientOf,
    running_interview: Interview,
    kill: Callable[[], None],
) -> None:
    tab, room = client_of(candidate), reverse("answer", args=[running_interview.pk, 1])
    assert tab.get(room).status_code == 200
    kill()

    assert tab.get(room).status_code == 200


def test_what_was_prepared_before_a_column_changed_its_type_is_prepared_anew(
    candidate: User, client_of: ClientOf, running_interview: Interview
) -> None:
    """As by a migration under running servers."""
    tab, room = client_of(candidate), reverse("answer", args=[running_interview.pk, 1])
    assert tab.get(room).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_user ALTER name TYPE varchar(777)")
    try:
        assert tab.get(room).status_code == 200
    finally:
        length = User._meta.get_field("name").max_length
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE accounts_user ALTER name TYPE varchar({length})")


def test_a_connection_lost_in_a_transaction_is_not_replaced(
    question_set: QuestionSet, kill: Callable[[], None]
) -> None:
    def change_and_ask() -> None:
        with transaction.atomic():
            QuestionSet.objects.update(title="Changed before")
            kill()
            BY_SLUG.fetch(slug=question_set.slug)

    with pytest.raises(OperationalError):
        change_and_ask()

    connection.close()
    question_set.refresh_from_db()
    assert question_set.title != "Changed before"


def test_what_is_wrong_is_said_and_not_sent_again(question_set: QuestionSet) -> None:
    ours: Any = connection
    with pytest.raises(Exception, match="no_such_table"):
        ours.fetch_prepared("SELECT * FROM no_such_table WHERE id = $1", [1])

    assert BY_SLUG.fetch(slug=question_set.slug) == [question_set]
