"""How long reviews take is told before one asks, while one waits, and to who gives them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.clock import in_hours_or_days
from interview.models import Assignment, Interview
from questions.models import QuestionSet
from tests.conftest import start_interview

ClientOf = Callable[[User], Client]

TOO_FEW = "There were too few reviews in the last 30 days to say how long one takes."


def reviewed(interview: Interview, waited: str, ago: str) -> None:
    """As if a review of it, in a slot of its own, had been published after such a wait."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interview_assignment"
            " (id, interview_id, slot, pseudonym, asked_at, done_at)"
            " SELECT gen_random_uuid(), %(interview)s, coalesce(max(slot), 1) + 1, 'Quiet Owl',"
            "  now() - %(ago)s::interval - %(waited)s::interval, now() - %(ago)s::interval"
            " FROM interview_assignment WHERE interview_id = %(interview)s",
            {"interview": interview.pk, "waited": waited, "ago": ago},
        )


@pytest.fixture
def ten_reviews(ended_interview: Interview) -> Interview:
    """Waited for from one hour to ten hours; another interview's are older than 30 days."""
    for hours in range(1, 11):
        reviewed(ended_interview, f"{hours} hours", "3 days")
    for _ in range(20):
        reviewed(ended_interview, "20 days", "31 days")
    return ended_interview


def test_the_typical_wait_is_the_median_and_the_worst_that_of_nine_in_ten(
    ten_reviews: Interview,
) -> None:
    waits = Assignment.waits()
    assert (waits.count, waits.median) == (10, timedelta(hours=5, minutes=30))
    assert waits.nine_of_ten == timedelta(hours=9, minutes=6)
    assert (waits.typical, waits.worst) == ("6 hours", "10 hours")


def test_what_still_waits_is_not_counted(ten_reviews: Interview) -> None:
    ten_reviews.ask_for_review()
    assert Assignment.waits().count == 10


def test_only_the_latest_thousand_count(ended_interview: Interview) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interview_assignment"
            " (id, interview_id, slot, pseudonym, asked_at, done_at)"
            " SELECT gen_random_uuid(), %s, n, 'Quiet Owl', now() - interval '9 days',"
            "  now() - interval '9 days' + n * interval '1 minute'"
            " FROM generate_series(1, 1500) AS n",
            [ended_interview.pk],
        )
    waits = Assignment.waits()
    assert waits.count == 1000
    assert waits.median == timedelta(minutes=1000.5)


@pytest.mark.parametrize("count", [0, 4])
def test_of_fewer_than_five_nothing_is_told(
    ended_interview: Interview, reviewer: User, client_of: ClientOf, count: int
) -> None:
    """The figure would be one candidate's own."""
    for _ in range(count):
        reviewed(ended_interview, "7 hours", "1 day")
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert TOO_FEW in page
    assert "7 hours" not in page


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (timedelta(0), "an hour"),
        (timedelta(seconds=1), "an hour"),
        (timedelta(hours=1, seconds=1), "2 hours"),
        (timedelta(hours=46, minutes=59), "47 hours"),
        (timedelta(hours=47, seconds=1), "2 days"),
        (timedelta(days=2, seconds=1), "3 days"),
    ],
)
def test_waits_are_rounded_up_to_hours_and_then_to_days(wait: timedelta, words: str) -> None:
    assert in_hours_or_days(wait) == words


def test_a_reviewer_sees_them_above_the_queue(
    ten_reviews: Interview, reviewer: User, client_of: ClientOf
) -> None:
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "half came within 6 hours and nine of ten within 10 hours" in page


def test_a_candidate_sees_them_on_the_way_before_asking_and_while_waiting(
    person: Callable[..., User],
    question_set: QuestionSet,
    ended_interview: Interview,
    candidate: User,
    client_of: ClientOf,
) -> None:
    for _ in range(5):
        reviewed(ended_interview, "7 hours", "1 day")
    told = "half came within 7 hours and nine of ten within 7 hours"
    sitter = person("sitter")
    interview, client = start_interview(sitter, question_set), client_of(sitter)
    assert told in page_of(client, "interview-finish", interview)
    interview.finish()
    assert told in page_of(client, "self-score", interview)
    interview.reveal()
    assert told in page_of(client, "feedback", interview)
    interview.ask_for_review()
    page = page_of(client, "feedback", interview)
    assert told in page
    assert "You asked for a review less than an hour ago." in page


def page_of(client: Client, name: str, interview: Interview) -> str:
    return client.get(reverse(name, args=[interview.pk])).content.decode()
