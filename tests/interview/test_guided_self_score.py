"""Who waits too long marks themselves beside the model answers (Rules of grading, 10)."""

from collections.abc import Callable
from decimal import Decimal
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.models import Assignment, Interview, Mark, Review, Revision
from interview.refusals import BeingGraded
from tests.interview.reviewing import arrive_late, feedback_on, first_answer, grade, token_of
from tests.races import race, wait_until_somebody_waits

ClientOf = Callable[[User], Client]
BEFORE = {position: {"main": "full", "side": "full"} for position in (1, 2, 3)}
BESIDE = {position: {"main": "full", "side": "missed"} for position in (1, 2, 3)}
OFFER = "Score yourself beside the model answers"


@pytest.fixture
def tab(candidate: User, client_of: ClientOf) -> Client:
    return client_of(candidate)


@pytest.fixture
def scored(ended_interview: Interview) -> Interview:
    """In the queue, and marked by the candidate before the model answers were shown."""
    ended_interview.score_yourself(BEFORE)
    ended_interview.ask_for_review()
    return ended_interview


@pytest.fixture
def waiting_long(scored: Interview) -> Interview:
    let_it_wait("3 days")
    return scored


def let_it_wait(time: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interview_assignment SET asked_at = now() - %s::interval - interval '1 second'",
            [time],
        )


def page_of(client: Client, name: str, interview: Interview) -> str:
    return client.get(reverse(name, args=[interview.pk]), follow=True).content.decode()


def fields(marks: dict[int, dict[str, str]]) -> dict[str, str]:
    return {f"mark-{n}-{key}": value for n, own in marks.items() for key, value in own.items()}


def test_it_is_offered_after_three_days_with_the_real_wait(scored: Interview, tab: Client) -> None:
    let_it_wait("2 days 23 hours")
    page = page_of(tab, "feedback", scored)
    assert OFFER not in page
    assert "You asked for a review less than 3 days ago." in page
    let_it_wait("3 days 1 hour")
    page = page_of(tab, "feedback", scored)
    assert OFFER in page
    assert "You asked for a review less than 4 days ago." in page
    assert "That is more than 3 days, longer than it should take." in page


def test_before_it_is_offered_its_page_leads_back(scored: Interview, tab: Client) -> None:
    page = page_of(tab, "guided-self-score", scored)
    assert "Keep these marks" not in page
    tab.post(reverse("guided-self-score", args=[scored.pk]), fields(BESIDE))
    assert not Review.objects.filter(kind="guided").exists()


def test_before_the_model_answers_are_shown_nobody_marks_beside_them(
    ended_interview: Interview, tab: Client
) -> None:
    ended_interview.ask_for_review()
    let_it_wait("9 days")
    assert not ended_interview.mark_again(BESIDE)
    assert "Model answer" not in page_of(tab, "guided-self-score", ended_interview)
    assert OFFER not in page_of(tab, "self-score", ended_interview)


def test_its_page_shows_model_answers_and_the_marks_that_were_set_before(
    waiting_long: Interview, tab: Client
) -> None:
    page = page_of(tab, "guided-self-score", waiting_long)
    assert "<strong>2</strong>" in page  # of “Model answer **2**.”
    assert page.count(' value="full" checked') == 6
    tab.post(reverse("guided-self-score", args=[waiting_long.pk]), fields(BESIDE))
    page = page_of(tab, "guided-self-score", waiting_long)
    assert page.count(' value="missed" checked') == 3


def test_the_marks_are_kept_beside_the_first_ones_and_told_on_the_feedback(
    waiting_long: Interview, tab: Client
) -> None:
    url = reverse("guided-self-score", args=[waiting_long.pk])
    page = tab.post(url, fields(BESIDE), follow=True).content.decode()
    assert "Beside the model answers you gave yourself 67 of 100." in page
    first, guided = Review.objects.order_by("id")
    assert (first.kind, first.score) == ("self", Decimal(100))
    assert (guided.kind, guided.score, guided.published_at) == ("guided", Decimal("66.67"), None)
    assert first.marks.filter(value="full").count() == 6
    assert feedback_on(waiting_long) == [first]


def test_they_can_be_set_again_as_often_as_one_likes(waiting_long: Interview) -> None:
    for marks, score in ((BESIDE, "66.67"), (BEFORE, "100"), (BEFORE, "100")):
        assert waiting_long.mark_again(marks)
        review = Review.objects.get(kind="guided")
        assert (review.score, review.marks.count()) == (Decimal(score), 6)


def test_who_skipped_the_self_score_has_no_marks_to_begin_with(
    ended_interview: Interview, tab: Client
) -> None:
    ended_interview.reveal()
    ended_interview.ask_for_review()
    let_it_wait("4 days")
    page = page_of(tab, "guided-self-score", ended_interview)
    # What was left empty is missed already.
    assert page.count(" checked") == page.count(' value="missed" checked') == 4


def test_what_misses_a_mark_is_refused_and_the_rest_stays_chosen(
    waiting_long: Interview, tab: Client
) -> None:
    data = fields(BESIDE) | {"mark-2-main": "", "mark-3-main": "nonsense"}
    url = reverse("guided-self-score", args=[waiting_long.pk])
    page = tab.post(url, data).content.decode()
    assert "2 key points have no mark" in page
    assert page.count(" checked") == 4
    assert not Review.objects.filter(kind="guided").exists()


def test_it_stays_in_the_queue_and_a_review_still_comes(
    waiting_long: Interview, reviewer: User, tab: Client
) -> None:
    waiting_long.mark_again(BESIDE)
    review = Assignment.objects.claim_next(reviewer)
    assert review is not None
    grade(review)
    review.publish(token_of(review))
    Review.objects.filter(pk=review.pk).update(
        visible_from="2000-01-01T00:00Z", published_at="2000-01-01T00:00Z"
    )
    page = page_of(tab, "feedback", waiting_long)
    assert OFFER not in page
    assert "Beside the model answers you gave yourself 67 of 100." in page


def test_no_reviewer_sees_them(
    waiting_long: Interview, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    waiting_long.mark_again(BESIDE)
    assert not Review.objects.by(candidate).exists()
    review = Assignment.objects.claim_next(reviewer)
    assert review is not None
    page = client_of(reviewer).get(reverse("review", args=[review.pk])).content.decode()
    assert " checked" not in page


def test_the_database_keeps_one_per_interview_without_publication_or_assignment(
    waiting_long: Interview, reviewer: User
) -> None:
    waiting_long.mark_again(BESIDE)
    assignment = waiting_long.assignments.get()
    guided = Review.objects.filter(kind="guided")
    for change in (
        {"assignment": assignment},
        {"published_at": "2020-01-01T00:00Z", "visible_from": "2020-01-01T00:00Z"},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            guided.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        waiting_long.reviews.create(kind="guided", score=50)


@pytest.mark.django_db(transaction=True)
def test_marks_sent_twice_at_once_are_one_review(waiting_long: Interview) -> None:
    assert race(4, lambda: waiting_long.mark_again(BESIDE)) == [True] * 4
    assert Mark.objects.filter(review=Review.objects.get(kind="guided")).count() == 6


def test_the_page_costs_few_queries(waiting_long: Interview, tab: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        page_of(tab, "guided-self-score", waiting_long)
    assert len(queries) <= 1 + 4  # the session with its user, and the page


def test_a_candidate_takes_it_out_of_the_queue_and_may_ask_again(
    waiting_long: Interview, tab: Client
) -> None:
    url = reverse("leave-queue", args=[waiting_long.pk])
    page = tab.post(url, follow=True).content.decode()
    assert "wait for a reviewer any more." in page
    assert "No review was asked for." in page
    assert not Assignment.objects.exists()
    assert not waiting_long.leave_queue()
    tab.post(url)
    tab.post(reverse("ask-for-review", args=[waiting_long.pk]))
    assert Assignment.objects.waiting().count() == 1


def test_what_a_reviewer_holds_or_has_begun_stays_in_the_queue(
    waiting_long: Interview, reviewer: User, tab: Client
) -> None:
    review = Assignment.objects.claim_next(reviewer)
    assert review is not None
    with pytest.raises(BeingGraded):
        waiting_long.leave_queue()
    with review.writing(token_of(review)):
        review.comment_on(first_answer(review), "Careful words.")
    assignment = waiting_long.assignments.get()
    assignment.release(reviewer)
    page = tab.post(reverse("leave-queue", args=[waiting_long.pk]), follow=True).content.decode()
    assert "A reviewer has begun to grade this interview, so it stays in the queue." in page
    assert review.comments.get().text == "Careful words."


@pytest.mark.parametrize("begun", ["a level", "a late text"])
def test_a_level_or_a_late_text_that_was_accepted_is_begun_too(
    waiting_long: Interview, reviewer: User, begun: str
) -> None:
    late = arrive_late(waiting_long, "Late words.")
    Revision.objects.filter(pk=late.pk).update(saved_at=waiting_long.ended_at)
    review = waiting_long.assignments.get().claim(reviewer)
    with review.writing(token_of(review)):
        if begun == "a level":
            review.set_levels({"reasoning": 2})
        else:
            review.accept(Revision.objects.get(pk=late.pk))
    waiting_long.assignments.get().release(reviewer)
    with pytest.raises(BeingGraded):
        waiting_long.leave_queue()


def test_a_claim_that_was_given_back_unused_holds_nothing(
    waiting_long: Interview, reviewer: User
) -> None:
    waiting_long.assignments.get().claim(reviewer)
    waiting_long.assignments.get().release(reviewer)
    assert waiting_long.leave_queue()


@pytest.mark.django_db(transaction=True)
def test_of_a_claim_and_leaving_at_once_one_wins(waiting_long: Interview, reviewer: User) -> None:
    claimed, left = race(lambda: Assignment.objects.claim_next(reviewer), waiting_long.leave_queue)
    assert isinstance(claimed, Review) is isinstance(left, BeingGraded)
    assert Assignment.objects.exists() is isinstance(claimed, Review)


@pytest.mark.django_db(transaction=True)
def test_leaving_waits_for_the_first_words_of_a_draft_whose_claim_is_lost(
    waiting_long: Interview, reviewer: User
) -> None:
    review = waiting_long.assignments.get().claim(reviewer)
    token = token_of(review)
    waiting_long.assignments.get().release(reviewer)
    begun = Event()

    def write_slowly() -> bool:
        with review.writing(token) as held:
            review.comment_on(None, "Careful words.")
            begun.set()
            wait_until_somebody_waits()
        return held

    def leave() -> bool:
        assert begun.wait(timeout=10)
        return waiting_long.leave_queue()

    held, left = race(write_slowly, leave)
    assert (held, type(left)) == (False, BeingGraded)
    assert review.comments.get().text == "Careful words."
