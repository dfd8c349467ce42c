"""From the preview to drafts: once, in one transaction, and only what the editor has seen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from accounts.models import User
from questions.importing import drafts
from questions.importing.reading import FoundQuestion, FoundSet, Lines, Reading
from questions.models import (
    Import,
    KeyPoint,
    Note,
    Question,
    QuestionSet,
    QuestionVersion,
    Status,
    Story,
)
from tests.conftest import logged_in_client, make_question
from tests.questions.importing.admin import Desk, words_of
from tests.races import race

pytestmark = pytest.mark.django_db

TEXT = """\
# DNS

1. What is a zone?

   A part of the tree.
2. What is a record?

# An outage story

It was DNS. https://example.com/dns

# Caches

They remember.
"""


def test_the_editor_lands_on_the_draft_set_with_a_message_and_a_link(
    bring: Callable[..., Desk],
) -> None:
    desk = bring("# DNS\n\n1. What is a zone?\n\n   A part.\n")

    page = desk.write(source="https://example.com/list", licence="CC-BY-SA-4.0")

    question_set = QuestionSet.objects.get()
    [(landed, _status)] = page.redirect_chain
    assert landed == f"/admin/questions/questionset/{question_set.pk}/change/"
    assert "1 question is imported, as a draft. See what was written" in words_of(page)
    assert f'href="{desk.url()}"' in page.content.decode()
    assert (question_set.status, question_set.license) == (Status.DRAFT, "CC-BY-SA-4.0")
    assert question_set.sources == [{"title": "questions.md", "url": "https://example.com/list"}]
    assert "imported_from: questions.md" in question_set.extra
    question = question_set.questions.get()
    assert (question.status, question.answer) == (Status.DRAFT, "A part.")
    assert not QuestionVersion.objects.exists()


def test_sets_stories_and_notes_are_all_drafts_and_listed_on_the_page_of_the_import(
    bring: Callable[..., Desk],
) -> None:
    page = bring(TEXT + "\n# More\n\n1. What is a volume?\n2. What is a disk?\n").write()

    said = words_of(page)
    assert "set DNS draft" in said
    assert "An outage story draft" in said
    assert "note Caches draft" in said
    for model in (QuestionSet, Question, Story, Note):
        assert set(model._default_manager.values_list("status", flat=True)) == {Status.DRAFT}


def test_the_licence_of_the_file_is_kept_where_the_editor_says_none(
    bring: Callable[..., Desk],
) -> None:
    bring(
        "# A\n\n1. What is a?\n2. What is b?\n\n## License\n\nThis is under CC BY-SA 4.0.\n"
    ).write()
    assert QuestionSet.objects.get().license == "CC-BY-SA-4.0"


def test_the_history_of_what_was_written_says_who_imported_it(
    bring: Callable[..., Desk], editor: User
) -> None:
    bring(TEXT).write()

    entries = LogEntry.objects.filter(user=editor, change_message="Imported from questions.md.")
    assert {entry.object_repr for entry in entries} == {"DNS", "An outage story", "Caches"}


def test_decisions_are_carried_out(bring: Callable[..., Desk]) -> None:
    desk = bring(TEXT)
    desk.do("retitle q1", text="What is a zone in DNS?")
    desk.do("skip q2")
    desk.do("skip t1")
    desk.do("skip n1")

    desk.write()

    assert [question.prompt for question in Question.objects.all()] == ["What is a zone in DNS?"]
    assert not Story.objects.exists()
    assert not Note.objects.exists()


def test_what_the_library_has_is_written_again_only_on_the_editors_word(
    bring: Callable[..., Desk], question_set: QuestionSet
) -> None:
    text = "1. What is question 1 about?\n2. What is new?\n"
    bring(text).write()
    assert Question.objects.filter(prompt="What is question 1 about?").count() == 1

    desk = bring(text)
    assert "Nothing is left to import: everything is skipped." in words_of(desk.write())
    desk.do("undo 1")
    desk.write()
    assert Question.objects.filter(prompt="What is question 1 about?").count() == 2


def test_a_double_click_imports_once(bring: Callable[..., Desk]) -> None:
    desk = bring(TEXT)
    revision = desk.item.revision

    first = desk.write(revision=revision)
    second = desk.write(revision=revision)

    assert second.status_code == 200
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert (QuestionSet.objects.count(), Question.objects.count()) == (1, 2)


@pytest.mark.django_db(transaction=True)
def test_of_eight_clicks_at_once_one_imports(bring: Callable[..., Desk], editor: User) -> None:
    desk = bring(TEXT)
    clients = [logged_in_client(editor) for _ in range(8)]
    data = {"revision": desk.item.revision, "source": "", "licence": ""}

    pages = race(*[lambda c=client: c.post(desk.url("write"), data) for client in clients])

    assert {getattr(page, "status_code", page) for page in pages} == {302}
    assert (QuestionSet.objects.count(), Question.objects.count()) == (1, 2)
    assert (Story.objects.count(), Note.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_with_one_file_the_second_is_told(
    bring: Callable[..., Desk], person: Callable[..., User]
) -> None:
    mine = bring(TEXT)
    other = person("second", "Editors", is_staff=True)
    theirs = Import.objects.get(pk=mine.item.pk)
    theirs.pk, theirs.editor = None, other
    theirs._state.adding = True
    theirs.save(force_insert=True)
    desks = [mine, Desk(logged_in_client(other), theirs)]

    race(*[lambda d=desk: d.write() for desk in desks])

    assert (QuestionSet.objects.count(), Question.objects.count()) == (1, 2)
    assert Import.objects.exclude(written_at=None).count() == 1
    [late] = [desk for desk in desks if Import.objects.get(pk=desk.item.pk).written_at is None]
    assert "Skipped, since it is there already" in late.look()


def test_a_stale_preview_is_shown_again_before_anything_is_written(
    bring: Callable[..., Desk], question_set: QuestionSet
) -> None:
    desk = bring("1. What is new?\n2. What is question 7 about?\n")
    make_question(question_set, 7)

    page = words_of(desk.write())

    assert "has 1 of these already, which you have not seen yet" in page
    assert not Question.objects.filter(prompt="What is new?").exists()
    assert desk.titles("skipped") == ["What is question 7 about?"]
    desk.write()
    assert Question.objects.filter(prompt="What is new?").exists()
    assert Question.objects.filter(prompt="What is question 7 about?").count() == 1


def test_what_was_decided_in_another_tab_is_looked_at_first(bring: Callable[..., Desk]) -> None:
    desk = bring(TEXT)
    seen = desk.item.revision
    desk.do("skip q1")

    page = words_of(desk.write(revision=seen))

    assert "This was changed in another tab." in page
    assert not QuestionSet.objects.exists()


def test_after_the_import_nothing_is_decided_any_more(bring: Callable[..., Desk]) -> None:
    desk = bring(TEXT)
    desk.write()

    for act in ("skip q1", "undo 1"):
        assert "This was imported already." in desk.do(act)
    desk.client.post(desk.url("read-again"), {"shape": "list"})
    desk.item.refresh_from_db()
    assert (desk.item.shape, desk.item.decisions) == ("auto", [])
    assert desk.client.get(desk.url("items/q1")).status_code == 302


def test_a_wrong_source_is_said_beside_its_field_with_what_was_typed(
    bring: Callable[..., Desk],
) -> None:
    desk = bring(TEXT)

    page = desk.client.post(
        desk.url("write"), {"revision": desk.item.revision, "source": "nowhere", "licence": "MIT"}
    )

    assert page.status_code == 400
    assert page.context["write"].errors["source"]
    assert 'value="MIT"' in page.content.decode()
    assert not QuestionSet.objects.exists()


def test_a_thousand_questions_take_few_queries(
    bring: Callable[..., Desk], django_assert_max_num_queries: Any
) -> None:
    rows = [
        {"question": f"What is {n}?", "answer": f"{n}.", "topic": f"T{n % 9}", "difficulty": "easy"}
        for n in range(1000)
    ]
    desk = bring(json.dumps(rows), "x.json")

    with django_assert_max_num_queries(80):
        desk.write()

    assert Question.objects.count() == 1000
    assert {question.difficulty for question in Question.objects.all()} == {1}


def test_key_points_and_follow_ups_arrive() -> None:
    reading = Reading("x.md")
    points = ["One thing", "One thing"]
    found = FoundQuestion("What is a?", Lines(1, 2), key_points=points, follow_ups=["Why?"])
    reading.sets.append(FoundSet("A", [found]))

    written = drafts.write([reading])

    question = Question.objects.get()
    assert question.follow_ups == ["Why?"]
    assert list(KeyPoint.objects.values_list("key", "position")) == [
        ("one-thing", 1),
        ("one-thing-2", 2),
    ]
    assert written.keys["question"] == [question.pk]
