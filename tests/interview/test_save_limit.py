"""How often an answer may be saved, and how much may lie beside it: nobody fills the disk."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.clock import database_now
from interview.models import Answer, Interview, Revision
from interview.saving import Conflict, Full, Late, Outcome, Receipt, Save, TooOften, save_answer
from interview.saving.limits import MOST_SET_ASIDE, SAVE_BURST, SAVE_INTERVAL
from questions.models import QuestionSet
from tests.conftest import logged_in_client, move_back, start_interview, write
from tests.races import race
from tests.wire import sent_to_postgres

TAB = UUID("01234567-89ab-4def-8123-456789abcdef")


def save(
    interview: Interview, text: str, sequence: int = 1, *, base: int = 0, writer: UUID = TAB
) -> Outcome | None:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=1,
        save=Save(text=text, base=base, writer=writer, sequence=sequence),
    )


def keep_busy(interview: Interview, ahead: timedelta = 2 * SAVE_BURST * SAVE_INTERVAL) -> None:
    """As after many saves: no more are taken for a while."""
    Answer.objects.filter(interview=interview).update(busy_until=database_now() + ahead)


@pytest.fixture
def busy(running_interview: Interview) -> Interview:
    """With "stored" as the answer, and saved too often."""
    save(running_interview, "stored")
    keep_busy(running_interview)
    return running_interview


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def post(tab: Client, interview: Interview, text: str, sequence: int, **options: Any):  # type: ignore[no-untyped-def]
    return tab.post(
        reverse("answer-save", args=[interview.pk, 1]),
        {"text": text, "base": 0, "writer": str(TAB), "sequence": sequence},
        **options,
    )


JSON = {"content_type": "application/json", "headers": {"accept": "application/json"}}


def test_after_a_burst_saves_are_told_to_wait(running_interview: Interview) -> None:
    for sequence in range(1, SAVE_BURST + 1):
        assert isinstance(save(running_interview, f"text {sequence}", sequence), Receipt)

    outcome = save(running_interview, "one too many", SAVE_BURST + 1)

    assert isinstance(outcome, TooOften), outcome
    assert outcome.retry_after == 1
    assert outcome.seconds_left == pytest.approx(12 * 60, abs=30)
    assert running_interview.answers.get(position=1).text == f"text {SAVE_BURST}"


def test_after_the_wait_the_next_save_is_taken(running_interview: Interview) -> None:
    for sequence in range(1, SAVE_BURST + 1):
        save(running_interview, f"text {sequence}", sequence)
    move_back(running_interview, "1 second")

    assert isinstance(save(running_interview, "in time", SAVE_BURST + 1), Receipt)
    assert isinstance(save(running_interview, "too soon", SAVE_BURST + 2), TooOften)


def test_a_rest_gives_the_burst_back_and_no_more(running_interview: Interview) -> None:
    save(running_interview, "before", 1)
    move_back(running_interview, "5 minutes")

    outcomes = [save(running_interview, f"{n}", n) for n in range(2, SAVE_BURST + 3)]

    assert [type(outcome) for outcome in outcomes] == [Receipt] * SAVE_BURST + [TooOften]


def test_who_types_without_a_break_never_meets_the_limit(running_interview: Interview) -> None:
    """A save each 1.5 s for ten minutes, the least that a page waits (Rules of saving, 1)."""
    for sequence in range(1, 401):
        assert isinstance(save(running_interview, f"text {sequence}", sequence), Receipt)
        move_back(running_interview, "1.5 seconds")


def test_other_answers_have_a_limit_of_their_own(busy: Interview) -> None:
    Answer.objects.filter(interview=busy, position=2).update(busy_until=None)

    write(busy, 2, "another question")


def test_a_repeat_gets_its_receipt_however_often_it_comes(busy: Interview) -> None:
    """It stores nothing, and the page must learn that its text is safe."""
    for _ in range(SAVE_BURST + 5):
        assert isinstance(save(busy, "stored"), Receipt)


def test_late_text_waits_as_well(busy: Interview) -> None:
    move_back(busy, "12 minutes 13 seconds")
    keep_busy(busy)

    assert isinstance(save(busy, "late", 2), TooOften)
    assert not Revision.objects.late().exists()


def test_conflicts_wait_as_well(busy: Interview) -> None:
    assert isinstance(save(busy, "from another tab", writer=uuid4()), TooOften)
    assert not Revision.objects.set_aside().exists()


@pytest.mark.parametrize("end", [True, False])
def test_late_and_conflicting_texts_count_as_saves(running_interview: Interview, end: bool) -> None:
    save(running_interview, "stored")
    if end:
        running_interview.finish()
    outcomes = [
        type(save(running_interview, f"text {n}", writer=uuid4())) for n in range(SAVE_BURST)
    ]

    assert outcomes == [Late if end else Conflict] * (SAVE_BURST - 1) + [TooOften]


# What is kept beside the answer.


@pytest.fixture
def full(running_interview: Interview) -> Interview:
    """With "stored" as the answer, and as many late texts beside it as there may be."""
    save(running_interview, "stored")
    answer = running_interview.answers.get(position=1)
    Revision.objects.bulk_create(
        Revision(
            interview=running_interview,
            answer=answer,
            number=number,
            kind=Revision.Kind.LATE,
            text=f"late {number}",
            saved_at=database_now(),
            late_by=timedelta(minutes=1),
        )
        for number in range(2, MOST_SET_ASIDE + 2)
    )
    Answer.objects.filter(pk=answer.pk).update(last_revision=MOST_SET_ASIDE + 1)
    return running_interview


@pytest.mark.parametrize("end", [True, False])
def test_so_many_texts_are_kept_beside_an_answer_and_no_more(full: Interview, end: bool) -> None:
    if end:
        full.finish()
    before = Revision.objects.count()

    assert isinstance(save(full, "one too many", writer=uuid4()), Full)
    assert Revision.objects.count() == before
    assert full.answers.get(position=1).text == "stored"


def test_a_full_answer_still_takes_saves(full: Interview) -> None:
    assert isinstance(save(full, "goes on", 2), Receipt)


def test_a_conflict_that_is_sent_again_adds_nothing_to_the_history(
    running_interview: Interview,
) -> None:
    """Also where the answer was saved between: else two tabs could fill the history in turn."""
    save(running_interview, "one", 1)
    other = uuid4()
    save(running_interview, "from another tab", writer=other)
    before = Revision.objects.count()
    for sequence in range(2, 6):
        save(running_interview, f"text {sequence}", sequence)
        assert isinstance(save(running_interview, "from another tab", writer=other), Conflict)

    assert Revision.objects.count() == before


# The URL.


def test_a_script_is_told_when_to_come_back(tab: Client, busy: Interview) -> None:
    keep_busy(busy, (SAVE_BURST + 6) * SAVE_INTERVAL)

    reply = post(tab, busy, "text", 2, **JSON)

    assert reply.status_code == 429
    body = reply.json()
    assert body.pop("seconds_left") == pytest.approx(12 * 60, abs=30)
    assert body == {
        "state": "too-often",
        "retry_after": 7,
        "notice": "This answer was saved too often. Save it again in 7 seconds.",
    }
    assert reply["Retry-After"] == "7"


def test_a_form_gets_its_text_back_to_be_saved_again(tab: Client, busy: Interview) -> None:
    reply = post(tab, busy, "<i>ten minutes of work", 2)

    html = reply.content.decode()
    assert reply.status_code == 429
    assert int(reply["Retry-After"]) > 0
    assert "This answer was saved too often." in html
    assert "&lt;i&gt;ten minutes of work</textarea>" in html

    Answer.objects.update(busy_until=None)
    assert post(tab, busy, "<i>ten minutes of work", 2).status_code == 302
    assert busy.answers.get(position=1).text == "<i>ten minutes of work"


@pytest.mark.parametrize("end", [True, False])
def test_a_text_that_has_no_place_stays_in_the_page(
    tab: Client, full: Interview, end: bool
) -> None:
    if end:
        full.finish()
    Answer.objects.update(writer=uuid4())

    reply = post(tab, full, "one too many", 2, **JSON)
    page = post(tab, full, "one too many", 2)

    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert "Copy it before you leave" in reply.json()["notice"]
    assert page.status_code == 400
    assert "Copy it before you leave" in page.content.decode()
    assert "one too many</textarea>" in page.content.decode()


# A flood.


@pytest.mark.django_db(transaction=True)
def test_a_flood_from_one_candidate_harms_nobody_else(
    candidate: User, other_candidate: User, question_set: QuestionSet
) -> None:
    """As fast as four tabs can: few are stored, and each save of somebody else gets its receipt."""
    flooded = start_interview(candidate, question_set)
    other = start_interview(other_candidate, question_set)
    sequences = count(1)
    started = database_now()

    def flood() -> list[int]:
        tab = logged_in_client(candidate)
        return [
            post(tab, flooded, f"{n} " * 1_000, n, **JSON).status_code
            for n in (next(sequences) for _ in range(250))
        ]

    def write_on() -> list[int]:
        tab = logged_in_client(other_candidate)
        return [post(tab, other, f"text {n}", n, **JSON).status_code for n in range(1, 16)]

    *floods, written = race(4, flood, write_on)

    seconds = (database_now() - started) / SAVE_INTERVAL
    assert written == [200] * 15
    assert {status for flood in floods for status in flood} <= {200, 429}  # type: ignore[attr-defined]
    answer = flooded.answers.get(position=1)
    assert SAVE_BURST <= answer.revision <= SAVE_BURST + seconds + 1
    assert answer.last_revision == answer.revision
    assert Revision.objects.filter(answer=answer).count() <= 1 + seconds / 30
    assert other.answers.get(position=1).text == "text 15"


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_for_its_number_writes_nothing(busy: Interview) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin, ctid FROM interview_answer WHERE position = 1")
        before = cursor.fetchall()

        with sent_to_postgres() as asked:
            assert isinstance(save(busy, "again", 2), TooOften)

        assert not any("UPDATE " in message and "FOR NO KEY" not in message for message in asked)
        cursor.execute("SELECT xmin, ctid FROM interview_answer WHERE position = 1")
        assert cursor.fetchall() == before
