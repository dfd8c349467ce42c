"""“Add 5 minutes”: up to ten times while the sitting runs (Rules of time, 3)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.clock import EXTENSION, GRACE, MOST_EXTENSIONS
from interview.models import Interview
from interview.saving import Late, Outcome, Receipt, Save, save_answer
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview
from tests.races import race, wait_until_somebody_waits

ONE_AT_A_TIME = Interview.Mode.ONE_AT_A_TIME
NO_GRACE = timedelta(0)


def save(interview: Interview, text: str, position: int = 1) -> Outcome | None:
    return save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=text, base=0, writer=uuid4(), sequence=1),
    )


def fetched(interview: Interview) -> Interview:
    """As another request finds it."""
    return Interview.objects.select_related("candidate").get(pk=interview.pk)


def closes(interview: Interview) -> list[datetime | None]:
    return list(interview.answers.order_by("position").values_list("closes_at", flat=True))


def consistent(interview: Interview) -> bool:
    """Whether the deadline says how often it moved, and no answer is open after it."""
    found = fetched(interview)
    assert found.deadline is not None
    moved = found.deadline - found.started_at - found.limit == found.extensions * EXTENSION
    end = found.ended_at or found.deadline
    for answer in found.answers.filter(closes_at__isnull=False):
        assert answer.closes_at is not None
        assert answer.accepts_until is not None
        assert answer.closes_at <= end
        assert answer.accepts_until - answer.closes_at in (NO_GRACE, GRACE)
    return moved


@pytest.fixture
def one_at_a_time(candidate: User, question_set: QuestionSet) -> Interview:
    return start_interview(candidate, question_set, ONE_AT_A_TIME)


def test_an_extension_moves_the_deadline_and_every_close_by_five_minutes(
    running_interview: Interview,
) -> None:
    deadline = running_interview.deadline
    assert deadline is not None
    assert running_interview.extend(0)
    assert (running_interview.deadline, running_interview.extensions) == (deadline + EXTENSION, 1)
    for answer in running_interview.answers.all():
        assert answer.closes_at == deadline + timedelta(minutes=5)
        assert answer.accepts_until == answer.closes_at + GRACE


def test_text_is_taken_in_the_minutes_that_were_added(running_interview: Interview) -> None:
    move_back(running_interview, "11 minutes 55 seconds")
    running_interview.extend(0)
    move_back(running_interview, "4 minutes")
    assert isinstance(save(running_interview, "in the added time"), Receipt)
    move_back(running_interview, "5 minutes")
    assert isinstance(save(running_interview, "after the added time"), Late)


def test_a_page_that_knows_of_fewer_extensions_adds_none(running_interview: Interview) -> None:
    """The second of a double click, a request that is sent again, a stale tab."""
    assert running_interview.extend(0)
    deadline = running_interview.deadline
    assert not running_interview.extend(0)
    assert (running_interview.deadline, running_interview.extensions) == (deadline, 1)
    assert not running_interview.extend(7)
    assert running_interview.extend(1)


def test_ten_extensions_are_the_most(running_interview: Interview) -> None:
    assert [running_interview.extend(known) for known in range(12)] == [True] * 10 + [False] * 2
    assert running_interview.extensions == MOST_EXTENSIONS
    assert running_interview.extensions_left == 0
    assert running_interview.deadline == running_interview.started_at + timedelta(minutes=62)


def test_nothing_is_added_to_an_untimed_sitting(candidate: User, question_set: QuestionSet) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    interview = start_interview(candidate, question_set)
    assert not interview.extend(0)
    assert (interview.deadline, interview.extensions, interview.extensions_left) == (None, 0, 0)


@pytest.mark.parametrize("end", ["finish", "deadline", "grace", "stamp"])
def test_nothing_is_added_after_the_end(running_interview: Interview, end: str) -> None:
    if end == "finish":
        running_interview.finish()
    else:
        move_back(running_interview, "12 minutes 2 seconds" if end == "grace" else "1 hour")
    if end == "stamp":
        Interview.objects.stamp_overdue()
    before = closes(running_interview)
    assert not running_interview.extend(0)
    assert closes(running_interview) == before
    assert fetched(running_interview).extensions == 0


def test_the_factor_does_not_stretch_an_extension(
    candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=2)
    interview = start_interview(candidate, question_set)
    interview.extend(0)
    assert interview.deadline == interview.started_at + timedelta(minutes=29)


def test_one_at_a_time_the_open_question_closes_later_and_the_closed_stay_closed(
    one_at_a_time: Interview,
) -> None:
    one_at_a_time.open_question(2)
    first, second, third = closes(one_at_a_time)
    assert second is not None
    assert one_at_a_time.extend(0)
    assert closes(one_at_a_time) == [first, second + EXTENSION, third]
    assert isinstance(save(one_at_a_time, "no way back", 1), Late)
    assert save(one_at_a_time, "not open yet", 3) is None


def test_one_at_a_time_a_question_whose_time_is_up_is_not_opened_again(
    one_at_a_time: Interview,
) -> None:
    move_back(one_at_a_time, "4 minutes 30 seconds")
    before = closes(one_at_a_time)
    deadline = one_at_a_time.deadline
    assert deadline is not None
    assert one_at_a_time.extend(0)
    assert closes(one_at_a_time) == before
    assert one_at_a_time.deadline == deadline + EXTENSION
    assert isinstance(save(one_at_a_time, "after all"), Late)


def test_one_at_a_time_what_is_opened_later_has_room_up_to_the_new_deadline(
    one_at_a_time: Interview,
) -> None:
    one_at_a_time.open_question(2)
    move_back(one_at_a_time, "10 minutes")
    one_at_a_time.extend(0)
    one_at_a_time.open_question(3)
    third = one_at_a_time.answers.get(position=3)
    assert third.opened_at is not None
    assert third.closes_at == third.opened_at + timedelta(minutes=4)
    assert consistent(one_at_a_time)


def test_one_at_a_time_no_close_gets_later_than_the_deadline(one_at_a_time: Interview) -> None:
    one_at_a_time.open_question(2)
    move_back(one_at_a_time, "10 minutes")
    one_at_a_time.open_question(3)
    one_at_a_time.extend(0)
    assert one_at_a_time.answers.get(position=3).closes_at == one_at_a_time.deadline


def test_extending_takes_the_same_number_of_queries_for_any_number_of_answers(
    running_interview: Interview, django_assert_num_queries: Callable[[int], object]
) -> None:
    # Savepoint and release among them, as the test is one transaction.
    with django_assert_num_queries(7):  # type: ignore[attr-defined]
        running_interview.extend(0)


# Races.


@pytest.mark.django_db(transaction=True)
def test_of_eight_presses_at_once_one_counts(running_interview: Interview) -> None:
    outcomes = race(8, lambda: fetched(running_interview).extend(0))
    assert sorted(outcomes, key=str) == [False] * 7 + [True]
    assert fetched(running_interview).extensions == 1
    assert consistent(running_interview)


@pytest.mark.django_db(transaction=True)
def test_eight_threads_add_ten_times_at_most(running_interview: Interview) -> None:
    def press_again_and_again() -> int:
        interview = fetched(running_interview)
        return sum(interview.extend(interview.extensions) for _ in range(20))

    assert sum(race(8, press_again_and_again)) == MOST_EXTENSIONS  # type: ignore[arg-type]
    assert fetched(running_interview).extensions == MOST_EXTENSIONS
    assert consistent(running_interview)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_an_extension_and_a_finish_at_once_nothing_stays_open(
    running_interview: Interview, attempt: int
) -> None:
    outcomes = race(
        lambda: fetched(running_interview).extend(0), lambda: fetched(running_interview).finish()
    )
    ended = fetched(running_interview)
    assert outcomes == [ended.extensions == 1, True]
    assert ended.ended_at is not None
    assert set(closes(ended)) == {ended.ended_at}
    assert consistent(ended)


@pytest.mark.django_db(transaction=True)
def test_an_extension_that_waits_for_a_finish_adds_nothing(running_interview: Interview) -> None:
    finishing = Event()

    def finish_slowly() -> bool:
        with transaction.atomic():
            won = fetched(running_interview).finish()
            finishing.set()
            wait_until_somebody_waits()
            return won

    def extend_meanwhile() -> bool:
        assert finishing.wait(timeout=10)
        return fetched(running_interview).extend(0)

    assert race(finish_slowly, extend_meanwhile) == [True, False]
    assert consistent(running_interview)


@pytest.mark.django_db(transaction=True)
def test_a_finish_that_waits_for_an_extension_closes_what_was_extended(
    running_interview: Interview,
) -> None:
    extending = Event()

    def extend_slowly() -> bool:
        with transaction.atomic():
            won = fetched(running_interview).extend(0)
            extending.set()
            wait_until_somebody_waits()
            return won

    def finish_meanwhile() -> bool:
        assert extending.wait(timeout=10)
        return fetched(running_interview).finish()

    assert race(extend_slowly, finish_meanwhile) == [True, True]
    assert set(closes(running_interview)) == {fetched(running_interview).ended_at}


@pytest.mark.django_db(transaction=True)
def test_a_save_that_waits_for_an_extension_is_told_the_added_time(
    running_interview: Interview,
) -> None:
    extending = Event()

    def extend_slowly() -> bool:
        with transaction.atomic():
            won = fetched(running_interview).extend(0)
            extending.set()
            wait_until_somebody_waits()
            return won

    def save_meanwhile() -> object:
        assert extending.wait(timeout=10)
        return save(fetched(running_interview), "typed meanwhile")

    extended, saved = race(extend_slowly, save_meanwhile)
    assert extended is True
    assert isinstance(saved, Receipt), saved
    assert saved.seconds_left == pytest.approx(17 * 60, abs=30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_an_extension_and_three_saves_at_once_all_win(
    running_interview: Interview, attempt: int
) -> None:
    move_back(running_interview, "11 minutes 50 seconds")
    outcomes = race(
        lambda: fetched(running_interview).extend(0),
        *(lambda n=n: save(fetched(running_interview), f"text {n}", n) for n in (1, 2, 3)),
    )
    assert outcomes[0] is True
    assert all(isinstance(outcome, Receipt) for outcome in outcomes[1:]), outcomes
    assert len(set(closes(running_interview))) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_an_extension_and_an_opening_at_once_one_question_is_open(
    one_at_a_time: Interview, attempt: int
) -> None:
    outcomes = race(
        lambda: fetched(one_at_a_time).extend(0), lambda: fetched(one_at_a_time).open_question(2)
    )
    assert outcomes == [True, True]
    first, second, third = one_at_a_time.answers.order_by("position")
    assert first.accepts_until == first.closes_at == second.opened_at
    assert second.opened_at is not None
    assert second.closes_at in (
        second.opened_at + timedelta(minutes=4),
        second.opened_at + timedelta(minutes=9),
    )
    assert third.opened_at is None


@pytest.mark.django_db(transaction=True)
def test_an_extension_that_waits_for_an_opening_opens_nothing_again(
    one_at_a_time: Interview,
) -> None:
    opening = Event()

    def open_slowly() -> bool:
        with transaction.atomic():
            Interview.objects.select_for_update(no_key=True).get(pk=one_at_a_time.pk)
            opening.set()
            # The extension came before what it waits for closes the first question.
            wait_until_somebody_waits()
            return fetched(one_at_a_time).open_question(2)

    def extend_meanwhile() -> bool:
        assert opening.wait(timeout=10)
        return fetched(one_at_a_time).extend(0)

    assert race(open_slowly, extend_meanwhile) == [True, True]
    first, second, _third = one_at_a_time.answers.order_by("position")
    assert first.closes_at == first.accepts_until == second.opened_at
    assert second.opened_at is not None
    assert second.closes_at == second.opened_at + timedelta(minutes=9)


@pytest.mark.django_db(transaction=True)
def test_a_sitting_that_is_extended_while_the_job_looks_at_it_is_not_stamped(
    running_interview: Interview,
) -> None:
    extending = Event()

    def extend_slowly() -> bool:
        with transaction.atomic():
            won = fetched(running_interview).extend(0)
            extending.set()
            wait_until_somebody_waits()
            return won

    def stamp_meanwhile() -> int:
        """As at the moment of the old deadline, which the job reads until it has the lock."""
        assert extending.wait(timeout=10)
        return stamp_as_of(running_interview, minutes=12)

    assert race(extend_slowly, stamp_meanwhile) == [True, 0]
    assert fetched(running_interview).ended_at is None


def stamp_as_of(interview: Interview, minutes: int) -> int:
    """`stamp_overdue()`'s choice of rows, as if the sitting had lasted that long."""
    moment = interview.started_at + timedelta(minutes=minutes)
    with transaction.atomic():
        rows = Interview.objects.unfinished().filter(deadline__lte=moment)
        return len(rows.select_for_update(no_key=True))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_an_extension_and_the_stamping_job_at_the_deadline_one_wins(
    running_interview: Interview, attempt: int
) -> None:
    """The deadline falls among the eight of them, or before, or after."""
    move_back(running_interview, "11 minutes 59.99 seconds")

    def stamp() -> int:
        return Interview.objects.stamp_overdue()

    def extend() -> bool:
        return fetched(running_interview).extend(0)

    race(4, stamp, 4, extend)
    found = fetched(running_interview)
    assert found.extensions == 0 or found.ended_at is None
    assert consistent(running_interview)


# The button.


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def url_of(interview: Interview) -> str:
    return reverse("interview-extend", args=[interview.pk])


def ask(tab: Client, interview: Interview, **fields: object) -> dict[str, Any]:
    """As the script does."""
    reply = tab.post(url_of(interview), fields, headers={"accept": "application/json"})
    assert reply.status_code == 200, reply.content
    return reply.json()  # type: ignore[no-any-return]


BUTTON = "Add 5 minutes</button>"


@pytest.mark.parametrize("page", ["answer", "next", "interview-finish"])
def test_every_page_with_a_clock_offers_five_minutes_more(
    tab: Client, one_at_a_time: Interview, page: str
) -> None:
    position = {"answer": [1], "next": [2], "interview-finish": []}[page]
    name = "answer" if page == "next" else page
    url = reverse(name, args=[one_at_a_time.pk, *position])
    html = tab.get(url).content.decode()
    assert BUTTON in html
    assert 'role="timer"' in html
    assert "possible 10 more times · only you see this" in html
    Interview.objects.update(extensions=9)
    assert "possible once more · only you see this" in tab.get(url).content.decode()
    Interview.objects.update(extensions=10)
    html = tab.get(url).content.decode()
    assert BUTTON not in html
    assert 'role="timer"' in html


def test_without_a_limit_there_is_no_button(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, factor=None)
    interview = start_interview(candidate, question_set, ONE_AT_A_TIME)
    for position in (1, 2):
        html = tab.get(reverse("answer", args=[interview.pk, position])).content.decode()
        assert BUTTON not in html
        assert 'role="timer"' not in html


def test_the_script_is_told_the_added_time_and_how_often_more(
    tab: Client, running_interview: Interview
) -> None:
    reply = ask(tab, running_interview, extensions=0, question=2)
    assert reply.pop("seconds_left") == pytest.approx(17 * 60, abs=30)
    assert reply == {
        "state": "added",
        "extensions": 1,
        "extensions_left": 9,
        "notice": "5 minutes added, possible 9 more times. Only you see this.",
    }


def test_a_repeat_is_told_how_it_stands(tab: Client, running_interview: Interview) -> None:
    ask(tab, running_interview, extensions=0)
    reply = ask(tab, running_interview, extensions=0)
    assert (reply["state"], reply["extensions"]) == ("refused", 1)
    assert reply["seconds_left"] == pytest.approx(17 * 60, abs=30)
    assert "added already, possible 9 more times" in reply["notice"]


def test_one_at_a_time_the_script_is_told_the_time_of_its_question(
    tab: Client, one_at_a_time: Interview
) -> None:
    reply = ask(tab, one_at_a_time, extensions=0, question=1)
    assert reply["seconds_left"] == pytest.approx(9 * 60, abs=30)
    reply = ask(tab, one_at_a_time, extensions=1, question=2)  # not open yet
    assert reply["seconds_left"] == pytest.approx(22 * 60, abs=30)


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("untimed", "no limit"),
        ("finished", "The time is over"),
        ("overdue", "The time is over"),
        ("ten", "which is the most"),
    ],
)
def test_each_refusal_has_its_sentence(
    tab: Client, running_interview: Interview, why: str, sentence: str
) -> None:
    if why == "untimed":
        Interview.objects.update(deadline=None)
    elif why == "finished":
        running_interview.finish()
    elif why == "overdue":
        move_back(running_interview, "1 hour")
    else:
        Interview.objects.update(extensions=10)
    known = fetched(running_interview).extensions
    assert sentence in ask(tab, running_interview, extensions=known)["notice"]
    page = tab.post(url_of(running_interview), {"extensions": known}, follow=True)
    assert sentence in page.content.decode()
    assert fetched(running_interview).extensions == known


@pytest.mark.parametrize("known", ["", "-1", "11", "x", "0.5", "9" * 40])
def test_nonsense_adds_nothing(tab: Client, running_interview: Interview, known: str) -> None:
    headers = {"accept": "application/json"}
    reply = tab.post(url_of(running_interview), {"extensions": known}, headers=headers)
    assert reply.status_code == 400
    assert "could not be read" in reply.json()["notice"]
    page = tab.post(url_of(running_interview), {"extensions": known}, follow=True)
    assert "could not be read" in page.content.decode()
    assert fetched(running_interview).extensions == 0


def test_a_plain_form_brings_its_text_along_and_comes_back(
    tab: Client, running_interview: Interview
) -> None:
    url = reverse("answer", args=[running_interview.pk, 2])
    html = tab.get(url).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert (hidden["extensions"], hidden["question"]) == ("0", "2")
    reply = tab.post(url_of(running_interview), {**hidden, "text": "half a wo"}, follow=True)
    html = reply.content.decode()
    assert reply.redirect_chain[-1][0] == url
    assert "5 minutes added, possible 9 more times." in html
    assert "half a wo</textarea>" in html
    assert fetched(running_interview).answers.get(position=2).text == "half a wo"


def test_a_plain_form_whose_text_is_refused_shows_it_and_adds_the_time(
    tab: Client, running_interview: Interview
) -> None:
    form = {"text": "long " * 4_200, "base": 0, "writer": str(uuid4()), "sequence": 1}
    reply = tab.post(url_of(running_interview), {**form, "extensions": 0, "question": 1})
    assert reply.status_code == 400
    assert "long " * 4_200 in reply.content.decode()
    assert fetched(running_interview).extensions == 1


def test_text_beside_a_number_that_makes_no_sense_is_saved_all_the_same(
    tab: Client, running_interview: Interview
) -> None:
    form = {"text": "half a wo", "base": 0, "writer": str(uuid4()), "sequence": 1}
    tab.post(url_of(running_interview), {**form, "extensions": "x", "question": 1})
    assert fetched(running_interview).answers.get(position=1).text == "half a wo"
    assert fetched(running_interview).extensions == 0


def test_pages_without_text_are_come_back_to(tab: Client, one_at_a_time: Interview) -> None:
    finish = reverse("interview-finish", args=[one_at_a_time.pk])
    reply = tab.post(url_of(one_at_a_time), {"extensions": 0, "then": "finish"})
    assert reply["Location"] == finish
    reply = tab.post(url_of(one_at_a_time), {"extensions": 1, "question": 2})
    assert reply["Location"] == reverse("answer", args=[one_at_a_time.pk, 2])


def test_another_device_learns_of_it_with_its_next_save(
    tab: Client, running_interview: Interview
) -> None:
    ask(tab, running_interview, extensions=0)
    reply = tab.post(
        reverse("answer-save", args=[running_interview.pk, 1]),
        {"text": "from the phone", "base": 0, "writer": str(uuid4()), "sequence": 1},
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    assert reply.json()["seconds_left"] == pytest.approx(17 * 60, abs=30)


def test_nobody_extends_somebody_elses_time(
    running_interview: Interview, other_candidate: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(other_candidate)
    assert client.post(url_of(running_interview), {"extensions": 0}).status_code == 404
    assert client.get(url_of(running_interview)).status_code == 405
    assert fetched(running_interview).extensions == 0
