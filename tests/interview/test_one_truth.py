"""One sitting, one truth: what comes at the same moment has one winner (Rules of time, 1 and 6).

Two of the same are raced in the files of their acts, what races an extension in `test_extend.py`.
"""

from collections.abc import Callable
from threading import Event
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Assignment, Interview, Revision
from interview.models.interviews import AlreadySitting
from interview.saving import Late, Receipt, Save, save_answer
from questions.models import QuestionSet, Status
from tests.conftest import make_question, move_back, start_interview, write
from tests.interview.inviting import invite_to
from tests.races import race, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def fetched(interview: Interview) -> Interview:
    """As another request finds it."""
    return Interview.objects.select_related("candidate").get(pk=interview.pk)


def save(interview: Interview, text: str) -> object:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=1,
        save=Save(text=text, base=0, writer=uuid4(), sequence=1),
    )


@pytest.mark.parametrize("attempt", range(3))
def test_of_starts_of_two_sets_at_once_one_wins_and_the_other_is_led_to_it(
    candidate: User, question_set: QuestionSet, attempt: int
) -> None:
    other = QuestionSet.objects.create(
        slug="other", title="Other", license="CC0-1.0", status=Status.PUBLISHED
    )
    make_question(other, 1)
    outcomes = race(
        lambda: start_interview(candidate, question_set), lambda: start_interview(candidate, other)
    )
    started = [outcome for outcome in outcomes if isinstance(outcome, Interview)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, AlreadySitting)]
    assert (len(started), len(refused)) == (1, 1), outcomes
    assert refused[0].interview == started[0] == Interview.objects.get()
    assert started[0].answers.count() == (3 if started[0].question_set == question_set else 1)


@pytest.mark.parametrize("attempt", range(3))
def test_a_start_and_the_job_stamp_an_overdue_sitting_once(
    running_interview: Interview, question_set: QuestionSet, attempt: int
) -> None:
    write(running_interview, 1, "first")
    write(running_interview, 1, "last")
    move_back(running_interview, "1 hour")
    outcomes = race(
        lambda: start_interview(running_interview.candidate, question_set),
        3,
        lambda: Interview.objects.stamp_overdue(),
    )
    assert isinstance(outcomes[0], Interview), outcomes
    stamped = fetched(running_interview)
    assert stamped.ended_at == stamped.deadline
    assert Revision.objects.filter(interview=stamped, kind="finish").count() == 1
    assert Interview.objects.unfinished().get() == outcomes[0]


@pytest.mark.parametrize("attempt", range(3))
def test_a_finish_and_the_job_end_an_overdue_sitting_at_its_deadline_once(
    running_interview: Interview, attempt: int
) -> None:
    write(running_interview, 1, "first")
    write(running_interview, 1, "last")
    move_back(running_interview, "1 hour")
    finished, stamped = race(
        lambda: fetched(running_interview).finish(), lambda: Interview.objects.stamp_overdue()
    )
    assert (finished, stamped) in [(True, 0), (False, 1)]
    found = fetched(running_interview)
    assert found.ended_at == found.deadline
    assert Revision.objects.filter(interview=found, kind="finish").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_of_a_reveal_and_a_save_in_the_grace_no_text_comes_after_the_model_answers(
    running_interview: Interview, attempt: int
) -> None:
    move_back(running_interview, "12 minutes 2 seconds")
    interview = fetched(running_interview)
    revealed, saved = race(
        lambda: fetched(interview).reveal(), lambda: save(interview, "in the grace")
    )
    assert revealed is True
    found, answer = fetched(interview), Answer.objects.get(interview=interview, position=1)
    assert found.revealed_at is not None
    if isinstance(saved, Receipt):
        assert answer.text == "in the grace"
        assert saved.saved_at <= found.revealed_at
        assert answer.revisions.filter(text="in the grace").exclude(kind="late").exists()
    else:
        assert isinstance(saved, Late), saved
        assert answer.text == ""
        assert answer.revisions.get(kind="late").saved_at >= found.revealed_at


def test_a_save_that_waits_for_a_reveal_is_late(running_interview: Interview) -> None:
    move_back(running_interview, "12 minutes 2 seconds")
    interview = fetched(running_interview)
    revealing = Event()

    def reveal_slowly() -> bool:
        with transaction.atomic():
            won = fetched(interview).reveal()
            revealing.set()
            wait_until_somebody_waits()
            return won

    def save_meanwhile() -> object:
        assert revealing.wait(timeout=10)
        return save(interview, "read in the model answer")

    revealed, saved = race(reveal_slowly, save_meanwhile)
    assert revealed is True
    assert isinstance(saved, Late), saved


def test_a_save_that_a_reveal_waits_for_is_before_it(running_interview: Interview) -> None:
    move_back(running_interview, "12 minutes 2 seconds")
    interview = fetched(running_interview)
    holding = Event()

    def save_slowly() -> object:
        with transaction.atomic():
            list(interview.answers.select_for_update())
            holding.set()
            wait_until_somebody_waits()
            return save(interview, "in the grace")

    def reveal_meanwhile() -> bool:
        assert holding.wait(timeout=10)
        return fetched(interview).reveal()

    saved, revealed = race(save_slowly, reveal_meanwhile)
    assert revealed is True
    assert isinstance(saved, Receipt), saved
    revealed_at = fetched(interview).revealed_at
    assert revealed_at is not None
    assert saved.saved_at <= revealed_at


# An account that is deleted in the same instant takes its sittings with it.


@pytest.mark.parametrize(
    ("name", "ended"),
    [
        ("interview-extend", False),
        ("interview-finish", False),
        ("answer-open", False),
        ("answer-save", False),
        ("answer-restore", False),
        ("self-score", True),
        ("self-score-skip", True),
        ("ask-for-review", True),
    ],
)
def test_what_is_done_to_a_sitting_that_was_just_deleted_is_not_found(
    candidate: User,
    question_set: QuestionSet,
    client_of: Callable[[User], Client],
    name: str,
    ended: bool,
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    write(interview, 1, "in the history")
    if ended:
        interview.finish()
    tab = client_of(candidate)
    position = {"answer-open": [2], "answer-save": [1], "answer-restore": [1, 1]}.get(name, [])
    marks = {f"mark-{n}-{key}": "missed" for n in (1, 2, 3) for key in ("main", "side")}
    text = {"text": "words", "base": 0, "writer": str(uuid4()), "sequence": 1}
    deleting = Event()

    def delete_slowly() -> None:
        with transaction.atomic():
            User.objects.get(pk=candidate.pk).delete_account()
            deleting.set()
            wait_until_somebody_waits()

    def act_meanwhile() -> int:
        assert deleting.wait(timeout=10)
        url = reverse(name, args=[interview.pk, *position])
        return tab.post(url, {"extensions": 0, **marks, **text}).status_code

    # A save authenticates itself, and the session goes with the account: now or just before.
    gone = {401, 404} if name == "answer-save" else {404}
    _deleted, status = race(delete_slowly, act_meanwhile)
    assert status in gone
    assert not Interview.objects.exists()
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("name", ["interview-new", "interview-new-mixed", "quick-start", "invite"])
def test_a_start_with_an_account_that_was_just_deleted_is_not_found(
    candidate: User,
    reviewer: User,
    question_set: QuestionSet,
    client_of: Callable[[User], Client],
    name: str,
) -> None:
    secret = [invite_to(reviewer, question_set).secret] if name == "invite" else []
    form = {"question_set": question_set.slug, "mode": "free", "minutes": 12, "number": 3}
    tab = client_of(candidate)
    deleting = Event()

    def delete_slowly() -> None:
        with transaction.atomic():
            User.objects.get(pk=candidate.pk).delete_account()
            deleting.set()
            wait_until_somebody_waits()

    def start_meanwhile() -> int:
        assert deleting.wait(timeout=10)
        return tab.post(reverse(name, args=secret), form).status_code

    assert race(delete_slowly, start_meanwhile) == [None, 404]
    assert not Interview.objects.exists()
