"""What is typed, as candidates will see it: before it is saved, and without saving it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.admin.preview import MOST_BYTES
from questions.models import Note, Question, QuestionSet, Story, Topic
from tests.questions.admin.forms import change_url, form_of
from tests.questions.test_load import everything

KINDS = ["questionset", "question", "story", "note"]


def preview_url(kind: str, item: Any = None) -> str:
    url = reverse(f"admin:questions_{kind}_preview")
    return f"{url}?of={item.pk}" if item else url


def preview(desk: Client, item: Any, **typed: str) -> str:
    """The preview of the item's form, with some of it typed anew."""
    url = preview_url(item._meta.model_name, item)
    before = everything()
    response = desk.post(url, form_of(desk, change_url(item)) | typed)
    assert response.status_code == 200
    assert everything() == before
    return response.content.decode()


def test_the_preview_is_the_page_that_candidates_get(
    client: Client, desk: Client, question: Question
) -> None:
    shown = preview(desk, question)
    page = client.get(question.get_absolute_url()).content.decode()

    def article(html: str) -> str:
        return html[html.index("<article") : html.rindex("</details>")]

    assert article(shown) == article(page)
    assert "css/app" in shown


def test_a_question_is_shown_as_it_is_typed(desk: Client, question: Question) -> None:
    question.key_points.filter(key="side").update(position=1)
    topic = Topic.objects.create(slug="pods", title="Pods")

    page = preview(
        desk,
        question,
        prompt="What is `etcd`?",
        body="In *your* words.",
        answer="It **stores**:\r\n\r\n| a | b |\r\n|---|---|\r\n| `1` | 2 |",
        follow_ups="Why `Raft`?\r\nAnd then?",
        sources="[etcd docs](https://etcd.io/docs)",
        topics=str(topic.pk),
        **{"key_points-0-text": "Says `key`", "key_points-1-retired": "on"},
    )

    for html in (
        "<h1>What is <code>etcd</code>?</h1>",
        "In <em>your</em> words.",
        "It <strong>stores</strong>:",
        "<td><code>1</code></td>",
        "<li>Why <code>Raft</code>?</li>",
        '<a href="https://etcd.io/docs" rel="nofollow noopener">etcd docs</a>',
        "<p>Says <code>key</code></p>",
        "Key point 1 of 1",
        ">Pods</a>",
    ):
        assert html in page, html


def test_what_saving_would_refuse_is_shown_nevertheless(desk: Client, question: Question) -> None:
    page = preview(
        desk,
        question,
        prompt="# Not a prompt",
        answer="## Too high\r\n\r\n```\r\nopen",
        follow_ups="- a list",
        sources="no source",
        minutes="999",
        **{"key_points-0-text": "- no key point"},
    )

    for text in ("Not a prompt", "Too high", "open", "a list", "no key point"):
        assert text in page


def test_what_is_not_saved_yet_has_a_preview_too(desk: Client, question_set: QuestionSet) -> None:
    typed = {
        "question_set": str(question_set.pk),
        "prompt": "What is new?",
        "answer": "*This*.",
        "key_points-TOTAL_FORMS": "1",
        "key_points-INITIAL_FORMS": "0",
        "key_points-0-text": "Says so",
        "key_points-0-weight": "2",
        "key_points-0-position": "1",
    }
    before = everything()

    page = desk.post(preview_url("question"), typed).content.decode()

    assert "<em>This</em>." in page
    assert "Says so" in page
    assert question_set.title in page
    assert everything() == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_has_a_preview(desk: Client, kind: str) -> None:
    assert desk.post(preview_url(kind), {}).status_code == 200


def test_sets_stories_and_notes_are_shown_as_they_are_typed(
    desk: Client, question_set: QuestionSet
) -> None:
    origin = {"slug": "one", "title": "One", "license": "CC-BY-4.0"}
    first = question_set.questions.get(position=1)

    page = preview(desk, question_set, description="All *of* it.", **{"questions-0-position": "9"})
    assert "All <em>of</em> it." in page
    assert page.index("question 2 about") < page.index("question 1 about")
    story = Story.objects.create(**origin)
    page = preview(desk, story, cause="A `typo`.", related_questions=str(first.pk))
    assert "A <code>typo</code>." in page
    assert "What is question 1 about?" in page
    note = Note.objects.create(**origin)
    assert "<em>Read</em> this." in preview(desk, note, body="# Top\r\n\r\n*Read* this.")


def test_no_script_gets_through(desk: Client, question: Question) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>"

    page = preview(
        desk,
        question,
        prompt=evil,
        body=evil,
        answer=evil,
        follow_ups=evil,
        sources=f"[{evil}](https://example.com)",
        **{"key_points-0-text": evil},
    )

    assert "<script>alert" not in page
    assert "javascript:" not in page.replace("(javascript:", "")
    assert "<img" not in page


def test_it_answers_posts_only(desk: Client) -> None:
    for kind in KINDS:
        assert desk.get(preview_url(kind)).status_code == 405


def test_it_is_for_editors_only(
    client: Client,
    person: Callable[..., User],
    candidate: User,
    reviewer: User,
    question: Question,
) -> None:
    url = preview_url("question", question)
    onlooker = person("onlooker", is_staff=True)
    onlooker.user_permissions.add(Permission.objects.get(codename="view_question"))

    assert client.post(url).status_code == 302
    for visitor, status in ((candidate, 302), (reviewer, 302), (onlooker, 403)):
        client.force_login(visitor)
        assert client.post(url).status_code == status
        assert client.post(preview_url("question")).status_code == status


def test_a_form_without_its_token_is_refused(editor: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    assert client.post(preview_url("note"), {"body": "x"}).status_code == 403


def test_too_much_is_refused_with_a_sentence(desk: Client) -> None:
    response = desk.post(preview_url("note"), {"body": "x" * MOST_BYTES})

    assert response.status_code == 413
    assert response.content == b"This is too long for a preview."


@pytest.mark.parametrize("name", ["prompt", "answer", "follow_ups", "key_points-0-text"])
@pytest.mark.parametrize("knot", ["[", "*a **b "])
def test_no_text_takes_long_to_show(desk: Client, question: Question, name: str, knot: str) -> None:
    typed = form_of(desk, change_url(question)) | {name: knot * (100_000 // len(knot))}
    start = time.thread_time()

    assert desk.post(preview_url("question", question), typed).status_code == 200

    assert time.thread_time() - start < 3


@pytest.mark.parametrize("of", ["0", "99999999", "x", "-1", "9" * 40, "9" * 5_000, ""])
def test_a_preview_of_nothing_is_one_of_something_new(desk: Client, of: str) -> None:
    url = f"{preview_url('note')}?of={of}"

    assert "<em>New</em>" in desk.post(url, {"body": "*New*"}).content.decode()


def test_each_form_has_the_button(desk: Client, question: Question) -> None:
    page = desk.get(change_url(question)).content.decode()
    assert f'formaction="{preview_url("question", question)}"' in page
    assert 'formtarget="_blank"' in page
    for kind in KINDS:
        add = desk.get(reverse(f"admin:questions_{kind}_add")).content.decode()
        assert f'formaction="{preview_url(kind)}"' in add


def test_candidates_pages_are_linked_from_the_forms(desk: Client, question: Question) -> None:
    for item in (question, question.question_set):
        page = desk.get(change_url(item)).content.decode()
        link = f'<a href="{item.get_absolute_url()}" class="viewsitelink">See as a candidate</a>'
        assert link in page
