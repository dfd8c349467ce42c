"""Starting an interview: the clock, what is asked, and that there is only one (Rules of time)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import TimingProfile, User
from interview.clock import GRACE, database_now
from interview.models import Interview
from interview.models.interviews import AlreadySitting
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write
from tests.races import race


def test_the_deadline_is_database_time_and_the_limit(
    candidate: User, question_set: QuestionSet
) -> None:
    before = database_now()
    interview = start_interview(candidate, question_set)
    assert before <= interview.started_at <= database_now()
    assert interview.deadline == interview.started_at + timedelta(minutes=12)
    assert interview.limit == timedelta(minutes=12)


def test_the_timing_profile_stretches_the_deadline(
    candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=Decimal("1.5"))
    interview = start_interview(candidate, question_set)
    assert interview.deadline == interview.started_at + timedelta(minutes=18)
    assert interview.limit == timedelta(minutes=12)
    assert interview.time_factor == Decimal("1.5")


def test_an_untimed_candidate_has_no_deadline(candidate: User, question_set: QuestionSet) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    interview = start_interview(candidate, question_set)
    assert interview.deadline is None
    assert not interview.answers.exclude(closes_at=None, accepts_until=None).exists()
    write(interview, 1, "no hurry")


def test_in_free_order_every_answer_closes_at_the_deadline(running_interview: Interview) -> None:
    deadline = running_interview.deadline
    assert deadline is not None
    for answer in running_interview.answers.all():
        assert answer.opened_at == running_interview.started_at
        assert (answer.closes_at, answer.accepts_until) == (deadline, deadline + GRACE)


def test_what_is_asked_is_pinned_in_its_order(
    running_interview: Interview, question_set: QuestionSet
) -> None:
    answers = running_interview.answers.select_related("question_version__question")
    asked = [answer.question_version.question for answer in answers.order_by("position")]
    assert asked == list(question_set.questions.order_by("position"))
    question = asked[0]
    question.prompt = "Reworded while the interview runs?"
    question.save()
    question.record_version()
    assert running_interview.answers.get(position=1).question_version.prompt == (
        "What is question 1 about?"
    )


def test_a_change_that_nobody_recorded_is_asked_as_it_stands(
    candidate: User, question_set: QuestionSet
) -> None:
    question_set.questions.filter(position=1).update(prompt="Changed in the database?")
    interview = start_interview(candidate, question_set)
    assert interview.answers.get(position=1).question_version.prompt == "Changed in the database?"


def test_a_second_start_is_refused_and_names_the_running_one(
    running_interview: Interview, question_set: QuestionSet
) -> None:
    with pytest.raises(AlreadySitting) as refusal:
        start_interview(running_interview.candidate, question_set)
    assert refusal.value.interview == running_interview
    assert Interview.objects.count() == 1


def test_an_overdue_sitting_is_stamped_by_the_next_start(
    running_interview: Interview, question_set: QuestionSet
) -> None:
    move_back(running_interview, "1 hour")
    second = start_interview(running_interview.candidate, question_set)
    running_interview.refresh_from_db()
    assert running_interview.ended_at == running_interview.deadline
    assert list(Interview.objects.unfinished()) == [second]


def test_an_untimed_sitting_stays_until_it_is_finished(
    candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    first = start_interview(candidate, question_set)
    move_back(first, "30 days")
    with pytest.raises(AlreadySitting):
        start_interview(candidate, question_set)
    first.finish()
    start_interview(candidate, question_set)


def test_two_candidates_sit_at_the_same_time(
    candidate: User, other_candidate: User, question_set: QuestionSet
) -> None:
    start_interview(candidate, question_set)
    start_interview(other_candidate, question_set)
    assert Interview.objects.running().count() == 2


def test_an_interview_without_questions_is_refused(candidate: User) -> None:
    with pytest.raises(ValueError, match="at least one"):
        Interview.objects.start(
            candidate=candidate, title="Empty", questions=[], minutes=5, mode="free"
        )


@pytest.mark.django_db(transaction=True)
def test_of_eight_starts_at_once_one_wins(candidate: User, question_set: QuestionSet) -> None:
    outcomes = race(8, lambda: start_interview(candidate, question_set))
    started = [outcome for outcome in outcomes if isinstance(outcome, Interview)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, AlreadySitting)]
    assert (len(started), len(refused)) == (1, 7), outcomes
    assert {refusal.interview for refusal in refused} == set(started)
    assert Interview.objects.get().answers.count() == 3
