"""An import is undone as long as nobody uses what it wrote."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client

from accounts.models import User
from interview.models import InvitationQuestion
from questions.models import (
    Import,
    KeyPoint,
    Note,
    Question,
    QuestionSet,
    Status,
    Story,
    Topic,
)
from tests.conftest import logged_in_client, make_question
from tests.interview.inviting import invite_to
from tests.questions.importing.admin import Desk
from tests.races import race

pytestmark = pytest.mark.django_db

TEXT = """\
question,answer,topic,key points
What is a zone?,A part,DNS,
What is a record?,A line,DNS,
"""


@pytest.fixture
def desk(bring: Callable[..., Desk]) -> Desk:
    desk = bring(TEXT, "dns.csv")
    desk.do("retitle s1", text="Names")
    desk.do("skip q2")
    desk.write()
    assert Question.objects.count() == 1
    return desk


def test_everything_is_taken_out_and_the_preview_is_back(desk: Desk) -> None:
    page = desk.undo()

    assert "The import is undone. Your decisions are still here." in page
    for model in (QuestionSet, Question, KeyPoint, Topic):
        assert not model._default_manager.exists()
    assert desk.titles("skipped") == ["What is a record?"]
    desk.write()
    assert QuestionSet.objects.get().title == "Names"


def test_stories_and_notes_are_taken_out_too(bring: Callable[..., Desk]) -> None:
    desk = bring("# An outage story\n\nIt was DNS.\n\n# Caches\n\nThey remember.\n")
    desk.write()
    assert (Story.objects.count(), Note.objects.count()) == (1, 1)

    desk.undo()

    assert (Story.objects.count(), Note.objects.count()) == (0, 0)


def publish_set(question_set: QuestionSet) -> None:
    QuestionSet.objects.publish(despite_licence=True)


def publish_despite_licence(key: int) -> int:
    return QuestionSet.objects.filter(pk=key).publish(despite_licence=True)


def publish_question(question_set: QuestionSet) -> None:
    question_set.questions.publish()


def change_set(question_set: QuestionSet) -> None:
    question_set.summary = "What names are for."
    question_set.save()


def change_question(question_set: QuestionSet) -> None:
    question_set.questions.get().record_version()


def add_question(question_set: QuestionSet) -> None:
    make_question(question_set, 9)


def link_note(question_set: QuestionSet) -> None:
    note = Note.objects.create(slug="n", title="N", license="MIT")
    note.related_questions.add(question_set.questions.get())


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (publish_set, "Some of it was published or retired."),
        (publish_question, "Some of it was published or retired."),
        (change_set, "Some of it was changed since."),
        (change_question, "Some of its questions were changed or asked since."),
        (add_question, "Questions were added to its sets since."),
        (link_note, "Something else in the library is linked to it."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_used_stays_and_the_reason_is_said(
    desk: Desk, use: Callable[[QuestionSet], None], reason: str
) -> None:
    use(QuestionSet.objects.get())

    assert reason in desk.undo()
    assert QuestionSet.objects.exists()
    assert Question.objects.filter(prompt="What is a zone?").exists()
    assert Import.objects.get().written_at


def test_what_an_invitation_asks_stays(desk: Desk, reviewer: User) -> None:
    invitation = invite_to(reviewer, make_published())
    imported = Question.objects.get(prompt="What is a zone?")
    InvitationQuestion.objects.filter(invitation=invitation).update(question=imported)

    assert "Some of it is in use, such as in an invitation." in desk.undo()
    assert Question.objects.filter(prompt="What is a zone?").exists()


def make_published() -> QuestionSet:
    question_set = QuestionSet.objects.create(
        slug="other", title="Other", license="MIT", status=Status.PUBLISHED
    )
    make_question(question_set, 1)
    return question_set


def test_a_topic_that_something_else_has_stays(desk: Desk) -> None:
    other = make_published()
    other.topics.add(Topic.objects.get())

    desk.undo()

    assert not QuestionSet.objects.filter(title="Names").exists()
    assert Topic.objects.exists()


def test_a_second_undo_does_nothing(desk: Desk) -> None:
    desk.undo()
    assert "undone" not in desk.undo()


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_a_publication_at_once_have_one_winner(
    bring: Callable[..., Desk], editor: User
) -> None:
    for number in range(5):
        desk = bring(f"# Set {number}\n\n1. What is {number}?\n2. Why {number}?\n")
        desk.write()
        key = QuestionSet.objects.get(title=f"Set {number}").pk
        client: Client = logged_in_client(editor)

        race(partial(client.post, desk.url("undo")), partial(publish_despite_licence, key))

        left = QuestionSet.objects.filter(pk=key).first()
        item = Import.objects.get(pk=desk.item.pk)
        assert (left is None) == (item.written_at is None)
        assert left is None or left.status == Status.PUBLISHED
