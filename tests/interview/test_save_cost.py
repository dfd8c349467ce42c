"""What a save costs: one prepared statement that authenticates too, on a connection that lives."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Interview, Revision
from interview.saving.statement import SAVE_AS_LOGGED_IN
from tests.conftest import write
from tests.wire import sent_to_postgres

TAB = UUID("01234567-89ab-4def-8123-456789abcdef")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tab(candidate: User) -> Client:
    """As a browser: with a session, and a token that is checked."""
    tab = Client(enforce_csrf_checks=True)
    tab.force_login(candidate)
    tab.cookies["csrftoken"] = "t" * 32
    return tab


def save(tab: Client, interview: Interview, text: str, base: int = 0, sequence: int = 1):  # type: ignore[no-untyped-def]
    return tab.post(
        reverse("answer-save", args=[interview.pk, 1]),
        {"text": text, "base": base, "writer": str(TAB), "sequence": sequence},
        content_type="application/json",
        headers={"accept": "application/json", "x-csrftoken": "t" * 32},
    )


def test_a_save_is_one_statement_on_the_wire(tab: Client, running_interview: Interview) -> None:
    """No look-up of session or person, no transaction around it, no question of Django's own."""
    save(tab, running_interview, "one")

    with sent_to_postgres() as asked:
        reply = save(tab, running_interview, "one two", 1, 2)

    assert reply.json()["state"] == "saved"
    assert asked == ["Bind", "Execute", "Sync"]


def test_the_first_save_of_a_connection_prepares_it(
    tab: Client, running_interview: Interview
) -> None:
    connection.close()

    with sent_to_postgres() as asked:
        save(tab, running_interview, "one")

    assert [message for message in asked if message.startswith("Query")] == []
    assert asked.count("Parse") == asked.count("Execute") == 1


def test_a_save_is_prepared_once_whatever_its_numbers(
    tab: Client, running_interview: Interview
) -> None:
    connection.close()
    for sequence in (1, 2, 300, 70_000, 2**31 - 1):
        assert save(tab, running_interview, f"text {sequence}", 0, sequence).status_code == 200

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (1,)


def test_a_save_that_is_refused_for_its_session_alone_costs_two(
    tab: Client, running_interview: Interview, candidate: User
) -> None:
    save(tab, running_interview, "one")
    candidate.sessions.all().delete()

    with sent_to_postgres() as asked:
        assert save(tab, running_interview, "one two", 1, 2).status_code == 401

    queries = [message for message in asked if "SELECT 1" not in message]
    assert [message.partition("\t")[0] for message in queries][:3] == ["Bind", "Execute", "Sync"]
    assert len(queries) == 4


def test_every_row_of_a_save_is_found_by_an_index(running_interview: Interview) -> None:
    """Where tables are large: on small ones Postgres rightly reads them whole."""
    parameters: dict[str, Any] = {
        "session_key": "x",
        "interview": running_interview.pk,
        "position": 1,
        "text": "text",
        "writer": TAB,
        "base": 0,
        "sequence": 1,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off; SET enable_bitmapscan = off")
        try:
            cursor.execute(f"EXPLAIN {SAVE_AS_LOGGED_IN}", parameters)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        finally:
            cursor.execute("RESET enable_seqscan; RESET enable_bitmapscan")

    for table in ("interview_answer", "interview_interview", "session", "accounts_user"):
        assert re.search(rf"Index Scan using \w+ on {table}\b", plan), plan
    # Of an interview's few answers; which of the two depends on the statistics of the moment.
    assert re.search(r"answer_(position_unique|question_asked_once)", plan), plan
    assert "Seq Scan" not in plan, plan


def test_a_save_touches_no_index(tab: Client, running_interview: Interview) -> None:
    """Heap-only updates: what changes with a save stands in no index of the answers."""
    changing = {"text", "revision", "last_revision", "writer", "sequence"}
    changing |= {"saved_at", "kept_at", "busy_until"}
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, Answer._meta.db_table)

    indexed = {
        column for one in constraints.values() if one["index"] for column in one["columns"] or ()
    }
    indexed |= {
        column for one in constraints.values() if one["unique"] for column in one["columns"] or ()
    }
    assert "interview_id" in indexed
    assert indexed & changing == set()


# Connections that die.


def test_a_connection_that_died_between_two_saves_is_replaced(
    tab: Client, running_interview: Interview, kill: Callable[[], None]
) -> None:
    save(tab, running_interview, "one")
    kill()

    reply = save(tab, running_interview, "one two", 1, 2)

    assert (reply.status_code, reply.json()["revision"]) == (200, 2)
    answer = running_interview.answers.get(position=1)
    assert (answer.text, answer.revision, answer.last_revision) == ("one two", 2, 2)
    assert Revision.objects.filter(answer=answer).count() == 1


def test_what_was_stored_before_the_connection_died_is_not_stored_again(
    tab: Client, running_interview: Interview, kill: Callable[[], None]
) -> None:
    """As when Postgres dies between its commit and its word: the same save comes once more."""
    save(tab, running_interview, "one")
    kill()

    reply = save(tab, running_interview, "one")

    assert (reply.status_code, reply.json()["revision"]) == (200, 1)
    answer = running_interview.answers.get(position=1)
    assert (answer.text, answer.revision, answer.last_revision) == ("one", 1, 1)
    assert Revision.objects.filter(answer=answer).count() == 1


def test_a_connection_lost_in_a_transaction_is_not_replaced(
    running_interview: Interview, kill: Callable[[], None]
) -> None:
    """What came before in it is lost too, and nobody may think otherwise."""

    def change_and_write() -> None:
        with transaction.atomic():
            Interview.objects.filter(pk=running_interview.pk).update(title="Changed before")
            kill()
            write(running_interview, 1, "one")

    with pytest.raises(OperationalError):
        change_and_write()

    connection.close()
    running_interview.refresh_from_db()
    assert running_interview.title == "Basics"
    assert running_interview.answers.get(position=1).text == ""
