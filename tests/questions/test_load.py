"""From library files to the database: again and again, by several at once, or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from questions.library.bundle import read_bundle
from questions.library.documents import InvalidLibrary
from questions.library.loading import LoadSummary, load
from questions.models import (
    KeyPoint,
    LoadedDocument,
    Note,
    Question,
    QuestionSet,
    QuestionVersion,
    Status,
    Story,
    Topic,
)
from tests.questions.library_texts import NOTE, NOTE_FILE, SET, SET_FILE, STORY_FILE
from tests.races import race


@pytest.fixture
def loaded(folder: Path, db: None) -> Path:
    load(read_bundle(folder))
    return folder


def edit(path: Path, old: str, new: str) -> LoadSummary:
    """Change a file and load its folder again."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return load(read_bundle(path.parent.parent))


def everything() -> dict[str, Any]:
    """All rows of the library, to be compared."""
    models: list[type[Model]] = [
        Topic,
        QuestionSet,
        Question,
        KeyPoint,
        QuestionVersion,
        Story,
        Note,
        LoadedDocument,
    ]
    rows: dict[str, Any] = {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }
    for model, relation in [
        *((QuestionSet, "topics"), (Question, "topics"), (Story, "topics"), (Note, "topics")),
        *((Story, "related_questions"), (Note, "related_questions")),
    ]:
        through = getattr(model, relation).through
        rows[f"{model.__name__}.{relation}"] = list(through.objects.order_by("pk").values())
    return rows


def traffic_path() -> Question:
    return Question.objects.get(question_set__slug="k8s-kube-proxy", slug="traffic-path")


def test_a_first_load_publishes_all_that_the_files_say(loaded: Path) -> None:
    question_set = QuestionSet.objects.get()
    assert question_set.slug == "k8s-kube-proxy"
    assert question_set.status == Status.PUBLISHED
    assert question_set.checked_against == "Kubernetes 1.36"
    assert str(question_set.checked_on) == "2026-11-20"
    assert question_set.extra.startswith("series:")
    assert {topic.slug for topic in question_set.topics.all()} == {"kubernetes", "networking"}

    question = traffic_path()
    assert (question.position, question.difficulty, question.minutes) == (1, 2, 3)
    assert question.prompt == "Does Service traffic pass through the kube-proxy process?"
    assert question.answer.startswith("kube-proxy is a controller.")
    assert question.follow_ups[1] == "How would you run a node without it?"
    assert question.sources[0]["title"] == "kube-proxy modes"
    assert [topic.slug for topic in question.topics.all()] == ["data-plane"]
    assert [(point.key, point.weight) for point in question.key_points.current()] == [
        ("no-traffic", 2),
        ("kernel", 1),
        ("the-old-userspace-mode-did", 1),
    ]
    story = Story.objects.get()
    assert question.key_points.get(key="kernel").story == story
    assert story.technologies == ["EKS", "Amazon VPC CNI", "a, b"]
    assert story.fix == "Setting it again."
    assert list(story.related_questions.all()) == [question]
    assert list(Note.objects.get().related_questions.all()) == [question]
    assert [version.number for version in question.versions.all()] == [1]
    assert question.versions.get().content == question.content()


def test_what_a_question_does_not_say_gets_the_usual_value(loaded: Path) -> None:
    question = Question.objects.get(slug="control-plane-peer")

    assert (question.position, question.difficulty, question.minutes) == (2, 1, 5)


def test_a_second_load_changes_nothing(loaded: Path) -> None:
    before = everything()

    summary = load(read_bundle(loaded))

    assert everything() == before
    assert (summary.new, summary.changed, summary.retired, summary.unchanged) == (0, 0, 0, 5)


def test_a_load_without_a_memory_of_the_last_one_changes_nothing_either(loaded: Path) -> None:
    LoadedDocument.objects.all().delete()
    before = everything()
    del before["LoadedDocument"]

    load(read_bundle(loaded))

    after = everything()
    del after["LoadedDocument"]
    assert after == before


def test_a_load_that_changes_nothing_takes_two_queries_in_its_transaction(loaded: Path) -> None:
    bundle = read_bundle(loaded)

    with CaptureQueriesContext(connection) as queries:
        load(bundle)

    statements = [query["sql"].split()[0] for query in queries.captured_queries]
    assert statements == ["SAVEPOINT", "SELECT", "SELECT", "RELEASE"]


def test_a_changed_question_makes_one_new_version_and_touches_no_other(loaded: Path) -> None:
    before = everything()
    other = Question.objects.get(slug="control-plane-peer")

    summary = edit(loaded / SET_FILE, "kube-proxy is a controller.", "It is a controller.")

    question = traffic_path()
    assert [version.number for version in question.versions.all()] == [2, 1]
    assert question.versions.get(number=2).answer.startswith("It is a controller.")
    assert question.versions.get(number=1).answer.startswith("kube-proxy is a controller.")
    assert (summary.new, summary.changed) == (0, 1)
    after = everything()
    for name in ("Topic", "QuestionSet", "KeyPoint", "Story", "Note"):
        assert after[name] == before[name]
    assert Question.objects.get(pk=other.pk).updated_at == other.updated_at
    assert other.versions.count() == 1


def test_a_change_that_no_interview_shows_makes_no_version(loaded: Path) -> None:
    edit(loaded / SET_FILE, "difficulty: 2", "difficulty: 3")

    assert traffic_path().difficulty == 3
    assert traffic_path().versions.count() == 1


def test_a_key_point_keeps_its_row_by_its_key_and_then_by_its_text(loaded: Path) -> None:
    pks = {point.key: point.pk for point in traffic_path().key_points.all()}

    edit(loaded / SET_FILE, "No: kube-proxy programs the kernel", "No, the kernel is programmed")
    edit(loaded / SET_FILE, "{#kernel story=eks-external-snat-reset}", "{#dnat}")

    points = {point.key: point for point in traffic_path().key_points.current()}
    assert points["no-traffic"].pk == pks["no-traffic"]
    assert points["no-traffic"].text.startswith("No, the kernel")
    assert points["dnat"].pk == pks["kernel"]
    assert points["dnat"].story is None
    assert points["the-old-userspace-mode-did"].pk == pks["the-old-userspace-mode-did"]
    assert KeyPoint.objects.filter(question=traffic_path()).count() == 3


def test_a_vanished_key_point_is_retired_and_may_come_back(loaded: Path) -> None:
    line = "- etcd is reached by the API server alone. {#etcd}\n"
    point = KeyPoint.objects.get(key="etcd")

    edit(loaded / SET_FILE, line, "")
    point.refresh_from_db()
    assert point.retired

    edit(loaded / SET_FILE, "{#api-server weight=2}\n", "{#api-server weight=2}\n" + line)
    point.refresh_from_db()
    assert not point.retired
    assert KeyPoint.objects.filter(key="etcd").count() == 1


def test_a_vanished_question_is_retired_and_may_come_back(loaded: Path) -> None:
    gone = SET[SET.index("## Which control-plane") :]

    summary = edit(loaded / SET_FILE, gone, "")
    assert summary.retired == 1
    question = Question.objects.get(slug="control-plane-peer")
    assert question.status == Status.RETIRED
    assert question.versions.count() == 1
    assert load(read_bundle(loaded)).retired == 0

    (loaded / SET_FILE).write_text(SET, encoding="utf-8")
    load(read_bundle(loaded))
    question.refresh_from_db()
    assert question.status == Status.PUBLISHED
    assert question.versions.count() == 1


def test_questions_take_the_order_of_the_file(loaded: Path) -> None:
    first, second = SET.index("## Does"), SET.index("## Which")
    turned = SET[:first] + SET[second:] + "\n" + SET[first:second].rstrip("\n") + "\n"

    (loaded / SET_FILE).write_text(turned, encoding="utf-8")
    load(read_bundle(loaded))

    slugs = [question.slug for question in QuestionSet.objects.get().questions.all()]
    assert slugs == ["control-plane-peer", "traffic-path"]
    assert QuestionVersion.objects.count() == 2


def test_what_an_editor_changed_stays_until_the_file_changes(loaded: Path) -> None:
    question = traffic_path()
    question.answer = "An editor's words."
    question.save()
    question.record_version()
    mine = QuestionSet.objects.get().questions.create(slug="mine", prompt="Added here?")
    Story.objects.update(status=Status.DRAFT)

    load(read_bundle(loaded))
    edit(loaded / SET_FILE, "Choose from etcd", "Choose among etcd")
    edit(loaded / STORY_FILE, "A default.", "A default value.")

    assert traffic_path().answer == "An editor's words."
    mine.refresh_from_db()
    assert mine.status == Status.PUBLISHED
    assert Story.objects.get().status == Status.DRAFT

    edit(loaded / SET_FILE, "kube-proxy is a controller.", "It is a controller.")
    assert traffic_path().answer.startswith("It is a controller.")
    assert [version.number for version in traffic_path().versions.all()] == [3, 2, 1]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (NOTE_FILE, "k8s-kube-proxy/traffic-path]", "k8s-kube-proxy/gone]", "there is no question"),
        (SET_FILE, "story=eks-external-snat-reset", "story=gone", "there is no story “gone”"),
        (SET_FILE, "topics: [data-plane]", "topics: [gone]", "the topic “gone” is not in"),
        (STORY_FILE, "topics: [kubernetes", "topics: [gone", "the topic “gone” is not in"),
        (SET_FILE, "### Answer", "### Reply", "is none of"),
    ],
)
def test_one_error_in_one_file_and_nothing_is_written(
    folder: Path, db: None, file: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(InvalidLibrary, match=message) as caught:
        edit(folder / file, old, new)

    assert caught.value.errors[0].path == str(folder / file)
    assert not any(everything().values())


def test_a_link_to_a_question_that_its_file_lost_is_an_error(loaded: Path) -> None:
    before = everything()
    start, end = SET.index("## Does"), SET.index("## Which")

    with pytest.raises(InvalidLibrary, match="there is no question “k8s-kube-proxy/traffic-path”"):
        edit(loaded / SET_FILE, SET[start:end], "")

    assert everything() == before


def test_a_link_may_lead_to_what_the_library_has_already(loaded: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "notes").mkdir(parents=True)
    (other / "notes/n.md").write_text(NOTE.replace("id: k8s-pod-networking", "id: n"))

    load(read_bundle(other))

    assert list(Note.objects.get(slug="n").related_questions.all()) == [traffic_path()]
    assert QuestionSet.objects.get().status == Status.PUBLISHED


@pytest.mark.django_db(transaction=True)
def test_two_loaders_at_once_load_once(folder: Path) -> None:
    bundle = read_bundle(folder)
    outcomes = race(4, lambda: load(bundle))
    new = [outcome.new if isinstance(outcome, LoadSummary) else outcome for outcome in outcomes]
    assert sorted(map(str, new)) == ["0", "0", "0", "5"]
    assert QuestionVersion.objects.count() == 2


def test_the_command_imports_and_says_what_it_did(
    folder: Path, db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("library", "import", folder)
    call_command("library", "import", folder)

    assert capsys.readouterr().out.splitlines() == [
        "Imported 1 set, 2 questions, 1 story, 1 note: 5 new, 0 changed, 0 unchanged, 0 retired.",
        "Imported 1 set, 2 questions, 1 story, 1 note: 0 new, 0 changed, 5 unchanged, 0 retired.",
    ]


@pytest.mark.parametrize("action", ["import", "check"])
def test_the_command_names_each_error_in_a_line_and_ends_with_status_2(
    folder: Path, db: None, action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / SET_FILE
    file.write_text(SET.replace("schema: 1", "schema: 2").replace("### Answer", "### Reply"))
    note = folder / NOTE_FILE
    note.write_text(NOTE.replace("kind: note", "kind: memo"))

    with pytest.raises(SystemExit) as caught:
        call_command("library", action, folder)

    output = capsys.readouterr()
    assert caught.value.code == 2
    assert output.out == ""
    assert output.err.splitlines() == [
        f"{note}:2: “kind” must be one of question-set, story, note, not “memo”",
        f"{file}:3: “schema” is 2; this program reads schema 1",
    ]
    assert not QuestionSet.objects.exists()


def test_a_check_writes_nothing(folder: Path, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("library", "check", folder)

    assert f"{folder / SET_FILE}:67: no answer" in capsys.readouterr().err
    assert not any(everything().values())


def test_the_bundled_library_loads(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("library", "import", settings.CONTENT_DIR)

    assert QuestionSet.objects.can_be_sat().count() >= 5
    assert not Question.objects.filter(answer="").exists()
    assert "0 unchanged, 0 retired." in capsys.readouterr().out


def test_a_load_names_no_author(loaded: Path, person: Callable[..., User]) -> None:
    assert set(QuestionVersion.objects.values_list("created_by", flat=True)) == {None}
