"""A claim ends after 20 minutes without work, and its token fences every write."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from interview.models import Assignment, Review
from interview.refusals import ClaimLost, StaleToken
from questions.models import QuestionSet
from tests.interview.reviewing import end_lease, fill_queue, first_answer, grade, token_of

ClientOf = Callable[[User], Client]


def save(client: Client, review: Review, token: object, **fields: str) -> str:
    """Send the form of the first question, and follow to the page that comes."""
    url = reverse("review-answer-save", args=[review.pk, 1])
    data = {"token": str(token or ""), "comment": "", "go": "1", **fields}
    return client.post(url, data, follow=True).content.decode()


def test_each_write_starts_the_lease_anew(claimed_review: Review, assignment: Assignment) -> None:
    ending = timezone.now() + timedelta(minutes=2)
    Assignment.objects.update(lease_ends_at=ending)
    with claimed_review.writing(token_of(claimed_review)) as held:
        assert held
    assignment.refresh_from_db()
    assert assignment.lease_ends_at is not None
    assert assignment.lease_ends_at - ending > timedelta(minutes=17)


def test_reading_does_not_renew_the_lease(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    ending = timezone.now() + timedelta(minutes=2)
    Assignment.objects.update(lease_ends_at=ending)
    client = client_of(reviewer)
    for name in ("review", "review-summary"):
        assert client.get(reverse(name, args=[claimed_review.pk])).status_code == 200
    assert client.get(reverse("queue")).status_code == 200
    assignment.refresh_from_db()
    assert assignment.lease_ends_at == ending


def test_an_expired_lease_can_be_claimed_by_another_reviewer(
    claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    assert Assignment.objects.claim_next(other_reviewer) is None
    end_lease(assignment)
    other = Assignment.objects.claim_next(other_reviewer)
    assert other is not None
    assert other.assignment == assignment


def test_an_expired_lease_that_nobody_took_renews_on_the_next_write(
    claimed_review: Review, assignment: Assignment, reviewer: User
) -> None:
    end_lease(assignment)
    assert not Assignment.objects.held_by(reviewer).exists()
    with claimed_review.writing(token_of(claimed_review)) as held:
        assert held
    assert Assignment.objects.held_by(reviewer).get() == assignment


def test_an_expired_lease_does_not_renew_into_a_fourth_claim(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    first, *_rest = fill_queue(person, question_set, 4)
    review = first.claim(reviewer)
    token = token_of(review)
    end_lease(first)
    for other in _rest:
        other.claim(reviewer)
    with review.writing(token) as held:
        assert not held
        review.comment_on(None, "Kept all the same.")
    assert Assignment.objects.held_by(reviewer).count() == 3
    assert review.comments.get().text == "Kept all the same."


def test_an_expired_lease_that_nobody_took_can_be_published(
    claimed_review: Review, assignment: Assignment
) -> None:
    grade(claimed_review)
    end_lease(assignment)
    claimed_review.publish(token_of(claimed_review))
    assert claimed_review.published_at is not None


def test_after_somebody_else_claimed_a_write_stays_in_ones_own_draft(
    claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    stale = token_of(claimed_review)
    end_lease(assignment)
    theirs = assignment.claim(other_reviewer)
    answer = first_answer(claimed_review)
    with claimed_review.writing(stale) as held:
        assert not held
        claimed_review.mark(answer, {"main": "half"})
        claimed_review.comment_on(answer, "Written too late.")
    assert claimed_review.marks.get().value == "half"
    assert claimed_review.comments.get().text == "Written too late."
    assert not theirs.marks.exists()
    assert not theirs.comments.exists()
    assert Assignment.objects.get().holder == other_reviewer


def test_after_somebody_else_claimed_nothing_can_be_published(
    claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    grade(claimed_review)
    stale = token_of(claimed_review)
    end_lease(assignment)
    assignment.claim(other_reviewer)
    for token in (stale, token_of(claimed_review), uuid4(), None):
        with pytest.raises(ClaimLost):
            claimed_review.publish(token)
    assert not Review.objects.published().exists()
    assert Assignment.objects.get().holder == other_reviewer


def test_after_somebody_else_claimed_the_page_says_so_and_keeps_the_text(
    claimed_review: Review,
    assignment: Assignment,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    stale = token_of(claimed_review)
    end_lease(assignment)
    assignment.claim(other_reviewer)
    fields = {"mark-main": "full", "comment": "My careful words."}
    page = save(client_of(reviewer), claimed_review, stale, **fields)
    assert "Somebody else has claimed this interview." in page
    assert "My careful words." in page
    assert claimed_review.marks.get().value == "full"


def test_after_a_release_the_page_offers_to_claim_again(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    stale = token_of(claimed_review)
    assignment.release(reviewer)
    client = client_of(reviewer)
    page = save(client, claimed_review, stale, comment="Written after the release.")
    assert "hold this interview now" in page
    assert "Written after the release." in page
    again = client.post(reverse("assignment-claim", args=[assignment.pk]), follow=True)
    assert "Yours for" in again.content.decode()
    assert "Written after the release." in again.content.decode()


def test_a_page_of_an_earlier_claim_overwrites_nothing_and_shows_its_text_again(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    yesterdays = token_of(claimed_review)
    assignment.release(reviewer)
    assignment.claim(reviewer)
    answer = first_answer(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(answer, "Today.")
    with pytest.raises(StaleToken), claimed_review.writing(yesterdays):
        claimed_review.comment_on(answer, "Yesterday.")
    with pytest.raises(StaleToken):
        claimed_review.publish(yesterdays)
    client = client_of(reviewer)
    page = save(client, claimed_review, yesterdays, comment="Yesterday.")
    assert "This page was from an earlier claim of yours." in page
    assert "Yesterday." in page
    assert claimed_review.comments.get().text == "Today."
    # The page that comes back carries the claim of today: saving it again is meant.
    assert f'name="token" value="{token_of(claimed_review)}"' in page
    base = re.search(r'name="base" value="(\d+)"', page)
    assert base is not None
    fields = {"comment": "Yesterday.", "base": base[1]}
    save(client, claimed_review, token_of(claimed_review), **fields)
    assert claimed_review.comments.get().text == "Yesterday."


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 32])
def test_a_token_that_is_none_is_refused_and_the_text_shown_again(
    claimed_review: Review, reviewer: User, client_of: ClientOf, token: str
) -> None:
    page = save(client_of(reviewer), claimed_review, token, comment="My careful words.")
    assert "This page was from an earlier claim of yours." in page
    assert "My careful words." in page
    assert not claimed_review.comments.exists()


def test_the_end_of_the_lease_is_told_in_words_and_exactly(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    assignment.refresh_from_db()
    assert assignment.lease_ends_at is not None
    exact = f'<time datetime="{assignment.lease_ends_at.isoformat()[:19]}'
    for url in (reverse("queue"), reverse("review", args=[claimed_review.pk])):
        page = client.get(url).content.decode()
        assert re.search(r"Yours for <span[^>]*>20 minutes</span>", page)
        assert exact in page


def test_the_clock_tells_the_seconds_left_and_renews_nothing(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    ending = timezone.now() + timedelta(minutes=2)
    Assignment.objects.update(lease_ends_at=ending)
    url = reverse("assignment-clock", args=[assignment.pk])
    response = client_of(reviewer).get(url)
    assert 100 < response.json()["seconds_left"] <= 120
    assert "no-store" in response["Cache-Control"]
    assignment.refresh_from_db()
    assert assignment.lease_ends_at == ending


def test_the_clock_of_a_claim_that_ran_out_or_is_lost_stands_at_nought(
    claimed_review: Review,
    assignment: Assignment,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    url = reverse("assignment-clock", args=[assignment.pk])
    client = client_of(reviewer)
    end_lease(assignment)
    assert client.get(url).json() == {"seconds_left": 0}
    assignment.claim(other_reviewer)
    assert client.get(url).json() == {"seconds_left": 0}
    assert client_of(other_reviewer).get(url).json()["seconds_left"] > 1000


def test_the_page_says_what_happens_when_the_time_runs_out(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    for name in ("review", "review-summary"):
        page = client_of(reviewer).get(reverse(name, args=[claimed_review.pk])).content.decode()
        assert "If they run out, others can claim the interview." in page
        assert "What you saved stays your draft" in page


def test_a_draft_whose_claim_was_lost_is_offered_again_when_its_reviewer_claims_anew(
    claimed_review: Review,
    assignment: Assignment,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    stale = token_of(claimed_review)
    end_lease(assignment)
    assignment.claim(other_reviewer)
    client = client_of(reviewer)
    save(client, claimed_review, stale, **{"mark-main": "half", "comment": "My careful words."})
    page = client.get(reverse("queue")).content.decode()
    assert "Drafts of interviews you don" in page
    assert reverse("review", args=[claimed_review.pk]) in page
    assignment.release(other_reviewer)
    assert "You have a draft" in client.get(reverse("queue")).content.decode()
    url = reverse("assignment-claim", args=[assignment.pk])
    page = client.post(url, follow=True).content.decode()
    assert "My careful words." in page
    assert 'value="half" checked' in page
