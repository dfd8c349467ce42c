"""What a reviewer wrote is new to its candidate until they have read it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.clock import database_now
from interview.models import Interview, Mark, Review, SecondLook
from questions.models import QuestionSet
from tests.conftest import start_interview
from tests.interview.reviewing import grade, pass_a_minute, token_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def tab(candidate: User, client_of: ClientOf) -> Client:
    return client_of(candidate)


def publish(review: Review, value: str = Mark.Value.HALF) -> None:
    grade(review, value)
    review.publish(token_of(review))


@pytest.fixture
def review(claimed_review: Review) -> Review:
    publish(claimed_review)
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    claimed_review.refresh_from_db()
    return claimed_review


def is_news(tab: Client) -> bool:
    """What home says; the list must agree."""
    home = "There is feedback to read:" in tab.get(reverse("home")).content.decode()
    listed = ">New for you</span>" in tab.get(reverse("interview-list")).content.decode()
    assert home == listed
    return home


def read(tab: Client, interview: Interview) -> None:
    """As the page's script does: send back what the page says."""
    page = tab.get(reverse("feedback", args=[interview.pk])).content.decode()
    until = page.split('name="until" value="')[1].split('"')[0]
    tab.post(reverse("feedback-read", args=[interview.pk]), {"until": until})


def test_a_review_is_news_from_when_it_is_visible_until_it_is_read(
    tab: Client, claimed_review: Review
) -> None:
    interview = claimed_review.interview
    interview.reveal()
    publish(claimed_review)
    assert not is_news(tab)
    pass_a_minute(claimed_review)
    assert is_news(tab)
    page = tab.get(reverse("feedback", args=[interview.pk])).content.decode()
    assert "New for you here:" in page
    # Looking writes nothing: who only got a picture of the page has not read it.
    assert is_news(tab)
    read(tab, interview)
    assert not is_news(tab)
    page = tab.get(reverse("feedback", args=[interview.pk])).content.decode()
    assert "New for you here:" not in page
    assert "read.js" not in page


def test_a_self_score_is_no_news(tab: Client, ended_interview: Interview) -> None:
    ended_interview.score_yourself({n: {"main": "full", "side": "full"} for n in (1, 2, 3)})
    assert not is_news(tab)


def test_it_is_told_before_the_self_score_too(tab: Client, claimed_review: Review) -> None:
    publish(claimed_review)
    pass_a_minute(claimed_review)
    page = tab.get(reverse("home")).content.decode()
    assert page.index("There is feedback to read:") < page.index("<h1>"), "it comes first"
    assert reverse("interview", args=[claimed_review.interview_id]) in page


def test_a_correction_and_an_answer_are_news_again(
    tab: Client, review: Review, reviewer: User
) -> None:
    interview = review.interview
    read(tab, interview)
    correction = review.correct("Misread.")
    correction.publish(None)
    assert not is_news(tab)
    pass_a_minute(correction)
    assert is_news(tab)
    read(tab, interview)
    mark = Mark.objects.select_related("review__assignment", "answer").filter(review=correction)[0]
    look = SecondLook.objects.ask(mark, "It is there.")
    assert not is_news(tab)
    SecondLook.objects.for_page().get().answer_with("It is not.", "half", reviewer)
    assert not is_news(tab)
    SecondLook.objects.filter(pk=look.pk).update(
        answered_at=database_now(), visible_from=database_now()
    )
    assert is_news(tab)
    page = tab.get(reverse("feedback", args=[interview.pk])).content.decode()
    assert "what your reviewer corrected or answered" in page
    read(tab, interview)
    assert not is_news(tab)


def test_what_came_while_the_page_was_open_stays_new(tab: Client, review: Review) -> None:
    url = reverse("feedback-read", args=[review.interview_id])
    page = tab.get(reverse("feedback", args=[review.interview_id])).content.decode()
    until = page.split('name="until" value="')[1].split('"')[0]
    correction = review.correct("Misread.")
    correction.publish(None)
    pass_a_minute(correction)
    tab.post(url, {"until": until})
    assert is_news(tab)


def test_an_old_page_or_a_lie_about_the_time_takes_nothing_back_and_nothing_ahead(
    tab: Client, review: Review
) -> None:
    interview = review.interview
    url = reverse("feedback-read", args=[interview.pk])
    read(tab, interview)
    tab.post(url, {"until": "2001-01-01T00:00:00+00:00"})
    assert not is_news(tab)
    tab.post(url, {"until": "2999-01-01T00:00:00+00:00"})
    interview.refresh_from_db()
    assert interview.feedback_read_at is not None
    assert interview.feedback_read_at - database_now() < timedelta(seconds=1)


@pytest.mark.parametrize("until", ["", "yesterday", "2026-13-45", "\0"])
def test_nonsense_reads_nothing(tab: Client, review: Review, until: str) -> None:
    url = reverse("feedback-read", args=[review.interview_id])
    assert tab.post(url, {"until": until}).status_code == 302
    assert is_news(tab)


def test_it_is_the_candidate_s_alone(
    review: Review, other_candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("feedback-read", args=[review.interview_id])
    for other in (other_candidate, reviewer):
        assert client_of(other).post(url, {"until": "2026-01-01T00:00Z"}).status_code == 404
        assert "There is feedback" not in client_of(other).get(reverse("home")).content.decode()


def test_home_and_list_cost_the_same_however_much_is_new(
    tab: Client, review: Review, candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    def queries() -> list[int]:
        counts = []
        for name in ("home", "interview-list"):
            with CaptureQueriesContext(connection) as captured:
                tab.get(reverse(name))
            counts.append(len(captured))
        return counts

    few = queries()
    for _ in range(6):
        interview = start_interview(candidate, question_set)
        interview.finish()
        interview.ask_for_review()
        another = interview.assignments.get().claim(reviewer)
        publish(another)
        pass_a_minute(another)
    assert queries() == few
    assert max(few) <= 9
    assert tab.get(reverse("home")).content.decode().count("There is feedback to read:") == 5
