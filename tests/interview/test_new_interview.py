"""Setting up a new interview: what is shown before the start, and what is started."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.models import Interview
from questions.models import Question, QuestionSet, Status

URL = "/interviews/new/"


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


@pytest.fixture
def other_set(question_set: QuestionSet) -> QuestionSet:
    other = QuestionSet.objects.create(
        slug="advanced", title="Advanced", license="CC0-1.0", status=Status.PUBLISHED
    )
    Question.objects.create(question_set=other, slug="hard", prompt="Hard?", minutes=100)
    Question.objects.create(question_set=other, slug="long", prompt="Long?", minutes=100)
    return other


def begin(tab: Client, **fields: object) -> None:
    tab.post(URL, {"question_set": "basics", "mode": "free", "minutes": 12, **fields})


def test_questions_time_and_profile_are_shown_before_the_start(
    tab: Client, question_set: QuestionSet
) -> None:
    html = tab.get(URL).content.decode()
    assert "3 questions · 12 minutes" in html
    assert 'value="12"' in html
    assert "as usual, clock shown" in html
    assert not Interview.objects.exists()


def test_what_is_asked_stays_secret_until_the_start(tab: Client, question_set: QuestionSet) -> None:
    assert "What is question" not in tab.get(URL).content.decode()


def test_a_set_is_chosen_by_its_address(tab: Client, other_set: QuestionSet) -> None:
    html = tab.get(URL, {"set": "basics"}).content.decode()
    assert 'name="question_set" value="basics"' in html
    html = tab.get(URL, {"set": "advanced"}).content.decode()
    assert 'name="question_set" value="advanced"' in html
    assert 'value="180"' in html


def test_an_unknown_set_is_answered_with_another(tab: Client, question_set: QuestionSet) -> None:
    assert 'value="basics"' in tab.get(URL, {"set": "nothing"}).content.decode()


def test_the_timing_profile_is_said_in_words(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    profile = TimingProfile.objects.create(user=candidate, factor="1.50", show_clock=False)
    html = tab.get(URL).content.decode()
    assert "1.5 times the minutes, clock hidden" in html
    profile.factor = None
    profile.save()
    assert "no limit, the minutes are only a guide" in tab.get(URL).content.decode()


TIMING = {"time": "2", "factor": "", "announcements": ["15", "2"]}  # and no "show_clock"


def test_the_timing_profile_is_changed_by_the_start(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    begin(tab, **TIMING)
    profile = TimingProfile.objects.get(user=candidate)
    assert profile.factor == 2
    assert (profile.show_clock, profile.announcements) == (False, [15, 2])
    interview = Interview.objects.get()
    assert interview.deadline == interview.started_at + timedelta(minutes=24)


def test_a_start_that_says_nothing_of_the_time_leaves_the_profile(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    begin(tab)
    assert TimingProfile.objects.get(user=candidate).untimed
    assert Interview.objects.get().deadline is None


def test_a_start_with_the_profile_as_it_is_writes_none(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    begin(tab, time="1", factor="", show_clock="on", announcements=["10", "5", "1"])
    assert Interview.objects.exists()
    assert not TimingProfile.objects.exists()


def test_a_wrong_factor_starts_nothing_and_keeps_all_that_was_chosen(
    tab: Client, question_set: QuestionSet, other_set: QuestionSet
) -> None:
    wrong = {"mode": "one_at_a_time", "minutes": 33, "time": "other", "factor": "11"}
    html = tab.post(URL, {"question_set": "basics", **wrong}).content.decode()
    assert not Interview.objects.exists()
    assert not TimingProfile.objects.exists()
    assert '<details class="disclosure" open>' in html
    assert html.count("Enter a number from 1 to 10.") == 2  # In the summary and at the field.
    assert 'name="factor" value="11"' in html
    assert 'name="question_set" value="basics"' in html
    assert 'value="one_at_a_time" checked' in html
    assert 'name="minutes" value="33"' in html


def test_wrong_minutes_keep_the_chosen_time_and_store_nothing(
    tab: Client, question_set: QuestionSet
) -> None:
    html = tab.post(
        URL, {"question_set": "basics", "mode": "free", "minutes": 1, **TIMING}
    ).content.decode()
    assert 'name="time" value="2" required id="id_time_3" checked' in html
    assert not TimingProfile.objects.exists()


def test_start_leads_to_the_room(tab: Client, question_set: QuestionSet) -> None:
    reply = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": 30}, follow=True
    )
    interview = Interview.objects.get()
    assert (interview.title, interview.mode) == ("Basics", "one_at_a_time")
    assert interview.limit == timedelta(minutes=30)
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[interview.pk, 1])


def test_only_published_questions_are_asked(tab: Client, question_set: QuestionSet) -> None:
    question_set.questions.filter(position=1).update(status=Status.RETIRED)
    question_set.questions.filter(position=2).update(status=Status.DRAFT)
    begin(tab)
    answer = Interview.objects.get().answers.get()
    assert answer.question_version.prompt == "What is question 3 about?"


@pytest.mark.parametrize("minutes", ["4", "181", "", "x", "-5", "9" * 40])
def test_minutes_out_of_range_come_back_with_the_error(
    tab: Client, question_set: QuestionSet, minutes: str
) -> None:
    html = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": minutes}
    ).content.decode()
    assert 'aria-invalid="true"' in html
    assert f'value="{minutes}"' in html or not minutes
    assert 'value="one_at_a_time" checked' in html
    assert not Interview.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_a_set_that_is_not_published_can_not_be_sat(
    tab: Client, question_set: QuestionSet, status: Status
) -> None:
    QuestionSet.objects.update(status=status)
    begin(tab)
    assert not Interview.objects.exists()
    assert "No sets yet" in tab.get(URL).content.decode()


def test_a_set_that_was_retired_meanwhile_is_not_replaced_by_another(
    tab: Client, question_set: QuestionSet, other_set: QuestionSet
) -> None:
    QuestionSet.objects.filter(pk=question_set.pk).update(status=Status.RETIRED)
    html = tab.post(
        URL, {"question_set": "basics", "mode": "one_at_a_time", "minutes": 12}
    ).content.decode()
    assert not Interview.objects.exists()
    assert "can’t be sat any more" in html
    assert 'name="question_set" value="advanced"' in html
    assert 'value="one_at_a_time" checked' in html


def test_an_unknown_mode_starts_nothing(tab: Client, question_set: QuestionSet) -> None:
    begin(tab, mode="backwards")
    assert not Interview.objects.exists()


def test_a_running_interview_is_offered_to_resume_or_to_finish(
    tab: Client, running_interview: Interview
) -> None:
    html = tab.get(URL).content.decode()
    assert reverse("interview", args=[running_interview.pk]) in html
    assert reverse("interview-finish", args=[running_interview.pk]) in html


def test_a_second_start_leads_to_the_running_one(tab: Client, running_interview: Interview) -> None:
    reply = tab.post(URL, {"question_set": "basics", "mode": "free", "minutes": 12}, follow=True)
    assert "You have an interview running" in reply.content.decode()
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[running_interview.pk, 1])
    assert Interview.objects.count() == 1
