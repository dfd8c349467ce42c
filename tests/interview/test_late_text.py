"""Text that comes after the close and its grace: kept and labelled, never the answer by itself."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.clock import GRACE, database_now
from interview.models import Interview, Revision
from interview.saving import Conflict, Late, Outcome, Receipt, Save, save_answer
from tests.conftest import move_back, write
from tests.races import race

TAB = UUID("01234567-89ab-4def-8123-456789abcdef")


def save(interview: Interview, text: str, sequence: int = 1, writer: UUID = TAB) -> Outcome | None:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=1,
        save=Save(text=text, base=0, writer=writer, sequence=sequence),
    )


def late_texts(interview: Interview) -> list[str]:
    late = Revision.objects.late().filter(interview=interview).order_by("number")
    return list(late.values_list("text", flat=True))


@pytest.fixture
def overdue(running_interview: Interview) -> Interview:
    """Closed 13 seconds ago, so 3 after the grace, with "in time" as its answer."""
    write(running_interview, 1, "in time")
    move_back(running_interview, "12 minutes 13 seconds")
    return running_interview


def test_late_text_is_kept_with_its_delay(overdue: Interview) -> None:
    outcome = save(overdue, "too late")
    assert isinstance(outcome, Late)
    revision = Revision.objects.late().get()
    assert (revision.text, revision.late_by) == ("too late", outcome.late_by)
    assert timedelta(seconds=13) <= outcome.late_by < timedelta(seconds=60)
    assert revision.lateness.endswith("seconds")


def test_late_text_does_not_become_the_answer(overdue: Interview) -> None:
    save(overdue, "too late")
    answer = overdue.answers.get(position=1)
    assert (answer.text, answer.revision, answer.last_revision) == ("in time", 1, 2)


def test_late_text_that_is_sent_again_is_kept_once(overdue: Interview) -> None:
    for _ in range(3):
        assert isinstance(save(overdue, "too late"), Late)
    assert late_texts(overdue) == ["too late"]


def test_each_late_text_is_kept(overdue: Interview) -> None:
    save(overdue, "one", sequence=1)
    save(overdue, "two", sequence=2)
    assert late_texts(overdue) == ["one", "two"]


def test_another_late_text_under_the_same_sequence_is_kept_too(overdue: Interview) -> None:
    """A plain form, sent late, changed after going back, and sent again."""
    save(overdue, "one")
    save(overdue, "one, changed")
    assert late_texts(overdue) == ["one", "one, changed"]


def test_that_too_is_kept_once_when_it_is_sent_again(overdue: Interview) -> None:
    for text in ("too late", "edited after a click on back", "edited after a click on back"):
        assert isinstance(save(overdue, text), Late)
    assert late_texts(overdue) == ["too late", "edited after a click on back"]


@pytest.mark.parametrize("text", ["from another tab", "edited after a click on back"])
def test_what_was_in_conflict_is_kept_as_late_text_when_it_is_sent_again_after_the_close(
    running_interview: Interview, text: str
) -> None:
    """By a click on back and *Save*: under the sequence of the conflict."""
    write(running_interview, 1, "in time")
    assert isinstance(save(running_interview, "from another tab"), Conflict)
    move_back(running_interview, "13 minutes")
    for _ in range(2):
        assert isinstance(save(running_interview, text), Late)
    assert late_texts(running_interview) == [text]


def test_the_stored_text_sent_late_is_no_late_text(overdue: Interview) -> None:
    """Such as the last save of a page whose reply was lost."""
    assert isinstance(save(overdue, "in time"), Receipt)
    assert late_texts(overdue) == []


def test_an_empty_field_sent_late_is_no_late_text(
    tab: Client, running_interview: Interview
) -> None:
    """As *Next* of a plain form sends it, where nothing was written."""
    move_back(running_interview, "13 minutes")
    form = {"text": "", "base": 0, "writer": str(TAB), "sequence": 1}
    reply = tab.post(reverse("answer-save", args=[running_interview.pk, 1]), form, follow=True)
    assert "after the end" not in reply.content.decode()
    assert late_texts(running_interview) == []


def test_text_after_a_finish_is_late_from_the_finish_on(running_interview: Interview) -> None:
    running_interview.finish()
    outcome = save(running_interview, "from the other tab")
    assert isinstance(outcome, Late)
    assert outcome.late_by < timedelta(seconds=10)


def test_revealing_the_model_answers_ends_the_grace(running_interview: Interview) -> None:
    move_back(running_interview, "12 minutes 2 seconds")
    assert running_interview.reveal()
    assert isinstance(save(running_interview, "what I read there"), Late)
    revision = Revision.objects.late().get()
    running_interview.refresh_from_db()
    assert running_interview.revealed_at is not None
    assert revision.saved_at > running_interview.revealed_at


def test_nothing_is_revealed_while_the_sitting_runs(running_interview: Interview) -> None:
    assert not running_interview.reveal()
    running_interview.refresh_from_db()
    assert (running_interview.ended_at, running_interview.revealed_at) == (None, None)


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def test_a_script_is_told_that_its_text_was_late(tab: Client, overdue: Interview) -> None:
    reply = tab.post(
        reverse("answer-save", args=[overdue.pk, 1]),
        {"text": "too late", "base": 1, "writer": str(uuid4()), "sequence": 1},
        content_type="application/json",
        headers={"accept": "application/json"},
    ).json()
    assert reply["state"] == "late"
    assert "labelled as late" in reply["notice"]


def test_a_form_is_told_that_its_text_was_late(tab: Client, overdue: Interview) -> None:
    reply = tab.post(
        reverse("answer-save", args=[overdue.pk, 1]),
        {"text": "too late", "base": 1, "writer": str(uuid4()), "sequence": 1},
        follow=True,
    )
    html = reply.content.decode()
    assert "labelled as late" in html
    assert "too late" in html
    assert "in time" in html


def test_text_that_is_too_long_comes_back_also_after_the_end(
    tab: Client, overdue: Interview
) -> None:
    reply = tab.post(
        reverse("answer-save", args=[overdue.pk, 1]),
        {"text": "long " * 4_200, "base": 1, "writer": str(uuid4()), "sequence": 1},
    )
    html = reply.content.decode()
    assert reply.status_code == 400
    assert "21,000 characters" in html
    assert "long " * 4_200 in html


def test_a_conflict_within_the_grace_is_shown(tab: Client, running_interview: Interview) -> None:
    write(running_interview, 1, "from the phone")
    move_back(running_interview, "12 minutes 2 seconds")
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        {"text": "from the stale tab", "base": 0, "writer": str(uuid4()), "sequence": 1},
    )
    html = reply.content.decode()
    assert reply.status_code == 409
    assert "from the phone" in html
    assert "from the stale tab" in html


@pytest.mark.django_db(transaction=True)
def test_of_saves_around_the_last_moment_each_is_in_time_or_late_and_none_is_lost(
    running_interview: Interview,
) -> None:
    """Three tabs write until they are told that it is over (Rules of time, 5)."""
    interview = Interview.objects.select_related("candidate").get(pk=running_interview.pk)
    last_moment = database_now() + timedelta(milliseconds=100)
    interview.answers.update(closes_at=last_moment - GRACE, accepts_until=last_moment)

    received: dict[int, list[Receipt]] = {1: [], 2: [], 3: []}
    refused: dict[int, Late] = {}

    def write_until_late(position: int) -> None:
        for sequence in count(1):
            outcome = save_answer(
                candidate=interview.candidate,
                interview=interview.pk,
                position=position,
                save=Save(text=f"text {sequence}", base=0, writer=TAB, sequence=sequence),
            )
            if isinstance(outcome, Late):
                refused[position] = outcome
                return
            if isinstance(outcome, Receipt):
                received[position].append(outcome)

    assert race(*(partial(write_until_late, position) for position in received)) == [None] * 3

    for position, receipts in received.items():
        answer = interview.answers.get(position=position)
        assert all(receipt.saved_at <= last_moment for receipt in receipts)
        assert refused[position].late_by > GRACE
        assert answer.text == (receipts[-1].text if receipts else "")
        assert answer.revisions.late().get().text == refused[position].sent
