"""A reviewer marks key points, comments and chooses levels."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from interview.models import Assignment, Interview, Mark, Review, Revision
from interview.models.saved_text import MOST_CHARACTERS
from interview.quotes import key_of
from interview.refusals import AlreadyPublished, UnknownKeyPoint
from questions.models import Question, QuestionSet
from tests.conftest import start_interview, write
from tests.interview.reviewing import first_answer, grade, token_of
from tests.races import race

ClientOf = Callable[[User], Client]
SCRIPT = {"Accept": "application/json"}


def send(client: Client, review: Review, fields: dict[str, str], *, position: int = 1) -> str:
    """Send the form of a question, and follow to the page that comes."""
    url = reverse("review-answer-save", args=[review.pk, position])
    data = {"token": str(token_of(review)), "comment": "", "go": str(position), **fields}
    return client.post(url, data, follow=True).content.decode()


def choose(client: Client, review: Review, chosen: dict[str, str], **order: Any) -> Any:
    """Send what was chosen for the first question, as the page's script does."""
    url = reverse("review-answer-save", args=[review.pk, 1])
    sent = {"token": str(token_of(review)), **chosen}
    sent |= {name: str(value) for name, value in order.items()}
    return client.post(url, sent, "application/json", headers=SCRIPT)


def marks_of(review: Review) -> dict[tuple[int, str], str]:
    return {(mark.answer.position, mark.key): mark.value for mark in review.marks.all()}


def test_marks_are_set_and_changed_by_key(claimed_review: Review) -> None:
    first, second, _third = claimed_review.interview.answers.all()
    claimed_review.mark(first, {"main": "full", "side": "half"})
    claimed_review.mark(first, {"side": "missed"})
    claimed_review.mark(second, {"side": "full"})
    assert marks_of(claimed_review) == {
        (1, "main"): "full",
        (1, "side"): "missed",
        (2, "side"): "full",
    }


def test_marks_of_one_answer_are_saved_in_one_statement(
    claimed_review: Review, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer = first_answer(claimed_review)
    # The rows of the key points, and the marks.
    with django_assert_num_queries(2):
        claimed_review.mark(answer, {"main": "full", "side": "half"})


def test_a_mark_refers_to_the_key_point_and_to_the_interview(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    claimed_review.mark(answer, {"main": "full"})
    mark = claimed_review.marks.get()
    assert mark.key_point == answer.question_version.question.key_points.get(key="main")
    assert mark.interview_id == claimed_review.interview_id


def test_the_same_marks_sent_twice_count_once(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    for _ in range(2):
        send(client, claimed_review, {"mark-main": "full", "comment": "Well said."})
    assert marks_of(claimed_review) == {(1, "main"): "full"}
    comment = claimed_review.comments.get()
    assert (comment.text, comment.revision) == ("Well said.", 1)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_stores_one_comment_and_one_mark(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    token = token_of(claimed_review)

    def click() -> None:
        review = Review.objects.select_related("assignment", "author").get()
        with review.writing(token):
            review.mark(answer, {"main": "half"})
            review.comment_on(answer, "Once.")

    assert race(4, click) == [None] * 4
    assert marks_of(claimed_review) == {(1, "main"): "half"}
    assert [(c.text, c.revision) for c in claimed_review.comments.all()] == [("Once.", 1)]


def test_a_key_point_that_the_version_does_not_have_is_refused(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    answer = first_answer(claimed_review)
    with pytest.raises(UnknownKeyPoint):
        claimed_review.mark(answer, {"main": "full", "invented": "full"})
    fields = {"mark-main": "full", "mark-invented": "full", "comment": "My careful words."}
    page = send(client_of(reviewer), claimed_review, fields)
    assert "has no key point “invented”" in page
    assert "My careful words." in page
    assert not claimed_review.marks.exists()


def test_a_key_point_added_after_the_start_is_not_asked_for(
    assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    question = Question.objects.get(slug="question-1")
    question.key_points.filter(key="main").update(text="Reworded since", retired=True)
    question.key_points.create(key="new", position=3, text="Added since", weight=1)
    question.record_version()
    review = assignment.claim(reviewer)
    client = client_of(reviewer)
    page = client.get(reverse("review", args=[review.pk])).content.decode()
    assert "Main point 1" in page
    assert "Reworded since" not in page
    assert "Added since" not in page
    send(client, review, {"mark-new": "full"})
    assert not review.marks.exists()


def test_an_answer_of_another_interview_is_refused(
    claimed_review: Review, other_candidate: User, question_set: QuestionSet
) -> None:
    foreign = start_interview(other_candidate, question_set).answers.get(position=1)
    with pytest.raises(UnknownKeyPoint):
        claimed_review.mark(foreign, {"main": "full"})
    assert not Mark.objects.exists()


def test_a_mark_that_is_none_of_the_three_is_refused(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    answer = first_answer(claimed_review)
    with pytest.raises(ValueError, match="splendid"):
        claimed_review.mark(answer, {"main": "splendid"})
    fields = {"mark-main": "splendid", "mark-side": "half", "comment": "My careful words."}
    page = send(client_of(reviewer), claimed_review, fields)
    assert "A mark is full, half or missed." in page
    assert "My careful words." in page
    assert not claimed_review.marks.exists()


def test_a_question_without_key_points_is_graded_on_one(
    candidate: User, reviewer: User, question_set: QuestionSet
) -> None:
    question = Question.objects.get(slug="question-1")
    question.key_points.all().delete()
    question.record_version()
    interview = start_interview(candidate, question_set)
    interview.finish()
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    review.mark(first_answer(review), {"answers": "half"})
    assert review.score_so_far() == 50
    assert review.marks.get().key_point is None


def test_a_comment_counts_its_revisions(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    for text in ("", "First.", "First.", "Second.", ""):
        with claimed_review.writing(token_of(claimed_review)):
            claimed_review.comment_on(answer, text)
    comment = claimed_review.comments.get()
    assert (comment.text, comment.revision, comment.last_revision) == ("", 3, 3)
    assert comment.saved_at is not None
    assert comment.answer == answer


def test_a_comment_on_the_interview_is_kept_apart_from_those_on_answers(
    claimed_review: Review,
) -> None:
    answer = first_answer(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(None, "On the whole.")
        claimed_review.comment_on(answer, "On this one.")
    review = Review.objects.with_grading().get()
    assert review.overall_comment == "On the whole."
    assert [graded.comment for graded in review.graded_answers()] == ["On this one.", "", ""]


def test_a_comment_as_long_as_an_answer_may_be_is_kept_whole(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    # In code points, and with CRLF counted as one, as an answer is.
    longest = "\U0001f600\r\n" * (MOST_CHARACTERS // 2)
    send(client_of(reviewer), claimed_review, {"comment": longest})
    assert claimed_review.comments.get().text == longest.replace("\r\n", "\n")


def test_a_comment_of_50_000_characters_is_refused_and_shown_again(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    send(client, claimed_review, {"comment": "Short."})
    huge = "x" * 49_990 + "the end"
    page = send(client, claimed_review, {"comment": huge, "mark-main": "full"})
    assert huge in page
    assert "20,000" in page
    assert 'aria-invalid="true"' in page
    assert claimed_review.comments.get().text == "Short."
    url = reverse("review-summary", args=[claimed_review.pk])
    data = {"token": str(token_of(claimed_review)), "comment": huge, "knowledge": "4"}
    page = client.post(url, data).content.decode()
    assert huge in page
    assert 'value="4" checked' in page


def test_text_is_shown_as_it_was_typed_never_as_markup(
    candidate: User, question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    interview = start_interview(candidate, question_set)
    write(interview, 1, "<b>bold</b> **stars**\n  indented")
    interview.finish()
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    client = client_of(reviewer)
    page = send(client, review, {"comment": "</textarea><script>alert(1)</script>"})
    assert "&lt;b&gt;bold&lt;/b&gt; **stars**\n  indented" in page
    assert "&lt;/textarea&gt;&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_late_text_is_shown_with_its_delay_and_apart_from_the_answer(
    running_interview: Interview, reviewer: User, client_of: ClientOf
) -> None:
    write(running_interview, 1, "In time.")
    Revision.objects.create(
        interview=running_interview,
        answer=running_interview.answers.get(position=1),
        number=9,
        kind=Revision.Kind.LATE,
        text="Too late.",
        saved_at=timezone.now(),
        late_by="00:00:42",
    )
    running_interview.finish()
    running_interview.ask_for_review()
    review = running_interview.assignments.get().claim(reviewer)
    page = client_of(reviewer).get(reverse("review", args=[review.pk])).content.decode()
    assert (
        page.index("In time.")
        < page.index("Came 42 seconds after the end")
        < page.index("Too late.")
    )


def test_the_page_opens_at_the_first_question_with_a_mark_missing(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    send(client, claimed_review, {"mark-main": "full", "mark-side": "half"})
    page = client.get(reverse("review", args=[claimed_review.pk])).content.decode()
    assert "What is question 2 about?" in page


@pytest.mark.parametrize("question", ["0", "4", "99999", "9" * 5000, "x", "-1"])
def test_a_question_that_was_not_asked_is_not_found(
    claimed_review: Review, reviewer: User, client_of: ClientOf, question: str
) -> None:
    url = reverse("review", args=[claimed_review.pk])
    assert client_of(reviewer).get(url, {"question": question}).status_code == 404


@pytest.mark.parametrize(
    ("go", "expected"),
    [
        ("2", "?question=2"),
        ("summary", "/summary/"),
        ("", "?question=1"),
        ("²", "?question=1"),
        ("9" * 5000, "?question=1"),
    ],
)
def test_the_pressed_button_saves_and_leads_on(
    claimed_review: Review, reviewer: User, client_of: ClientOf, go: str, expected: str
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    data = {"token": token_of(claimed_review), "comment": "", "mark-main": "full", "go": go}
    response = client_of(reviewer).post(url, data)
    assert response.status_code == 302
    assert response["Location"].endswith(expected)
    assert marks_of(claimed_review) == {(1, "main"): "full"}


def test_a_script_gets_the_state_of_the_work_and_never_the_fields(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    chosen = {"mark-main": "full", "mark-side": "half"}
    reply = choose(client_of(reviewer), claimed_review, chosen)
    assert (reply.status_code, reply.json()["state"]) == (200, "saved")
    work = reply.json()["work"]
    assert 'id="grading-status"' in work
    assert 'id="grading-map"' in work
    assert "2 of 6 marked" in work
    assert "score so far 83" in work
    for field in ("<textarea", 'type="radio"', "<html"):
        assert field not in work
    assert marks_of(claimed_review) == {(1, "main"): "full", (1, "side"): "half"}


def test_a_script_is_told_what_was_not_saved(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    reply = choose(client_of(reviewer), claimed_review, {"mark-invented": "full"})
    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert "has no key point “invented”" in reply.json()["notice"]
    assert "Not saved." in reply.json()["work"]
    assert not claimed_review.marks.exists()


def test_what_a_script_chooses_leaves_the_comment_as_it_is(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(first_answer(claimed_review), "Well said.")
    choose(client_of(reviewer), claimed_review, {"mark-main": "full"})
    assert claimed_review.comments.get().text == "Well said."


def test_the_same_address_answers_both_so_caches_are_told(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    reply = choose(client_of(reviewer), claimed_review, {"mark-main": "full"})
    assert "Accept" in reply.headers["Vary"]


def test_marks_that_come_out_of_order_count_as_they_were_made(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    page = uuid4()
    for sequence, value in ((1, "full"), (3, "missed"), (3, "missed"), (2, "half")):
        reply = choose(client, claimed_review, {"mark-main": value}, writer=page, sequence=sequence)
        assert reply.json()["state"] == "saved"
    assert marks_of(claimed_review) == {(1, "main"): "missed"}
    choose(client, claimed_review, {"mark-main": "half"}, writer=uuid4(), sequence=1)
    assert marks_of(claimed_review) == {(1, "main"): "half"}


def test_a_quote_that_comes_out_of_order_is_not_put_back(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    page = uuid4()
    words = f"{key_of(first_answer(claimed_review).text)}:5:11"
    cited = {"mark-main": "full", "quote-main": words}
    choose(client, claimed_review, cited, writer=page, sequence=1)
    assert claimed_review.marks.get().quote_start == 5
    removed = {"mark-main": "full", "quote-main": ""}
    choose(client, claimed_review, removed, writer=page, sequence=3)
    choose(client, claimed_review, cited, writer=page, sequence=2)
    assert claimed_review.marks.get().quote_start is None


@pytest.mark.parametrize("order", [("writer", "x"), ("sequence", "0"), ("sequence", "9" * 30)])
def test_an_order_that_makes_no_sense_is_refused(
    claimed_review: Review, reviewer: User, client_of: ClientOf, order: tuple[str, str]
) -> None:
    reply = choose(client_of(reviewer), claimed_review, {"mark-main": "full", **dict([order])})
    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert "could not be read" in reply.json()["notice"]
    assert not claimed_review.marks.exists()


@pytest.mark.parametrize("body", ["", "[]", "nonsense", "[" * 100_000, '{"mark-main": [1]}'])
def test_nonsense_from_a_script_marks_nothing(
    claimed_review: Review, reviewer: User, client_of: ClientOf, body: str
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    reply = client_of(reviewer).post(url, body, "application/json", headers=SCRIPT)
    assert reply.json()["state"] == "refused"
    assert not claimed_review.marks.exists()


def test_a_token_from_yesterday_is_refused_with_a_new_one_and_nothing_is_lost(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    yesterdays = str(token_of(claimed_review))
    assignment.release(reviewer)
    assignment.claim(reviewer)
    chosen = {"mark-main": "full", "token": yesterdays}
    reply = choose(client, claimed_review, chosen)
    assert (reply.status_code, reply.json()["state"]) == (409, "refused")
    assert "earlier claim of yours" in reply.json()["notice"]
    assert not claimed_review.marks.exists()
    again = choose(client, claimed_review, {**chosen, "token": reply.json()["token"]})
    assert again.json()["state"] == "saved"
    assert marks_of(claimed_review) == {(1, "main"): "full"}


def test_levels_are_chosen_one_by_one(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("review-summary", args=[claimed_review.pk])
    for level in ({"knowledge": "4"}, {"reasoning": "1"}):
        client.post(url, {"token": token_of(claimed_review), "comment": "So far.", **level})
    claimed_review.refresh_from_db()
    levels = [getattr(claimed_review, level) for level in Review.LEVELS]
    assert levels == [4, 1, None]
    assert claimed_review.comments.get().text == "So far."


def test_a_script_saves_a_level_and_is_told_which_are_to_choose(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-summary", args=[claimed_review.pk])
    data = {"token": str(token_of(claimed_review)), "reasoning": "2"}
    reply = client_of(reviewer).post(url, data, "application/json", headers=SCRIPT)
    assert "Accept" in reply.headers["Vary"]
    work = reply.json()["work"]
    assert 'id="summary-state"' in work
    assert 'href="#id_knowledge"' in work
    assert 'href="#id_reasoning"' not in work
    assert "<textarea" not in work
    claimed_review.refresh_from_db()
    assert claimed_review.reasoning == 2


def test_levels_that_come_out_of_order_count_as_they_were_made(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("review-summary", args=[claimed_review.pk])
    page = str(uuid4())
    for sequence, level in ((1, "1"), (3, "3"), (2, "2")):
        data = {"token": str(token_of(claimed_review)), "knowledge": level}
        data |= {"writer": page, "sequence": str(sequence)}
        assert client.post(url, data, "application/json", headers=SCRIPT).status_code == 200
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge == 3


@pytest.mark.parametrize("level", ["0", "5", "good", "3.0", "-1"])
def test_a_level_is_a_number_from_1_to_4(
    claimed_review: Review, reviewer: User, client_of: ClientOf, level: str
) -> None:
    url = reverse("review-summary", args=[claimed_review.pk])
    data = {"token": token_of(claimed_review), "comment": "Kept.", "knowledge": level}
    page = client_of(reviewer).post(url, data).content.decode()
    assert "A level is a number from 1 to 4." in page
    assert "Kept." in page
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge is None


def test_the_summary_lists_what_is_missing_and_the_score_so_far(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    send(client, claimed_review, {"mark-main": "full", "mark-side": "missed"})
    send(client, claimed_review, {"mark-main": "full"}, position=2)
    page = client.get(reverse("review-summary", args=[claimed_review.pk])).content.decode()
    assert "3 of 6 key points marked" in page
    # A score is no praise: 0 of 100 had the same colour.
    assert '<span class="badge">67 of 100</span>' in page
    assert "one mark missing" in page
    assert "2 marks missing" in page
    assert page.count('<li><a href="#id_') == 3
    assert Review.objects.with_grading().get().score_so_far() == Decimal("66.67")


def test_a_review_that_is_published_takes_no_more_marks(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    token = token_of(claimed_review)
    claimed_review.publish(token)
    with pytest.raises(AlreadyPublished), claimed_review.writing(token):
        claimed_review.comment_on(None, "Afterthought.")
    page = send(client_of(reviewer), claimed_review, {"mark-main": "missed"})
    assert "This review is published." in page
    assert set(marks_of(claimed_review).values()) == {"full"}
    assert not claimed_review.comments.exists()


def test_the_draft_of_another_reviewer_is_not_found(
    claimed_review: Review, other_reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(other_reviewer)
    pk = claimed_review.pk
    for name in ("review", "review-summary"):
        assert client.get(reverse(name, args=[pk])).status_code == 404
    for url in (
        reverse("review-answer-save", args=[pk, 1]),
        reverse("review-summary", args=[pk]),
        reverse("review-publish", args=[pk]),
        reverse("review-take-back", args=[pk]),
    ):
        assert client.post(url, {"token": token_of(claimed_review)}).status_code == 404


def test_a_visit_changes_nothing(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    client = client_of(reviewer)
    pk = claimed_review.pk
    assert client.get(reverse("queue-claim")).status_code == 405
    assert client.get(reverse("review-take-back", args=[pk])).status_code == 405
    # The address of a form that was refused stays in the browser: it leads back to its page.
    saved = client.get(reverse("review-answer-save", args=[pk, 2]), {"mark-main": "missed"})
    assert saved["Location"] == f"{reverse('review', args=[pk])}?question=2"
    published = client.get(reverse("review-publish", args=[pk]))
    assert published["Location"] == reverse("review-summary", args=[pk])
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is None
    assert set(marks_of(claimed_review).values()) == {"full"}
