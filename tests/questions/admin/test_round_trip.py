"""What editors made of the library, exported and imported again, is what they made of it."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import Client

from questions.models import KeyPoint, Note, Question, QuestionSet, Status, Story
from questions.ordering import renumber
from tests.conftest import make_question
from tests.questions.admin.forms import change_url, form_of


def rows() -> dict[str, Any]:
    """All that editors see of the library, but for the times of change."""
    return {
        model.__name__: [
            {name: value for name, value in row.items() if name != "updated_at"}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in (QuestionSet, Question, KeyPoint, Story, Note)
    }


def round_trip(folder: Path, *options: str) -> None:
    call_command("library", "export", str(folder), "--replace", *options, verbosity=0)
    call_command("library", "import", str(folder), verbosity=0)


def edit(desk: Client, question_set: QuestionSet) -> None:
    """Put the last question first, reword one with a key point less, and add one."""
    second = question_set.questions.get(position=2)
    url = change_url(question_set)
    assert desk.post(url, form_of(desk, url) | {"questions-2-position": "1"}).status_code == 302
    url = change_url(second)
    typed = {"answer": "Mine:\r\n\r\n- `a`", "key_points-1-retired": "on", "minutes": "9"}
    assert desk.post(url, form_of(desk, url) | typed).status_code == 302
    make_question(question_set, 4)


def test_what_was_edited_is_the_same_after_export_and_import(
    desk: Client, question_set: QuestionSet, tmp_path: Path
) -> None:
    round_trip(tmp_path)
    edit(desk, question_set)
    before = rows()

    round_trip(tmp_path)

    assert rows() == before


def test_a_question_that_became_a_draft_is_neither_retired_nor_published(
    desk: Client, question_set: QuestionSet, tmp_path: Path
) -> None:
    round_trip(tmp_path)
    edit(desk, question_set)
    draft, retired = question_set.questions.filter(slug__in=["question-1", "question-4"])
    Question.objects.filter(pk=draft.pk).update(status=Status.DRAFT)
    Question.objects.filter(pk=retired.pk).update(status=Status.RETIRED)
    before = rows()

    round_trip(tmp_path)
    assert rows() == before
    round_trip(tmp_path, "--drafts")
    assert rows() == before


def test_questions_that_files_do_not_name_keep_their_place(
    question_set: QuestionSet, tmp_path: Path
) -> None:
    third = question_set.questions.get(position=3)
    round_trip(tmp_path)
    Question.objects.filter(pk=third.pk).update(status=Status.DRAFT, position=0)
    renumber(question_set.questions.all(), {})
    before = rows()

    round_trip(tmp_path)

    assert rows() == before
