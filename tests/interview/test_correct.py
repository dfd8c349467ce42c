"""A published review is corrected by a new one, with a reason; both stay readable."""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from interview.models import Assignment, Comment, Mark, Review
from interview.quotes import key_of
from interview.refusals import (
    AlreadyPublished,
    CorrectedAlready,
    Incomplete,
    NotVisibleYet,
    TooLate,
)
from tests.interview.reviewing import (
    LEVELS,
    feedback_on,
    first_answer,
    grade,
    pass_a_minute,
    token_of,
)
from tests.races import race, wait_until_somebody_waits

ClientOf = Callable[[User], Client]

REASON = "I had misread the second answer."


@pytest.fixture
def published(claimed_review: Review) -> Review:
    """All points full, with comments, published and readable; the model answers are shown."""
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(first_answer(claimed_review), "Well said.")
        claimed_review.comment_on(None, "Good, on the whole.")
        claimed_review.marks.filter(key="main", answer__position=1).update(
            quote_revision=1, quote_start=0, quote_end=4
        )
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    claimed_review.refresh_from_db()
    return claimed_review


def publish(correction: Review) -> Review:
    correction.publish(None)
    pass_a_minute(correction)
    correction.refresh_from_db()
    return correction


def feedback(client: Client, review: Review) -> str:
    url = reverse("feedback", args=[review.interview_id])
    return client.get(url).content.decode()


# What it is


def test_it_begins_with_all_that_the_review_says(published: Review) -> None:
    correction = published.correct(REASON)
    assert (correction.supersedes, correction.reason) == (published, REASON)
    assert (correction.author, correction.published_at) == (published.author, None)
    assert {name: getattr(correction, name) for name in LEVELS} == LEVELS

    def said_by(review: Review) -> list[Any]:
        marks = review.marks.order_by("answer", "key")
        comments = review.comments.order_by("text")
        return [
            *marks.values_list(
                "answer", "key", "key_point", "value", "quote_revision", "quote_start", "quote_end"
            ),
            *comments.values_list("answer", "text"),
        ]

    assert said_by(correction) == said_by(published)
    assert len(said_by(correction)) == 8


def test_what_it_changes_changes_nothing_of_the_review(published: Review) -> None:
    correction = published.correct(REASON)
    with correction.writing(None) as held:
        assert held
        correction.mark(first_answer(correction), {"main": "missed"})
        correction.comment_on(None, "Not so good.")
        correction.set_levels({"knowledge": 1})
    publish(correction)
    published.refresh_from_db()
    assert published.score == 100
    assert published.knowledge == 3
    assert set(published.marks.values_list("value", flat=True)) == {"full"}
    assert published.overall_comment == "Good, on the whole."
    assert correction.score is not None
    assert correction.score < 100
    assert feedback_on(published.interview) == [correction]


def test_it_becomes_visible_after_a_minute_and_can_be_taken_back_until_then(
    published: Review,
) -> None:
    correction = published.correct(REASON)
    correction.publish(None)
    assert feedback_on(published.interview) == [published]
    correction.take_back()
    assert (correction.published_at, correction.score) == (None, None)
    published.assignment.refresh_from_db()  # type: ignore[union-attr]
    # Nobody can claim what is done, and nobody holds it.
    assert not Assignment.objects.waiting().exists()
    assert published.assignment.holder is None  # type: ignore[union-attr]
    publish(correction)
    with pytest.raises(TooLate):
        correction.take_back()
    assert feedback_on(published.interview) == [correction]


def test_a_correction_can_be_corrected(published: Review) -> None:
    first = publish(published.correct(REASON))
    second = publish(first.correct("Once more."))
    assert feedback_on(published.interview) == [second]
    with pytest.raises(CorrectedAlready):
        published.correct(REASON)
    with pytest.raises(CorrectedAlready):
        first.correct(REASON)


def test_a_correction_without_a_mark_is_not_published(published: Review) -> None:
    correction = published.correct(REASON)
    correction.marks.all()[0].delete()
    with pytest.raises(Incomplete):
        correction.publish(None)
    assert feedback_on(published.interview) == [published]


def test_a_draft_or_what_can_be_taken_back_is_not_corrected(claimed_review: Review) -> None:
    with pytest.raises(NotVisibleYet):
        claimed_review.correct(REASON)
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    with pytest.raises(NotVisibleYet):
        claimed_review.correct(REASON)
    assert Review.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_corrections_at_once_one_begins(published: Review) -> None:
    pages = [Review.objects.select_related("assignment").get() for _ in range(8)]
    outcomes = race(*(partial(page.correct, REASON) for page in pages))
    assert Counter(map(type, outcomes)) == {Review: 1, CorrectedAlready: 7}
    (correction,) = Review.objects.corrections()
    assert correction.marks.count() == 6


@pytest.mark.django_db(transaction=True)
def test_of_discarding_and_publishing_at_once_one_wins(published: Review) -> None:
    correction = published.correct(REASON)
    page = Review.objects.select_related("assignment").get(pk=correction.pk)
    published_now, discarded = race(partial(page.publish, None), correction.discard)
    if discarded is None:
        assert isinstance(published_now, Review.DoesNotExist)
        assert not Review.objects.corrections().exists()
    else:
        assert isinstance(discarded, AlreadyPublished)
        assert published_now is None
        assert Review.objects.corrections().published().count() == 1
    assert Review.objects.filter(pk=published.pk).exists()


def test_the_candidate_s_account_takes_it_along(published: Review, candidate: User) -> None:
    published.correct(REASON)
    candidate.delete_account()
    assert not Review.objects.exists()
    assert not Mark.objects.exists()
    assert not Comment.objects.exists()


def test_the_reviewer_s_account_takes_the_draft_and_leaves_what_is_published(
    published: Review, reviewer: User
) -> None:
    first = publish(published.correct(REASON))
    first.correct("Once more.")
    reviewer.delete_account()
    assert set(Review.objects.all()) == {published, first}
    assert feedback_on(published.interview) == [first]


# The reviewer's pages


def test_the_reason_is_asked_first_and_the_grading_page_opens(
    published: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("review-correct", args=[published.pk])
    assert "Why do you correct it?" in client.get(url).content.decode()
    assert not Review.objects.corrections().exists()
    reply = client.post(url, {"reason": f"  {REASON}\r\n"})
    correction = Review.objects.corrections().get()
    assert correction.reason == REASON
    assert reply["Location"] == reverse("review", args=[correction.pk])
    page = client.get(reply["Location"]).content.decode()
    assert f"Your reason: {REASON}" in page
    assert "Discard the correction" in page
    assert "Well said." in page


def test_the_whole_way_through_the_pages(
    published: Review, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    correction = published.correct(REASON)
    marks = {"token": "", "mark-main": "half", "mark-side": "full", "comment": "Well said."}
    client.post(reverse("review-answer-save", args=[correction.pk, 1]), marks)
    summary = client.get(reverse("review-summary", args=[correction.pk])).content.decode()
    assert "disabled>Publish" not in summary
    assert "The candidate can read it one minute after you publish" in summary
    levels = {name: str(level) for name, level in LEVELS.items()}
    data = {"token": "", "comment": "Good, on the whole.", **levels}
    url = reverse("review-publish", args=[correction.pk])
    assert "Take back" in client.post(url, data, follow=True).content.decode()
    pass_a_minute(correction)
    page = feedback(client_of(candidate), published)
    assert "Question 1, from full to <strong>half</strong>:" in page
    assert "The score was 100 and is 89 of 100." in page
    assert REASON in page


@pytest.mark.parametrize("reason", ["", "  \n ", "x" * 501, "a\0b"])
def test_a_reason_that_is_none_or_too_long_is_refused_and_kept(
    published: Review, reviewer: User, client_of: ClientOf, reason: str
) -> None:
    url = reverse("review-correct", args=[published.pk])
    page = client_of(reviewer).post(url, {"reason": reason}).content.decode()
    assert 'id="id_reason_error"' in page
    assert reason in page
    assert not Review.objects.corrections().exists()


def test_a_second_click_leads_to_the_same_correction(
    published: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("review-correct", args=[published.pk])
    first, again = (client.post(url, {"reason": REASON})["Location"] for _ in range(2))
    assert first == again
    page = client.post(url, {"reason": "Something else."}).content.decode()
    assert "has been begun already" in page
    assert "Something else." in page
    assert first in page
    assert Review.objects.corrections().count() == 1


def test_what_can_still_be_taken_back_says_so(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    client = client_of(reviewer)
    url = reverse("review-correct", args=[claimed_review.pk])
    assert "take it back instead" in client.get(url).content.decode()
    assert "take it back instead" in client.post(url, {"reason": REASON}).content.decode()
    assert not Review.objects.corrections().exists()


def test_a_draft_can_not_be_corrected_by_its_address(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-correct", args=[claimed_review.pk])
    assert client_of(reviewer).get(url).status_code == 404


def test_only_the_author_corrects_and_only_with_the_permission(
    published: Review, reviewer: User, other_reviewer: User, superuser: User, client_of: ClientOf
) -> None:
    correction = published.correct(REASON)
    urls = [
        reverse("review-correct", args=[published.pk]),
        reverse("review-discard", args=[correction.pk]),
        reverse("review-publish", args=[correction.pk]),
    ]
    reviewer.groups.clear()
    for somebody in (reviewer, other_reviewer, superuser):
        client = client_of(somebody)
        assert [client.post(url, {"reason": REASON}).status_code for url in urls] == [404] * 3
    assert Review.objects.corrections().get().published_at is None


def test_discarding_leaves_the_review_and_another_can_begin(
    published: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    correction = published.correct(REASON)
    page = client.post(reverse("review-discard", args=[correction.pk]), follow=True)
    assert "The correction is discarded." in page.content.decode()
    assert list(Review.objects.all()) == [published]
    assert published.marks.count() == 6
    published.correct("Another one.")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "write",
    ["review-publish", "review-summary", "review-answer-save", "review-answer-comment"],
)
def test_a_write_while_it_is_discarded_in_another_tab_finds_nothing(
    published: Review, reviewer: User, client_of: ClientOf, write: str
) -> None:
    correction = published.correct(REASON)
    url = reverse(write, args=[correction.pk, *([1] if "answer" in write else [])])
    comment = {"text": "Once more.", "base": "1", "writer": str(uuid4()), "sequence": "1"}
    sent = {"token": "", **comment, **{name: str(level) for name, level in LEVELS.items()}}
    here, there = client_of(reviewer), client_of(reviewer)
    there.raise_request_exception = False

    def discard_while_the_other_writes() -> int:
        with transaction.atomic():
            Review.objects.select_for_update().get(pk=correction.pk)
            begun.set()
            wait_until_somebody_waits()
            return here.post(reverse("review-discard", args=[correction.pk])).status_code

    def send() -> int:
        assert begun.wait(timeout=10)
        return there.post(url, sent).status_code

    begun = Event()
    assert race(discard_while_the_other_writes, send) == [302, 404]
    assert list(Review.objects.all()) == [published]


def test_neither_a_review_nor_a_published_correction_is_discarded(
    published: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    assert client.post(reverse("review-discard", args=[published.pk])).status_code == 404
    correction = publish(published.correct(REASON))
    client.post(reverse("review-discard", args=[correction.pk]))
    assert Review.objects.count() == 2


def test_my_reviews_list_what_is_published_and_what_is_begun(
    published: Review, reviewer: User, other_reviewer: User, client_of: ClientOf
) -> None:
    assert published.assignment
    client = client_of(reviewer)
    page = client.get(reverse("review-list")).content.decode()
    assert published.assignment.pseudonym in page
    assert reverse("review-correct", args=[published.pk]) in page
    correction = published.correct(REASON)
    page = client.get(reverse("review-list")).content.decode()
    assert "Corrections you have begun" in page
    assert reverse("review-discard", args=[correction.pk]) in page
    publish(correction)
    page = client.get(reverse("review-list")).content.decode()
    assert "Corrected since" in page
    assert reverse("review-correct", args=[published.pk]) not in page
    assert reverse("review-correct", args=[correction.pk]) in page
    empty = client_of(other_reviewer).get(reverse("review-list")).content.decode()
    assert "Nothing published yet" in empty
    # It isn't among the drafts of claims that were lost.
    assert "Drafts of interviews" not in client.get(reverse("queue")).content.decode()


# What the candidate reads


@pytest.fixture
def corrected(published: Review) -> Review:
    correction = published.correct(REASON)
    with correction.writing(None):
        correction.mark(first_answer(correction), {"side": "missed"})
        correction.comment_on(first_answer(correction), "Less well said.")
        correction.set_levels({"reasoning": 2})
    return publish(correction)


def test_the_difference_and_the_reason_are_shown(
    corrected: Review, candidate: User, client_of: ClientOf
) -> None:
    page = feedback(client_of(candidate), corrected)
    assert "Corrected on" in page
    assert REASON in page
    assert "Question 1, from full to <strong>missed</strong>:" in page
    assert "Reasoning, from strong to <strong>good</strong>" not in page
    assert "Reasoning, from strong to <strong>partial</strong>" in page
    assert "Question 1: the comment" in page
    assert "Less well said." in page
    assert page.count("Question 2, from") == 0


def test_other_words_that_a_mark_rests_on_are_a_difference(
    published: Review, candidate: User, client_of: ClientOf
) -> None:
    correction = published.correct(REASON)
    answer = first_answer(correction)
    with correction.writing(None):
        correction.cite(answer, "main", key_of(answer.text), 5, 11)
    publish(correction)
    client = client_of(candidate)
    page = feedback(client, published)
    assert "Question 1: which words the marks rest on" in page
    assert "are as they were" not in page
    assert ">I know</mark>" in page
    earlier = reverse("feedback-earlier", args=[published.interview_id, 1])
    assert ">What</mark>" in client.get(earlier).content.decode()
    # And none where the words stay.
    publish(correction.correct("Nothing else."))
    assert feedback(client, published).count("which words the marks rest on") == 1


def test_the_old_review_stays_readable_and_is_labelled(
    corrected: Review, candidate: User, other_candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)
    url = reverse("feedback-earlier", args=[corrected.interview_id, 1])
    assert url in feedback(client, corrected)
    page = client.get(url).content.decode()
    assert "This is an earlier review." in page
    assert "100<small>of 100</small>" in page
    assert "Well said." in page
    assert "Ask for a second look" not in page
    for number in (0, 2, 9999):
        beyond = reverse("feedback-earlier", args=[corrected.interview_id, number])
        assert client.get(beyond).status_code == 404
    for other in (other_candidate, reviewer):
        assert client_of(other).get(url).status_code == 404


def test_a_correction_that_is_not_visible_shows_nothing(
    published: Review, candidate: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)
    correction = published.correct(REASON)
    before = feedback(client, published)
    correction.publish(None)
    after = feedback(client, published)
    assert REASON not in after
    assert len(before) == len(after)
    earlier = reverse("feedback-earlier", args=[published.interview_id, 1])
    assert client.get(earlier).status_code == 404


def test_both_are_in_the_candidate_s_export(
    corrected: Review, candidate: User, client_of: ClientOf
) -> None:
    export = json.loads(client_of(candidate).get(reverse("profile-export")).getvalue())
    reviews = export["interviews"][0]["reviews"]
    assert [review["reason"] for review in reviews] == ["", REASON]


# The mail


def test_it_is_mailed_once_with_the_reason_and_without_the_score(
    work: Callable[[], None], settings: Settings, published: Review, candidate: User
) -> None:
    settings.SITE_URL = "https://dry-run.example.com"
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    Review.objects.update(mailed_at=published.visible_from)
    correction = published.correct(REASON)
    correction.publish(None)
    job = ProcrastinateJob.objects.get(args__review_id=str(correction.pk))
    assert job.scheduled_at == correction.visible_from
    work()
    assert mail.outbox == []
    pass_a_minute(correction)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    work()
    (message,) = mail.outbox
    assert message.subject == "Your feedback was corrected: Basics"
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    path = reverse("feedback", args=[correction.interview_id])
    for text in (str(message.body), html):
        assert REASON in text
        assert f"https://dry-run.example.com{path}" in text
        assert "100" not in text.replace(path, "")
        assert "reviewer@example.com" not in text
