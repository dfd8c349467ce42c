"""Finishing: who wins, what closes, and what the history keeps (Rules of time, 1)."""

from collections.abc import Callable
from threading import Event
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.clock import database_now
from interview.models import Answer, Assignment, Interview, Revision
from interview.saving import Late, Receipt, Save, save_answer
from tests.conftest import move_back, start_interview, write
from tests.races import race, wait_until_somebody_waits


def save(interview: Interview, text: str, position: int = 1) -> object:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=text, base=0, writer=uuid4(), sequence=1),
    )


def test_a_finish_ends_the_sitting_now(running_interview: Interview) -> None:
    before = database_now()
    assert running_interview.finish()
    assert running_interview.ended_at is not None
    assert before <= running_interview.ended_at <= database_now()


def test_a_finish_closes_every_answer_at_once_without_grace(running_interview: Interview) -> None:
    running_interview.finish()
    for answer in running_interview.answers.all():
        assert answer.closes_at == answer.accepts_until == running_interview.ended_at
    assert isinstance(save(running_interview, "too late"), Late)


def test_a_finish_closes_untimed_answers_too(candidate: User, question_set: object) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    interview = start_interview(candidate, question_set)  # type: ignore[arg-type]
    interview.finish()
    assert isinstance(save(interview, "too late"), Late)


def test_a_second_finish_changes_nothing(running_interview: Interview) -> None:
    running_interview.finish()
    ended_at = running_interview.ended_at
    assert not running_interview.finish()
    assert running_interview.ended_at == ended_at


def test_a_finish_after_the_deadline_ends_at_the_deadline(running_interview: Interview) -> None:
    move_back(running_interview, "1 hour")
    assert running_interview.finish()
    assert running_interview.ended_at == running_interview.deadline


def test_a_finish_within_the_grace_leaves_the_rest_of_it(running_interview: Interview) -> None:
    move_back(running_interview, "12 minutes 2 seconds")
    running_interview.finish()
    assert isinstance(save(running_interview, "in time"), Receipt)


def test_what_stands_goes_to_the_history(running_interview: Interview) -> None:
    write(running_interview, 1, "first")
    write(running_interview, 1, "last")
    running_interview.finish()
    kept = Revision.objects.filter(interview=running_interview).order_by("number")
    assert list(kept.values_list("number", "kind", "text")) == [
        (1, "typing", "first"),
        (2, "finish", "last"),
    ]


def test_finishing_takes_the_same_number_of_queries_for_any_number_of_answers(
    running_interview: Interview, django_assert_num_queries: Callable[[int], object]
) -> None:
    for position in (1, 2, 3):
        write(running_interview, position, "first")
        write(running_interview, position, "last")
    # Savepoint and release among them, as the test is one transaction.
    with django_assert_num_queries(8):  # type: ignore[attr-defined]
        running_interview.finish()


@pytest.mark.django_db(transaction=True)
def test_of_eight_finishes_at_once_one_wins(running_interview: Interview) -> None:
    write(running_interview, 1, "first")
    write(running_interview, 1, "last")
    outcomes = race(8, lambda: Interview.objects.get(pk=running_interview.pk).finish())
    assert sorted(outcomes, key=str) == [False] * 7 + [True]
    assert Revision.objects.filter(kind="finish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_finish_and_a_save_at_once_the_history_has_every_word(
    running_interview: Interview,
) -> None:
    """Each save was in time and stands, or is kept as late; nothing is stored after the close."""
    interview = Interview.objects.select_related("candidate").get(pk=running_interview.pk)
    outcomes = race(
        lambda: Interview.objects.get(pk=interview.pk).finish(),
        *(lambda n=n: save(interview, f"text {n}", n) for n in (1, 2, 3)),
    )
    assert outcomes[0] is True
    for position, outcome in enumerate(outcomes[1:], start=1):
        answer = Answer.objects.get(interview=interview, position=position)
        late = answer.revisions.filter(kind="late")
        if isinstance(outcome, Receipt):
            assert answer.text == f"text {position}"
            assert answer.revisions.filter(text=answer.text).exists()
            assert not late.exists()
        else:
            assert isinstance(outcome, Late), outcome
            assert answer.text == ""
            assert late.get().text == f"text {position}"


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waits_for_a_finish_is_refused(running_interview: Interview) -> None:
    """The save reads an open answer, waits for the finish's lock, and tests the row again."""
    interview = Interview.objects.select_related("candidate").get(pk=running_interview.pk)

    closed = Event()

    def finish_slowly() -> bool:
        with transaction.atomic():
            won = interview.finish()
            closed.set()
            wait_until_somebody_waits()
            return won

    def save_while_it_finishes() -> object:
        assert closed.wait(timeout=10)
        return save(interview, "from before the finish was committed")

    finished, saved = race(finish_slowly, save_while_it_finishes)
    assert finished is True
    assert isinstance(saved, Late), saved
    assert Answer.objects.get(interview=interview, position=1).text == ""


# The page.


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def test_the_page_lists_what_is_unanswered(tab: Client, running_interview: Interview) -> None:
    write(running_interview, 1, "something")
    write(running_interview, 2, "  \n ")
    html = tab.get(reverse("interview-finish", args=[running_interview.pk])).content.decode()
    assert "2 questions are unanswered" in html
    assert "What is question 1 about?" not in html
    assert "What is question 2 about?" in html
    assert "What is question 3 about?" in html


def test_the_page_lists_what_is_flagged(tab: Client, running_interview: Interview) -> None:
    url = reverse("interview-finish", args=[running_interview.pk])
    write(running_interview, 2, "something")
    assert "flagged" not in tab.get(url).content.decode()
    running_interview.answers.filter(position=2).update(flagged=True)
    html = tab.get(url).content.decode()
    assert "You flagged 1 question" in html
    assert reverse("answer", args=[running_interview.pk, 2]) in html


def test_asking_for_a_review_is_on_unless_everything_is_empty(
    tab: Client, running_interview: Interview
) -> None:
    url = reverse("interview-finish", args=[running_interview.pk])
    assert " checked" not in tab.get(url).content.decode()
    write(running_interview, 3, "something")
    assert " checked" in tab.get(url).content.decode()


def test_finishing_leads_to_the_self_score(tab: Client, running_interview: Interview) -> None:
    reply = tab.post(reverse("interview-finish", args=[running_interview.pk]), follow=True)
    assert reply.redirect_chain[-1][0] == reverse("self-score", args=[running_interview.pk])
    assert not Assignment.objects.exists()


def test_finishing_may_ask_for_a_review(tab: Client, running_interview: Interview) -> None:
    url = reverse("interview-finish", args=[running_interview.pk])
    tab.post(url, {"ask_for_review": "on"})
    assert Assignment.objects.get().interview == running_interview


def test_who_comes_second_is_told_that_it_had_ended(
    tab: Client, running_interview: Interview
) -> None:
    running_interview.finish()
    reply = tab.post(reverse("interview-finish", args=[running_interview.pk]), follow=True)
    assert "had ended already" in reply.content.decode()


def test_looking_at_the_page_ends_nothing(tab: Client, running_interview: Interview) -> None:
    tab.get(reverse("interview-finish", args=[running_interview.pk]))
    running_interview.refresh_from_db()
    assert running_interview.ended_at is None
