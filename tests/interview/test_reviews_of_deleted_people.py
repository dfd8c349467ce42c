"""Deleting somebody's account keeps what belongs to others (see also accounts/)."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Assignment, Interview, Mark, Review
from questions.models import QuestionSet, QuestionVersion
from tests.interview.reviewing import (
    end_lease,
    feedback_on,
    fill_queue,
    grade,
    pass_a_minute,
    token_of,
)

ClientOf = Callable[[User], Client]


def test_all_claims_of_a_reviewer_are_released(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    other_reviewer: User,
) -> None:
    first, *_rest = fill_queue(person, question_set, 3)
    for _ in range(3):
        Assignment.objects.claim_next(reviewer)
    end_lease(first)
    reviewer.delete()
    assert Assignment.objects.filter(holder=None, token=None, lease_ends_at=None).count() == 3
    for _ in range(3):
        assert Assignment.objects.claim_next(other_reviewer) is not None


def test_deleting_many_at_once_releases_their_claims_too(
    claimed_review: Review, assignment: Assignment
) -> None:
    User.objects.filter(email="reviewer@example.com").delete()
    assignment.refresh_from_db()
    assert (assignment.holder, assignment.token, assignment.lease_ends_at) == (None, None, None)


def test_the_candidate_still_reads_the_review_of_a_reviewer_who_left(
    claimed_review: Review, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    grade(claimed_review, Mark.Value.HALF)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(None, "Good, on the whole.")
    claimed_review.publish(token_of(claimed_review))
    reviewer.delete()
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    (review,) = feedback_on(claimed_review.interview)
    assert review.author is None
    assert review.score == 50
    url = reverse("feedback", args=[claimed_review.interview_id])
    assert "Good, on the whole." in client_of(candidate).get(url).content.decode()


def test_what_is_done_stays_done_when_its_reviewer_leaves(
    claimed_review: Review, assignment: Assignment, reviewer: User, other_reviewer: User
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    reviewer.delete()
    assignment.refresh_from_db()
    assert assignment.done_at is not None
    assert Assignment.objects.claim_next(other_reviewer) is None


def test_a_place_reserved_for_who_left_is_open_to_all(
    assignment: Assignment, reviewer: User, other_reviewer: User
) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(reserved_for=reviewer)
    assert Assignment.objects.claim_next(other_reviewer) is None
    reviewer.delete()
    assert Assignment.objects.claim_next(other_reviewer) is not None


def test_a_candidates_sittings_go_and_what_a_reviewer_was_doing_with_them(
    claimed_review: Review, candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    url = reverse("review", args=[claimed_review.pk])
    save = reverse("review-answer-save", args=[claimed_review.pk, 1])
    token = token_of(claimed_review)
    candidate.delete()
    for model in (Interview, Assignment, Review, Mark):
        assert not model.objects.exists()
    assert QuestionVersion.objects.exists()
    client = client_of(reviewer)
    assert client.get(url).status_code == 404
    assert client.post(save, {"token": str(token), "comment": "Still here."}).status_code == 404
    assert client.get(reverse("queue")).status_code == 200
