"""A reviewer claims an interview from the queue (Rules of grading, 4)."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Thread

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.groups import REVIEWERS
from interview.models import Assignment, Review
from interview.refusals import NotWaiting, TooManyClaims
from questions.models import QuestionSet
from tests.interview.reviewing import end_lease, fill_queue, grade, token_of
from tests.races import race

ClientOf = Callable[[User], Client]


def test_the_interview_that_waits_longest_comes_first(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    first, second, _third = fill_queue(person, question_set, 3)
    reviews = [Assignment.objects.claim_next(reviewer) for _ in range(2)]
    assert [review and review.assignment for review in reviews] == [first, second]


def test_a_claim_has_a_lease_of_twenty_minutes_and_makes_a_review(
    assignment: Assignment, reviewer: User
) -> None:
    review = assignment.claim(reviewer)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT holder_id, token IS NOT NULL,"
            " round(extract(epoch FROM lease_ends_at - clock_timestamp()))"
            " FROM interview_assignment WHERE id = %s",
            [assignment.pk],
        )
        holder, has_token, seconds = cursor.fetchone()
    assert (holder, has_token) == (reviewer.pk, True)
    assert 1190 <= seconds <= 1200
    assert (review.author, review.kind, review.interview_id) == (
        reviewer,
        Review.Kind.REVIEWER,
        assignment.interview_id,
    )


def test_an_empty_queue_gives_nothing(reviewer: User) -> None:
    assert Assignment.objects.claim_next(reviewer) is None


def test_a_claimed_interview_cannot_be_claimed_by_another_reviewer(
    claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    assert Assignment.objects.claim_next(other_reviewer) is None
    with pytest.raises(NotWaiting):
        assignment.claim(other_reviewer)


def test_claiming_what_one_holds_changes_nothing(
    claimed_review: Review, assignment: Assignment, reviewer: User
) -> None:
    token = token_of(claimed_review)
    assert assignment.claim(reviewer) == claimed_review
    assert token_of(claimed_review) == token


def test_a_fourth_claim_is_refused(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    *_three, fourth = fill_queue(person, question_set, 4)
    for _ in range(3):
        Assignment.objects.claim_next(reviewer)
    with pytest.raises(TooManyClaims):
        Assignment.objects.claim_next(reviewer)
    with pytest.raises(TooManyClaims):
        fourth.claim(reviewer)
    fourth.refresh_from_db()
    assert fourth.holder is None


def test_a_claim_that_ran_out_does_not_count_among_the_three(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    first, *_rest = fill_queue(person, question_set, 4)
    for _ in range(3):
        Assignment.objects.claim_next(reviewer)
    end_lease(first)
    assert Assignment.objects.claim_next(reviewer) is not None


def test_ones_own_interview_is_never_ones_to_review(
    assignment: Assignment, candidate: User, client_of: ClientOf
) -> None:
    candidate.groups.add(Group.objects.get(name=REVIEWERS))
    assert Assignment.objects.claim_next(candidate) is None
    with pytest.raises(NotWaiting):
        assignment.claim(candidate)
    client = client_of(candidate)
    assert client.post(reverse("assignment-claim", args=[assignment.pk])).status_code == 404
    assert assignment.pseudonym not in client.get(reverse("queue")).content.decode()


def test_a_reserved_interview_waits_for_its_reviewer_only(
    assignment: Assignment, reviewer: User, other_reviewer: User
) -> None:
    Assignment.objects.filter(pk=assignment.pk).update(reserved_for=other_reviewer)
    assert Assignment.objects.claim_next(reviewer) is None
    with pytest.raises(NotWaiting):
        assignment.claim(reviewer)
    assert Assignment.objects.claim_next(other_reviewer) is not None


def test_an_interview_that_is_graded_waits_no_more(
    claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    assert Assignment.objects.claim_next(other_reviewer) is None
    with pytest.raises(NotWaiting):
        assignment.claim(other_reviewer)


def test_a_release_gives_it_back_to_the_queue_and_keeps_the_draft(
    claimed_review: Review, assignment: Assignment, reviewer: User, other_reviewer: User
) -> None:
    grade(claimed_review)
    assert assignment.release(reviewer)
    assert not assignment.release(reviewer)
    other = Assignment.objects.claim_next(other_reviewer)
    assert other is not None
    assert other != claimed_review
    assert other.marks.count() == 0
    assignment.release(other_reviewer)
    assert assignment.claim(reviewer) == claimed_review
    assert claimed_review.marks.count() == 6


def test_nobody_releases_the_claim_of_another(
    claimed_review: Review, assignment: Assignment, other_reviewer: User, client_of: ClientOf
) -> None:
    assert not assignment.release(other_reviewer)
    url = reverse("assignment-release", args=[assignment.pk])
    assert client_of(other_reviewer).post(url).status_code == 404
    assert token_of(claimed_review) is not None


@pytest.mark.django_db(transaction=True)
def test_an_interview_that_somebody_is_just_taking_is_skipped_not_waited_for(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, other_reviewer: User
) -> None:
    first, second = fill_queue(person, question_set, 2)
    taken: list[Review | None] = []

    def take() -> None:
        try:
            taken.append(Assignment.objects.claim_next(other_reviewer))
        finally:
            connection.close()

    with transaction.atomic():
        mine = Assignment.objects.claim_next(reviewer)
        # The other one must come back while this transaction still holds its row.
        thread = Thread(target=take)
        thread.start()
        thread.join(timeout=10)
        assert not thread.is_alive()
    assert [mine, *taken] == [first.reviews.get(), second.reviews.get()]


@pytest.mark.django_db(transaction=True)
def test_four_clicks_at_once_give_three_claims(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    fill_queue(person, question_set, 6)
    outcomes = race(4, lambda: Assignment.objects.claim_next(reviewer))
    assert Counter(map(type, outcomes)) == {Review: 3, TooManyClaims: 1}
    assert Assignment.objects.held_by(reviewer).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_claim(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    fill_queue(person, question_set, 3)
    first, second = race(2, lambda: Assignment.objects.claim_next(reviewer, holding=0))
    assert first == second == Review.objects.get()


def test_a_second_click_on_the_queue_leads_to_what_the_first_claimed(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    fill_queue(person, question_set, 3)
    client = client_of(reviewer)
    assert 'name="holding" value="0"' in client.get(reverse("queue")).content.decode()
    clicks = [client.post(reverse("queue-claim"), {"holding": "0"}) for _ in range(2)]
    assert clicks[0]["Location"] == clicks[1]["Location"]
    assert 'name="holding" value="1"' in client.get(reverse("queue")).content.decode()
    client.post(reverse("queue-claim"), {"holding": "1"})
    assert Assignment.objects.held_by(reviewer).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_reviewers_who_choose_the_same_interview_one_wins(
    assignment: Assignment, person: Callable[..., User]
) -> None:
    reviewers = [person(f"reviewer-{number}", REVIEWERS) for number in range(5)]
    outcomes = race(*(partial(assignment.claim, reviewer) for reviewer in reviewers))
    assert Counter(map(type, outcomes)) == {Review: 1, NotWaiting: 4}


def test_claim_next_leads_to_the_grading_page(
    assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    response = client_of(reviewer).post(reverse("queue-claim"))
    assert response.status_code == 302
    assert response["Location"] == reverse("review", args=[assignment.reviews.get().pk])


def test_claiming_too_much_or_too_late_is_told_on_the_queue(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    *_three, fourth = fill_queue(person, question_set, 4)
    client = client_of(reviewer)
    for _ in range(3):
        client.post(reverse("queue-claim"))
    page = client.post(reverse("queue-claim"), follow=True).content.decode()
    assert "You hold three interviews already." in page
    late = client_of(other_reviewer)
    taken = Assignment.objects.held_by(reviewer)[0]
    page = late.post(reverse("assignment-claim", args=[taken.pk]), follow=True).content.decode()
    assert "somebody else claimed it" in page
    assert fourth.pseudonym in page
