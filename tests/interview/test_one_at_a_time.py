"""One question after the other, each with its own clock and no way back (Rules of time, 7)."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.clock import GRACE
from interview.models import Answer, Interview
from interview.saving import Late, Outcome, Receipt, Save, save_answer
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write
from tests.races import race


@pytest.fixture
def interview(candidate: User, question_set: QuestionSet) -> Interview:
    return start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def save(interview: Interview, position: int, text: str = "text") -> Outcome | None:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=text, base=0, writer=uuid4(), sequence=1),
    )


def opened(interview: Interview) -> list[bool]:
    return [answer.opened_at is not None for answer in interview.answers.order_by("position")]


def test_the_start_opens_the_first_question_for_its_own_minutes(interview: Interview) -> None:
    answer = interview.answers.get(position=1)
    assert opened(interview) == [True, False, False]
    assert answer.opened_at is not None
    assert answer.closes_at == answer.opened_at + timedelta(minutes=4)
    assert answer.accepts_until == answer.closes_at + GRACE


def test_the_timing_profile_stretches_each_question(
    candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=Decimal(2))
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    answer = interview.answers.get(position=1)
    assert answer.opened_at is not None
    assert answer.closes_at == answer.opened_at + timedelta(minutes=8)


def test_pages_name_the_minutes_that_the_clock_gives(
    candidate: User, question_set: QuestionSet, tab: Client
) -> None:
    TimingProfile.objects.create(user=candidate, factor=Decimal("2.5"), show_clock=False)
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    room = tab.get(reverse("answer", args=[interview.pk, 1])).content.decode()
    assert "about 10 minutes" in room
    assert 'name="flag"' not in room  # there is no way back to it
    move_back(interview, "23 minutes")
    coming = tab.get(reverse("answer", args=[interview.pk, 2])).content.decode()
    assert "runs for 7 minutes" in coming


def test_no_question_closes_later_than_the_deadline(interview: Interview) -> None:
    interview.open_question(2)
    move_back(interview, "10 minutes")
    interview.open_question(3)
    assert interview.answers.get(position=3).closes_at == interview.deadline


def test_opening_the_next_closes_the_one_before_at_once(interview: Interview) -> None:
    write(interview, 1, "in time")
    assert interview.open_question(2)
    assert isinstance(save(interview, 1, "after all"), Late)
    assert isinstance(save(interview, 2), Receipt)
    assert interview.answers.get(position=1).text == "in time"


def test_a_question_that_is_not_open_takes_no_text(interview: Interview) -> None:
    assert save(interview, 2) is None


def test_no_question_can_be_skipped(interview: Interview) -> None:
    assert not interview.open_question(3)
    assert opened(interview) == [True, False, False]


def test_no_question_can_be_opened_again(interview: Interview) -> None:
    interview.open_question(2)
    closes_at = interview.answers.get(position=2).closes_at
    assert not interview.open_question(1)
    assert not interview.open_question(2)
    assert interview.answers.get(position=2).closes_at == closes_at


def test_an_unknown_question_can_not_be_opened(interview: Interview) -> None:
    with pytest.raises(Answer.DoesNotExist):
        interview.open_question(4)


@pytest.mark.parametrize("end", ["finish", "deadline"])
def test_nothing_opens_after_the_end(interview: Interview, end: str) -> None:
    if end == "finish":
        interview.finish()
    else:
        move_back(interview, "1 hour")
    assert not interview.open_question(2)
    assert save(interview, 2) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_requests_at_once_one_opens_the_question(interview: Interview) -> None:
    outcomes = race(8, lambda: Interview.objects.get(pk=interview.pk).open_question(2))
    assert sorted(outcomes, key=str) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_a_finish_and_an_opening_at_once_leave_nothing_open(
    interview: Interview, attempt: int
) -> None:
    outcomes = race(
        lambda: Interview.objects.get(pk=interview.pk).open_question(2),
        lambda: Interview.objects.get(pk=interview.pk).finish(),
    )
    assert outcomes[0] in (True, False)
    assert outcomes[1] is True
    ended_at = Interview.objects.get(pk=interview.pk).ended_at
    assert ended_at is not None
    for answer in interview.answers.all():
        assert answer.accepts_until is not None
        assert answer.accepts_until <= ended_at


# The pages.


def test_the_room_shows_the_open_question_only(tab: Client, interview: Interview) -> None:
    html = tab.get(reverse("answer", args=[interview.pk, 1])).content.decode()
    assert "What is question 1 about?" in html
    assert "What is question 2 about?" not in html
    assert reverse("answer", args=[interview.pk, 2]) not in html.split("room__form")[0]


def test_the_next_question_is_opened_on_request(tab: Client, interview: Interview) -> None:
    page = reverse("answer", args=[interview.pk, 2])
    html = tab.get(page).content.decode()
    assert "Open question 2" in html
    assert "What is question 2 about?" not in html
    assert opened(interview) == [True, False, False]
    reply = tab.post(reverse("answer-open", args=[interview.pk, 2]), follow=True)
    assert reply.redirect_chain[-1][0] == page
    assert "What is question 2 about?" in reply.content.decode()


def test_there_is_no_way_back_and_no_way_ahead(tab: Client, interview: Interview) -> None:
    interview.open_question(2)
    here = reverse("answer", args=[interview.pk, 2])
    assert tab.get(reverse("answer", args=[interview.pk, 1]))["Location"] == here
    interview.answers.filter(position=2).update(opened_at=None, closes_at=None, accepts_until=None)
    first = reverse("answer", args=[interview.pk, 1])
    assert tab.get(reverse("answer", args=[interview.pk, 3]))["Location"] == first


def test_text_that_is_too_long_comes_back_for_opened_questions_only(
    tab: Client, interview: Interview
) -> None:
    interview.open_question(2)
    form = {"text": "long " * 4_200, "base": 0, "writer": str(uuid4()), "sequence": 1}
    reply = tab.post(reverse("answer-save", args=[interview.pk, 1]), form)
    assert reply.status_code == 400
    assert "long " * 4_200 in reply.content.decode()
    ahead = tab.post(reverse("answer-save", args=[interview.pk, 3]), form, follow=True)
    assert "What is question 3 about?" not in ahead.content.decode()


def test_where_the_time_of_a_question_is_up_the_next_is_offered(
    tab: Client, interview: Interview
) -> None:
    move_back(interview, "5 minutes")
    reply = tab.get(reverse("interview", args=[interview.pk]), follow=True)
    assert "Question 1 is closed." in reply.content.decode()


def test_after_the_time_of_the_last_question_the_finish_is_offered(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    interview.open_question(2)
    interview.open_question(3)
    move_back(interview, "5 minutes")
    reply = tab.get(reverse("interview", args=[interview.pk]))
    assert reply["Location"] == reverse("interview-finish", args=[interview.pk])


def test_the_finish_page_tells_no_question_that_was_not_opened(
    tab: Client, interview: Interview
) -> None:
    html = tab.get(reverse("interview-finish", args=[interview.pk])).content.decode()
    assert "What is question 2 about?" not in html
    assert "Question 2, not opened yet" in html


def test_an_unknown_question_is_not_found(tab: Client, interview: Interview) -> None:
    assert tab.post(reverse("answer-open", args=[interview.pk, 9])).status_code == 404
    assert tab.get(reverse("answer", args=[interview.pk, 9])).status_code == 404


# Hostile tries, sent without a page.


def test_text_for_a_closed_question_is_kept_as_late_and_changes_nothing(
    tab: Client, interview: Interview
) -> None:
    write(interview, 1, "in time")
    interview.open_question(2)
    reply = tab.post(
        reverse("answer-save", args=[interview.pk, 1]),
        {"text": "after all", "base": 1, "writer": str(uuid4()), "sequence": 1},
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert reply.json()["state"] == "late"
    first = interview.answers.get(position=1)
    assert first.text == "in time"
    assert first.revisions.get(kind="late").text == "after all"


def test_a_question_that_is_not_open_answers_to_nothing(tab: Client, interview: Interview) -> None:
    form = {"text": "too early", "base": 0, "writer": str(uuid4()), "sequence": 1}
    for name in ("answer-save", "answer-flag"):
        assert tab.post(reverse(name, args=[interview.pk, 2]), form).status_code == 404
    clock = reverse("interview-clock", args=[interview.pk])
    assert tab.get(f"{clock}?question=2").status_code == 404
    second = interview.answers.get(position=2)
    assert (second.text, second.flagged, second.revisions.count()) == ("", False, 0)


def test_opening_ahead_or_back_by_address_opens_nothing(tab: Client, interview: Interview) -> None:
    interview.open_question(2)
    closes = list(interview.answers.order_by("position").values_list("closes_at", flat=True))
    for position in (1, 2):
        tab.post(reverse("answer-open", args=[interview.pk, position]))
    assert opened(interview) == [True, True, False]
    assert closes == list(
        interview.answers.order_by("position").values_list("closes_at", flat=True)
    )
    assert tab.get(reverse("answer-open", args=[interview.pk, 3])).status_code == 405


def test_a_save_that_leads_to_an_earlier_question_comes_back_to_the_open_one(
    tab: Client, interview: Interview
) -> None:
    interview.open_question(2)
    form = {"text": "second", "base": 0, "writer": str(uuid4()), "sequence": 1, "then": "1"}
    reply = tab.post(reverse("answer-save", args=[interview.pk, 2]), form, follow=True)
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[interview.pk, 2])
    assert "What is question 1 about?" not in reply.content.decode()


def test_nothing_of_somebody_elses_sitting_answers(
    interview: Interview, other_candidate: User, client_of: Callable[[User], Client]
) -> None:
    theirs = client_of(other_candidate)
    form = {"text": "x", "base": 0, "writer": str(uuid4()), "sequence": 1, "extensions": 0}
    for name, arguments in {
        "answer-save": [1],
        "answer-flag": [1],
        "answer-open": [2],
        "interview-finish": [],
        "interview-extend": [],
    }.items():
        url = reverse(name, args=[interview.pk, *arguments])
        assert theirs.post(url, form).status_code == 404
    assert theirs.get(reverse("interview-clock", args=[interview.pk])).status_code == 404
    assert opened(interview) == [True, False, False]
    assert Interview.objects.get().ended_at is None
