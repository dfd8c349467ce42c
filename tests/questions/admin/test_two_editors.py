"""Two editors at once: the second is told, keeps all that was typed, and overwrites nothing
silently.
"""

import json
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.groups import EDITORS
from questions.models import Note, Question, QuestionSet, QuestionVersion, Status, Story, Topic
from tests.conftest import logged_in_client
from tests.questions.admin.forms import change_url, errors, filled_in, form_of
from tests.races import race, wait_until_somebody_waits

TOLD = "Somebody changed this while you were editing. Nothing is saved yet."


def test_the_second_is_told_and_keeps_what_was_typed(
    desk: Client, other_desk: Client, other_editor: User, question: Question
) -> None:
    url = change_url(question)
    first, second = form_of(other_desk, url), form_of(desk, url)
    assert other_desk.post(url, first | {"answer": "Theirs is right."}).status_code == 302

    response = desk.post(
        url, second | {"answer": "Mine is right.", "key_points-0-text": "My point"}
    )

    assert TOLD in errors(response)
    page = response.content.decode()
    assert f"{other_editor} saved it on" in page
    assert "Mine is right." in page
    assert "My point" in page
    assert "</span>Theirs is right.<span" in page
    question.refresh_from_db()
    assert question.answer == "Theirs is right."
    assert question.key_points.get(key="main").text == "Main point 1"
    assert question.versions.count() == 2


def test_who_was_told_and_says_so_goes_on(
    desk: Client, other_desk: Client, question: Question
) -> None:
    url = change_url(question)
    first, second = form_of(other_desk, url), form_of(desk, url)
    other_desk.post(url, first | {"answer": "Theirs."})
    told = filled_in(desk.post(url, second | {"answer": "Mine."}))

    again = desk.post(url, told)
    assert TOLD in errors(again)
    assert "</span>Theirs.<span" in again.content.decode()
    assert desk.post(url, told | {"overwrite": "on"}).status_code == 302

    question.refresh_from_db()
    assert question.answer == "Mine."
    assert [version.answer for version in question.versions.all()] == [
        *("Mine.", "Theirs.", "Model answer **1**.")
    ]


def test_a_third_change_is_told_again(desk: Client, other_desk: Client, question: Question) -> None:
    url = change_url(question)
    second = form_of(desk, url)
    other_desk.post(url, form_of(other_desk, url) | {"answer": "Theirs."})
    told = filled_in(desk.post(url, second | {"answer": "Mine."}))
    other_desk.post(url, form_of(other_desk, url) | {"answer": "Another of theirs."})

    response = desk.post(url, told | {"overwrite": "on"})

    assert TOLD in errors(response)
    assert not filled_in(response).get("overwrite")
    question.refresh_from_db()
    assert question.answer == "Another of theirs."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"key_points-0-text": "Theirs"}, {"key_points-0-text": "Mine"}),
        ({"key_points-0-retired": "on"}, {"answer": "Mine"}),
        ({"follow_ups": "Theirs?"}, {"follow_ups": "Mine?"}),
        ({"sources": "[Theirs](https://example.com)"}, {"minutes": "9"}),
        ({"status": "retired"}, {"status": "draft"}),
        ({"difficulty": "3"}, {"difficulty": "1"}),
        (
            {
                "key_points-TOTAL_FORMS": "3",
                "key_points-2-key": "new",
                "key_points-2-text": "New",
                "key_points-2-position": "3",
                "key_points-2-weight": "1",
            },
            {"answer": "Mine"},
        ),
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whatever_of_a_question_the_first_changes_is_told(
    desk: Client,
    other_desk: Client,
    question: Question,
    first: dict[str, str],
    second: dict[str, str],
) -> None:
    url = change_url(question)
    mine = form_of(desk, url)
    done = other_desk.post(url, form_of(other_desk, url) | first)
    assert done.status_code == 302, errors(done)

    assert TOLD in errors(desk.post(url, mine | second))


def test_the_order_and_state_of_a_sets_questions_are_told_too(
    desk: Client, other_desk: Client, other_editor: User, question_set: QuestionSet
) -> None:
    url = change_url(question_set)
    mine = form_of(desk, url)
    other_desk.post(url, form_of(other_desk, url) | {"questions-2-position": "1"})

    response = desk.post(url, mine | {"questions-0-status": "retired"})

    assert TOLD in errors(response)
    assert f"{other_editor} saved it on" in response.content.decode()
    slugs = [question.slug for question in question_set.questions.order_by("position")]
    assert slugs == ["question-3", "question-1", "question-2"]
    assert question_set.questions.filter(status=Status.RETIRED).count() == 0


def test_topics_stories_and_notes_are_watched_too(
    desk: Client, other_desk: Client, other_editor: User
) -> None:
    origin = {"slug": "one", "title": "One", "license": "CC-BY-4.0"}
    items = [
        (Story.objects.create(**origin), "cause"),
        (Note.objects.create(**origin), "body"),
        (Topic.objects.create(slug="one", title="One"), "title"),
    ]
    for item, field in items:
        url = change_url(item)
        mine = form_of(desk, url)
        other_desk.post(url, form_of(other_desk, url) | {field: "Theirs"})

        response = desk.post(url, mine | {field: "Mine"})

        assert TOLD in errors(response), item
        assert f"{other_editor} saved it on" in response.content.decode()
        item.refresh_from_db()
        assert getattr(item, field) == "Theirs"


def test_the_same_change_by_both_is_told_once(
    desk: Client, other_desk: Client, question: Question
) -> None:
    """A double click, or a page that was sent again: nothing is lost, and there is one version."""
    url = change_url(question)
    data = form_of(desk, url) | {"answer": "Once."}

    assert desk.post(url, data).status_code == 302
    desk.post(url, data)

    assert question.versions.count() == 2


def test_saving_what_nobody_changed_disturbs_nobody(
    desk: Client, other_desk: Client, question: Question
) -> None:
    url = change_url(question)
    mine = form_of(desk, url)
    other_desk.post(url, form_of(other_desk, url))

    assert desk.post(url, mine | {"answer": "Mine."}).status_code == 302


def test_an_import_meanwhile_is_told_as_nobody_s(desk: Client, question: Question) -> None:
    url = change_url(question)
    mine = form_of(desk, url)
    question.answer = "From a file."
    question.save()

    response = desk.post(url, mine | {"answer": "Mine."})

    assert TOLD in errors(response)
    assert "by an import or by the program" in response.content.decode()


@pytest.mark.parametrize(
    "seen",
    ["", "no json", "[]", "3", "null", '{"answer": 3}', "{}", '{"nothing": "such"}', "[" * 100_000],
    ids=lambda seen: seen[:20],
)
def test_a_form_that_does_not_say_what_it_was_made_from_overwrites_nothing(
    desk: Client, question: Question, seen: str
) -> None:
    url = change_url(question)
    data = form_of(desk, url) | {"answer": "Mine.", "seen": seen, "overwrite": "on"}

    for told in ({}, {"told": seen}):
        assert TOLD in errors(desk.post(url, data | told))

    question.refresh_from_db()
    assert question.answer == "Model answer **1**."


def test_what_others_typed_is_shown_as_text(
    desk: Client, other_desk: Client, question: Question
) -> None:
    url = change_url(question)
    mine = form_of(desk, url)
    other_desk.post(url, form_of(other_desk, url) | {"answer": "<script>alert(1)</script>"})

    page = desk.post(url, mine | {"answer": "</textarea><script>alert(2)</script>"})

    assert TOLD in errors(page)
    assert b"<script>alert" not in page.content


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_the_same_moment_one_wins_and_seven_are_told(
    person: Callable[..., User], question: Question
) -> None:
    url = change_url(question)
    desks = [logged_in_client(person(f"editor-{n}", EDITORS, is_staff=True)) for n in range(8)]
    forms = [
        form_of(one, url) | {"answer": f"Text of {n}.", "key_points-0-text": f"Point of {n}"}
        for n, one in enumerate(desks)
    ]

    def save(n: int) -> Callable[[], object]:
        return lambda: desks[n].post(url, forms[n]).status_code

    statuses = race(*(save(n) for n in range(8)))

    assert sorted(statuses, key=str) == [200] * 7 + [302]
    winner = statuses.index(302)
    question.refresh_from_db()
    assert question.answer == f"Text of {winner}."
    assert question.key_points.get(key="main").text == f"Point of {winner}"
    assert QuestionVersion.objects.filter(question=question).count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_set_and_its_question_saved_at_once_do_not_wait_for_each_other_in_a_circle(
    desk: Client, other_desk: Client, question: Question
) -> None:
    of_set, of_question = change_url(question.question_set), change_url(question)
    for round_ in range(5):
        set_form = form_of(desk, of_set) | {"questions-1-minutes": str(10 + round_)}
        question_form = form_of(other_desk, of_question) | {"answer": f"Round {round_}."}

        statuses = race(
            lambda data=set_form: desk.post(of_set, data).status_code,  # type: ignore[misc]
            lambda data=question_form: other_desk.post(of_question, data).status_code,  # type: ignore[misc]
        )

        assert statuses == [302, 302]


@pytest.mark.django_db(transaction=True)
def test_questions_added_to_a_set_at_once_get_positions_of_their_own(
    desk: Client, other_desk: Client, question_set: QuestionSet
) -> None:
    url = reverse("admin:questions_question_add")
    form = form_of(desk, f"{url}?question_set={question_set.pk}&position=4")

    def add(client: Client, slug: str) -> int:
        return client.post(url, form | {"prompt": slug, "slug": slug}).status_code

    assert race(lambda: add(desk, "mine"), lambda: add(other_desk, "theirs")) == [302, 302]

    positions = question_set.questions.order_by("position").values_list("position", flat=True)
    assert list(positions) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("model", [Topic, QuestionSet, Note, Story])
def test_of_two_that_take_one_slug_at_once_the_second_is_told(
    desk: Client, model: type[Topic | QuestionSet | Note | Story]
) -> None:
    url = reverse(f"admin:questions_{model._meta.model_name}_add")
    form = form_of(desk, url) | {"title": "Mine", "slug": "taken", "what_happened": "It broke."}
    begun = Event()

    def take() -> None:
        with transaction.atomic():
            model.objects.create(title="Theirs", slug="taken")
            begun.set()
            wait_until_somebody_waits()

    def ask_for_it() -> object:
        begun.wait(timeout=10)
        return desk.post(url, form)

    nothing, response = race(take, ask_for_it)

    assert nothing is None
    assert "already exists" in errors(response)
    assert 'value="Mine"' in response.content.decode()  # type: ignore[attr-defined]
    assert model.objects.get(slug="taken").title == "Theirs"


# Lists.


def listed(desk: Client, url: str) -> dict[str, Any]:
    return {"listed": desk.get(url).context["action_form"]["listed"].value()}


@pytest.mark.parametrize("action", ["publish", "retire", "draft"])
def test_an_action_on_a_list_that_is_not_true_any_more_does_nothing(
    desk: Client, other_desk: Client, other_editor: User, question_set: QuestionSet, action: str
) -> None:
    url = reverse("admin:questions_question_changelist")
    first, *others = question_set.questions.all()
    page = listed(desk, url)
    form = form_of(other_desk, change_url(first)) | {"answer": "Half of a new ans"}
    other_desk.post(change_url(first), form)
    before = list(Question.objects.values())

    chosen = {"action": action, "_selected_action": [first.pk, *(one.pk for one in others)]}
    response = desk.post(url, chosen | page, follow=True)

    assert f"Since you opened this list, {other_editor} changed" in response.content.decode()
    assert list(Question.objects.values()) == before
    # The page that tells it shows the list as it is now: the next choice counts.
    assert desk.post(url, chosen | listed(desk, url)).status_code == 302
    expected = {"publish": "published", "retire": "retired", "draft": "draft"}[action]
    assert set(Question.objects.values_list("status", flat=True)) == {expected}


def test_changes_of_rows_that_were_not_chosen_do_not_matter(
    desk: Client, question_set: QuestionSet
) -> None:
    url = reverse("admin:questions_question_changelist")
    first, second, _third = question_set.questions.all()
    page = listed(desk, url)
    first.save()

    desk.post(url, {"action": "retire", "_selected_action": [second.pk]} | page)

    second.refresh_from_db()
    assert second.status == Status.RETIRED


def test_an_action_is_noted_in_the_history_of_what_it_changed(
    desk: Client, question_set: QuestionSet
) -> None:
    url = reverse("admin:questions_questionset_changelist")
    desk.post(url, {"action": "retire", "_selected_action": [question_set.pk]})

    history = reverse("admin:questions_questionset_history", args=[question_set.pk])
    assert "Now retired." in desk.get(history).content.decode()


def test_what_a_form_carries_is_what_it_was_made_from(desk: Client, question: Question) -> None:
    seen = json.loads(form_of(desk, change_url(question))["seen"])

    assert seen["answer"] == "Model answer **1**."
    assert f"key_points {question.key_points.get(key='main').pk} text" in seen
