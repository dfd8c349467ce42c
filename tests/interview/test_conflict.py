"""Two tabs, one answer: nothing is overwritten silently (Rules of saving, 5)."""

from collections.abc import Callable
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Interview, Revision
from interview.saving import Conflict, Outcome, Receipt, Save, save_answer
from tests.races import race

A = UUID("aaaaaaaa-89ab-4def-8123-456789abcdef")
B = UUID("bbbbbbbb-89ab-4def-8123-456789abcdef")


def save(
    interview: Interview, text: str, *, base: int, writer: UUID, sequence: int = 1
) -> Outcome | None:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=1,
        save=Save(text=text, base=base, writer=writer, sequence=sequence),
    )


def history(interview: Interview) -> list[tuple[int, str, str]]:
    revisions = Revision.objects.filter(interview=interview).order_by("number")
    return list(revisions.values_list("number", "kind", "text"))


def test_a_stale_tab_changes_nothing_and_gets_both_texts(running_interview: Interview) -> None:
    save(running_interview, "from A", base=0, writer=A)
    outcome = save(running_interview, "from B", base=0, writer=B)
    assert isinstance(outcome, Conflict)
    assert (outcome.standing.text, outcome.standing.revision) == ("from A", 1)
    assert outcome.sent == "from B"
    assert running_interview.answers.get(position=1).text == "from A"


def test_both_texts_of_a_conflict_are_in_the_history(running_interview: Interview) -> None:
    save(running_interview, "from A", base=0, writer=A)
    save(running_interview, "from A, more", base=1, writer=A, sequence=2)
    save(running_interview, "from B", base=0, writer=B)
    assert history(running_interview) == [
        (1, "typing", "from A"),
        (2, "typing", "from A, more"),
        (3, "conflict", "from B"),
    ]


def test_a_conflict_that_is_sent_again_is_kept_once(running_interview: Interview) -> None:
    save(running_interview, "from A", base=0, writer=A)
    for _ in range(3):
        assert isinstance(save(running_interview, "from B", base=0, writer=B), Conflict)
    assert history(running_interview)[1:] == [(2, "conflict", "from B")]


def test_who_saw_the_other_text_may_overwrite_it(running_interview: Interview) -> None:
    save(running_interview, "from A", base=0, writer=A)
    save(running_interview, "from B", base=0, writer=B)
    receipt = save(running_interview, "merged", base=1, writer=B, sequence=2)
    assert isinstance(receipt, Receipt)
    assert receipt.revision == 3
    assert running_interview.answers.get(position=1).text == "merged"


def test_the_tab_that_was_overwritten_conflicts_in_turn(running_interview: Interview) -> None:
    save(running_interview, "from A", base=0, writer=A)
    save(running_interview, "from B", base=1, writer=B)
    outcome = save(running_interview, "from A, more", base=1, writer=A, sequence=2)
    assert isinstance(outcome, Conflict)


@pytest.mark.django_db(transaction=True)
def test_of_eight_tabs_at_once_one_wins_and_no_text_is_lost(running_interview: Interview) -> None:
    interview = Interview.objects.select_related("candidate").get(pk=running_interview.pk)
    outcomes = race(
        *(lambda n=n: save(interview, f"from tab {n}", base=0, writer=uuid4()) for n in range(8))
    )
    receipts = [outcome for outcome in outcomes if isinstance(outcome, Receipt)]
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, Conflict)]
    assert (len(receipts), len(conflicts)) == (1, 7), outcomes
    kept = history(interview)
    assert sorted(text for _number, _kind, text in kept) == [f"from tab {n}" for n in range(8)]
    assert [number for number, _kind, _text in kept] == list(range(1, 9))


@pytest.mark.django_db(transaction=True)
def test_a_conflict_does_not_wait_for_the_interview(running_interview: Interview) -> None:
    """A finish locks the interview and then the answers: the two would wait for each other."""
    interview = Interview.objects.select_related("candidate").get(pk=running_interview.pk)
    save(interview, "from the phone", base=0, writer=A)
    locked, saved = Event(), Event()

    def begin_to_finish() -> bool:
        with transaction.atomic():
            Interview.objects.select_for_update(no_key=True).get(pk=interview.pk)
            locked.set()
            return saved.wait(timeout=5)

    def save_meanwhile() -> object:
        locked.wait(timeout=5)
        outcome = save(interview, "from the stale tab", base=0, writer=B)
        saved.set()
        return outcome

    in_time, outcome = race(begin_to_finish, save_meanwhile)
    assert in_time
    assert isinstance(outcome, Conflict), outcome


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def test_a_form_gets_a_page_with_both_texts_from_which_either_can_be_kept(
    tab: Client, running_interview: Interview
) -> None:
    save(running_interview, "from A", base=0, writer=A)
    url = reverse("answer-save", args=[running_interview.pk, 1])
    reply = tab.post(url, {"text": "from B", "base": 0, "writer": str(B), "sequence": 1})
    html = reply.content.decode()
    assert reply.status_code == 409
    assert "from A" in html
    assert "from B</textarea>" in html
    assert 'name="base" value="1"' in html
    tab.post(url, {"text": "from B", "base": 1, "writer": str(uuid4()), "sequence": 1})
    assert running_interview.answers.get(position=1).text == "from B"


def test_a_script_gets_both_texts_and_the_revision_to_go_on_from(
    tab: Client, running_interview: Interview
) -> None:
    save(running_interview, "from <A>", base=0, writer=A)
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        {"text": "from B", "base": 0, "writer": str(B), "sequence": 1},
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert reply.status_code == 409
    body = reply.json()
    assert (body["state"], body["text"], body["revision"]) == ("conflict", "from <A>", 1)
    assert "from &lt;A&gt;" in body["notice"]
