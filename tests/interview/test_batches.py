"""Grading by question: one claim of several interviews that share a set (Rules of grading, 5)."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.batches import batch_of
from interview.groups import REVIEWERS
from interview.models import Assignment, Interview, Review
from interview.refusals import ClaimLost, TooManyClaims
from questions.models import QuestionSet
from tests.conftest import make_question, start_interview
from tests.interview.reviewing import LEVELS, end_lease, fill_queue, grade, token_of
from tests.races import race

ClientOf = Callable[[User], Client]


@pytest.fixture
def other_set(db: None) -> QuestionSet:
    other = QuestionSet.objects.create(
        slug="other", title="Other", license="CC-BY-4.0", status="published"
    )
    make_question(other, 1)
    return other


def ask_for_review(person: Callable[..., User], name: str, question_set: QuestionSet) -> Assignment:
    interview = start_interview(person(name), question_set)
    interview.finish()
    interview.ask_for_review()
    return interview.assignments.get()


def claimed(reviewer: User) -> set[Assignment]:
    return set(Assignment.objects.held_by(reviewer))


def test_a_batch_is_up_to_ten_of_the_set_that_waits_longest(
    person: Callable[..., User], question_set: QuestionSet, other_set: QuestionSet, reviewer: User
) -> None:
    first, *_rest = assignments = fill_queue(person, question_set, 6)
    other = ask_for_review(person, "other", other_set)
    more = [ask_for_review(person, f"more-{number}", question_set) for number in range(6)]
    token = Assignment.objects.claim_batch(reviewer)
    assert claimed(reviewer) == {*assignments, *more[:4]}
    assert set(Assignment.objects.held_by(reviewer).values_list("token", flat=True)) == {token}
    assert Review.objects.by(reviewer).count() == 10
    assert Assignment.objects.matching(question_set="other").claim_batch(reviewer)
    assert other in claimed(reviewer)
    assert first in claimed(reviewer)


def test_a_batch_counts_as_one_claim_of_three(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    *_most, last = fill_queue(person, question_set, 13)
    Assignment.objects.claim_batch(reviewer)
    for _ in range(2):
        assert Assignment.objects.claim_next(reviewer)
    with pytest.raises(TooManyClaims):
        last.claim(reviewer)
    with pytest.raises(TooManyClaims):
        Assignment.objects.claim_batch(reviewer)


def test_one_s_own_interviews_are_in_no_batch(
    person: Callable[..., User], question_set: QuestionSet
) -> None:
    mine, *others = fill_queue(person, question_set, 3)
    Assignment.objects.claim_batch(mine.interview.candidate)
    assert claimed(mine.interview.candidate) == set(others)


def test_work_on_one_renews_the_whole_batch(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    assignments = fill_queue(person, question_set, 3)
    Assignment.objects.claim_batch(reviewer)
    for assignment in assignments:
        end_lease(assignment)
    assert claimed(reviewer) == set()
    review = assignments[0].reviews.get()
    with review.writing(token_of(review)) as held:
        assert held
    assert claimed(reviewer) == set(assignments)


def test_what_somebody_took_of_a_batch_is_not_renewed_and_not_written_to(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, other_reviewer: User
) -> None:
    first, second = fill_queue(person, question_set, 2)
    stale = Assignment.objects.claim_batch(reviewer)
    mine = [assignment.reviews.get() for assignment in (first, second)]
    end_lease(second)
    theirs = second.claim(other_reviewer)
    with mine[0].writing(stale) as held:
        assert held
    with mine[1].writing(stale) as held:
        assert not held
    grade(mine[1])
    with pytest.raises(ClaimLost):
        mine[1].publish(stale)
    assert claimed(other_reviewer) == {second}
    assert not theirs.marks.exists()
    assert claimed(reviewer) == {first}


def test_each_is_published_on_its_own_and_the_rest_stays_claimed(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    first, second = fill_queue(person, question_set, 2)
    token = Assignment.objects.claim_batch(reviewer)
    review = first.reviews.get()
    grade(review)
    review.publish(token)
    assert claimed(reviewer) == {second}
    assert token_of(second.reviews.get()) == token


def test_the_answers_to_a_question_come_in_an_order_of_their_own_that_stays(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    fill_queue(person, question_set, 8)
    token = Assignment.objects.claim_batch(reviewer)
    assert token is not None

    def orders() -> list[list[str]]:
        batch = batch_of(token, list(Review.objects.of_batch(token, reviewer)))
        return [[str(answer.review.pk) for answer in q.answers] for q in batch.questions]

    found = orders()
    assert found == orders()
    assert len(found) == 3
    assert {frozenset(order) for order in found} == {frozenset(found[0])}
    assert len({tuple(order) for order in found}) == 3


def test_a_question_gathers_its_answers_across_versions_and_says_which_are_older(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    old = ask_for_review(person, "old", question_set)
    question = question_set.questions.get(position=2)
    question.prompt = "What is question 2 about, again?"
    question.save()
    question.record_version()
    new = ask_for_review(person, "new", question_set)
    client = client_of(reviewer)
    page = client.post(reverse("batch-claim"), follow=True).content.decode()
    assert "again?" in page
    assert "1 answer is to an older version" in page
    for assignment, older in ((old, True), (new, False)):
        url = reverse("review", args=[assignment.reviews.get().pk])
        page = client.get(url, {"question": "2", "by": "question"}).content.decode()
        assert ("To version 1; the newest here is 2" in page) is older
        assert "The batch has 2 answers to this question" in page
        page = client.get(url, {"question": "1", "by": "question"}).content.decode()
        assert "the newest here is" not in page


def test_next_goes_through_all_answers_to_one_question_and_then_to_the_next(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    fill_queue(person, question_set, 3)
    client = client_of(reviewer)
    batch = client.post(reverse("batch-claim"))["Location"]
    token = Assignment.objects.held_by(reviewer)[0].token
    url, seen = f"{batch}next/", []
    for _ in range(9):
        place = client.get(url)["Location"]
        page = client.get(place).content.decode()
        assert "Save and next answer" in page
        position = int(place.partition("question=")[2].partition("&")[0])
        seen.append((position, place.split("/")[2]))
        saved = client.post(
            reverse("review-answer-save", args=[seen[-1][1], position]),
            {
                "token": str(token),
                "by": "question",
                "go": "batch",
                "comment": "",
                "mark-main": "full",
                "mark-side": "half",
            },
        )
        url = saved["Location"]
    assert [position for position, _review in seen] == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert len(set(seen)) == 9
    page = client.get(url, follow=True).content.decode()
    assert "Every key point is marked." in page
    assert page.count("Levels and publish") == 2 * 3
    assert "Next ungraded answer" not in page


def test_a_refused_answer_keeps_its_text_and_the_way_of_grading(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    (assignment,) = fill_queue(person, question_set, 1)
    Assignment.objects.claim_batch(reviewer)
    review = assignment.reviews.get()
    data = {"token": "yesterday", "by": "question", "go": "batch", "comment": "My words."}
    url = reverse("review-answer-save", args=[review.pk, 1])
    page = client_of(reviewer).post(url, data).content.decode()
    assert "My words." in page
    assert "Save and next answer" in page
    assert "The batch has one answer to this question." in page


def test_after_the_batch_was_lost_saving_keeps_a_draft_and_leads_to_the_queue(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    (assignment,) = fill_queue(person, question_set, 1)
    token = Assignment.objects.claim_batch(reviewer)
    assert token is not None
    review = assignment.reviews.get()
    Assignment.objects.of_batch(token, reviewer).release_all()
    data = {"token": str(token), "by": "question", "go": "batch", "comment": "My words."}
    url = reverse("review-answer-save", args=[review.pk, 1])
    reply = client_of(reviewer).post(url, data, follow=True)
    assert reply.redirect_chain[-1][0] == reverse("queue")
    page = reply.content.decode()
    assert "You hold nothing of that batch any more." in page
    assert reverse("review", args=[review.pk]) in page
    assert review.comments.get().text == "My words."


def test_after_one_of_a_batch_was_lost_the_way_leads_on_in_what_is_left(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    lost, left = fill_queue(person, question_set, 2)
    token = Assignment.objects.claim_batch(reviewer)
    end_lease(lost)
    lost.claim(other_reviewer)
    review = lost.reviews.get(author=reviewer)
    data = {"token": str(token), "by": "question", "go": "batch", "comment": "My words."}
    url = reverse("review-answer-save", args=[review.pk, 1])
    reply = client_of(reviewer).post(url, data, follow=True)
    kept = left.reviews.get().pk
    here = f"{reverse('review', args=[kept])}?question=1&by=question"
    assert reply.redirect_chain[-1][0] == here
    assert review.comments.get().text == "My words."


def test_after_somebody_else_took_it_nothing_leads_to_their_batch(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    (assignment,) = fill_queue(person, question_set, 1)
    token = Assignment.objects.claim_batch(reviewer)
    review = assignment.reviews.get()
    end_lease(assignment)
    theirs = Assignment.objects.claim_batch(other_reviewer)
    client = client_of(reviewer)
    data = {"token": str(token), "by": "question", "go": "batch", "comment": "My words."}
    url = reverse("review-answer-save", args=[review.pk, 1])
    reply = client.post(url, data, follow=True)
    assert reply.redirect_chain[-1][0] == reverse("queue")
    assert f"/batches/{theirs}/" not in reply.content.decode()
    page = client.get(reverse("review", args=[review.pk]), {"question": "1", "by": "question"})
    assert f"/batches/{theirs}/" not in page.content.decode()
    page = client.get(reverse("review", args=[review.pk]), {"question": "99999", "by": "question"})
    assert page.status_code == 404


def test_a_batch_is_its_holder_s_alone(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    fill_queue(person, question_set, 2)
    token = Assignment.objects.claim_batch(reviewer)
    stranger = client_of(other_reviewer)
    assert stranger.get(reverse("batch", args=[token])).status_code == 404
    # Nor does it tell a batch of somebody else from none.
    for any_token in (token, uuid4()):
        reply = stranger.get(reverse("batch-next", args=[any_token]))
        assert (reply.status_code, reply["Location"]) == (302, reverse("queue"))
    stranger.post(reverse("batch-release", args=[token]))
    assert len(claimed(reviewer)) == 2


def test_a_batch_is_released_as_one_and_its_drafts_stay(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    assignments = fill_queue(person, question_set, 3)
    token = Assignment.objects.claim_batch(reviewer)
    draft = assignments[0].reviews.get()
    grade(draft)
    client = client_of(reviewer)
    for _twice in range(2):
        client.post(reverse("batch-release", args=[token]))
    assert Assignment.objects.waiting().count() == 3
    again = Assignment.objects.claim_batch(reviewer)
    assert again != token
    assert assignments[0].reviews.get() == draft
    assert draft.marks.count() == 6


def test_a_second_click_is_no_second_batch(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    fill_queue(person, question_set, 12)
    client = client_of(reviewer)
    clicks = [client.post(reverse("batch-claim"), {"holding": "0"}) for _ in range(2)]
    assert clicks[0]["Location"] == clicks[1]["Location"]
    assert len(claimed(reviewer)) == 10
    page = client.get(reverse("queue")).content.decode()
    assert "You hold one claim" in page
    assert "a batch of 10 interviews" in page


def test_the_queue_leads_to_a_batch_and_gives_all_of_it_back(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    fill_queue(person, question_set, 2)
    token = Assignment.objects.claim_batch(reviewer)
    client = client_of(reviewer)

    page = client.get(reverse("queue")).content.decode()
    title = f"{question_set.title}, by question"
    assert f'<h3><a href="{reverse("batch", args=[token])}">{title}</a></h3>' in page
    assert f'action="{reverse("batch-release", args=[token])}"' in page
    assert f'aria-label="Release all of {question_set.title}">Release all</button>' in page
    assert f'aria-label="Grade the batch {question_set.title}">Grade</a>' in page

    first, last = claimed(reviewer)
    first.release(reviewer)
    page = client.get(reverse("queue")).content.decode()
    review = reverse("review", args=[last.reviews.get().pk])
    assert f'<h3><a href="{review}">{last.pseudonym}</a></h3>' in page
    assert f'action="{reverse("assignment-release", args=[last.pk])}"' in page
    assert f'aria-label="Release {last.pseudonym}">Release</button>' in page
    assert f'aria-label="Grade {last.pseudonym}">Grade</a>' in page


def test_an_empty_queue_has_no_batch(reviewer: User, client_of: ClientOf) -> None:
    page = client_of(reviewer).post(reverse("batch-claim"), follow=True).content.decode()
    assert "No interview that could make a batch waits for you now." in page


def test_the_pages_of_a_batch_cost_the_same_for_one_as_for_ten(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    first, *_rest = fill_queue(person, question_set, 1)
    client = client_of(reviewer)
    costs = []
    for number in (0, 9):
        for more in range(number):
            ask_for_review(person, f"more-{more}", question_set)
        token = Assignment.objects.claim_batch(reviewer)
        review = reverse("review", args=[first.reviews.get().pk])
        pages = [reverse("batch", args=[token]), f"{review}?question=1&by=question"]
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            costs.append(len(queries))
        assert token
        Assignment.objects.of_batch(token, reviewer).release_all()
    assert costs[:2] == costs[2:]
    assert max(costs) <= 1 + 8  # the session with its user, and the page


@pytest.mark.django_db(transaction=True)
def test_of_batches_claimed_at_once_no_interview_is_in_two(
    person: Callable[..., User], question_set: QuestionSet
) -> None:
    assignments = fill_queue(person, question_set, 25)
    reviewers = [person(f"reviewer-{number}", REVIEWERS) for number in range(4)]
    tokens = race(*(partial(Assignment.objects.claim_batch, reviewer) for reviewer in reviewers))
    held = Counter(Assignment.objects.values_list("token", flat=True))
    assert not [token for token in tokens if isinstance(token, Exception)]
    assert set(held) - {None} == set(tokens) - {None}
    # Who came while a row was locked skipped it; all that can be given out is given out.
    assert sum(held.values()) == len(assignments)
    assert max(count for token, count in held.items() if token) <= 10


@pytest.mark.django_db(transaction=True)
def test_writes_to_one_batch_at_once_do_not_wait_for_each_other_in_a_circle(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    fill_queue(person, question_set, 6)
    token = Assignment.objects.claim_batch(reviewer)
    reviews = list(Review.objects.by(reviewer))

    def write(review: Review) -> None:
        for _ in range(5):
            with review.writing(token) as held:
                assert held
                review.set_levels(LEVELS)

    assert race(*(partial(write, review) for review in reviews)) == [None] * 6
    assert Interview.objects.filter(reviews__knowledge=3).count() == 6
