"""Taking an earlier text of an answer back, while it takes text."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Answer, Interview
from interview.refusals import ChangedElsewhere
from interview.saving import Conflict, Receipt, Save, save_answer
from interview.saving.limits import SAVE_INTERVAL
from interview.saving.restoring import restore
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write
from tests.races import race


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


@pytest.fixture
def rewritten(running_interview: Interview) -> Interview:
    """Revision 1 of its first answer is in the history; revision 2 stands, and only stands."""
    write(running_interview, 1, "the first try")
    write(running_interview, 1, "the second try")
    return running_interview


def answer_of(interview: Interview) -> Answer:
    return interview.answers.get(position=1)


def history(interview: Interview) -> list[tuple[int, str, str]]:
    revisions = answer_of(interview).revisions.order_by("number")
    return list(revisions.values_list("number", "kind", "text"))


def take_back(tab: Client, interview: Interview, number: int = 1, **data: Any) -> Any:
    url = reverse("answer-restore", args=[interview.pk, 1, number])
    return tab.post(url, data, follow=True)


def test_an_earlier_text_stands_again_as_a_new_revision(tab: Client, rewritten: Interview) -> None:
    reply = take_back(tab, rewritten, base=2)
    answer = answer_of(rewritten)
    assert (answer.text, answer.revision, answer.last_revision) == ("the first try", 3, 3)
    assert reply.request["PATH_INFO"] == reverse("answer", args=[rewritten.pk, 1])
    assert "the first try</textarea>" in reply.content.decode()


def test_the_room_says_which_text_is_back_in_the_reader_s_zone(
    tab: Client, rewritten: Interview
) -> None:
    tab.cookies["time_zone"] = "Asia/Kolkata"
    saved_at = answer_of(rewritten).revisions.get(number=1).saved_at
    minutes = (saved_at.hour * 60 + saved_at.minute + 330) % (24 * 60)
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    html = take_back(tab, rewritten, base=2).content.decode()
    assert f"The text from {time} is back. What stood before is in the history." in html


def test_what_stood_before_is_in_the_history(tab: Client, rewritten: Interview) -> None:
    take_back(tab, rewritten, base=2)
    assert history(rewritten) == [
        (1, "typing", "the first try"),
        (2, "typing", "the second try"),
        (3, "restored", "the first try"),
    ]


def test_what_stood_before_can_be_taken_back_in_turn(tab: Client, rewritten: Interview) -> None:
    take_back(tab, rewritten, base=2)
    take_back(tab, rewritten, number=2, base=3)
    assert answer_of(rewritten).text == "the second try"


def test_a_second_click_changes_nothing_and_is_no_refusal(
    tab: Client, rewritten: Interview
) -> None:
    take_back(tab, rewritten, base=2)
    html = take_back(tab, rewritten, base=2).content.decode()
    assert "is back" in html
    assert answer_of(rewritten).revision == 3


def test_a_text_written_meanwhile_on_another_device_is_not_overwritten(
    tab: Client, rewritten: Interview
) -> None:
    write(rewritten, 1, "from the phone")
    reply = take_back(tab, rewritten, base=2)
    assert answer_of(rewritten).text == "from the phone"
    assert len(history(rewritten)) == 1
    assert reply.request["PATH_INFO"] == reverse("answer-history", args=[rewritten.pk, 1])
    html = reply.content.decode()
    assert "changed in another tab or on another device" in html
    assert '<input type="hidden" name="base" value="3">' in html


@pytest.mark.parametrize("base", [{}, {"base": ""}, {"base": "x"}, {"base": -1}, {"base": 10**12}])
def test_who_does_not_say_what_stood_overwrites_nothing(
    tab: Client, rewritten: Interview, base: dict[str, Any]
) -> None:
    take_back(tab, rewritten, **base)
    assert answer_of(rewritten).text == "the second try"


@pytest.mark.parametrize("end", ["finish", "deadline"])
def test_after_the_close_it_is_refused_with_a_sentence_and_nothing_is_late_text(
    tab: Client, rewritten: Interview, end: str
) -> None:
    if end == "finish":
        rewritten.finish()
    else:
        move_back(rewritten, "12 minutes 11 seconds")
    html = take_back(tab, rewritten, base=2).content.decode()
    assert "The time is over, so your answer stays as it is." in html
    assert answer_of(rewritten).text == "the second try"
    assert {kind for _number, kind, _text in history(rewritten)} <= {"typing", "finish"}


def test_within_the_grace_it_is_taken_as_a_save_is(tab: Client, rewritten: Interview) -> None:
    move_back(rewritten, "12 minutes 2 seconds")
    take_back(tab, rewritten, base=2)
    assert answer_of(rewritten).text == "the first try"
    assert history(rewritten)[-1] == (3, "restored", "the first try")


def test_after_the_end_the_page_offers_nothing_to_take_back(
    tab: Client, rewritten: Interview
) -> None:
    url = reverse("answer-history", args=[rewritten.pk, 1])
    assert "Take this text back" in tab.get(url).content.decode()
    rewritten.finish()
    assert "Take this text back" not in tab.get(url).content.decode()


def test_one_at_a_time_a_closed_question_takes_nothing_back(
    tab: Client, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    write(interview, 1, "the first try")
    write(interview, 1, "the second try")
    interview.open_question(2)
    assert take_back(tab, interview, base=2).status_code == 404
    assert answer_of(interview).text == "the second try"


def test_it_counts_as_a_save_and_more_than_anybody_types_is_refused(
    tab: Client, rewritten: Interview
) -> None:
    before = answer_of(rewritten).busy_until
    take_back(tab, rewritten, base=2)
    after = answer_of(rewritten).busy_until
    assert before is not None
    assert after is not None
    assert after >= before + SAVE_INTERVAL
    # Whoever sends so many is busy for a minute ahead.
    rewritten.answers.update(busy_until=after + timedelta(minutes=1))
    html = take_back(tab, rewritten, number=2, base=3).content.decode()
    assert "Wait a few seconds, then take it back." in html
    assert answer_of(rewritten).text == "the first try"
    assert len(history(rewritten)) == 3


def test_a_version_of_another_answer_is_not_found(tab: Client, rewritten: Interview) -> None:
    write(rewritten, 2, "another answer")
    url = reverse("answer-restore", args=[rewritten.pk, 2, 2])
    assert tab.post(url, {"base": 1}).status_code == 404


def test_somebody_else_s_is_not_found(
    rewritten: Interview,
    other_candidate: User,
    superuser: User,
    client_of: Callable[[User], Client],
) -> None:
    for person in (other_candidate, superuser):
        assert take_back(client_of(person), rewritten, base=2).status_code == 404
    assert answer_of(rewritten).text == "the second try"


def test_a_visit_changes_nothing(tab: Client, rewritten: Interview) -> None:
    assert tab.get(reverse("answer-restore", args=[rewritten.pk, 1, 1])).status_code == 405


def test_a_page_that_is_open_elsewhere_is_told_of_the_conflict(
    tab: Client, rewritten: Interview
) -> None:
    """Also the page that wrote last, which may else go on from an older base."""
    page = uuid4()
    last = Save(text="typed in the room", base=2, writer=page, sequence=1)
    more = Save(text="typed in the room, more", base=3, writer=page, sequence=2)
    where: dict[str, Any] = {
        "candidate": rewritten.candidate,
        "interview": rewritten.pk,
        "position": 1,
    }
    assert isinstance(save_answer(**where, save=last), Receipt)
    take_back(tab, rewritten, base=3)
    assert isinstance(save_answer(**where, save=more), Conflict)
    assert answer_of(rewritten).text == "the first try"
    assert "typed in the room, more" in [text for _number, _kind, text in history(rewritten)]


@pytest.mark.django_db(transaction=True)
def test_against_a_save_of_another_device_one_wins_and_no_text_is_lost(
    rewritten: Interview,
) -> None:
    interview = Interview.objects.select_related("candidate").get(pk=rewritten.pk)
    winners = set()
    for turn in range(5):
        answer = answer_of(interview)
        earlier, phone = answer.revisions.get(number=1), f"from the phone, {turn}"
        save = Save(text=phone, base=answer.revision, writer=uuid4(), sequence=1)
        restored, saved = race(
            partial(restore, earlier, base=answer.revision),
            partial(
                save_answer,
                candidate=interview.candidate,
                interview=interview.pk,
                position=1,
                save=save,
            ),
        )
        kept = {text for _number, _kind, text in history(interview)}
        if isinstance(saved, Receipt):
            winners.add("save")
            assert isinstance(restored, ChangedElsewhere), restored
            assert answer_of(interview).text == phone
            assert "the first try" in kept
        else:
            winners.add("restore")
            assert isinstance(saved, Conflict), saved
            assert restored is True, restored
            assert answer_of(interview).text == "the first try"
            assert {"the first try", answer.text, phone} <= kept
        # What the next turn begins with must not be what it takes back.
        write(interview, 1, f"typed on, {turn}")
    assert winners


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_makes_a_revision(rewritten: Interview) -> None:
    answer = answer_of(rewritten)
    earlier = answer.revisions.get(number=1)
    results = race(8, lambda: restore(earlier, base=2))
    assert sorted(map(str, results)) == ["False"] * 7 + ["True"]
    assert answer_of(rewritten).revision == 3
    assert len(history(rewritten)) == 3
