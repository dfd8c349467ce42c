"""A review is published, can be taken back for a minute, and is then mailed once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from interview.models import Assignment, Review
from interview.refusals import AlreadyPublished, ClaimLost, Incomplete, TooLate
from interview.tasks import mail_feedback
from questions.models import Question
from tests.interview.reviewing import (
    LEVELS,
    feedback_on,
    first_answer,
    grade,
    pass_a_minute,
    token_of,
)
from tests.races import race

ClientOf = Callable[[User], Client]


def publish(client: Client, review: Review, **fields: str) -> str:
    """Press the button on the summary, and follow to the page that comes."""
    url = reverse("review-publish", args=[review.pk])
    data = {"token": str(token_of(review) or ""), "comment": "", **fields}
    return client.post(url, data, follow=True).content.decode()


def jobs_of(review: Review) -> QuerySet[ProcrastinateJob]:
    """Those of this review alone: Django's tests don't empty the table of jobs."""
    return ProcrastinateJob.objects.filter(args__review_id=str(review.pk))


def test_publishing_stores_the_score_and_closes_the_assignment(
    claimed_review: Review, assignment: Assignment
) -> None:
    grade(claimed_review)
    answer = first_answer(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.mark(answer, {"main": "half", "side": "missed"})
    claimed_review.publish(token_of(claimed_review))
    # (2 × ½ + 1 × 0) ÷ 3 for the first answer, 1 for each of the others.
    assert claimed_review.score == Decimal("77.78")
    assert claimed_review.published_at is not None
    assert claimed_review.visible_from is not None
    assert claimed_review.visible_from - claimed_review.published_at == timedelta(minutes=1)
    assignment.refresh_from_db()
    assert assignment.done_at is not None
    assert (assignment.holder, assignment.token, assignment.lease_ends_at) == (None, None, None)


def test_a_missing_mark_is_refused_with_a_sentence_and_nothing_is_lost(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    claimed_review.marks.filter(key="side", answer__position=2).delete()
    page = publish(client_of(reviewer), claimed_review, comment="My careful words.")
    assert "This review can’t be published yet: marks or levels are missing." in page
    assert "one mark missing" in page
    assert "My careful words." in page
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is None
    assert claimed_review.marks.count() == 5
    assert claimed_review.comments.get().text == "My careful words."
    assert Assignment.objects.held_by(reviewer).exists()
    assert not jobs_of(claimed_review).exists()


def test_a_missing_level_is_refused_with_a_sentence_and_nothing_is_lost(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    Review.objects.update(reasoning=None, communication=None)
    page = publish(client_of(reviewer), claimed_review, communication="1")
    assert "Reasoning: Choose a level." in page
    assert '<a href="#id_reasoning">' in page
    claimed_review.refresh_from_db()
    assert (claimed_review.published_at, claimed_review.communication) == (None, 1)


def test_what_is_missing_is_told_by_answer_and_level(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.mark(answer, {"main": "full", "side": "full"})
        claimed_review.set_levels({"reasoning": 2})
    with pytest.raises(Incomplete):
        claimed_review.publish(token_of(claimed_review))
    missing = claimed_review.missing()
    unmarked = {g.answer.position: [p.key for p in g.unmarked] for g in missing.answers}
    assert unmarked == {2: ["main", "side"], 3: ["main", "side"]}
    assert missing.levels == ["knowledge", "communication"]


def test_a_point_that_the_question_gained_since_is_not_missing(claimed_review: Review) -> None:
    question = Question.objects.get(slug="question-1")
    question.key_points.create(key="new", position=3, text="Added since", weight=9)
    question.record_version()
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    assert claimed_review.score == 100


def test_the_levels_on_the_page_are_saved_and_published_in_one_press(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    Review.objects.update(knowledge=None, reasoning=None, communication=None)
    levels = {name: str(level) for name, level in LEVELS.items()}
    page = publish(client_of(reviewer), claimed_review, comment="Well done.", **levels)
    assert "The candidate can read it in one minute" in page
    assert "Take back" in page
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is not None
    assert {name: getattr(claimed_review, name) for name in LEVELS} == LEVELS
    assert claimed_review.comments.get().text == "Well done."


def test_publishing_twice_is_once(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    token = str(token_of(claimed_review))
    client = client_of(reviewer)
    publish(client, claimed_review)
    claimed_review.refresh_from_db()
    page = publish(client, claimed_review, token=token)
    assert "Published." in page
    assert Review.objects.get().published_at == claimed_review.published_at
    with pytest.raises(AlreadyPublished):
        claimed_review.publish(token_of(claimed_review))
    assert jobs_of(claimed_review).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_publish_shows_no_refusal(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    url = reverse("review-publish", args=[claimed_review.pk])
    data = {"token": str(token_of(claimed_review)), "comment": "Well done."}

    def click() -> str:
        return client_of(reviewer).post(url, data).headers.get("Location", "refused")

    assert race(4, click) == [reverse("review-summary", args=[claimed_review.pk])] * 4
    assert jobs_of(claimed_review).count() == 1


@pytest.mark.django_db(transaction=True)
def test_publishing_at_once_has_one_winner(claimed_review: Review) -> None:
    grade(claimed_review)
    token = token_of(claimed_review)
    pages = [Review.objects.select_related("assignment", "author").get() for _ in range(4)]
    outcomes = race(*(partial(review.publish, token) for review in pages))
    assert Counter(map(type, outcomes)) == {type(None): 1, AlreadyPublished: 3}
    assert jobs_of(claimed_review).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_mark_against_publishing_is_either_published_or_refused(claimed_review: Review) -> None:
    grade(claimed_review)
    token = token_of(claimed_review)
    answer = first_answer(claimed_review)
    marking = Review.objects.select_related("assignment", "author").get()

    def mark() -> None:
        with marking.writing(token):
            marking.mark(answer, {"main": "missed", "side": "missed"})

    marked, published = race(mark, lambda: claimed_review.publish(token))
    assert published is None
    assert marked is None or isinstance(marked, AlreadyPublished | ClaimLost)
    review = Review.objects.with_grading().get()
    # The score that is shown is that of the marks that are shown.
    assert review.score == review.score_so_far()
    assert review.score == (Decimal("66.67") if marked is None else 100)


def test_the_candidate_sees_it_after_a_minute_and_not_before(claimed_review: Review) -> None:
    grade(claimed_review)
    interview = claimed_review.interview
    assert not feedback_on(interview)
    claimed_review.publish(token_of(claimed_review))
    assert not feedback_on(interview)
    pass_a_minute(claimed_review)
    assert feedback_on(interview) == [claimed_review]


def test_feedback_has_marks_and_comments_in_seven_queries(
    claimed_review: Review, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(first_answer(claimed_review), "Well said.")
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    with django_assert_num_queries(7):
        (review,) = feedback_on(claimed_review.interview)
        graded = review.graded_answers()
        assert [answer.score for answer in graded] == [1, 1, 1]
        assert [answer.comment for answer in graded] == ["Well said.", "", ""]


def test_taking_back_within_the_minute_makes_a_claimed_draft_again(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    client = client_of(reviewer)
    publish(client, claimed_review)
    page = client.post(reverse("review-take-back", args=[claimed_review.pk]), follow=True)
    assert "Taken back." in page.content.decode()
    claimed_review.refresh_from_db()
    assert (claimed_review.published_at, claimed_review.visible_from) == (None, None)
    assert claimed_review.score is None
    assert claimed_review.marks.count() == 6
    assert Assignment.objects.held_by(reviewer).get() == assignment
    publish(client, claimed_review)
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is not None


def test_taking_back_twice_is_once(claimed_review: Review, reviewer: User) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    claimed_review.take_back()
    token = token_of(claimed_review)
    claimed_review.take_back()
    assert token_of(claimed_review) == token


def test_after_the_minute_it_cannot_be_taken_back(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    with pytest.raises(TooLate):
        claimed_review.take_back()
    client = client_of(reviewer)
    page = client.post(reverse("review-take-back", args=[claimed_review.pk]), follow=True)
    assert "it can’t be taken back" in page.content.decode()
    assert "<button" not in page.content.decode().split("Published.")[1].split("</div>")[0]
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is not None


def test_a_release_between_two_tabs_refuses_publishing_and_keeps_everything(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    token = str(token_of(claimed_review))
    assignment.release(reviewer)
    fields = {"token": token, "comment": "My careful words."}
    page = publish(client_of(reviewer), claimed_review, **fields)
    assert "You don’t hold this interview any more." in page
    assert "My careful words." in page
    assert claimed_review.marks.count() == 6


def test_a_superseded_review_is_not_current_once_its_correction_is_visible(
    claimed_review: Review, reviewer: User
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.refresh_from_db()
    correction = claimed_review.correct("I had misread the second answer.")
    assert feedback_on(claimed_review.interview) == [claimed_review]
    Review.objects.filter(pk=correction.pk).update(
        score=50,
        **LEVELS,
        published_at=claimed_review.published_at,
        visible_from=claimed_review.visible_from,
    )
    assert feedback_on(claimed_review.interview) == [correction]


# The mail


@pytest.fixture(autouse=True)
def _our_address(settings: Settings) -> None:
    settings.SITE_URL = "https://dry-run.example.com"


@pytest.fixture
def verified(candidate: User) -> EmailAddress:
    address: EmailAddress = EmailAddress.objects.create(
        user=candidate, email=candidate.email, verified=True, primary=True
    )
    return address


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")


def test_mail_goes_once_and_only_when_the_review_is_visible(
    work: Callable[[], None], verified: EmailAddress, claimed_review: Review, candidate: User
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    work()
    assert mail.outbox == []
    pass_a_minute(claimed_review)
    make_due()
    work()
    work()
    (message,) = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    assert message.to == [candidate.email]
    assert message.subject == "Your feedback is ready: Basics"
    url = f"https://dry-run.example.com{reverse('feedback', args=[claimed_review.interview_id])}"
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    html, text = str(html), str(message.body)
    assert url in text
    assert f'href="{url}"' in html
    for part in (str(message.subject), text, html):
        assert "100" not in part
        assert "reviewer@example.com" not in part
    claimed_review.refresh_from_db()
    assert claimed_review.mailed_at is not None


def test_the_job_waits_until_the_review_is_visible(claimed_review: Review) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    assert jobs_of(claimed_review).get().scheduled_at == claimed_review.visible_from


def test_a_refused_publishing_leaves_no_job(claimed_review: Review) -> None:
    with pytest.raises(Incomplete):
        claimed_review.publish(token_of(claimed_review))
    assert not jobs_of(claimed_review).exists()


def test_a_review_that_was_taken_back_is_not_mailed(
    work: Callable[[], None], verified: EmailAddress, claimed_review: Review
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    claimed_review.take_back()
    make_due()
    work()
    assert mail.outbox == []


def test_a_review_that_was_published_again_is_mailed_once(
    work: Callable[[], None], verified: EmailAddress, claimed_review: Review
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    claimed_review.take_back()
    claimed_review.publish(token_of(claimed_review))
    assert jobs_of(claimed_review).count() == 2
    pass_a_minute(claimed_review)
    make_due()
    work()
    assert len(mail.outbox) == 1


def test_a_job_that_runs_twice_mails_once(
    work: Callable[[], None], verified: EmailAddress, claimed_review: Review
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    mail_feedback.defer(review_id=str(claimed_review.pk))
    make_due()
    work()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("fields", [{"verified": False}, {"email": "former@example.com"}])
def test_only_the_verified_address_is_mailed(
    work: Callable[[], None],
    verified: EmailAddress,
    claimed_review: Review,
    fields: dict[str, object],
) -> None:
    EmailAddress.objects.filter(pk=verified.pk).update(**fields)
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    make_due()
    work()
    assert mail.outbox == []
    claimed_review.refresh_from_db()
    assert claimed_review.mailed_at is None
