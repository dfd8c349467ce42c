"""What typing leaves behind: hardly anything but the newest text."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from accounts.models import User
from interview import clock
from interview.models import Answer, Interview, Revision
from interview.saving import Receipt, Save, save_answer
from questions.models import QuestionSet
from tests.conftest import make_question, move_back, start_interview

TAB = UUID(int=1)
WORDS = "It asks the scheduler, which looks at what the node has left. "
EVERY = timedelta(seconds=5)
"""How often a page saves while somebody types."""


@pytest.fixture
def updates(transactional_db: None) -> Callable[[], tuple[int, int]]:
    """How many updates of answers Postgres has counted, and how many touched no index."""

    def count() -> tuple[int, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute(
                "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = %s",
                [Answer._meta.db_table],
            )
            (found,) = cursor.fetchall()
        return found  # type: ignore[no-any-return]

    return count


@pytest.fixture
def three_sit(
    person: Callable[..., User], question_set: QuestionSet
) -> Callable[[str], list[Interview]]:
    """Three people at ten questions each."""
    for position in range(4, 11):
        make_question(question_set, position)

    def make(name: str) -> list[Interview]:
        return [start_interview(person(f"{name}-{n}"), question_set) for n in range(3)]

    return make


def type_on(interview: Interview, position: int, sequence: int) -> None:
    outcome = save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=WORDS * sequence, base=0, writer=TAB, sequence=sequence),
    )
    assert isinstance(outcome, Receipt)


def test_saves_are_heap_only_updates(
    three_sit: Callable[[str], list[Interview]], updates: Callable[[], tuple[int, int]]
) -> None:
    """Of thirty answers that grow from nothing to 2,500 characters, in forty saves each.

    The better of two: while autovacuum analyzes any table, nothing in the database can be tidied.
    With pages that are filled to the brim it is 0.90.
    """
    shares: list[float] = []
    while len(shares) < 2 and max(shares, default=0.0) < 0.95:
        interviews = three_sit(f"sitter-{len(shares)}")
        total = in_place = 0
        for round_ in range(4):
            before = updates()
            for step in range(1, 11):
                for interview in interviews:
                    for position in range(1, 11):
                        type_on(interview, position, 10 * round_ + step)
            after = updates()
            total += after[0] - before[0]
            in_place += after[1] - before[1]
            for interview in interviews:
                move_back(interview, "50 seconds")
        assert total == 1200
        shares.append(in_place / total)

    assert max(shares) >= 0.95, shares


def test_the_history_grows_with_time_and_not_with_saves(running_interview: Interview) -> None:
    """A hundred saves in eight minutes: one revision each 30 seconds at most."""
    for sequence in range(1, 101):
        type_on(running_interview, 1, sequence)
        move_back(running_interview, f"{EVERY.total_seconds()} seconds")

    kept = Revision.objects.filter(interview=running_interview).count()
    assert kept <= 100 * EVERY / clock.HISTORY_INTERVAL + 1
    assert kept >= 0.8 * 100 * EVERY / clock.HISTORY_INTERVAL
