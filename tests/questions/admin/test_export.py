"""A selection as CSV or JSON: nothing is lost, nothing runs, and the importer reads it back."""

import csv
import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from questions.admin.exporting import FORMULA_STARTS, as_json, no_formula
from questions.importing.drafts import split_prompt, write
from questions.importing.limits import MAX_ITEMS
from questions.models import KeyPoint, Question, QuestionSet, QuestionVersion, Topic
from tests.conftest import make_question
from tests.questions.importing.reading_files import read

READ_BACK = ("question", "body", "answer", "follow_ups", "difficulty", "topics")


def export(desk: Client, model: Any, kind: str, *chosen: Any, **data: str) -> Any:
    url = reverse(f"admin:questions_{model._meta.model_name}_changelist")
    pks = [one.pk for one in chosen]
    return desk.post(url, {"action": f"export_{kind}", "_selected_action": pks} | data)


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


def as_read_back(text: str) -> list[dict[str, Any]]:
    """Of an export what the importer keeps."""
    return [
        {
            "title": one["title"],
            "questions": [
                {name: question[name] for name in READ_BACK}
                | {"key_points": [point["text"] for point in question["key_points"]]}
                for question in one["questions"]
            ],
        }
        for one in json.loads(text)
    ]


def everything() -> str:
    return as_json(list(Question.objects.all().for_export()))


@pytest.fixture
def rich(question_set: QuestionSet) -> Question:
    """A question that says all that a question can."""
    question = question_set.questions.get(position=2)
    question.body = "Look:\n\n```yaml\nkind: Pod\n```"
    question.answer = "One.\n\n- two\n- three\n\n| a | b |\n|---|---|\n| 1 | `<x>` |\n\n> „Ω“"
    question.follow_ups = ["And then?", "Why?"]
    question.sources = [{"title": "A page", "url": "https://example.com/a"}]
    question.difficulty = 3
    question.save()
    question.topics.add(Topic.objects.create(slug="pods", title="Pods and nodes"))
    question.key_points.filter(key="side").update(retired=True)
    return question


def test_the_chosen_questions_are_a_row_each(desk: Client, rich: Question) -> None:
    first = rich.question_set.questions.get(position=1)

    response = export(desk, Question, "csv", first, rich)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="questions.csv"'
    one, two = rows(response)
    assert one["question"] == "What is question 1 about?"
    assert one["key points"] == "Main point 1\nSide point 1"
    assert two["set"] == "Basics"
    assert two["body"] == rich.body
    assert two["answer"] == rich.answer
    assert two["key points"] == "Main point 2"
    assert two["topics"] == "Pods and nodes"
    assert two["sources"] == "https://example.com/a"
    assert two["licence"] == "CC-BY-4.0"


def test_the_chosen_sets_bring_all_their_questions(desk: Client, rich: Question) -> None:
    other = QuestionSet.objects.create(slug="other", title="Other", license="CC0-1.0")
    make_question(other, 9)

    response = export(desk, QuestionSet, "json", rich.question_set)

    (found,) = json.loads(response.content)
    assert found["title"] == "Basics"
    assert [question["id"] for question in found["questions"]] == [
        *("question-1", "question-2", "question-3")
    ]
    assert found["questions"][1]["key_points"] == [
        {"key": "main", "text": "Main point 2", "weight": 2}
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_cell_is_a_formula(desk: Client, rich: Question, start: str) -> None:
    evil = f"{start}HYPERLINK(1)"
    rich.prompt = rich.body = rich.answer = evil
    rich.follow_ups = [evil]
    rich.save()
    rich.key_points.update(text=evil)
    rich.topics.update(title=evil)
    QuestionSet.objects.update(title=evil, license=evil)

    (row,) = rows(export(desk, Question, "csv", rich))

    assert [name for name, cell in row.items() if cell.startswith(FORMULA_STARTS)] == []
    assert row["answer"].replace("\r\n", "\n") == f"'{evil}"


@given(st.text())
def test_a_cell_is_kept_but_for_one_mark_before_a_formula(cell: str) -> None:
    safe = no_formula(cell)

    assert safe.removeprefix("'") == cell.removeprefix("'")
    assert not safe.lstrip(" ").startswith(FORMULA_STARTS)


@pytest.mark.parametrize("title", ["Basics", "What is a Pod?", "Data", "=1+1", "Notes"])
def test_the_importer_reads_the_json_back(rich: Question, title: str) -> None:
    QuestionSet.objects.update(title=title)
    exported = everything()

    reading = read(exported, "questions.json")

    (found,) = reading.sets
    assert found.title == title
    assert reading.problems == []
    assert [split_prompt(question.prompt) for question in found.questions] == [
        (question.prompt, question.body) for question in rich.question_set.questions.all()
    ]


def test_the_whole_library_is_the_same_after_export_and_import(db: None) -> None:
    call_command("library", "import", settings.CONTENT_DIR, verbosity=0)
    assert Question.objects.count() >= 75
    exported = everything()

    reading = read(exported, "questions.json")
    QuestionVersion.objects.all().delete()
    KeyPoint.objects.all().delete()
    Question.objects.all().delete()
    QuestionSet.objects.all().delete()
    write([reading], licence="CC-BY-4.0")

    assert as_read_back(everything()) == as_read_back(exported)


def test_what_was_exported_and_is_still_there_is_not_added_again(rich: Question) -> None:
    written = write([read(everything(), "questions.json")], licence="CC-BY-4.0")

    assert (written.sets, written.questions, len(written.known)) == (0, 0, 3)


def test_a_selection_too_large_for_one_file_is_refused_with_a_sentence(
    desk: Client, question_set: QuestionSet
) -> None:
    Question.objects.bulk_create(
        Question(question_set=question_set, slug=f"many-{n}", prompt=f"Many {n}?")
        for n in range(MAX_ITEMS - 2)
    )
    url = reverse("admin:questions_questionset_changelist")
    chosen = {"action": "export_json", "_selected_action": [question_set.pk]}

    refused = desk.post(url, chosen, follow=True)
    assert "more than one file may hold: 2000 questions, 2 MB." in refused.content.decode()

    question_set.questions.filter(slug="many-0").delete()
    assert len(json.loads(desk.post(url, chosen).content)[0]["questions"]) == MAX_ITEMS


def test_megabytes_are_counted_too(desk: Client, rich: Question) -> None:
    rich.question_set.questions.update(answer="x" * 1_000_000)

    response = export(desk, QuestionSet, "csv", rich.question_set)

    assert response.status_code == 302


def test_an_export_takes_as_many_queries_for_500_questions_as_for_3(
    desk: Client, question_set: QuestionSet
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert export(desk, QuestionSet, "json", question_set).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for position in range(4, 501):
        make_question(question_set, position)

    assert queries() == few


def test_an_empty_set_is_an_empty_file(desk: Client) -> None:
    empty = QuestionSet.objects.create(slug="empty", title="Empty", license="CC0-1.0")

    assert json.loads(export(desk, QuestionSet, "json", empty).content) == []
    assert rows(export(desk, QuestionSet, "csv", empty)) == []
