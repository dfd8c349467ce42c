"""A question version says for ever what it said when it was made."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from interview.models import Interview
from questions.models import Question, QuestionSet, QuestionVersion
from tests.races import race


@pytest.fixture
def question(question_set: QuestionSet) -> Question:
    return question_set.questions.get(position=1)


@pytest.mark.parametrize(
    "change",
    [
        "content = jsonb_set(content, '{prompt}', '\"Another?\"')",
        "digest = 'another'",
        "number = number + 1",
        "created_at = now()",
        "question_id = (SELECT max(id) FROM questions_question)",
    ],
)
def test_the_database_refuses_every_update(question: Question, change: str) -> None:
    before = QuestionVersion.objects.filter(question=question).values().get()
    with (
        pytest.raises(DatabaseError, match="version"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE questions_questionversion SET {change} WHERE question_id = %s",  # noqa: S608
            [question.pk],
        )
    assert QuestionVersion.objects.filter(question=question).values().get() == before


def test_only_who_made_it_can_be_forgotten(question: Question, editor: User) -> None:
    question.prompt = "Made by an editor?"
    question.save()
    version = question.record_version(by=editor)
    editor.delete()
    version.refresh_from_db()
    assert version.created_by is None


def test_versions_are_numbered_without_doubles(question: Question) -> None:
    with pytest.raises(IntegrityError, match="question_version_number_unique"):
        question.versions.create(number=1, digest="x", content=question.content())


def test_nothing_new_makes_no_version(question: Question) -> None:
    assert question.record_version() == question.record_version()
    assert question.versions.count() == 1


@pytest.mark.parametrize("what", ["prompt", "body", "answer"])
def test_a_changed_question_makes_a_version(question: Question, what: str) -> None:
    setattr(question, what, "Something else")
    question.save()
    version = question.record_version()
    assert (version.number, getattr(version, what)) == (2, "Something else")


def test_a_changed_key_point_makes_a_version(question: Question) -> None:
    question.key_points.filter(key="side").update(weight=5)
    version = question.record_version()
    assert [point.weight for point in version.key_points] == [2, 5]


def test_a_retired_key_point_is_not_asked_any_more(question: Question) -> None:
    question.key_points.filter(key="side").update(retired=True)
    assert [point.key for point in question.record_version().key_points] == ["main"]


def test_an_edit_changes_no_interview(running_interview: Interview, question: Question) -> None:
    question.prompt = "Edited?"
    question.save()
    question.record_version()
    version = running_interview.answers.get(position=1).question_version
    assert (version.number, version.prompt) == (1, "What is question 1 about?")


@pytest.mark.django_db(transaction=True)
def test_of_eight_edits_at_once_each_content_is_recorded_once(question: Question) -> None:
    Question.objects.filter(pk=question.pk).update(prompt="Edited?")
    outcomes = race(8, lambda: Question.objects.get(pk=question.pk).record_version())
    assert {outcome.number for outcome in outcomes} == {2}  # type: ignore[attr-defined]
    assert question.versions.count() == 2
