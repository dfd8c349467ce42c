"""What editors may do in the admin, model by model, and that nobody deletes what was used."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.db import models
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Interview
from questions.models import (
    Import,
    Note,
    Question,
    QuestionSet,
    QuestionVersion,
    Status,
    Story,
    Topic,
)

# What answers GET with 200 for an editor; everything else with 403.
MAY = {
    QuestionSet: {"changelist", "add", "change", "history"},
    Question: {"changelist", "add", "change", "history"},
    QuestionVersion: {"changelist", "change", "history"},
    Story: {"changelist", "add", "change", "history"},
    Note: {"changelist", "add", "change", "history"},
    Topic: {"changelist", "add", "change", "history"},
    # Their own, each: tests/questions/importing/test_upload.py. There is none here.
    Import: {"changelist", "add"},
}
PAGES = ["changelist", "add", "change", "delete", "history"]
# There is no import here to open, and they are discarded on a page of their own.
NEVER = {(Import, "change"), (Import, "delete"), (Import, "history")}


@pytest.fixture
def world(ended_interview: Interview, question_set: QuestionSet) -> None:
    """At least one row of what editors manage and of what they don't."""
    ended_interview.ask_for_review()
    Story.objects.create(slug="one", title="One", license="CC0-1.0")
    Note.objects.create(slug="one", title="One", license="CC0-1.0")
    question_set.topics.add(Topic.objects.create(slug="one", title="One"))


def url_of(model: type[models.Model], page: str) -> str:
    row = model._default_manager.first()
    arguments = [] if page in {"changelist", "add"} else [row.pk if row else 1]
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
    return reverse(name, args=arguments)


@pytest.mark.usefixtures("world")
def test_editors_may_do_this_and_nothing_else(desk: Client) -> None:
    found = {
        model: {
            page
            for page in PAGES
            if (model, page) not in NEVER and desk.get(url_of(model, page)).status_code == 200
        }
        for model in admin.site._registry
    }

    assert {model: pages for model, pages in found.items() if pages} == MAY


@pytest.mark.usefixtures("world")
def test_editors_change_nobody_and_no_interview(desk: Client, candidate: User) -> None:
    for model in admin.site._registry:
        if model not in MAY:
            for page in PAGES:
                data = {"post": "yes", "email": "taken@example.com", "is_superuser": "on"}
                assert desk.post(url_of(model, page), data).status_code in {302, 403}, model
    candidate.refresh_from_db()
    assert candidate.email == "candidate@example.com"
    assert Interview.objects.count() == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("model", [QuestionSet, Question, QuestionVersion, Story, Note])
def test_nobody_deletes_from_the_library_here(
    desk: Client,
    client_of: Callable[[User], Client],
    superuser: User,
    model: type[models.Model],
) -> None:
    count = model._default_manager.count()
    pks = list(model._default_manager.values_list("pk", flat=True))
    for client in (desk, client_of(superuser)):
        assert client.post(url_of(model, "delete"), {"post": "yes"}).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
        client.post(url_of(model, "changelist"), chosen)
        page = client.get(url_of(model, "change")).content.decode()
        assert "deletelink" not in page.split("nav-sidebar")[-1]
    assert model._default_manager.count() == count


@pytest.mark.usefixtures("world")
def test_what_an_interview_asked_can_t_be_deleted_in_code_either(
    question_set: QuestionSet,
) -> None:
    question = question_set.questions.all()[0]
    for item in (question_set, question, question.versions.get()):
        with pytest.raises(ProtectedError):
            item.delete()


def test_a_draft_that_is_not_wanted_is_retired(desk: Client, question_set: QuestionSet) -> None:
    question = question_set.questions.all()[0]
    Question.objects.filter(pk=question.pk).update(status=Status.DRAFT)

    url = reverse("admin:questions_question_changelist")
    desk.post(url, {"action": "retire", "_selected_action": [question.pk]})

    question.refresh_from_db()
    assert question.status == Status.RETIRED
