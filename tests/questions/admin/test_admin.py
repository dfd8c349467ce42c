"""The library in Django admin: who may edit, what an edit records, what it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Interview
from questions.library.bundle import read_bundle
from questions.library.loading import load
from questions.models import (
    Import,
    KeyPoint,
    Note,
    Question,
    QuestionSet,
    QuestionVersion,
    Status,
    Story,
    Topic,
)
from tests.questions.admin.forms import change_url, errors, form_of
from tests.questions.test_load import everything

MODELS = [QuestionSet, Question, Story, Note, Topic]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_editors_reach_the_library_and_nobody_else_does(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    reviewer: User,
    desk: Client,
    model: type[Any],
) -> None:
    for place in ("changelist", "add"):
        url = reverse(f"admin:questions_{model._meta.model_name}_{place}")
        assert desk.get(url).status_code == 200
        for visitor in (client, client_of(candidate), client_of(reviewer)):
            assert visitor.get(url).status_code in {302, 403}


def test_a_form_sent_back_unchanged_changes_nothing(
    desk: Client, folder: Path, question_set: QuestionSet
) -> None:
    load(read_bundle(folder))
    before = everything()

    for model in (QuestionSet, Question, Story, Note):
        for item in model._default_manager.all():
            response = desk.post(change_url(item), form_of(desk, change_url(item)))
            assert response.status_code == 302, errors(response)

    after = everything()
    for rows in (*before.values(), *after.values()):
        for row in rows:
            row.pop("updated_at", None)
    assert after == before


def test_an_edit_records_a_version_with_its_editor(
    desk: Client, editor: User, question: Question
) -> None:
    url = change_url(question)
    data = form_of(desk, url) | {"answer": "Better.\r\n\r\nMuch better.\r\n"}

    assert desk.post(url, data).status_code == 302

    version = question.versions.get(number=2)
    assert version.answer == "Better.\n\nMuch better."
    assert version.created_by == editor
    assert question.versions.get(number=1).answer == "Model answer **1**."


def test_an_edit_of_a_key_point_records_a_version(desk: Client, question: Question) -> None:
    url = change_url(question)
    data = form_of(desk, url) | {"key_points-0-text": "A better\r\npoint", "key_points-0-key": "x"}

    assert desk.post(url, data).status_code == 302

    point = question.versions.get(number=2).key_points[0]
    assert (point.key, point.text) == ("main", "A better point")


def test_an_edit_never_changes_what_an_interview_asked(
    desk: Client, running_interview: Interview
) -> None:
    answer = running_interview.answers.get(position=1)
    question = answer.question_version.question
    asked = answer.question_version.content
    url = change_url(question)

    data = form_of(desk, url) | {"prompt": "Something else?", "key_points-0-retired": "on"}
    assert desk.post(url, data).status_code == 302

    answer.refresh_from_db()
    assert answer.question_version.content == asked
    assert question.versions.count() == 2


def test_a_retired_key_point_leaves_the_next_version(desk: Client, question: Question) -> None:
    url = change_url(question)

    data = form_of(desk, url) | {"key_points-1-retired": "on"}
    assert desk.post(url, data).status_code == 302

    assert [point.key for point in question.versions.get(number=2).key_points] == ["main"]
    assert KeyPoint.objects.get(question=question, key="side").retired


def test_a_new_question_is_written_in_one_form(desk: Client, question_set: QuestionSet) -> None:
    url = reverse("admin:questions_question_add")
    data = form_of(desk, f"{url}?question_set={question_set.pk}&position=4") | {
        "question_set": question_set.pk,
        "prompt": "What is new?",
        "slug": "new",
        "answer": "This.",
        "follow_ups": "And then?\r\n\r\nWhy?",
        "sources": "[A page](https://example.com/a_(b))",
        "key_points-TOTAL_FORMS": "1",
        "key_points-0-position": "1",
        "key_points-0-key": "says-this",
        "key_points-0-text": "Says this",
        "key_points-0-weight": "3",
    }

    response = desk.post(url, data)
    assert response.status_code == 302, errors(response)

    question = Question.objects.get(slug="new")
    assert question.position == 4
    assert question.follow_ups == ["And then?", "Why?"]
    assert question.sources == [{"title": "A page", "url": "https://example.com/a_(b)"}]
    assert question.versions.get().key_points[0].weight == 3


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("answer", "Fine.\r\n\r\n## Not fine", "In line 3: headings here start at ####, not ##."),
        ("answer", "```\r\nopen", "In line 1: this code block has no closing fence."),
        ("body", "![](a.png)", "needs a text in its brackets"),
        ("prompt", "", "This field is required."),
        ("prompt", "x" * 501, "at most 500 characters"),
        ("follow_ups", "- a list", "begins like a heading"),
        ("prompt", "What is ![](a.png)?", "has a picture without words"),
        ("follow_ups", "And ![](a.png)?", "has a picture without words"),
        ("key_points-0-text", "See ![](a.png)", "has a picture without words"),
        ("follow_ups", "x" * 20_001, "A follow-up has at most 20000 characters."),
        ("sources", "https://example.com", "as [title](https://address)"),
        ("sources", "[a](javascript:alert(1))", "as [title](https://address)"),
        ("key_points-0-text", "# A heading", "This begins like a heading"),
        ("key_points-0-weight", "11", "less than or equal to 10"),
        ("minutes", "0", "greater than or equal to 1"),
    ],
)
def test_what_no_file_could_say_is_refused_with_the_text_kept(
    desk: Client, question: Question, field: str, value: str, message: str
) -> None:
    url = change_url(question)
    before = everything()

    response = desk.post(url, form_of(desk, url) | {field: value})

    html = response.content.decode().replace("&quot;", '"').replace("&#x27;", "'")
    assert message in html
    assert everything() == before


def test_slugs_and_keys_stay_what_they_are(desk: Client, question: Question) -> None:
    for item in (question, question.question_set):
        url = change_url(item)
        desk.post(url, form_of(desk, url) | {"slug": "renamed"})

    question.refresh_from_db()
    assert question.slug == "question-1"
    assert question.question_set.slug == "basics"


def test_what_was_asked_is_retired_and_not_deleted(
    client_of: Callable[[User], Client], superuser: User, question: Question
) -> None:
    client = client_of(superuser)

    for item in (question, question.question_set, question.versions.get()):
        name = item._meta.model_name
        url = reverse(f"admin:questions_{name}_delete", args=[item.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403
    page = client.get(change_url(question)).content.decode()
    assert "key_points-0-DELETE" not in page
    assert Question.objects.count() == 3


@pytest.mark.parametrize(("action", "status"), [("retire", "retired"), ("publish", "published")])
def test_several_are_published_or_retired_at_once(
    desk: Client, question_set: QuestionSet, action: str, status: str
) -> None:
    Question.objects.filter(position=1).update(status=Status.DRAFT)
    pks = [question.pk for question in question_set.questions.all()]

    response = desk.post(
        reverse("admin:questions_question_changelist"),
        {"action": action, "_selected_action": pks},
        follow=True,
    )

    assert set(Question.objects.values_list("status", flat=True)) == {status}
    changed = "3 are retired now." if action == "retire" else "1 is published now."
    assert changed in response.content.decode()


def test_questions_are_put_in_order_on_the_page_of_their_set(
    desk: Client, question_set: QuestionSet
) -> None:
    url = change_url(question_set)
    data = form_of(desk, url) | {
        "questions-0-position": "3",
        "questions-2-position": "1",
        "questions-1-status": "retired",
    }

    assert desk.post(url, data).status_code == 302

    slugs = [question.slug for question in question_set.questions.published()]
    assert slugs == ["question-3", "question-1"]
    assert QuestionVersion.objects.count() == 3


def test_versions_are_read_and_never_written(desk: Client, question: Question) -> None:
    version = question.versions.get()
    url = change_url(version)

    page = desk.get(url).content.decode()
    assert "Main point 1" in page
    assert "Model answer <strong>1</strong>." in page
    assert desk.post(url, {"number": 7}).status_code == 403
    assert desk.get(reverse("admin:questions_questionversion_add")).status_code == 403
    versions = reverse("admin:questions_question_versions", args=[question.pk])
    assert url in desk.get(versions).content.decode()
    assert versions in desk.get(change_url(question)).content.decode()


def test_a_question_that_is_begun_here_is_a_draft(desk: Client, question_set: QuestionSet) -> None:
    new = form_of(desk, reverse("admin:questions_question_add"))
    assert new["status"] == Status.DRAFT


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ("Wrong Key!", "A key has only letters, digits, - and _, such as memory-limit."),
        ("main", "Two key points of a question can’t have one key: choose another."),
    ],
)
def test_a_wrong_key_is_refused_with_a_sentence(
    desk: Client, question: Question, key: str, complaint: str
) -> None:
    url = change_url(question)
    data = form_of(desk, url)
    row = {"position": 3, "key": key, "text": "Something new", "weight": 1}
    data |= {f"key_points-2-{name}": str(value) for name, value in row.items()}
    response = desk.post(url, data | {"key_points-TOTAL_FORMS": "3"})
    assert complaint in response.content.decode()
    assert question.key_points.count() == 2


def test_a_new_key_point_comes_last(desk: Client, question: Question) -> None:
    formset = desk.get(change_url(question)).context["inline_admin_formsets"][0].formset
    assert formset.empty_form["position"].value() == 3


def test_every_model_of_the_library_is_registered_and_no_other() -> None:
    registered = {model for model in site._registry if model._meta.app_label == "questions"}

    assert registered == {*MODELS, QuestionVersion, Import}


@pytest.mark.parametrize(
    ("extra", "is_fine"),
    [
        ("author: me\r\nversion: 1.30", True),
        ("title: mine", False),
        ("no yaml", False),
        ("a: 1\r\n# comment\r\nb: 2", False),
        ("a: [", False),
    ],
)
def test_other_front_matter_must_be_yaml_that_a_file_can_keep(
    desk: Client, question_set: QuestionSet, extra: str, is_fine: bool
) -> None:
    url = change_url(question_set)

    response = desk.post(url, form_of(desk, url) | {"extra": extra})

    assert (response.status_code == 302) == is_fine
    question_set.refresh_from_db()
    assert question_set.extra == (extra.replace("\r\n", "\n") if is_fine else "")
