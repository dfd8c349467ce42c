"""What a candidate reads: own answers, model answers, own marks, and a reviewer's when visible."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Assignment, Interview, Review
from interview.quotes import key_of
from questions.models import Question
from tests.conftest import write
from tests.interview.reviewing import arrive_late, first_answer, grade, pass_a_minute, token_of


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


@pytest.fixture
def review(ended_interview: Interview, reviewer: User) -> Review:
    """Graded and published, and not yet visible; the candidate gave themselves nothing."""
    ended_interview.score_yourself({n: {"main": "missed", "side": "half"} for n in (1, 2, 3)})
    ended_interview.ask_for_review()
    review = Assignment.objects.get().claim(by=reviewer)
    with review.writing(token_of(review)):
        review.comment_on(None, "Well argued & brief.")
        review.comment_on(Answer.objects.get(position=1), "Name <one> example.")
    grade(review)
    review.publish(token_of(review))
    return review


def feedback(tab: Client, interview: Interview) -> str:
    reply = tab.get(reverse("feedback", args=[interview.pk]))
    assert reply.status_code == 200
    return reply.content.decode()


def test_it_shows_answers_key_points_and_model_answers(
    tab: Client, ended_interview: Interview
) -> None:
    ended_interview.reveal()
    html = feedback(tab, ended_interview)
    assert "What I know about question 1." in html
    assert "You wrote nothing here." in html
    assert "Side point 3" in html
    assert "Model answer <strong>3</strong>." in html


def test_it_shows_what_was_asked_whatever_was_edited_since(
    tab: Client, ended_interview: Interview
) -> None:
    question = Question.objects.get(position=1)
    question.prompt, question.answer = "Edited prompt?", "Edited answer."
    question.save()
    question.key_points.update(text="Edited point")
    question.record_version()
    ended_interview.reveal()
    html = feedback(tab, ended_interview)
    assert "Edited" not in html
    assert "What is question 1 about?" in html
    assert "Main point 1" in html


def test_a_review_is_hidden_while_it_can_be_taken_back(tab: Client, review: Review) -> None:
    html = feedback(tab, review.interview)
    assert "Well argued" not in html
    assert "17<small>of 100</small>" in html


def test_a_visible_review_shows_score_levels_marks_and_comments(
    tab: Client, review: Review
) -> None:
    pass_a_minute(review)
    html = feedback(tab, review.interview)
    assert "100<small>of 100</small>" in html
    assert "You gave yourself 17." in html
    assert 'stroke-dasharray="100.00 100"' in html
    for level, anchor in (
        ("3 good", "right on all that matters; small gaps"),
        ("4 strong", "weighs alternatives, says how to verify, starts from the requirement"),
        ("2 partial", "the reader must reorder or guess"),
    ):
        assert f"<td><strong>{level}</strong>: {anchor}</td>" in html
    assert html.count("mark-word--full") == 6
    assert "You marked it missed." in html
    assert "Well argued &amp; brief." in html
    assert "Name &lt;one&gt; example." in html


def test_it_never_says_who_the_reviewer_is(tab: Client, review: Review, reviewer: User) -> None:
    reviewer.name = "Grace Hopper"
    reviewer.save()
    pass_a_minute(review)
    html = feedback(tab, review.interview)
    assert reviewer.email not in html
    assert reviewer.name not in html


def test_the_list_shows_the_score_of_a_visible_review_only(tab: Client, review: Review) -> None:
    assert ">Reviewed</span>" not in tab.get(reverse("interview-list")).content.decode()
    pass_a_minute(review)
    html = tab.get(reverse("interview-list")).content.decode()
    assert ">Reviewed</span>" in html
    assert "100 of 100" in html
    assert "your own score: 17 of 100" in html


def test_the_list_keeps_the_reviewer_s_score_until_the_self_score(
    tab: Client, claimed_review: Review
) -> None:
    """Who knows it would not mark themselves any more (Rules of grading, 1)."""
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    html = tab.get(reverse("interview-list")).content.decode()
    assert "100 of 100" not in html
    assert ">Score yourself</a>" in html
    claimed_review.interview.reveal()
    assert "100 of 100" in tab.get(reverse("interview-list")).content.decode()


def test_a_review_waits_until_the_self_score_is_done_or_skipped(
    tab: Client, ended_interview: Interview, reviewer: User
) -> None:
    ended_interview.ask_for_review()
    review = Assignment.objects.get().claim(by=reviewer)
    grade(review)
    review.publish(token_of(review))
    pass_a_minute(review)
    reply = tab.get(reverse("feedback", args=[ended_interview.pk]), follow=True)
    assert reply.redirect_chain[-1][0] == reverse("self-score", args=[ended_interview.pk])
    assert "Model answer" not in reply.content.decode().replace("model answers", "")


def test_a_long_answer_is_shown_in_full(tab: Client, running_interview: Interview) -> None:
    text = "word " * 3_999 + "end."
    write(running_interview, 2, text)
    running_interview.finish()
    running_interview.reveal()
    assert text in feedback(tab, running_interview)


def test_a_score_of_nothing_is_the_reviewers_too(
    tab: Client, ended_interview: Interview, reviewer: User
) -> None:
    ended_interview.score_yourself({n: {"main": "full", "side": "full"} for n in (1, 2, 3)})
    ended_interview.ask_for_review()
    review = Assignment.objects.get().claim(by=reviewer)
    grade(review, "missed")
    review.publish(token_of(review))
    pass_a_minute(review)
    html = feedback(tab, ended_interview)
    assert ">0<small>of 100</small>" in html
    assert "You gave yourself 100." in html


def test_the_words_that_a_mark_rests_on_are_highlighted_in_the_answer(
    tab: Client, claimed_review: Review
) -> None:
    answer = first_answer(claimed_review)
    text = "First <b>this</b> & that, then the rest."
    Answer.objects.filter(pk=answer.pk).update(text=text)
    answer = first_answer(claimed_review)
    grade(claimed_review, "half")
    with claimed_review.writing(token_of(claimed_review)):
        start = text.index("<b>")
        claimed_review.cite(answer, "side", key_of(text), start, text.index(","))
    claimed_review.publish(token_of(claimed_review))
    claimed_review.interview.reveal()
    html = feedback(tab, claimed_review.interview)
    assert "<mark" not in html  # Not before it can be read.
    pass_a_minute(claimed_review)
    html = feedback(tab, claimed_review.interview)
    cited = "&lt;b&gt;this&lt;/b&gt; &amp; that"
    assert f'First <mark class="cited" data-ends="2">{cited}</mark>, then the rest.</div>' in html
    assert f'<p class="quote key-point__note">{cited}</p>' in html
    assert "2. Side point 1" in html  # Which the number beside the words names.
    assert "<b>this</b>" not in html
    assert html.count("<mark") == 1


def test_the_words_of_an_accepted_late_text_are_highlighted_there(
    tab: Client, claimed_review: Review
) -> None:
    late = arrive_late(claimed_review.interview, "Late, but <right>.")
    grade(claimed_review, "half")
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.accept(late)
        claimed_review.cite(first_answer(claimed_review), "main", key_of(late.text), 10, 17)
    claimed_review.publish(token_of(claimed_review))
    claimed_review.interview.reveal()
    pass_a_minute(claimed_review)
    html = feedback(tab, claimed_review.interview)
    assert 'Late, but <mark class="cited" data-ends="1">&lt;right&gt;</mark>.</div>' in html
    assert html.count("<mark") == 1
