"""A second look at one key point, with a reason: asked once, within 14 days, answered there."""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from interview.models import Assignment, Mark, Review, SecondLook
from interview.refusals import (
    AnsweredAlready,
    AnswersSecondLook,
    AskedAlready,
    CorrectionUnderWay,
    MarkedFull,
    MarkHasChanged,
    NewerCorrection,
    TooLate,
    TooLateToAsk,
)
from questions.models import QuestionSet
from tests.conftest import move_back
from tests.interview.reviewing import (
    feedback_on,
    fill_queue,
    grade,
    pass_a_minute,
    token_of,
)
from tests.races import race

ClientOf = Callable[[User], Client]

REASON = "I wrote it in the last line."


@pytest.fixture
def review(claimed_review: Review) -> Review:
    """All points half, published and readable; the model answers are shown."""
    grade(claimed_review, Mark.Value.HALF)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    claimed_review.refresh_from_db()
    return claimed_review


def mark_of(review: Review, key: str = "main", position: int = 1) -> Mark:
    marks = Mark.objects.select_related("review__assignment", "answer")
    return marks.get(review=review, key=key, answer__position=position)


@pytest.fixture
def look(review: Review) -> SecondLook:
    """Asked about the first question's main point."""
    return SecondLook.objects.ask(mark_of(review), REASON)


def answer(look: SecondLook, by: User, value: str = "full", reply: str = "You did.") -> None:
    fresh = SecondLook.objects.for_page().get(pk=look.pk)
    fresh.answer_with(reply, value, by)
    look.refresh_from_db()


def execute(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def let_it_be_visible(look: SecondLook) -> None:
    """As if the answer had been given a minute earlier."""
    execute(
        "UPDATE interview_secondlook SET answered_at = answered_at - interval '1 minute',"
        " visible_from = visible_from - interval '1 minute' WHERE id = %s",
        look.pk,
    )
    look.refresh_from_db()
    if look.correction is not None:
        pass_a_minute(look.correction)


def publish_days_ago(review: Review, days: float) -> None:
    execute(
        "UPDATE interview_review SET published_at = now() - %s * interval '1 day',"
        " visible_from = now() - %s * interval '1 day' WHERE id = %s",
        *(days, days, review.pk),
    )


def url_to_ask(review: Review, key: str = "main", position: int = 1) -> str:
    return reverse("second-look-ask", args=[review.interview_id, position, key])


def feedback(client: Client, review: Review) -> str:
    return client.get(reverse("feedback", args=[review.interview_id])).content.decode()


# Asking


def test_asking_keeps_the_mark_and_the_reason(review: Review, look: SecondLook) -> None:
    assert (look.mark, look.reason) == (mark_of(review), REASON)
    assert (look.assignment, look.key, look.answered_at) == (review.assignment, "main", None)
    review.refresh_from_db()
    assert review.score == 50


def test_each_key_point_can_be_asked_about_once(review: Review, look: SecondLook) -> None:
    with pytest.raises(AskedAlready):
        SecondLook.objects.ask(mark_of(review), "Once more.")
    SecondLook.objects.ask(mark_of(review, "side"), REASON)
    SecondLook.objects.ask(mark_of(review, "main", 2), REASON)
    assert SecondLook.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_eight_askings_at_once_one_is_kept(review: Review) -> None:
    marks = [mark_of(review) for _ in range(8)]
    outcomes = race(*(partial(SecondLook.objects.ask, mark, REASON) for mark in marks))
    assert Counter(map(type, outcomes)) == {SecondLook: 1, AskedAlready: 7}
    assert SecondLook.objects.count() == 1


def test_a_correction_does_not_open_it_again(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    answer(look, reviewer, "missed")
    let_it_be_visible(look)
    (correction,) = feedback_on(review.interview)
    with pytest.raises(AskedAlready):
        SecondLook.objects.ask(mark_of(correction), REASON)
    SecondLook.objects.ask(mark_of(correction, "side"), REASON)


def test_the_database_refuses_a_second_one_whoever_writes_it(
    review: Review, look: SecondLook
) -> None:
    correction = review.correct("Misread.")
    with pytest.raises(IntegrityError, match="second_look_one_per_key_point"), transaction.atomic():
        SecondLook.objects.create(
            interview=review.interview,
            assignment=look.assignment,
            answer=look.answer,
            key=look.key,
            mark=mark_of(correction),
            reason="Once more.",
        )


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ("reason = ''", "second_look_has_a_reason"),
        ("value = 'best'", "second_look_full_half_or_missed"),
        ("answered_at = now()", "second_look_answered_with_words_and_mark"),
        (
            "answered_at = now(), visible_from = now(), reply = '', value = 'full'",
            "second_look_answered_with_words_and_mark",
        ),
        (
            "answered_at = now(), visible_from = now(), reply = 'Yes.', value = ''",
            "second_look_answered_with_words_and_mark",
        ),
    ],
)
def test_the_database_refuses_what_makes_no_sense(
    look: SecondLook, columns: str, constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        execute(f"UPDATE interview_secondlook SET {columns}")  # noqa: S608


def test_fourteen_days_are_counted_by_the_database(review: Review) -> None:
    publish_days_ago(review, 13.999)
    SecondLook.objects.ask(mark_of(review), REASON)
    publish_days_ago(review, 14)
    with pytest.raises(TooLateToAsk):
        SecondLook.objects.ask(mark_of(review, "side"), REASON)


def test_a_full_mark_and_a_mark_that_was_corrected_are_not_asked_about(review: Review) -> None:
    old = mark_of(review)
    correction = review.correct("Misread.")
    with correction.writing(None):
        correction.mark(old.answer, {"main": "full"})
    correction.publish(None)
    pass_a_minute(correction)
    with pytest.raises(MarkHasChanged):
        SecondLook.objects.ask(old, REASON)
    with pytest.raises(MarkedFull):
        SecondLook.objects.ask(mark_of(correction), REASON)


def test_what_is_not_visible_yet_can_not_be_asked_about(claimed_review: Review) -> None:
    grade(claimed_review, Mark.Value.HALF)
    claimed_review.publish(token_of(claimed_review))
    with pytest.raises(MarkHasChanged):
        SecondLook.objects.ask(mark_of(claimed_review), REASON)


# The candidate's pages


def test_the_feedback_leads_to_a_page_that_asks_why(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)
    page = feedback(client, review)
    assert url_to_ask(review) in page
    assert "You can ask for a second look at each key point once" in page
    page = client.get(url_to_ask(review)).content.decode()
    assert "Main point 1" in page
    assert "What I know about question 1." in page
    assert "overlook" in page
    reply = client.post(url_to_ask(review), {"reason": REASON}, follow=True)
    page = reply.content.decode()
    assert reply.redirect_chain[-1][0].endswith("#point-1-main")
    assert "A reviewer looks again, and you get an email with the answer." in page
    assert REASON in page
    assert "It waits for an answer" in page
    assert url_to_ask(review) not in page
    assert url_to_ask(review, "side") in page


def test_a_full_mark_has_no_link(review: Review, candidate: User, client_of: ClientOf) -> None:
    review.marks.update(value="full")
    page = feedback(client_of(candidate), review)
    assert "Ask for a second look" not in page
    assert "You can ask for a second look" not in page
    page = client_of(candidate).post(url_to_ask(review), {"reason": REASON}).content.decode()
    assert "marked full already" in page
    assert REASON in page
    assert not SecondLook.objects.exists()


def test_after_fourteen_days_the_page_says_so_and_keeps_the_words(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    publish_days_ago(review, 15)
    client = client_of(candidate)
    assert "Ask for a second look" not in feedback(client, review)
    assert "those have passed" in client.get(url_to_ask(review)).content.decode()
    page = client.post(url_to_ask(review), {"reason": REASON}).content.decode()
    assert "those have passed" in page
    assert REASON in page
    assert not SecondLook.objects.exists()


@pytest.mark.parametrize("reason", ["", " \r\n ", "x" * 2001, "a\0b"])
def test_a_reason_that_is_none_or_too_long_is_refused_and_kept(
    review: Review, candidate: User, client_of: ClientOf, reason: str
) -> None:
    page = client_of(candidate).post(url_to_ask(review), {"reason": reason}).content.decode()
    assert 'id="id_reason_error"' in page
    assert reason.replace("\r\n", "\n") in page.replace("\r\n", "\n")
    assert not SecondLook.objects.exists()


def test_two_thousand_characters_fit_with_their_line_ends(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    client_of(candidate).post(url_to_ask(review), {"reason": "x" * 1997 + "\r\n" + "yz"})
    assert len(SecondLook.objects.get().reason) == 2000


def test_a_second_click_leads_to_what_was_asked(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)
    client.post(url_to_ask(review), {"reason": REASON})
    page = client.post(url_to_ask(review), {"reason": "Again."}, follow=True).content.decode()
    assert "that is possible once" in page
    assert SecondLook.objects.get().reason == REASON


def test_a_key_that_the_version_does_not_have_is_not_there(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)
    for key, position in (("gone", 1), ("main", 9)):
        url = url_to_ask(review, key, position)
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": REASON}).status_code == 404
    assert not SecondLook.objects.exists()


def test_nobody_asks_about_somebody_else_s_review_or_without_one(
    review: Review,
    candidate: User,
    other_candidate: User,
    reviewer: User,
    superuser: User,
    client_of: ClientOf,
) -> None:
    for somebody in (other_candidate, reviewer, superuser):
        client = client_of(somebody)
        assert client.get(url_to_ask(review)).status_code == 404
        assert client.post(url_to_ask(review), {"reason": REASON}).status_code == 404
    Review.objects.all().delete()
    assert client_of(candidate).post(url_to_ask(review), {"reason": REASON}).status_code == 404
    assert not SecondLook.objects.exists()


def test_before_the_self_score_there_is_nothing_to_ask(
    review: Review, candidate: User, client_of: ClientOf
) -> None:
    execute("UPDATE interview_interview SET revealed_at = NULL")
    assert client_of(candidate).get(url_to_ask(review)).status_code == 404


# Answering


def test_the_same_mark_is_an_answer_in_words(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    answer(look, reviewer, "half", "It names the cause, not how to see it.")
    client = client_of(candidate)
    assert "not how to see it" not in feedback(client, review)
    let_it_be_visible(look)
    page = feedback(client, review)
    assert "left the mark at half:" in page
    assert "It names the cause, not how to see it." in page
    assert Review.objects.count() == 1
    assert feedback_on(review.interview) == [review]


def test_another_mark_makes_a_correction_and_the_score_follows(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    answer(look, reviewer, "full", "You are right: the last line says it.")
    correction = look.correction
    assert correction is not None
    assert (correction.supersedes, correction.author) == (review, reviewer)
    client = client_of(candidate)
    assert "You are right" not in feedback(client, review)
    let_it_be_visible(look)
    assert feedback_on(review.interview) == [correction]
    review.refresh_from_db()
    # The old one stays as it was: (2 × ½ + ½) ÷ 3 of each; and the new one has 1 of 2 ÷ 3 more.
    assert review.score == 50
    assert round(correction.score or 0) == 61
    assert mark_of(review).value == "half"
    page = feedback(client, review)
    assert "changed the mark from half to full:" in page
    assert "You are right: the last line says it." in page
    assert "A second look at question 1." in page
    assert "The score was 50 and is 61 of 100." in page
    assert reverse("feedback-earlier", args=[review.interview_id, 1]) in page


def test_two_answers_within_a_minute_build_on_each_other(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    other = SecondLook.objects.ask(mark_of(review, "side"), REASON)
    answer(look, reviewer)
    answer(other, reviewer)
    assert look.correction
    assert other.correction
    assert other.correction.supersedes == look.correction
    assert {mark_of(other.correction, key).value for key in ("main", "side")} == {"full"}
    with pytest.raises(NewerCorrection):
        look.take_back(reviewer)
    other.take_back(reviewer)
    look.take_back(reviewer)
    assert list(Review.objects.all()) == [review]


def test_an_answer_can_be_taken_back_for_a_minute_and_keeps_its_words(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    answer(look, reviewer, "full", "My careful words.")
    look.take_back(reviewer)
    look.take_back(reviewer)
    look.refresh_from_db()
    assert (look.answered_at, look.visible_from, look.correction) == (None, None, None)
    assert list(Review.objects.all()) == [review]
    page = client_of(reviewer).get(reverse("second-look", args=[look.pk])).content.decode()
    assert "My careful words." in page
    assert "My careful words." not in feedback(client_of(candidate), review)
    answer(look, reviewer)
    let_it_be_visible(look)
    with pytest.raises(TooLate):
        look.take_back(reviewer)


def test_its_correction_is_taken_back_with_the_answer_only(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    answer(look, reviewer)
    correction = Review.objects.select_related("assignment").get(supersedes=review)
    with pytest.raises(AnswersSecondLook):
        correction.take_back()
    assert Review.objects.get(pk=correction.pk).published_at is not None


def test_the_correction_s_pages_lead_to_the_answer_that_takes_it_back(
    look: SecondLook, reviewer: User, client_of: ClientOf
) -> None:
    answer(look, reviewer)
    assert look.correction is not None
    client = client_of(reviewer)
    second_look = reverse("second-look", args=[look.pk])
    take_back = reverse("review-take-back", args=[look.correction.pk])
    take_answer_back = reverse("second-look-take-back", args=[look.pk])
    for page in ("review", "review-summary"):
        html = client.get(reverse(page, args=[look.correction.pk])).content.decode()
        assert take_back not in html
        assert f'href="{second_look}">To the second look' in html
    assert take_answer_back in client.get(second_look).content.decode()
    let_it_be_visible(look)
    html = client.get(reverse("review-summary", args=[look.correction.pk])).content.decode()
    assert "only corrected" in html
    assert second_look not in html


def test_with_a_correction_begun_the_mark_can_stay_but_not_change(
    review: Review, look: SecondLook, reviewer: User, client_of: ClientOf
) -> None:
    review.correct("Misread.")
    with pytest.raises(CorrectionUnderWay):
        answer(look, reviewer, "full")
    url = reverse("second-look", args=[look.pk])
    page = client_of(reviewer).post(url, {"value": "full", "reply": "My careful words."})
    assert "A correction of this review has been begun" in page.content.decode()
    assert "My careful words." in page.content.decode()
    answer(look, reviewer, "half")


def test_a_mark_that_a_correction_changed_meanwhile_is_not_changed_again(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    correction = review.correct("Misread.")
    with correction.writing(None):
        correction.mark(look.answer, {"main": "full"})
    correction.publish(None)
    pass_a_minute(correction)
    answer(look, reviewer, "full")
    assert look.correction is None
    assert feedback_on(review.interview) == [correction]


@pytest.mark.django_db(transaction=True)
def test_of_eight_answers_at_once_one_counts(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    pages = [SecondLook.objects.for_page().get() for _ in range(8)]
    outcomes = race(*(partial(page.answer_with, "You did.", "full", reviewer) for page in pages))
    assert Counter(map(type, outcomes)) == {type(None): 1, AnsweredAlready: 7}
    assert Review.objects.corrections().count() == 1
    assert ProcrastinateJob.objects.filter(args__look_id=str(look.pk)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_a_correction_at_once_leave_one_chain(
    review: Review, look: SecondLook, reviewer: User
) -> None:
    page = SecondLook.objects.for_page().get()
    answered, corrected = race(
        partial(page.answer_with, "You did.", "full", reviewer), partial(review.correct, "Misread.")
    )
    if isinstance(corrected, Review):
        assert isinstance(answered, CorrectionUnderWay)
    else:
        assert answered is None
    assert Review.objects.filter(supersedes=review).count() == 1


# The reviewer's pages


def test_the_reviewer_finds_it_and_answers_it_there(
    review: Review, look: SecondLook, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("second-look", args=[look.pk])
    assert url in client.get(reverse("review-list")).content.decode()
    assert "One second look waits" in client.get(reverse("home")).content.decode()
    page = client.get(url).content.decode()
    assert REASON in page
    assert "Main point 1" in page
    assert "What I know about question 1." in page
    page = client.post(url, {"value": "full", "reply": "You did."}, follow=True).content.decode()
    assert "Answered." in page
    assert "Take back" in page
    assert "You did." in page
    assert url not in client.get(reverse("review-list")).content.decode()
    reply = client.post(reverse("second-look-take-back", args=[look.pk]), follow=True)
    assert "Taken back." in reply.content.decode()
    assert url in client.get(reverse("review-list")).content.decode()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"value": "full", "reply": " "}, "Answer in words too"),
        ({"reply": "You did."}, "Choose a mark."),
        ({"value": "best", "reply": "You did."}, "A mark is full, half or missed."),
        ({"value": "full", "reply": "y" * 2001}, "2001"),
    ],
)
def test_half_an_answer_is_refused_and_kept(
    look: SecondLook, reviewer: User, client_of: ClientOf, data: dict[str, str], complaint: str
) -> None:
    url = reverse("second-look", args=[look.pk])
    page = client_of(reviewer).post(url, data).content.decode()
    assert complaint in page
    assert data["reply"].strip() in page
    look.refresh_from_db()
    assert look.answered_at is None


def test_a_second_click_on_answer_is_told(
    look: SecondLook, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("second-look", args=[look.pk])
    for _ in range(2):
        page = client.post(url, {"value": "full", "reply": "You did."}, follow=True)
    assert "Answered." in page.content.decode()
    assert Review.objects.corrections().count() == 1


def test_who_answers_second_gets_back_what_they_wrote(
    look: SecondLook, reviewer: User, other_reviewer: User, client_of: ClientOf
) -> None:
    execute("UPDATE interview_secondlook SET asked_at = asked_at - interval '3 days'")
    url = reverse("second-look", args=[look.pk])
    answer(look, reviewer, reply="The first answer.")
    data = {"value": "half", "reply": "Written <for> an hour."}
    for somebody, status in ((reviewer, 200), (other_reviewer, 409)):
        reply = client_of(somebody).post(url, data)
        page = reply.content.decode()
        assert reply.status_code == status
        assert "This second look is answered already." in page
        assert "Written &lt;for&gt; an hour." in page
        assert ("The first answer." in page) == (somebody == reviewer)
    assert client_of(other_reviewer).get(url).status_code == 404
    look.refresh_from_db()
    assert (look.reply, look.value) == ("The first answer.", "full")


def test_only_the_author_answers_while_they_can(
    look: SecondLook,
    reviewer: User,
    other_reviewer: User,
    candidate: User,
    editor: User,
    client_of: ClientOf,
) -> None:
    url = reverse("second-look", args=[look.pk])
    for somebody in (other_reviewer, candidate, editor):
        assert client_of(somebody).get(url).status_code == 404
        data = {"value": "full", "reply": "You did."}
        assert client_of(somebody).post(url, data).status_code == 404
    with pytest.raises(AnsweredAlready):
        answer(look, other_reviewer)
    reviewer.groups.clear()
    assert client_of(reviewer).get(url).status_code == 404


@pytest.mark.parametrize("why", ["deleted", "no reviewer any more", "closed", "too long"])
def test_any_reviewer_answers_for_who_can_not_or_does_not(
    review: Review,
    look: SecondLook,
    reviewer: User,
    other_reviewer: User,
    candidate: User,
    client_of: ClientOf,
    why: str,
) -> None:
    url = reverse("second-look", args=[look.pk])
    client = client_of(other_reviewer)
    assert client.get(url).status_code == 404
    if why == "deleted":
        reviewer.delete_account()
    elif why == "no reviewer any more":
        reviewer.groups.clear()
    elif why == "closed":
        User.objects.filter(pk=reviewer.pk).update(is_active=False)
    else:
        execute("UPDATE interview_secondlook SET asked_at = asked_at - interval '3 days'")
    assert url in client.get(reverse("review-list")).content.decode()
    assert "another reviewer’s mark" in client.get(url).content.decode()
    answer(look, other_reviewer)
    let_it_be_visible(look)
    (correction,) = feedback_on(review.interview)
    assert correction.author == other_reviewer
    assert correction.score == pytest.approx(61, abs=1)


def test_nobody_answers_their_own(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    candidate.groups.set(reviewer.groups.all())
    reviewer.delete_account()
    url = reverse("second-look", args=[look.pk])
    assert client_of(candidate).get(url).status_code == 404
    assert url not in client_of(candidate).get(reverse("review-list")).content.decode()


def test_who_answers_sees_nothing_of_whose_it_is(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    interview = review.interview
    # Long ago, in years that are in no other time.
    move_back(interview, "20 years")
    execute("UPDATE interview_secondlook SET asked_at = asked_at - interval '15 years'")
    look.refresh_from_db()
    client = client_of(reviewer)
    url = reverse("second-look", args=[look.pk])
    pages = [client.get(reverse("review-list")), client.get(url)]
    pages.append(client.post(url, {"value": "full", "reply": "You did."}))
    pages += [client.get(url), client.get(reverse("review-list"))]
    sent = "".join(f"{page.headers}{page.content.decode()}" for page in pages)
    assert look.assignment.pseudonym in sent
    assert f"Asked {look.waited} ago." in sent
    for trace in (candidate.email, candidate.name, str(interview.pk), interview.pk.hex):
        assert trace not in sent
    for year in (interview.started_at.year, look.asked_at.year):
        assert f"{year}-" not in sent
        assert f" {year}" not in sent
    assert look.pk.version == 4


def test_the_pages_cost_the_same_for_one_as_for_many(
    review: Review,
    look: SecondLook,
    reviewer: User,
    person: Callable[..., User],
    question_set: QuestionSet,
    client_of: ClientOf,
) -> None:
    client = client_of(reviewer)

    def queries() -> list[int]:
        counts = []
        for url in (reverse("review-list"), reverse("second-look", args=[look.pk])):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            counts.append(len(captured))
        return counts

    few = queries()
    for assignment in fill_queue(person, question_set, 8):
        other = assignment.claim(reviewer)
        grade(other, Mark.Value.MISSED)
        other.publish(token_of(other))
        pass_a_minute(other)
        Review.objects.get(pk=other.pk).interview.reveal()
        SecondLook.objects.ask(mark_of(other), REASON)
    assert queries() == few
    assert max(few) <= 9


# The mail, the export, the end


@pytest.mark.parametrize("value", ["half", "full"])
def test_the_answer_is_mailed_once_when_it_can_be_read(
    work: Callable[[], None],
    settings: Settings,
    review: Review,
    look: SecondLook,
    reviewer: User,
    candidate: User,
    value: str,
) -> None:
    settings.SITE_URL = "https://dry-run.example.com"
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    Review.objects.update(mailed_at=review.visible_from)
    answer(look, reviewer, value)
    job = ProcrastinateJob.objects.get(args__look_id=str(look.pk))
    assert job.scheduled_at == look.visible_from
    execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    assert mail.outbox == []
    let_it_be_visible(look)
    from interview.tasks import mail_second_look

    for _ in range(2):
        mail_second_look.defer(look_id=str(look.pk))
    work()
    (message,) = mail.outbox
    assert message.subject == "A reviewer looked again: Basics"
    url = reverse("feedback", args=[review.interview_id])
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    for text in (str(message.body), html):
        assert f"https://dry-run.example.com{url}#point-1-main" in text
        assert "reviewer@example.com" not in text
        assert "You did." not in text


def test_an_answer_that_was_taken_back_is_not_mailed(
    work: Callable[[], None], look: SecondLook, reviewer: User, candidate: User
) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    Review.objects.update(mailed_at=look.asked_at)
    answer(look, reviewer)
    look.take_back(reviewer)
    execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
    work()
    assert mail.outbox == []


def test_both_exports_have_it_and_neither_names_the_other(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    def export(user: User) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(client_of(user).get(reverse("profile-export")).getvalue())
        return data

    (mine,) = export(candidate)["interviews"][0]["second_looks"]
    assert (mine["reason"], mine["mark"], mine["reply"]) == (REASON, "half", None)
    assert export(reviewer)["second_looks_answered"] == []
    answer(look, reviewer)
    # Not before it can be read.
    assert export(candidate)["interviews"][0]["second_looks"][0]["reply"] is None
    let_it_be_visible(look)
    data = export(candidate)
    (mine,) = data["interviews"][0]["second_looks"]
    assert (mine["reply"], mine["mark_by_the_answer"]) == ("You did.", "full")
    theirs = export(reviewer)
    (one,) = theirs["second_looks_answered"]
    assert (one["pseudonym"], one["reply"]) == (look.assignment.pseudonym, "You did.")
    assert "asked_at" not in one
    assert candidate.email not in json.dumps(theirs)
    assert str(review.interview_id) not in json.dumps(theirs)
    assert reviewer.email not in json.dumps(data)
    assert look.assignment.pseudonym not in json.dumps(data)


def test_it_goes_with_the_candidate_s_account(
    look: SecondLook, candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("second-look", args=[look.pk])
    answer(look, reviewer)
    candidate.delete_account()
    assert not SecondLook.objects.exists()
    assert not Assignment.objects.exists()
    assert client_of(reviewer).get(url).status_code == 404


def test_the_answer_stays_without_a_name_when_its_reviewer_leaves(
    review: Review, look: SecondLook, reviewer: User, candidate: User, client_of: ClientOf
) -> None:
    answer(look, reviewer)
    let_it_be_visible(look)
    reviewer.delete_account()
    look.refresh_from_db()
    assert look.answered_by is None
    assert "You did." in feedback(client_of(candidate), review)
