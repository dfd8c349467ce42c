"""Marking oneself before the model answers are revealed (Rules of grading, 1)."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Interview, Mark, Review
from questions.models import KeyPoint, QuestionSet
from tests.conftest import start_interview, write
from tests.races import race

MARKS = {position: {"main": "full", "side": "missed"} for position in (1, 2, 3)}


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def fields(marks: dict[int, dict[str, str]]) -> dict[str, str]:
    return {
        f"mark-{position}-{key}": value
        for position, of_answer in marks.items()
        for key, value in of_answer.items()
    }


def test_own_marks_make_a_score_that_is_published_at_once(ended_interview: Interview) -> None:
    assert ended_interview.score_yourself(MARKS)
    review = Review.objects.get()
    assert (review.kind, review.author, review.assignment) == (
        "self",
        ended_interview.candidate,
        None,
    )
    assert review.score == Decimal("66.67")
    assert review in Review.objects.visible()


def test_marks_name_the_key_point_and_its_row(ended_interview: Interview) -> None:
    ended_interview.score_yourself(MARKS)
    marks = Mark.objects.filter(answer__position=2).order_by("key")
    assert list(marks.values_list("key", "value", "key_point__text")) == [
        ("main", "full", "Main point 2"),
        ("side", "missed", "Side point 2"),
    ]


def test_a_question_without_key_points_is_graded_on_one(
    candidate: User, question_set: QuestionSet
) -> None:
    KeyPoint.objects.filter(question__position=1).delete()
    interview = start_interview(candidate, question_set)
    interview.finish()
    interview.score_yourself({**MARKS, 1: {"answers": "half"}})
    mark = Mark.objects.get(answer__position=1)
    assert (mark.key, mark.key_point) == ("answers", None)


def test_own_marks_reveal_the_model_answers(ended_interview: Interview) -> None:
    ended_interview.score_yourself(MARKS)
    assert ended_interview.revealed_at is not None


def test_nobody_scores_themselves_after_the_model_answers_were_revealed(
    ended_interview: Interview,
) -> None:
    ended_interview.reveal()
    assert not ended_interview.score_yourself(MARKS)
    assert not Review.objects.exists()


def test_nobody_scores_themselves_while_the_sitting_runs(running_interview: Interview) -> None:
    assert not running_interview.score_yourself(MARKS)
    assert not Review.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_self_scores_at_once_one_is_kept(ended_interview: Interview) -> None:
    outcomes = race(8, lambda: Interview.objects.get(pk=ended_interview.pk).score_yourself(MARKS))
    assert sorted(outcomes, key=str) == [False] * 7 + [True]
    assert Mark.objects.count() == 6


def test_the_page_shows_answers_and_key_points_but_no_model_answer(
    tab: Client, ended_interview: Interview
) -> None:
    html = tab.get(reverse("self-score", args=[ended_interview.pk])).content.decode()
    assert "What I know about question 1." in html
    assert "Main point 1" in html
    assert "Model answer" not in html.replace("model answers", "")


def test_where_nothing_was_written_missed_is_chosen_already(
    tab: Client, ended_interview: Interview
) -> None:
    html = tab.get(reverse("self-score", args=[ended_interview.pk])).content.decode()
    assert html.count(" checked") == 4
    assert 'name="mark-1-main" value="missed" checked' not in html
    assert 'name="mark-2-main" value="missed" checked' in html


def test_every_key_point_needs_a_mark(tab: Client, ended_interview: Interview) -> None:
    marks = fields(MARKS)
    del marks["mark-2-side"]
    marks["mark-3-main"] = "brilliant"
    reply = tab.post(reverse("self-score", args=[ended_interview.pk]), marks)
    html = reply.content.decode()
    assert html.count("Choose a mark.") == 2
    assert "2 key points have no mark" in html
    assert 'name="mark-1-main" value="full" checked' in html
    assert not Review.objects.exists()


def test_marks_lead_to_the_feedback_with_the_model_answers(
    tab: Client, ended_interview: Interview
) -> None:
    reply = tab.post(reverse("self-score", args=[ended_interview.pk]), fields(MARKS), follow=True)
    html = reply.content.decode()
    assert reply.redirect_chain[-1][0] == reverse("feedback", args=[ended_interview.pk])
    assert "Model answer <strong>1</strong>." in html
    assert "67<small>of 100</small>" in html


def test_skipping_reveals_without_a_score(tab: Client, ended_interview: Interview) -> None:
    reply = tab.post(reverse("self-score-skip", args=[ended_interview.pk]), follow=True)
    assert "Model answer <strong>1</strong>." in reply.content.decode()
    assert not Review.objects.exists()


def test_the_feedback_waits_for_the_self_score(tab: Client, ended_interview: Interview) -> None:
    reply = tab.get(reverse("feedback", args=[ended_interview.pk]), follow=True)
    assert reply.redirect_chain[-1][0] == reverse("self-score", args=[ended_interview.pk])


def test_the_self_score_can_not_be_done_again(tab: Client, ended_interview: Interview) -> None:
    ended_interview.score_yourself(MARKS)
    url = reverse("self-score", args=[ended_interview.pk])
    again = fields({position: {"main": "full", "side": "full"} for position in (1, 2, 3)})
    assert tab.get(url).status_code == 302
    assert tab.post(url, again).status_code == 302
    assert Review.objects.get().score == Decimal("66.67")


def test_skipping_does_not_end_a_running_sitting(tab: Client, running_interview: Interview) -> None:
    tab.post(reverse("self-score-skip", args=[running_interview.pk]))
    write(running_interview, 1, "still writing")
    running_interview.refresh_from_db()
    assert running_interview.revealed_at is None


def test_a_text_is_shown_as_typed_and_never_as_markup(
    tab: Client, running_interview: Interview
) -> None:
    write(running_interview, 1, "**not bold** <script>alert(1)</script>")
    running_interview.finish()
    running_interview.reveal()
    html = tab.get(reverse("feedback", args=[running_interview.pk])).content.decode()
    assert "**not bold** &lt;script&gt;alert(1)&lt;/script&gt;" in html
