"""Twenty reviewers at a hundred interviews: each is graded once, and nothing stale lands."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from random import Random
from uuid import UUID

import pytest
from django.db.models import F

from accounts.models import User
from interview.groups import REVIEWERS
from interview.models import Assignment, Comment, Interview, Mark, Review
from interview.refusals import AlreadyPublished, ClaimLost, Refused, StaleToken
from questions.models import QuestionSet
from tests.conftest import start_interview
from tests.interview.reviewing import LEVELS, end_lease, token_of
from tests.races import race

REVIEWS, TEAM = 100, 20


def fill(candidate: User, question_set: QuestionSet) -> None:
    """A hundred interviews of one candidate, which wait."""
    for _ in range(REVIEWS):
        interview = start_interview(candidate, question_set)
        interview.finish()
        interview.ask_for_review()


def write(review: Review, token: UUID | None, value: str) -> None:
    """Mark everything alike, and sign the comments."""
    assert review.author is not None
    with review.writing(token):
        for graded in review.graded_answers():
            keys = [point.key for point in graded.answer.question_version.key_points]
            review.mark(graded.answer, dict.fromkeys(keys, value))
            review.comment_on(graded.answer, f"By {review.author.pk}")
        review.set_levels(LEVELS)


@pytest.mark.django_db(transaction=True)
def test_twenty_reviewers_grade_a_hundred_interviews_once_each_and_no_stale_write_lands(
    candidate: User, question_set: QuestionSet, person: Callable[..., User]
) -> None:
    """A third of the claims run out before the reviewer comes back, and somebody may take them."""
    fill(candidate, question_set)
    team = [person(f"reviewer-{number}", REVIEWERS) for number in range(TEAM)]
    published: list[Assignment | None] = []
    refused: list[Refused] = []

    def publish(review: Review, token: UUID | None, value: str) -> None:
        try:
            write(review, token, value)
            review.publish(token)
            published.append(review.assignment)
        except (ClaimLost, StaleToken, AlreadyPublished) as refusal:
            # The last two where its author had claimed it anew.
            refused.append(refusal)

    def work(reviewer: User, random: Random) -> None:
        late: list[tuple[Review, UUID | None]] = []
        while review := Assignment.objects.claim_next(reviewer):
            assert review.assignment is not None
            token = token_of(review)
            if random.random() < 1 / 3:
                end_lease(review.assignment)
                late.append((review, token))
            else:
                publish(review, token, Mark.Value.FULL)
        for review, token in late:
            # They don't know that their time is over, nor who came meanwhile.
            publish(review, token, Mark.Value.HALF)

    acts = [partial(work, reviewer, Random(number)) for number, reviewer in enumerate(team)]
    assert race(*acts) == [None] * TEAM
    # Leases that ended after the last look at the queue are still to be done.
    work(team[0], Random(1))

    assert len(published) == REVIEWS
    assert set(Counter(published).values()) == {1}
    reviews = Review.objects.published()
    assert reviews.count() == Interview.objects.count() == REVIEWS
    assert reviews.filter(interview=F("assignment__interview")).count() == REVIEWS
    assert any(isinstance(refusal, ClaimLost) for refusal in refused)
    # Each draft and each published review holds its author's words and no others.
    for comment in Comment.objects.select_related("review__author"):
        assert comment.review.author is not None
        assert comment.text == f"By {comment.review.author.pk}"
    # What came late is a whole review of its own or none: no mark of it is among another's.
    for review in reviews:
        assert review.marks.values("value").distinct().count() == 1
