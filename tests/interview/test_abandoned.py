"""A sitting that ends without a browser ended at its deadline, with no job running."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Assignment, Interview, Revision
from interview.tasks import stamp_overdue
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write


@pytest.fixture
def abandoned(running_interview: Interview) -> Interview:
    write(running_interview, 1, "first")
    write(running_interview, 1, "last words")
    move_back(running_interview, "1 hour")
    assert running_interview.ended_at is None
    return running_interview


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def test_it_is_over_before_anybody_stamped_it(abandoned: Interview) -> None:
    assert abandoned.has_ended()
    assert abandoned in Interview.objects.ended()
    assert abandoned not in Interview.objects.running()


def test_its_pages_lead_to_the_self_score_without_writing(
    tab: Client, abandoned: Interview
) -> None:
    for name, args in [("interview", []), ("answer", [1]), ("interview-finish", [])]:
        reply = tab.get(reverse(name, args=[abandoned.pk, *args]), follow=True)
        assert reply.redirect_chain[-1][0] == reverse("self-score", args=[abandoned.pk])
    abandoned.refresh_from_db()
    assert abandoned.ended_at is None


def test_it_is_listed_as_over(tab: Client, abandoned: Interview) -> None:
    html = tab.get(reverse("interview-list")).content.decode()
    assert "Score yourself" in html
    assert "Running" not in html


def test_it_waits_for_the_choice_to_ask_for_a_review(tab: Client, abandoned: Interview) -> None:
    assert not Assignment.objects.exists()
    html = tab.get(reverse("self-score", args=[abandoned.pk])).content.decode()
    assert reverse("ask-for-review", args=[abandoned.pk]) in html
    tab.post(reverse("ask-for-review", args=[abandoned.pk]))
    assert Assignment.objects.get().interview == abandoned


def test_the_job_stamps_its_end_and_keeps_what_stands(abandoned: Interview) -> None:
    stamp_overdue(timestamp=0)
    abandoned.refresh_from_db()
    assert abandoned.ended_at == abandoned.deadline
    kept = Revision.objects.filter(interview=abandoned).order_by("number")
    assert list(kept.values_list("kind", "text")) == [
        ("typing", "first"),
        ("finish", "last words"),
    ]


def test_the_job_waits_until_the_last_words_have_come(running_interview: Interview) -> None:
    write(running_interview, 1, "last words")
    move_back(running_interview, "12 minutes 5 seconds")
    stamp_overdue(timestamp=0)
    running_interview.refresh_from_db()
    assert running_interview.has_ended()
    assert running_interview.ended_at is None
    move_back(running_interview, "6 seconds")
    stamp_overdue(timestamp=0)
    running_interview.refresh_from_db()
    assert running_interview.ended_at == running_interview.deadline


def test_the_job_stamps_more_than_it_locks_at_once(
    abandoned: Interview, person: Callable[..., User], question_set: QuestionSet
) -> None:
    others = [start_interview(person(f"sitter-{n}"), question_set) for n in range(2)]
    for other in others:
        move_back(other, "1 hour")
    with patch("interview.models.interviews.STAMPED_TOGETHER", 2):
        assert Interview.objects.stamp_overdue() == 3
    assert not Interview.objects.unfinished().exists()


def test_the_job_leaves_running_and_untimed_sittings_alone(
    running_interview: Interview, other_candidate: User
) -> None:
    Interview.objects.create(
        candidate=other_candidate,
        title="Untimed",
        limit=running_interview.limit,
        started_at=running_interview.started_at,
    )
    assert Interview.objects.stamp_overdue() == 0
    assert Interview.objects.unfinished().count() == 2


def test_stamping_when_nothing_is_overdue_is_one_query(
    running_interview: Interview, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(3):  # type: ignore[attr-defined]  # with a savepoint's two
        Interview.objects.stamp_overdue()


def test_skipping_the_self_score_stamps_it_at_its_deadline(
    tab: Client, abandoned: Interview
) -> None:
    reply = tab.post(reverse("self-score-skip", args=[abandoned.pk]), follow=True)
    assert reply.redirect_chain[-1][0] == reverse("feedback", args=[abandoned.pk])
    abandoned.refresh_from_db()
    assert abandoned.ended_at == abandoned.deadline
