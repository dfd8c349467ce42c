"""What has no licence, or one that forbids to change it, is published on an explicit word only."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import User
from questions.models import (
    Note,
    Published,
    Question,
    QuestionSet,
    Status,
    Story,
    forbids_adaptation,
)
from tests.conftest import logged_in_client, make_question

FORBIDDING = [
    *("", " ", "CC-BY-ND-4.0", "CC BY-NC-ND 4.0", "cc-by-nd", "Creative Commons NoDerivatives"),
    *("All rights reserved", "NONE", "NOASSERTION", "unknown", "Attribution-NoDerivs 3.0"),
]
FREE = ["CC-BY-4.0", "CC0-1.0", "MIT", "Apache-2.0", "CC-BY-NC-SA-4.0", "GFDL-1.3-no-invariants"]
MODELS: list[type[Published]] = [QuestionSet, Story, Note]


def draft(model: type[Any], licence: str, slug: str = "x") -> Any:
    return model._default_manager.create(slug=slug, title=slug.upper(), license=licence)


def status_of(item: Any) -> str:
    item.refresh_from_db()
    return str(item.status)


@pytest.fixture
def client(editor: User) -> Client:
    return logged_in_client(editor)


@pytest.mark.parametrize("licence", FORBIDDING)
def test_these_forbid_it(licence: str) -> None:
    assert forbids_adaptation(licence)


@pytest.mark.parametrize("licence", FREE)
def test_these_do_not(licence: str) -> None:
    assert not forbids_adaptation(licence)


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_the_verb_keeps_back_what_the_database_and_python_both_call_forbidding(
    model: Any,
) -> None:
    forbidding = [draft(model, licence, f"x{n}") for n, licence in enumerate(FORBIDDING)]
    free = [draft(model, licence, f"y{n}") for n, licence in enumerate(FREE)]

    assert model.objects.publish() == len(FREE)

    assert {status_of(item) for item in free} == {Status.PUBLISHED}
    assert {status_of(item) for item in forbidding} == {Status.DRAFT}
    assert set(model.objects.kept_back()) == set(forbidding)


@pytest.mark.django_db
def test_an_explicit_word_publishes_and_is_kept() -> None:
    item = draft(Note, "CC-BY-ND-4.0")

    assert Note.objects.publish(despite_licence=True) == 1
    assert status_of(item) == Status.PUBLISHED

    Note.objects.retire()
    assert Note.objects.publish() == 1


@pytest.mark.django_db
def test_a_set_publishes_its_drafts_and_keeps_them_back_with_itself() -> None:
    free, forbidding = draft(QuestionSet, "MIT", "free"), draft(QuestionSet, "", "none")
    for question_set in (free, forbidding):
        make_question(question_set, 1)
        make_question(question_set, 2)
    Question.objects.filter(position=1).update(status=Status.DRAFT)
    retired = free.questions.get(position=2)
    Question.objects.filter(pk=retired.pk).update(status=Status.RETIRED)

    assert QuestionSet.objects.publish_with_questions() == 2

    assert status_of(free.questions.get(position=1)) == Status.PUBLISHED
    assert status_of(retired) == Status.RETIRED
    assert status_of(forbidding.questions.get(position=1)) == Status.DRAFT


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["publish", "publish_with_questions"])
def test_the_action_asks_first_and_publishes_nothing_meanwhile(client: Client, action: str) -> None:
    free, forbidding = draft(QuestionSet, "MIT", "free"), draft(QuestionSet, "", "none")
    url = "/admin/questions/questionset/"
    data = {"action": action, "_selected_action": [free.pk, forbidding.pk]}

    page = client.post(url, data).content.decode()
    assert "Publish despite the licence?" in page
    assert "NONE: no licence" in page
    assert "FREE" not in page
    assert (status_of(free), status_of(forbidding)) == (Status.DRAFT, Status.DRAFT)

    client.post(url, data | {"licences": "keep"})
    assert (status_of(free), status_of(forbidding)) == (Status.PUBLISHED, Status.DRAFT)

    client.post(url, data | {"licences": "publish"})
    assert status_of(forbidding) == Status.PUBLISHED
    assert LogEntry.objects.filter(
        object_id=forbidding.pk, change_message="To be published despite its licence."
    ).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
def test_the_form_asks_for_a_tick(client: Client, model: Any) -> None:
    item = draft(model, "")
    url = f"/admin/questions/{model._meta.model_name}/{item.pk}/change/"
    fields = client.get(url).context["adminform"].form.initial
    data = {name: value for name, value in fields.items() if isinstance(value, str)}
    data |= {"sources": "", "technologies": "", "status": "published"}
    data |= {"questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"}

    page = client.post(url, data)
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["despite_licence"]
    assert status_of(item) == Status.DRAFT

    assert client.post(url, data | {"status": "draft"}).status_code == 302
    data["title"] = "Y"
    seen = client.get(url).context["adminform"].form.initial
    data |= {name: seen[name] for name in ("seen",) if name in seen}
    assert client.post(url, data | {"despite_licence": "on"}).status_code == 302
    assert status_of(item) == Status.PUBLISHED
