"""Five mixed questions at one press, from home or after signing up."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.models import Answer, Interview
from questions.models import Question, QuestionSet
from tests.conftest import move_back, start_interview
from tests.interview.test_mixed_interview import ask, make_set
from tests.races import race

URL = "/interviews/quick-start/"


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def asked() -> set[Question]:
    """What the only running interview asks."""
    answers = Answer.objects.filter(interview__in=Interview.objects.running())
    return set(Question.objects.filter(versions__answers__in=answers))


def test_one_press_starts_five_questions(tab: Client, candidate: User) -> None:
    make_set("storage", 9)
    home = tab.get("/").content.decode()
    assert f'<form method="post" action="{URL}">' in home
    assert "5 mixed questions in any order, about 20 minutes. The exact time depends" in home
    reply = tab.post(URL, follow=True)
    interview = Interview.objects.get()
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[interview.pk, 1])
    assert (interview.candidate, interview.title) == (candidate, "Mixed questions")
    assert (interview.mode, interview.question_set) == ("free", None)
    assert interview.limit == timedelta(minutes=20)
    assert len(asked()) == 5


def test_the_candidate_s_own_time_applies(tab: Client, candidate: User) -> None:
    TimingProfile.objects.create(user=candidate, factor="2")
    make_set("storage", 5)
    tab.post(URL)
    interview = Interview.objects.get()
    assert interview.deadline == interview.started_at + timedelta(minutes=40)


def test_nothing_of_last_week_is_asked(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 12).questions.all())
    ask(candidate, questions[:7], "6 days")
    tab.post(URL)
    assert asked() == set(questions[7:])


def test_where_too_few_are_left_some_of_last_week_come_again(tab: Client, candidate: User) -> None:
    questions = list(make_set("storage", 8).questions.all())
    ask(candidate, questions[:6], "6 days")
    assert "Some are from last week" in tab.get(URL).content.decode()
    tab.post(URL)
    assert len(asked()) == 5
    assert set(questions[6:]) < asked()


def test_where_there_are_no_five_fewer_are_asked(tab: Client) -> None:
    make_set("storage", 2)
    assert "2 mixed questions in any order, about 8 minutes" in tab.get("/").content.decode()
    assert "2 mixed questions in any order, about 8 minutes" in tab.get(URL).content.decode()
    tab.post(URL)
    assert len(asked()) == 2


def test_without_a_question_nothing_is_offered_and_nothing_breaks(tab: Client) -> None:
    assert URL not in tab.get("/").content.decode()
    assert URL not in Client().get("/").content.decode()
    for reply in (tab.get(URL, follow=True), tab.post(URL, follow=True)):
        assert reply.redirect_chain[-1][0] == "/"
        assert "There are no questions to ask yet." in reply.content.decode()


def test_a_stranger_is_led_over_the_sign_up_to_the_one_press(
    question_set: QuestionSet, db: None
) -> None:
    stranger = Client()
    sign_up = f"{reverse('account_signup')}?next={URL}"
    assert f'href="{sign_up}"' in stranger.get("/").content.decode()
    reply = stranger.post(
        sign_up,
        {"email": "ada@example.com", "password1": "a-long-enough-phrase", "next": URL},
        follow=True,
    )
    assert reply.redirect_chain[-1][0] == URL
    assert not Interview.objects.exists()
    stranger.post(URL)
    assert Interview.objects.get().candidate.email == "ada@example.com"


def test_the_page_tells_no_question_and_starts_nothing(
    tab: Client, question_set: QuestionSet
) -> None:
    html = tab.get(URL).content.decode()
    assert "What is question" not in html
    assert "question-" not in html
    assert not Interview.objects.exists()


def test_the_timing_profile_can_be_changed_before_the_press(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    refused = tab.post(URL, {"time": "other", "factor": "11"})
    assert "Enter a number from 1 to 10." in refused.content.decode()
    assert not Interview.objects.exists()
    tab.post(URL, {"time": "2", "show_clock": "on"})
    assert Interview.objects.get().time_factor == 2


def test_home_offers_to_continue_what_runs_instead(
    tab: Client, running_interview: Interview
) -> None:
    html = tab.get("/").content.decode()
    assert URL not in html
    assert reverse("interview", args=[running_interview.pk]) in html


def test_while_one_runs_it_leads_there_and_says_so(
    tab: Client, running_interview: Interview
) -> None:
    for reply in (tab.get(URL, follow=True), tab.post(URL, follow=True)):
        assert "You have an interview running. Here it is." in reply.content.decode()
        assert reply.redirect_chain[-1][0] == reverse("answer", args=[running_interview.pk, 1])
    assert Interview.objects.count() == 1


def test_an_untimed_one_that_nobody_finished_is_led_to_as_well(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    unfinished = start_interview(candidate, question_set)
    move_back(unfinished, "30 days")
    reply = tab.post(URL)
    assert reply["Location"] == reverse("interview", args=[unfinished.pk])
    assert "Continue your interview" in tab.get("/").content.decode()


def test_an_overdue_one_is_stamped_first(tab: Client, running_interview: Interview) -> None:
    move_back(running_interview, "1 hour")
    tab.post(URL)
    running_interview.refresh_from_db()
    assert running_interview.ended_at == running_interview.deadline
    assert Interview.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_one(candidate: User, client_of: Callable[[User], Client]) -> None:
    """Also where the first click takes nearly all questions that there are."""
    make_set("storage", 6)
    tabs = [client_of(candidate) for _ in range(4)]
    replies = race(*(lambda tab=tab: tab.post(URL) for tab in tabs))
    where = reverse("interview", args=[Interview.objects.get().pk])
    assert [getattr(reply, "url", reply) for reply in replies] == [where] * 4
