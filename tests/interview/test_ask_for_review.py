"""Asking for a review: once, after the end, telling nothing of the start (Rules of grading, 2)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.clock import database_now
from interview.models import Assignment, Interview, Invitation
from tests.conftest import move_back
from tests.races import race


def test_asking_puts_the_interview_into_the_queue(ended_interview: Interview) -> None:
    assert ended_interview.ask_for_review()
    assignment = Assignment.objects.waiting().get()
    assert (assignment.interview, assignment.slot, assignment.reserved_for) == (
        ended_interview,
        1,
        None,
    )


def test_asking_twice_is_asking_once(ended_interview: Interview) -> None:
    assert ended_interview.ask_for_review()
    assert not ended_interview.ask_for_review()
    assert Assignment.objects.count() == 1


def test_a_running_interview_is_not_reviewed(running_interview: Interview) -> None:
    assert not running_interview.ask_for_review()
    assert not Assignment.objects.exists()


def test_an_abandoned_interview_can_be_reviewed(running_interview: Interview) -> None:
    move_back(running_interview, "1 hour")
    assert running_interview.ask_for_review()


def test_the_assignment_tells_nothing_of_the_start(running_interview: Interview) -> None:
    """A UUIDv7 begins with its time in milliseconds."""
    running_interview.finish()
    asked = database_now()
    running_interview.ask_for_review()
    assignment = Assignment.objects.get()
    assert assignment.id.int >> 80 >= int(asked.timestamp() * 1000) - 1
    assert assignment.asked_at >= asked


def test_a_review_of_an_invitation_goes_to_whom_it_is_from(
    ended_interview: Interview, reviewer: User
) -> None:
    ended_interview.invitation = Invitation.objects.create(
        reviewer=reviewer, title="Round one", minutes=12
    )
    ended_interview.save()
    ended_interview.ask_for_review()
    assert Assignment.objects.get().reserved_for == reviewer


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_at_once_one_makes_the_assignment(ended_interview: Interview) -> None:
    outcomes = race(8, lambda: Interview.objects.get(pk=ended_interview.pk).ask_for_review())
    assert sorted(outcomes, key=str) == [False] * 7 + [True]


def test_the_feedback_page_offers_it_until_it_was_asked(
    candidate: User, client_of: Callable[[User], Client], ended_interview: Interview
) -> None:
    tab = client_of(candidate)
    ended_interview.reveal()
    feedback = reverse("feedback", args=[ended_interview.pk])
    ask = reverse("ask-for-review", args=[ended_interview.pk])
    assert ask in tab.get(feedback).content.decode()
    html = tab.post(ask, follow=True).content.decode()
    assert "waits for a reviewer" in html
    assert ask not in html
