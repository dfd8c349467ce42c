"""The versions of a question: what changed between two, and the way back to one."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.models import Interview
from questions.models import Question, QuestionVersion
from tests.questions.admin.forms import change_url, errors, form_of
from tests.races import race


def versions_url(question: Question) -> str:
    return reverse("admin:questions_question_versions", args=[question.pk])


def edit(desk: Client, question: Question, **fields: str) -> None:
    url = change_url(question)
    response = desk.post(url, form_of(desk, url) | fields)
    assert response.status_code == 302, errors(response)


@pytest.fixture
def edited(desk: Client, question: Question) -> Question:
    """Version 2 has another answer; version 3 has no second key point, but a new one."""
    edit(desk, question, answer="Model answer, better.")
    edit(
        desk,
        question,
        **{
            "key_points-1-retired": "on",
            "key_points-0-text": "Main point, reworded",
            "key_points-TOTAL_FORMS": "3",
            "key_points-2-key": "new",
            "key_points-2-text": "New point",
            "key_points-2-position": "3",
            "key_points-2-weight": "3",
        },
    )
    return question


def test_the_versions_are_listed_with_who_made_them(
    desk: Client, editor: User, edited: Question
) -> None:
    page = desk.get(versions_url(edited)).content.decode()

    for number in (1, 2, 3):
        assert f">version {number}</a>" in page
    assert page.count(f"<td>{editor}</td>") == 2
    assert "<td>an import, or the program</td>" in page
    assert versions_url(edited) in desk.get(change_url(edited)).content.decode()


def test_the_last_change_is_shown_first_and_any_two_on_request(
    desk: Client, edited: Question
) -> None:
    last = desk.get(versions_url(edited)).content.decode()
    assert "From version 2 to version 3" in last
    assert "<dt>Key point main</dt>" in last
    assert "</span>reworded" in last.replace("point, ", "</span>")
    assert "<dt>Model answer</dt>" not in last

    whole = desk.get(f"{versions_url(edited)}?old=1&new=3").content.decode()
    for label in ("Model answer", "Key point main", "Key point side", "Key point new"):
        assert f"<dt>{label}</dt>" in whole
    same = desk.get(f"{versions_url(edited)}?old=2&new=2").content.decode()
    assert "Both say the same." in same


@pytest.mark.parametrize(
    "query", ["?old=x&new=2", "?old=0&new=1", "?old=7&new=9", "?page=99", "?old="]
)
def test_nonsense_is_answered_with_the_list(desk: Client, edited: Question, query: str) -> None:
    response = desk.get(versions_url(edited) + query)

    assert response.status_code == 200
    assert ">version 3</a>" in response.content.decode()


def test_reverting_makes_a_new_version_with_the_old_text_and_key_points(
    desk: Client, editor: User, edited: Question
) -> None:
    first, *_others = edited.versions.order_by("number")

    response = desk.post(versions_url(edited), {"version": 1, "seen": 3}, follow=True)

    assert "The question says again what version 1 said." in response.content.decode()
    version = edited.versions.get(number=4)
    assert version.content == first.content
    assert version.created_by == editor
    edited.refresh_from_db()
    assert edited.answer == "Model answer **1**."
    points = edited.key_points.order_by("position").values_list("key", "retired", "position")
    assert list(points) == [("main", False, 1), ("side", False, 2), ("new", True, 3)]


def test_a_revert_is_undone_in_the_same_way(desk: Client, edited: Question) -> None:
    before = edited.versions.get(number=3).content
    desk.post(versions_url(edited), {"version": 1, "seen": 3})
    desk.post(versions_url(edited), {"version": 3, "seen": 4})

    assert edited.versions.get(number=5).content == before
    edited.refresh_from_db()
    assert edited.content() == before


def test_who_reverts_what_somebody_changed_meanwhile_is_told(
    desk: Client, other_desk: Client, edited: Question
) -> None:
    edit(other_desk, edited, answer="Theirs.")

    response = desk.post(versions_url(edited), {"version": 1, "seen": 3}, follow=True)

    assert "Somebody changed the question meanwhile" in response.content.decode()
    edited.refresh_from_db()
    assert edited.answer == "Theirs."
    assert edited.versions.count() == 4


def test_a_form_that_was_open_during_a_revert_is_told(
    desk: Client, other_desk: Client, edited: Question
) -> None:
    url = change_url(edited)
    mine = form_of(other_desk, url)
    desk.post(versions_url(edited), {"version": 1, "seen": 3})

    response = other_desk.post(url, mine | {"minutes": "9"})

    assert "Somebody changed this while you were editing" in errors(response)


def test_reverting_twice_makes_one_version(desk: Client, edited: Question) -> None:
    for _ in range(2):
        desk.post(versions_url(edited), {"version": 1, "seen": 3})

    assert edited.versions.count() == 4


def test_what_nobody_recorded_is_recorded_before_a_revert(edited: Question) -> None:
    Question.objects.filter(pk=edited.pk).update(answer="Written past the admin.")

    assert edited.revert_to(edited.versions.get(number=1), seen=3) is None
    assert edited.versions.first().answer == "Written past the admin."  # type: ignore[union-attr]


def test_an_interview_keeps_what_it_asked_through_a_revert(
    desk: Client, running_interview: Interview
) -> None:
    answer = running_interview.answers.get(position=1)
    question = answer.question_version.question
    edit(desk, question, answer="Better.")
    asked = answer.question_version.content

    desk.post(versions_url(question), {"version": 1, "seen": 2})

    answer.refresh_from_db()
    assert answer.question_version.number == 1
    assert answer.question_version.content == asked


@pytest.mark.parametrize("data", [{}, {"version": 1}, {"version": "x", "seen": 3}, {"seen": 3}])
def test_half_a_form_reverts_nothing(desk: Client, edited: Question, data: dict[str, str]) -> None:
    assert desk.post(versions_url(edited), data).status_code == 302
    assert edited.versions.count() == 3


def test_a_version_of_another_question_is_not_found(desk: Client, edited: Question) -> None:
    other = edited.question_set.questions.get(position=2)

    assert desk.post(versions_url(other), {"version": 3, "seen": 1}).status_code == 404
    assert desk.get("/admin/questions/question/99999999/versions/").status_code == 404


def test_nothing_is_reverted_on_get_or_by_who_may_only_look(
    client: Client, person: Callable[..., User], edited: Question
) -> None:
    onlooker = person("onlooker", is_staff=True)
    client.force_login(onlooker)
    assert client.get(versions_url(edited)).status_code == 403
    onlooker.user_permissions.add(Permission.objects.get(codename="view_question"))

    page = client.get(f"{versions_url(edited)}?version=1&seen=3")
    assert page.status_code == 200
    assert b"Revert to" not in page.content
    assert client.post(versions_url(edited), {"version": 1, "seen": 3}).status_code == 403
    assert edited.versions.count() == 3


def test_a_question_without_versions_says_so(desk: Client, question: Question) -> None:
    other = Question.objects.create(question_set=question.question_set, slug="x", prompt="X?")

    assert "There is no version yet." in desk.get(versions_url(other)).content.decode()


def test_the_page_takes_as_many_queries_for_500_versions_as_for_5(
    desk: Client, question: Question
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(versions_url(question)).status_code == 200
        return len(captured)

    def fill(first: int, last: int) -> None:
        content = question.content()
        QuestionVersion.objects.bulk_create(
            QuestionVersion(question=question, number=n, digest=str(n), content=content)
            for n in range(first, last + 1)
        )

    fill(2, 5)
    few = queries()
    fill(6, 500)

    assert queries() == few <= 8 + 1


@pytest.mark.django_db(transaction=True)
def test_of_two_reverts_at_once_one_wins(
    desk: Client, other_desk: Client, edited: Question
) -> None:
    url = versions_url(edited)
    race(
        lambda: desk.post(url, {"version": 1, "seen": 3}),
        lambda: other_desk.post(url, {"version": 2, "seen": 3}),
    )

    assert edited.versions.count() == 4
    latest = edited.versions.order_by("-number")[0]
    edited.refresh_from_db()
    assert edited.content() == latest.content
