"""The lists of the library: what is found in them, and what they cost."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from questions.freshness import year_before
from questions.models import Note, Question, QuestionSet, Status, Story, Topic
from tests.conftest import make_question

MOST_QUERIES = 8 + 1  # besides the session with its user


def list_url(model: Any, query: str = "") -> str:
    return reverse(f"admin:questions_{model._meta.model_name}_changelist") + query


def found(desk: Client, model: Any, query: str) -> set[str]:
    response = desk.get(list_url(model, query))
    assert response.status_code == 200, "a filter that Django doesn't know leads elsewhere"
    return {row.slug for row in response.context["cl"].result_list}


@pytest.fixture
def questions(question_set: QuestionSet) -> QuestionSet:
    """Question 1 lacks nothing; each other lacks one thing."""
    topic = Topic.objects.create(slug="pods", title="Pods")
    source = [{"title": "A page", "url": "https://example.com"}]
    question_set.questions.update(sources=source)
    for question in question_set.questions.all():
        question.key_points.create(key="third", position=3, text="Third")
    first, second, third = question_set.questions.all()
    first.topics.add(topic, Topic.objects.create(slug="nodes", title="Nodes"))
    Question.objects.filter(pk=second.pk).update(answer="", difficulty=3)
    third.key_points.filter(key="third").update(retired=True)
    fourth = make_question(question_set, 4, status=Status.DRAFT)
    fourth.key_points.create(key="third", position=3, text="Third")
    return question_set


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", {1, 2, 3, 4}),
        ("?answer=none", {2}),
        ("?key_points=few", {3}),
        ("?sources=none", {4}),
        ("?status__exact=draft", {4}),
        ("?difficulty__exact=3", {2}),
        ("?topics__id__exact={pods}", {1}),
        ("?topics__id__exact={pods}&key_points=few", set()),
        ("?question_set__id__exact={set}", {1, 2, 3, 4}),
        ("?q=question+3", {3}),
        ("?sources=none&status__exact=draft", {4}),
        ("?sources=none&answer=none", set()),
    ],
)
def test_questions_are_found_by_what_they_lack_and_are(
    desk: Client, questions: QuestionSet, query: str, numbers: set[int]
) -> None:
    query = query.format(pods=Topic.objects.get(slug="pods").pk, set=questions.pk)

    assert found(desk, Question, query) == {f"question-{number}" for number in numbers}


AGES: dict[str, Callable[[date], date | None]] = {
    "today": lambda today: today,
    "a-year": year_before,
    "longer": lambda today: year_before(year_before(today)),
    "never": lambda today: None,
}


@pytest.mark.parametrize("model", [QuestionSet, Story, Note])
def test_what_was_checked_more_than_a_year_ago_or_never_is_stale(desk: Client, model: Any) -> None:
    for slug, day in AGES.items():
        fields = {"title": slug, "license": "CC-BY-4.0", "checked_on": day(timezone.localdate())}
        model.objects.create(slug=slug, **fields)
        model.objects.create(slug=f"{slug}-retired", status=Status.RETIRED, **fields)

    assert found(desk, model, "?checked=stale") == {"longer", "never"}
    assert found(desk, model, "?checked=never") == {"never"}
    assert found(desk, model, "?status__exact=draft") == set(AGES)
    model.objects.exclude(slug="today").update(sources=[{"title": "A", "url": "https://a.b"}])
    assert found(desk, model, "?sources=none") == {"today"}


def test_a_question_is_as_stale_as_its_set(desk: Client, question_set: QuestionSet) -> None:
    fresh = QuestionSet.objects.create(
        slug="fresh", title="Fresh", license="CC-BY-4.0", checked_on=timezone.localdate()
    )
    make_question(fresh, 9)

    assert found(desk, Question, "?checked=stale") == {"question-1", "question-2", "question-3"}


def test_a_year_ends_on_its_day_also_after_29_february() -> None:
    assert year_before(date(2026, 11, 28)) == date(2025, 11, 28)
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_editors_are_told_how_many_are_stale_where_they_begin(
    desk: Client, question_set: QuestionSet
) -> None:
    link = f'<a href="{list_url(QuestionSet, "?checked=stale")}">1 question set</a>'
    for url in (reverse("admin:index"), list_url(QuestionSet)):
        assert link in desk.get(url).content.decode()
    assert "To be checked again" not in desk.get(list_url(Story)).content.decode()

    QuestionSet.objects.update(checked_on=timezone.localdate())

    for url in (reverse("admin:index"), list_url(QuestionSet)):
        assert "To be checked again" not in desk.get(url).content.decode()


def test_nobody_else_is_told(client: Client, superuser: Any, question_set: QuestionSet) -> None:
    superuser.is_superuser = False
    superuser.save()
    client.force_login(superuser)

    assert "To be checked again" not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", [QuestionSet, Question, Story, Note, Topic])
def test_a_list_takes_as_many_queries_for_500_rows_as_for_5(desk: Client, model: Any) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            slug = f"s{model.objects.count()}-{number}"
            if model is Topic:
                Topic.objects.create(slug=slug, title=slug)
            elif model is Question:
                holder = QuestionSet.objects.create(slug=slug, title=slug, license="CC0-1.0")
                Question.objects.create(question_set=holder, slug=slug, prompt=slug)
            else:
                model.objects.create(slug=slug, title=slug, license="CC0-1.0")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(list_url(model)).status_code == 200
        return len(captured)

    fill(5)
    desk.get(list_url(model))
    few = queries()
    fill(495)

    assert queries() == few
    assert few <= MOST_QUERIES
