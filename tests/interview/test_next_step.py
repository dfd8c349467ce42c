"""The next best thing: one, in a fixed order, the same on home and on the progress page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import TimingProfile, User
from interview.models import Assignment, Interview
from interview.next_step import Kind, next_step_of
from questions.models import Question, QuestionSet, Topic
from tests.conftest import make_question, move_back, start_interview, write
from tests.interview.practising import mark_beside_the_answers, sit, sit_often

ClientOf = Callable[[User], Client]


@pytest.fixture
def tab(candidate: User, client_of: ClientOf) -> Client:
    return client_of(candidate)


@pytest.fixture
def networking(question_set: QuestionSet) -> Topic:
    topic = Topic.objects.create(slug="networking", title="Networking")
    question_set.topics.add(topic)
    return topic


def wait_for_review(interview: Interview, days: int) -> None:
    interview.ask_for_review()
    long_ago = timezone.now() - timedelta(days=days)
    Assignment.objects.filter(interview=interview).update(asked_at=long_ago)


def read(interview: Interview) -> None:
    interview.mark_feedback_read(timezone.now())


# The order.


def test_first_of_all_to_sit_one(candidate: User) -> None:
    step = next_step_of(candidate)
    assert (step.kind, step.url) == (Kind.FIRST, reverse("quick-start"))


def test_what_runs_comes_before_everything(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    sit(candidate, question_set, "missed", ago="3 weeks")
    unscored = start_interview(candidate, question_set)
    unscored.finish()
    running = start_interview(candidate, question_set)
    step = next_step_of(candidate)
    assert (step.kind, step.url) == (Kind.CONTINUE, reverse("interview", args=[running.pk]))
    assert (step.title, step.reason) == ("Go on with Basics", "11 minutes are left.")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ("10 minutes 30 seconds", "1 minute is left."),
        ("11 minutes 30 seconds", "Less than a minute is left."),
    ],
)
def test_little_time_is_told(running_interview: Interview, ago: str, words: str) -> None:
    move_back(running_interview, ago)
    assert next_step_of(running_interview.candidate).reason == words


def test_one_without_a_limit_goes_on_after_a_month(
    candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    move_back(start_interview(candidate, question_set), "30 days")
    step = next_step_of(candidate)
    assert (step.kind, "no time limit" in step.reason) == (Kind.CONTINUE, True)


def test_then_the_marking_of_what_has_ended_even_unstamped(
    candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    sit(candidate, question_set, "missed", reviewer=reviewer, ago="3 weeks")
    overdue = start_interview(candidate, question_set)
    move_back(overdue, "1 hour")
    assert overdue.ended_at is None
    step = next_step_of(candidate)
    assert (step.kind, step.url) == (Kind.SCORE, reverse("self-score", args=[overdue.pk]))
    overdue.reveal()
    assert next_step_of(candidate).kind == Kind.READ


def test_then_what_a_reviewer_says_until_it_is_read(
    candidate: User, question_set: QuestionSet, networking: Topic, reviewer: User
) -> None:
    interview = sit(
        candidate, question_set, "half", reviewer=reviewer, value="missed", ago="3 weeks"
    )
    step = next_step_of(candidate)
    assert (step.kind, step.url) == (Kind.READ, reverse("feedback", args=[interview.pk]))
    read(interview)
    assert next_step_of(candidate).kind == Kind.PRACTISE


def test_then_the_weakest_topic_with_its_reason(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    other = QuestionSet.objects.create(
        slug="other", title="Other", license="CC0-1.0", status="published"
    )
    other.topics.add(Topic.objects.create(slug="storage", title="Storage"))
    for position in (1, 2, 3):
        make_question(other, position)
    sit(candidate, question_set, "half", ago="3 weeks")
    weak = sit(candidate, other, "missed", ago="2 weeks")
    step = next_step_of(candidate)
    assert (step.kind, step.title) == (Kind.PRACTISE, "Practise Storage")
    day = f"{weak.started_at.day} {weak.started_at:%B %Y}"
    assert step.reason == (
        f"You have most to gain there: 0 of 100 over the last 6 key points, the newest from {day}."
    )
    assert step.url == "/interviews/new/mixed/?topics=storage"
    assert 'value="storage" ' in tab.get(step.url).content.decode()


def test_not_what_was_practised_this_week_nor_what_is_known(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    sit(candidate, question_set, "missed", ago="6 days")
    assert next_step_of(candidate).kind == Kind.ASK
    move_back(Interview.objects.get(), "1 day 1 minute")
    assert next_step_of(candidate).kind == Kind.PRACTISE
    sit(candidate, question_set, "full", ago="8 days")
    assert next_step_of(candidate).kind == Kind.ASK


def test_nor_what_the_library_has_no_question_on_any_more(
    candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    sit(candidate, question_set, "missed", ago="3 weeks")
    Question.objects.filter(position__gt=1).update(status="retired")
    assert next_step_of(candidate).kind == Kind.PRACTISE
    Question.objects.update(status="retired")
    assert next_step_of(candidate).kind == Kind.ASK


def test_then_marking_what_waits_too_long_and_is_not_marked_beside_the_answers(
    candidate: User, question_set: QuestionSet
) -> None:
    interview = sit(candidate, question_set, "full")
    wait_for_review(interview, 2)
    assert next_step_of(candidate).kind == Kind.MIX
    wait_for_review(interview, 5)
    step = next_step_of(candidate)
    where = reverse("guided-self-score", args=[interview.pk])
    assert (step.kind, step.url) == (Kind.MARK_AGAIN, where)
    assert "It has waited 6 days for a review." in step.reason
    mark_beside_the_answers(interview, "half")
    assert next_step_of(candidate).kind == Kind.MIX


def test_then_asking_for_a_review_of_what_is_fresh_and_not_empty(
    candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    empty = start_interview(candidate, question_set)
    empty.finish()
    empty.reveal()
    assert next_step_of(candidate).kind == Kind.MIX
    interview = sit(candidate, question_set, "full")
    step = next_step_of(candidate)
    assert (step.kind, step.url) == (Kind.ASK, reverse("feedback", args=[interview.pk]))
    move_back(interview, "31 days")
    assert next_step_of(candidate).kind == Kind.MIX
    reviewed = sit(candidate, question_set, "full", reviewer=reviewer)
    read(reviewed)
    assert next_step_of(candidate).kind == Kind.MIX


def test_it_is_about_one_s_own_alone(
    candidate: User, other_candidate: User, question_set: QuestionSet
) -> None:
    start_interview(other_candidate, question_set)
    assert next_step_of(candidate).kind == Kind.FIRST


# Where it is told.


def test_home_and_progress_say_the_same(
    tab: Client, candidate: User, question_set: QuestionSet, networking: Topic
) -> None:
    def told() -> list[bool]:
        step = next_step_of(candidate)
        pages = [tab.get(url).content.decode() for url in ("/", reverse("progress"))]
        return [
            step.title in page and step.reason in page and f'href="{step.url}"' in page
            for page in pages
        ]

    interview = start_interview(candidate, question_set)
    write(interview, 1, "Something.")
    assert told() == [True, True]
    interview.finish()
    assert told() == [True, True]
    interview.score_yourself({n: {"main": "half", "side": "half"} for n in (1, 2, 3)})
    assert told() == [True, True]
    move_back(interview, "8 days")
    assert next_step_of(candidate).kind == Kind.PRACTISE
    assert told() == [True, True]


def test_home_says_once_what_it_says_anyway(
    tab: Client, candidate: User, question_set: QuestionSet, reviewer: User
) -> None:
    assert "Next for you" not in tab.get("/").content.decode()
    interview = sit(candidate, question_set, "full", reviewer=reviewer)
    page = tab.get("/").content.decode()
    assert "There is feedback to read:" in page
    assert "Next for you" not in page
    read(interview)
    page = tab.get("/").content.decode()
    assert "Next for you" not in page
    assert page.count("Start a mock interview") == 1


def test_a_title_is_text(tab: Client, candidate: User, question_set: QuestionSet) -> None:
    sit(candidate, question_set, "full")
    Interview.objects.update(title="<b>100 % %(title)s</b>")
    for url in ("/", reverse("progress")):
        assert "&lt;b&gt;100 % %(title)s&lt;/b&gt;" in tab.get(url).content.decode()


def test_home_costs_the_same_for_five_interviews_as_for_five_hundred(
    candidate: User,
    question_set: QuestionSet,
    networking: Topic,
    reviewer: User,
    client_of: ClientOf,
) -> None:
    client = client_of(candidate)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert "Next for you" in client.get("/").content.decode()
        return len(captured) - 1  # Besides the session with its user.

    sit_often(candidate, question_set, reviewer, 5, minutes=14 * 24 * 60)
    Interview.objects.update(feedback_read_at=timezone.now())
    few = queries()
    sit_often(candidate, question_set, reviewer, 495, minutes=14 * 24 * 60)
    Interview.objects.update(feedback_read_at=timezone.now())
    assert queries() == few
    assert few <= 7  # A reviewer's has one more: their second looks.
