"""Files are loaded while editors work: one waits for the other, and never both."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest
from django.contrib.admin import site
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from questions.library.bundle import read_bundle
from questions.library.loading import LoadSummary, load
from questions.models import Question, QuestionSet, Story, Topic, hold
from tests.questions.admin.forms import change_url, form_of
from tests.questions.library_texts import SET_FILE
from tests.races import race, wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)

EDITS = {
    "packets never enter": "packets don't enter",
    "etcd is reached by": "etcd is talked to by",
}


@pytest.fixture
def loaded(folder: Path) -> Path:
    load(read_bundle(folder))
    return folder


def edit_files(folder: Path) -> None:
    """Change key points of both questions, and which of them comes first."""
    path = folder / SET_FILE
    text = path.read_text(encoding="utf-8")
    for old, new in EDITS.items():
        assert old in text
        text = text.replace(old, new)
    first, second = text.index("## Does"), text.index("## Which")
    text = text[:first] + text[second:].rstrip("\n") + "\n\n" + text[first:second].rstrip("\n")
    path.write_text(f"{text}\n", encoding="utf-8")
    topics = folder / "topics.yaml"
    topics.write_text(topics.read_text("utf-8").replace(": ", ": The "), encoding="utf-8")


def held_by(item: models.Model) -> None:
    """Hold what the admin does while it saves the item."""
    hold(*site.get_model_admin(type(item)).locks(item.pk))  # type: ignore[attr-defined]


def touch_points(question: Question) -> None:
    question.key_points.update(text="What the editor says.")
    question.key_points.create(key="new", text="One more.", position=9)
    question.topics.set(Topic.objects.all())
    question.record_version()


def test_a_load_waits_for_an_editor_before_it_writes_anything(loaded: Path) -> None:
    question = Question.objects.get(slug="traffic-path")
    edit_files(loaded)
    bundle = read_bundle(loaded)
    held = Event()

    def edit() -> None:
        with transaction.atomic():
            held_by(question)
            held.set()
            wait_until_somebody_waits()
            touch_points(question)

    def load_meanwhile() -> LoadSummary:
        held.wait(timeout=10)
        return load(bundle)

    nothing, summary = race(edit, load_meanwhile)

    assert nothing is None
    assert isinstance(summary, LoadSummary)
    assert summary.changed == 3
    question.refresh_from_db()
    # What the files changed counts, as it came last.
    assert question.key_points.get(key="no-traffic").text.endswith(
        "packets don't enter the process."
    )


def test_an_editor_and_a_load_at_the_same_moment_do_not_wait_in_a_circle(
    loaded: Path, client_of: Callable[[User], Client], editor: User
) -> None:
    desk, question = client_of(editor), Question.objects.get(slug="traffic-path")
    url, path = change_url(question), loaded / SET_FILE
    for round_ in range(6):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("enter the process", "enter any process"), encoding="utf-8")
        bundle = read_bundle(loaded)
        form = form_of(desk, url) | {"key_points-0-text": f"Point {round_}"}

        status, summary = race(
            lambda data=form: desk.post(url, data).status_code,  # type: ignore[misc]
            lambda files=bundle: load(files),  # type: ignore[misc]
        )

        # Whoever comes second is told of the first, or overwrites what it saw.
        assert status in {200, 302}
        assert isinstance(summary, LoadSummary)
        path.write_text(text, encoding="utf-8")
        load(read_bundle(loaded))


def test_a_version_is_recorded_while_somebody_links_the_question(loaded: Path) -> None:
    question, story = Question.objects.get(slug="traffic-path"), Story.objects.get()
    story.related_questions.clear()
    linked, recorded = Event(), Event()

    def link() -> bool:
        with transaction.atomic():
            story.related_questions.add(question)
            linked.set()
            return recorded.wait(timeout=10)

    def record() -> None:
        linked.wait(timeout=10)
        question.record_version()
        recorded.set()

    assert race(link, record) == [True, None]


def test_rows_are_held_in_one_order_whatever_is_asked_for_first(loaded: Path) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        hold(Story.objects.all(), Question.objects.all(), QuestionSet.objects.all())
    tables = [query["sql"].partition('FROM "questions_')[2].partition('"')[0] for query in captured]
    assert tables == ["questionset", "question", "story"]
