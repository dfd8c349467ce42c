"""A reviewer accepts text that came late: for one review, and never as the answer itself."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import AcceptedText, Assignment, Interview, LateText, Review, Revision
from interview.refusals import AlreadyPublished, CameAfterReveal, UnknownLateText
from interview.results import results_of
from questions.models import QuestionSet
from tests.conftest import start_interview
from tests.interview.reviewing import (
    arrive_late,
    end_lease,
    first_answer,
    grade,
    pass_a_minute,
    to_grade,
    token_of,
)
from tests.races import race

ClientOf = Callable[[User], Client]


@pytest.fixture
def late(ended_interview: Interview) -> Revision:
    return arrive_late(ended_interview, "What came too late.")


@pytest.fixture
def review(late: Revision, claimed_review: Review) -> Review:
    """The reviewer's draft of the interview with the late text."""
    return claimed_review


@pytest.fixture
def page(reviewer: User, client_of: ClientOf) -> Client:
    return client_of(reviewer)


def key_of(revision: Revision) -> str:
    return LateText(revision, accepted=False, revealed_at=None).key


def accept(review: Review, late: Revision) -> None:
    with review.writing(token_of(review)):
        review.accept(late)


def press(page: Client, review: Review, **button: str) -> Any:
    """A button beside the late text, with the form around it."""
    data = {"token": str(token_of(review) or ""), "comment": "", **button}
    return page.post(reverse("review-answer-save", args=[review.pk, 1]), data)


def grading(page: Client, review: Review) -> str:
    return page.get(reverse("review", args=[review.pk]) + "?question=1").content.decode()


def shown_late(review: Review) -> list[str]:
    first = to_grade(review).graded_answers()[0]
    return [late.text for late in first.late_texts]


def accepted_by(review: Review) -> list[str]:
    return [text.revision.text for text in review.accepted_texts.select_related("revision")]


def publish(review: Review) -> None:
    grade(review)
    review.publish(token_of(review))


# What a reviewer sees.


def test_late_text_is_labelled_with_its_delay_and_can_be_accepted(
    page: Client, review: Review
) -> None:
    html = grading(page, review)
    assert "Came 12 seconds after the end" in html
    assert "What came too late." in html
    assert "Accept this text" in html


def test_of_several_the_newest_of_each_page_is_shown_oldest_first(
    ended_interview: Interview, claimed_review: Review
) -> None:
    laptop, phone = uuid4(), uuid4()
    for text, writer in (
        ("laptop, first", laptop),
        ("phone, first", phone),
        ("laptop, last", laptop),
        ("phone, last", phone),
        ("a plain form", None),
        ("another plain form", None),
    ):
        arrive_late(ended_interview, text, writer=writer)
    assert shown_late(claimed_review) == [
        "laptop, last",
        "phone, last",
        "a plain form",
        "another plain form",
    ]


def test_of_hundreds_the_newest_five_are_shown(
    ended_interview: Interview, claimed_review: Review
) -> None:
    for number in range(100):
        arrive_late(ended_interview, f"late {number}", writer=uuid4())
    assert shown_late(claimed_review) == [f"late {number}" for number in range(95, 100)]


def test_the_accepted_one_stays_on_the_page_when_its_page_sends_more(
    ended_interview: Interview, claimed_review: Review
) -> None:
    tab = uuid4()
    accept(claimed_review, arrive_late(ended_interview, "accepted", writer=tab))
    for number in range(6):
        arrive_late(ended_interview, f"later {number}", writer=uuid4())
    arrive_late(ended_interview, "the same page's next", writer=tab)
    assert shown_late(claimed_review) == [
        "accepted",
        *(f"later {number}" for number in range(2, 6)),
        "the same page's next",
    ]


def test_the_page_tells_no_revision_number_which_would_tell_how_long_one_wrote(
    page: Client, ended_interview: Interview, review: Review
) -> None:
    ended_interview.answers.filter(position=1).update(last_revision=71_826)
    late = arrive_late(ended_interview, "After many saves.")
    accept(review, late)
    assert late.number == 71_827
    html = grading(page, review)
    assert "After many saves." in html
    assert "71827" not in html.replace(",", "")
    assert f'"{late.pk}"' not in html


# Accepting.


def test_accepting_is_stored_for_the_review_and_the_answer_stays_as_it_is(
    page: Client, review: Review, late: Revision
) -> None:
    reply = press(page, review, accept=key_of(late))
    assert reply["Location"] == reverse("review", args=[review.pk]) + "?question=1"
    assert accepted_by(review) == ["What came too late."]
    answer = first_answer(review)
    assert (answer.text, answer.revision) == ("What I know about question 1.", 1)
    html = grading(page, review)
    assert "You count it as part of the answer." in html
    assert "Accept this text" not in html


def test_what_was_marked_and_typed_is_saved_along(
    page: Client, review: Review, late: Revision
) -> None:
    press(page, review, accept=key_of(late), **{"mark-main": "half", "comment": "Typed."})
    assert review.marks.get().value == "half"
    assert review.comments.get().text == "Typed."


def test_it_can_be_undone_until_it_is_published(
    page: Client, review: Review, late: Revision
) -> None:
    press(page, review, accept=key_of(late))
    press(page, review, undo_accepting="1")
    assert accepted_by(review) == []
    accept(review, late)
    publish(review)
    reply = press(page, review, undo_accepting="1")
    assert "This review is published." in reply.content.decode()
    assert accepted_by(review) == ["What came too late."]


def test_saving_marks_leaves_what_was_accepted(page: Client, review: Review) -> None:
    accept(review, Revision.objects.late().get())
    press(page, review, **{"mark-main": "full"})
    assert accepted_by(review) == ["What came too late."]


def test_accepting_twice_is_once_and_another_one_takes_its_place(
    page: Client, ended_interview: Interview, review: Review, late: Revision
) -> None:
    other = arrive_late(ended_interview, "From the phone.")
    for revision in (late, late, other):
        press(page, review, accept=key_of(revision))
    assert accepted_by(review) == ["From the phone."]


@pytest.mark.parametrize("key", ["0" * 16, "1", "x" * 5000, "\u0130"])
def test_a_late_text_that_there_is_not_is_refused_and_what_was_typed_stays(
    page: Client, review: Review, key: str
) -> None:
    html = press(page, review, accept=key, comment="Typed before.").content.decode()
    assert "That late text isn" in html
    assert "Typed before.</textarea>" in html
    assert accepted_by(review) == []


def test_text_that_came_after_the_reveal_is_shown_so_and_has_no_button(
    page: Client, ended_interview: Interview, claimed_review: Review
) -> None:
    assert ended_interview.reveal()
    arrive_late(ended_interview, "What I read there.")
    html = grading(page, claimed_review)
    assert "What I read there." in html
    assert "had seen the model answers" in html
    assert "Accept this text" not in html


def test_text_that_came_after_the_reveal_is_refused_by_the_server_too(
    page: Client, ended_interview: Interview, claimed_review: Review
) -> None:
    assert ended_interview.reveal()
    late = arrive_late(ended_interview, "What I read there.")
    reply = press(page, claimed_review, accept=key_of(late), **{"mark-main": "full"})
    assert "after the model answers were shown" in reply.content.decode()
    assert not AcceptedText.objects.exists()
    review = Review.objects.select_related("interview").get(pk=claimed_review.pk)
    with pytest.raises(CameAfterReveal), review.writing(token_of(review)):
        review.accept(late)


def test_text_that_came_before_the_reveal_may_be_accepted_after_it(
    page: Client, ended_interview: Interview, review: Review, late: Revision
) -> None:
    assert ended_interview.reveal()
    # The same words again, now known to be right.
    arrive_late(ended_interview, late.text)
    press(page, review, accept=key_of(late))
    assert review.accepted_texts.get().number == late.number


def test_only_late_text_of_the_same_interview_can_be_accepted(
    review: Review, question_set: QuestionSet, other_candidate: User
) -> None:
    other = start_interview(other_candidate, question_set)
    other.finish()
    in_time = first_answer(review).revisions.get(kind=Revision.Kind.TYPING)
    for revision in (arrive_late(other, "Of somebody else."), in_time):
        with pytest.raises(UnknownLateText), review.writing(token_of(review)):
            review.accept(revision)
    assert not AcceptedText.objects.exists()


def test_the_database_refuses_a_text_of_another_answer_and_a_second_one(
    review: Review, late: Revision
) -> None:
    def insert(position: int, number: int) -> None:
        with transaction.atomic():
            AcceptedText.objects.create(
                review=review,
                interview_id=review.interview_id,
                answer=review.interview.answers.get(position=position),
                number=number,
            )
            connection.check_constraints()

    with pytest.raises(IntegrityError, match="accepted_text_is_of_its_answer"):
        insert(2, late.number)
    insert(1, late.number)
    with pytest.raises(IntegrityError, match="accepted_text_one_per_answer_and_review"):
        insert(1, 1)


# Claims and publishing (Rules of grading, 4 and 7).


def test_after_the_claim_was_lost_it_is_kept_in_one_s_own_draft_only(
    page: Client, assignment: Assignment, review: Review, other_reviewer: User, late: Revision
) -> None:
    token = token_of(review)
    end_lease(assignment)
    theirs = assignment.claim(other_reviewer)
    data = {"token": str(token), "comment": "", "accept": key_of(late)}
    page.post(reverse("review-answer-save", args=[review.pk, 1]), data)
    assert accepted_by(review) == ["What came too late."]
    assert accepted_by(theirs) == []
    assert "somebody else has this interview" in grading(page, review)


def test_from_a_page_of_an_earlier_claim_it_is_refused(
    page: Client, assignment: Assignment, review: Review, reviewer: User, late: Revision
) -> None:
    token = token_of(review)
    assignment.refresh_from_db()
    assignment.release(reviewer)
    assignment.claim(reviewer)
    data = {"token": str(token), "comment": "", "accept": key_of(late)}
    reply = page.post(reverse("review-answer-save", args=[review.pk, 1]), data)
    assert "This page was from an earlier claim of yours." in reply.content.decode()
    assert accepted_by(review) == []


def test_another_reviewer_s_draft_is_not_found(
    review: Review, other_reviewer: User, client_of: ClientOf, late: Revision
) -> None:
    assert press(client_of(other_reviewer), review, accept=key_of(late)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_against_somebody_else_s_claim_it_never_gets_into_their_review(
    assignment: Assignment, review: Review, other_reviewer: User, late: Revision
) -> None:
    token = token_of(review)
    end_lease(assignment)

    def accept_meanwhile() -> bool:
        with review.writing(token) as held:
            review.accept(late)
        return held

    held, theirs = race(accept_meanwhile, lambda: assignment.claim(other_reviewer))
    assert accepted_by(review) == ["What came too late."]
    # Who was first: the renewed lease keeps others out, a claim leaves a draft.
    assert held is not isinstance(theirs, Review), (held, theirs)
    if isinstance(theirs, Review):
        assert accepted_by(theirs) == []


@pytest.mark.django_db(transaction=True)
def test_against_publishing_it_is_either_published_or_refused(
    review: Review, late: Revision
) -> None:
    grade(review)
    token = token_of(review)

    def accept_meanwhile() -> str:
        with review.writing(token) as held:
            review.accept(late)
        return "held" if held else "lost"

    accepted, published = race(accept_meanwhile, lambda: review.publish(token))
    assert published is None
    if accepted == "held":
        assert accepted_by(review) == ["What came too late."]
    else:
        assert isinstance(accepted, AlreadyPublished), accepted
        assert accepted_by(review) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_is_stored(review: Review, late: Revision) -> None:
    token = token_of(review)

    def click() -> None:
        with review.writing(token):
            review.accept(late)

    assert race(4, click) == [None] * 4
    assert accepted_by(review) == ["What came too late."]


def test_a_correction_begins_with_what_was_accepted(review: Review, late: Revision) -> None:
    accept(review, late)
    publish(review)
    pass_a_minute(review)
    correction = review.correct("I had misread the second answer.")
    assert accepted_by(correction) == accepted_by(review) == ["What came too late."]
    correction.undo_accepting(first_answer(review))
    assert accepted_by(correction) == []
    assert accepted_by(review) == ["What came too late."]


# What the candidate gets.


@pytest.fixture
def feedback(candidate: User, client_of: ClientOf, ended_interview: Interview) -> Callable[[], str]:
    client = client_of(candidate)

    def get() -> str:
        ended_interview.reveal()
        url = reverse("feedback", args=[ended_interview.pk])
        return client.get(url).content.decode()

    return get


ACCEPTED = "Your reviewer accepted the text that came 12 seconds late"
NOT_ACCEPTED = "marked your answer as it stood when the time was over"


def test_the_candidate_is_told_that_it_was_accepted_beside_both_texts(
    review: Review, late: Revision, feedback: Callable[[], str]
) -> None:
    accept(review, late)
    publish(review)
    pass_a_minute(review)
    html = feedback()
    assert ACCEPTED in html
    assert NOT_ACCEPTED not in html
    assert "What came too late." in html
    assert "What I know about question 1." in html


def test_the_candidate_is_told_gently_that_it_was_not_accepted(
    review: Review, feedback: Callable[[], str]
) -> None:
    publish(review)
    pass_a_minute(review)
    html = feedback()
    assert NOT_ACCEPTED in html
    assert ACCEPTED not in html
    assert "What came too late." in html


def test_while_it_can_be_taken_back_the_candidate_is_told_nothing(
    review: Review, late: Revision, feedback: Callable[[], str]
) -> None:
    accept(review, late)
    publish(review)
    html = feedback()
    assert ACCEPTED not in html
    assert "A reviewer may accept it." in html


def test_text_after_the_reveal_is_told_to_be_too_late_to_accept(
    review: Review, ended_interview: Interview, feedback: Callable[[], str]
) -> None:
    feedback()
    arrive_late(ended_interview, "What I read there.")
    assert "It came after the model answers were shown" in feedback()


def test_the_feedback_of_a_review_with_accepted_texts_costs_seven_queries(
    review: Review, late: Revision, django_assert_num_queries: Any
) -> None:
    accept(review, late)
    publish(review)
    pass_a_minute(review)
    with django_assert_num_queries(7):
        results = results_of(Interview.objects.for_results().get(pk=review.interview_id))
        (text,) = [late.text for answer in results.answers for late in answer.late_texts]
    assert text == "What came too late."


def test_it_is_in_the_export_of_both_by_its_delay_alone(
    review: Review, late: Revision, candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    accept(review, late)
    publish(review)
    pass_a_minute(review)

    def export(user: User) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(client_of(user).get(reverse("profile-export")).getvalue())
        return data

    told = [{"question": 1, "came_late_by": "12 seconds"}]
    assert export(candidate)["interviews"][0]["reviews"][0]["accepted_late_texts"] == told
    assert export(reviewer)["reviews_written"][0]["accepted_late_texts"] == told


def test_it_goes_with_the_candidate_s_account(
    review: Review, late: Revision, candidate: User
) -> None:
    accept(review, late)
    candidate.delete_account()
    assert not AcceptedText.objects.exists()
