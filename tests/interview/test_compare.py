"""A candidate's own marks beside the reviewers', by topic and over time, said kindly."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.chart import line_of
from interview.comparison import Pair, comparison_of, trend_of
from interview.models import Interview, Mark, Review
from questions.models import Question, QuestionSet, Topic
from tests.conftest import start_interview
from tests.interview.reviewing import grade, pass_a_minute, token_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def topics(question_set: QuestionSet) -> QuestionSet:
    """The set is on networking, its third question on storage besides."""
    question_set.topics.add(Topic.objects.create(slug="networking", title="Networking"))
    storage = Topic.objects.create(slug="storage", title="Storage")
    Question.objects.get(position=3).topics.add(storage)
    return question_set


def sit(candidate: User, question_set: QuestionSet, reviewer: User, own: str, value: str) -> Review:
    """An interview with the same own mark and the same reviewer's mark on every point."""
    interview = start_interview(candidate, question_set)
    interview.finish()
    interview.score_yourself({n: {"main": own, "side": own} for n in (1, 2, 3)})
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    grade(review, value)
    review.publish(token_of(review))
    pass_a_minute(review)
    return review


def page_of(client: Client) -> str:
    reply = client.get(reverse("interview-compare"))
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.mark.parametrize(
    ("own", "reviewers", "words"),
    [
        (70, 65, "You see it as your reviewers do."),
        (60, 65, "You see it as your reviewers do."),
        (71, 65, "You were more generous: reviewers count only what stands in the answer."),
        (59, 65, "You were stricter: you did better than you thought."),
    ],
)
def test_a_gap_is_said_in_words_that_blame_nobody(own: float, reviewers: float, words: str) -> None:
    assert str(Pair(own, reviewers).words) == words


@pytest.mark.parametrize(
    ("gaps", "trend"),
    [
        ([50, 40, 30], None),
        ([50, 50, 10, 0], "coming nearer"),
        ([-50, -50, 10, 0], "coming nearer"),
        ([0, 10, 30, 40], "further apart lately"),
        ([20, 20, 20, -20], "about as near as before"),
    ],
)
def test_the_trend_compares_the_newer_half_with_the_older(
    gaps: list[int], trend: str | None
) -> None:
    found = trend_of([Pair(50 + gap, 50) for gap in gaps])
    assert (found and str(found)) == trend


def test_scores_become_places_on_the_chart() -> None:
    assert line_of([0, 100]).path == "12,188 628,12"
    assert line_of([50]).path == "12,100"
    assert line_of([]).path == ""


def test_topics_have_both_means_the_widest_gap_first(
    candidate: User, topics: QuestionSet, reviewer: User
) -> None:
    review = sit(candidate, topics, reviewer, "full", "full")
    storage = review.interview.answers.get(position=3)
    Mark.objects.filter(review=review, answer=storage).update(value="missed")
    found = comparison_of(candidate)
    assert [
        (p.topic.title, round(p.own), round(p.reviewers), p.questions) for p in found.topics
    ] == [
        ("Storage", 100, 0, 1),
        ("Networking", 100, 67, 3),
    ]


def test_only_what_both_marked_is_compared(
    candidate: User, other_candidate: User, topics: QuestionSet, reviewer: User
) -> None:
    sit(other_candidate, topics, reviewer, "full", "missed")
    alone = start_interview(candidate, topics)
    alone.finish()
    alone.score_yourself({n: {"main": "full", "side": "full"} for n in (1, 2, 3)})
    assert comparison_of(candidate).sittings == []
    review = sit(candidate, topics, reviewer, "full", "half")
    skipped = start_interview(candidate, topics)
    skipped.finish()
    skipped.reveal()
    found = comparison_of(candidate)
    assert [(one.interview, one.own, one.reviewers) for one in found.sittings] == [
        (review.interview, 100, 50)
    ]


def test_a_correction_counts_instead_of_what_it_corrects(
    candidate: User, topics: QuestionSet, reviewer: User
) -> None:
    correction = sit(candidate, topics, reviewer, "full", "missed").correct("Misread.")
    correction.marks.update(value="full")
    correction.publish(None)
    assert comparison_of(candidate).pair.gap == 100
    pass_a_minute(correction)
    found = comparison_of(candidate)
    assert found.pair.gap == 0
    assert [pair.gap for pair in found.topics] == [0, 0]


def test_the_page_tells_numbers_trend_and_topics(
    candidate: User, topics: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    for own, value in (("full", "missed"), ("full", "missed"), ("full", "half"), ("half", "half")):
        sit(candidate, topics, reviewer, own, value)
    page = page_of(client_of(candidate))
    assert "On average you gave yourself 88 and your reviewers 25 of 100." in page
    assert "Both are coming nearer." in page
    assert "You were more generous" in page
    assert 'points="12,12 217.3,12 422.7,12 628,100"' in page
    assert page.count("+100") == 2
    assert "Networking" in page
    assert "12 questions" in page


@pytest.mark.parametrize(
    ("gap", "seen", "heard"),
    [
        (24, "+24", "plus 24"),
        (-24, "\N{MINUS SIGN}24", "minus 24"),
        (-1, "\N{MINUS SIGN}1", "minus 1"),
        (0, "0", ""),
    ],
)
def test_a_gap_has_a_true_sign_that_is_said_in_words(gap: int, seen: str, heard: str) -> None:
    """A hyphen is read as a pause, or not at all."""
    said = render_to_string("interview/includes/gap.html", {"gap": gap}).split("#}")[-1].strip()
    words = f'<span class="visually-hidden">{heard}</span>' if heard else ""
    assert said == (f'<span aria-hidden="true">{seen}</span>{words}' if heard else seen)


def test_no_hyphen_stands_for_a_minus(
    candidate: User, topics: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    sit(candidate, topics, reviewer, "missed", "full")
    page = page_of(client_of(candidate))
    assert page.count("\N{MINUS SIGN}100") == page.count("minus 100") == 3
    assert "-100" not in page


def test_nothing_to_compare_says_what_to_do(candidate: User, client_of: ClientOf) -> None:
    page = page_of(client_of(candidate))
    assert "Nothing to compare yet" in page
    assert "<svg class=" not in page.split("<main")[1]


def test_feedback_and_progress_lead_there(
    candidate: User, topics: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    review = sit(candidate, topics, reviewer, "missed", "full")
    client = client_of(candidate)
    url = reverse("interview-compare")
    assert url in client.get(reverse("progress")).content.decode()
    page = client.get(reverse("feedback", args=[review.interview_id])).content.decode()
    assert url in page
    assert "You gave yourself 0. You were stricter: you did better than you thought." in page


def test_it_costs_the_same_for_one_as_for_many_and_shows_twenty(
    candidate: User, topics: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(candidate)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client)
        return len(captured)

    sit(candidate, topics, reviewer, "full", "missed")
    few = queries()
    for _ in range(21):
        sit(candidate, topics, reviewer, "full", "half")
    assert queries() == few
    assert few <= 8
    found = comparison_of(candidate)
    assert len(found.sittings) == 20
    # The newest, the oldest of them first.
    assert {one.reviewers for one in found.sittings} == {50}
    ids = [one.interview.pk for one in found.sittings]
    assert ids == sorted(ids)
    assert Interview.objects.count() == 22
