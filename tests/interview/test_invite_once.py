"""A form that is sent twice makes one invitation."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from accounts.models import User
from interview.groups import REVIEWERS
from interview.models import Invitation
from questions.models import Question, QuestionSet
from tests.interview.inviting import asked_by, invite_to
from tests.interview.test_invitations import NEW, form_of
from tests.races import race

ClientOf = Callable[[User], Client]


@pytest.fixture
def desk(reviewer: User, client_of: ClientOf) -> Client:
    return client_of(reviewer)


@pytest.fixture
def questions(question_set: QuestionSet) -> list[Question]:
    return list(question_set.questions.order_by("position"))


def key_in(html: str) -> str:
    return "".join(re.findall(r'name="key" value="([^"]*)"', html))


def address_of(invitation: Invitation) -> str:
    return reverse("invitation", args=[invitation.pk])


def test_the_second_of_two_presses_leads_to_what_the_first_made(
    desk: Client, questions: list[Question]
) -> None:
    form = form_of(questions, key=key_in(desk.get(NEW).content.decode()))
    replies = [desk.post(NEW, form) for _ in range(2)]
    invitation = Invitation.objects.get()
    assert {reply["Location"] for reply in replies} == {address_of(invitation)}
    html = desk.get(address_of(invitation)).content.decode()
    assert html.count("Your invitation is ready") == 1


def test_the_key_stays_while_one_chooses_and_after_a_refusal(
    desk: Client, questions: list[Question]
) -> None:
    key = key_in(desk.get(NEW).content.decode())
    assert UUID(key)
    for change in ({"do": "add"}, {"do": "search"}, {"title": ""}):
        html = desk.post(NEW, form_of(questions, key=key, **change)).content.decode()
        assert key_in(html) == key
    assert not Invitation.objects.exists()


def test_the_same_form_after_a_close_makes_an_open_one(
    desk: Client, questions: list[Question]
) -> None:
    form = form_of(questions, key=str(uuid7()))
    first = desk.post(NEW, form)["Location"]
    Invitation.objects.get().close()
    second = desk.post(NEW, form)["Location"]
    assert first != second == desk.post(NEW, form)["Location"]
    assert Invitation.objects.count() == 2


def test_each_new_form_makes_another(desk: Client, questions: list[Question]) -> None:
    for _ in range(2):
        desk.post(NEW, form_of(questions, key=key_in(desk.get(NEW).content.decode())))
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("change", [{"title": "Round two"}, {"minutes": "26"}, {"question": []}])
def test_who_goes_back_and_changes_something_makes_another(
    desk: Client, questions: list[Question], change: dict[str, object]
) -> None:
    if "question" in change:
        change = {"question": [question.pk for question in reversed(questions)]}
    form = form_of(questions, key=str(uuid7()))
    desk.post(NEW, form)
    for _ in range(2):
        desk.post(NEW, {**form, **change})
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("key", ["", "1", "\x00", "0" * 100, "../../new"])
def test_a_key_that_is_none_is_no_hindrance(
    desk: Client, questions: list[Question], key: str
) -> None:
    desk.post(NEW, form_of(questions, key=key))
    assert Invitation.objects.count() == 1


def test_somebody_elses_key_gives_nothing_away(
    desk: Client, reviewer: User, person: Callable[..., User], questions: list[Question]
) -> None:
    question_set = questions[0].question_set
    other = invite_to(person("other", REVIEWERS), question_set, title="Secret round")
    form = form_of(questions, key=str(other.pk))
    reply = desk.post(NEW, form)
    mine = Invitation.objects.of(reviewer).get()
    assert reply["Location"] == address_of(mine) != address_of(other)
    assert len(asked_by(other)) == len(asked_by(mine)) == 3
    other.refresh_from_db()
    assert other.title == "Secret round"


def test_of_presses_at_the_same_moment_one_makes_it_and_all_lead_there(
    transactional_db: None, reviewer: User, questions: list[Question], client_of: ClientOf
) -> None:
    form = form_of(questions, key=str(uuid7()))
    desks = [client_of(reviewer) for _ in range(6)]
    replies = race(*(lambda desk=desk: desk.post(NEW, form)["Location"] for desk in desks))
    invitation = Invitation.objects.get()
    assert replies == [address_of(invitation)] * 6
    assert len(asked_by(invitation)) == 3
