"""From the database back to files: the same ones, and what editors changed since."""

import datetime
import os
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from questions.library.bundle import LibraryBundle, read_bundle
from questions.library.documents import (
    Document,
    KeyPointDocument,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    StoryDocument,
)
from questions.library.exporting import stored_bundle
from questions.library.folders import files_of, write_folder
from questions.library.loading import load
from questions.library.pictures import PictureFile
from questions.models import LoadedDocument, Note, Question, QuestionSet, Status, Story, Topic
from tests.questions.library_texts import DOT, FILES, NOTE_FILE, SET_FILE, STORY_FILE
from tests.questions.test_format_round_trip import SLUGS, documents, lines_of_text, patient


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def loaded(folder: Path, db: None) -> Path:
    load(read_bundle(folder))
    return folder


@pytest.fixture
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported") / "library"


def export(target: Path, *options: str) -> dict[str, bytes]:
    call_command("library", "export", str(target), *options, verbosity=0)
    return contents(target)


def test_what_was_imported_comes_back_byte_for_byte(loaded: Path, target: Path) -> None:
    assert export(target) == contents(loaded)


def test_the_bundled_library_comes_back_byte_for_byte(db: None, target: Path) -> None:
    content = Path(settings.CONTENT_DIR)
    call_command("library", "import", str(content), verbosity=0)

    expected = contents(content)
    del expected["LICENSE"]

    assert export(target) == expected


def test_byte_order_marks_and_windows_line_ends_are_left_behind(
    folder: Path, db: None, target: Path
) -> None:
    canonical = contents(folder)
    for path in folder.rglob("*.*"):
        data = path.read_bytes().replace(b"\n", b"\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + data)
    load(read_bundle(folder))

    assert export(target) == canonical


def test_a_file_keeps_a_name_that_is_not_its_id(folder: Path, db: None, target: Path) -> None:
    (folder / NOTE_FILE).rename(folder / "notes/on-networking.md")
    load(read_bundle(folder))
    assert "notes/on-networking.md" in export(target)

    (folder / "notes/on-networking.md").rename(folder / "notes/moved.md")
    load(read_bundle(folder))

    assert export(target, "--replace") == contents(folder)


def test_a_file_imported_from_elsewhere_takes_no_other_file_s_name_away(
    loaded: Path, target: Path
) -> None:
    elsewhere = loaded / "elsewhere.md"
    elsewhere.write_text((loaded / NOTE_FILE).read_text().replace("Every Pod", "Each Pod"))
    call_command("library", "import", str(elsewhere), verbosity=0)

    assert b"Each Pod" in export(target)[NOTE_FILE]


def test_a_name_that_is_not_utf_8_is_not_kept(folder: Path, db: None, target: Path) -> None:
    (folder / NOTE_FILE).rename(os.fsdecode(bytes(folder / "notes") + b"/\xff.md"))
    load(read_bundle(folder))

    assert NOTE_FILE in export(target)


def test_two_files_of_one_name_get_the_names_of_their_ids(loaded: Path, target: Path) -> None:
    Note.objects.create(slug="other", title="Other", license="X", status=Status.PUBLISHED)
    LoadedDocument.objects.create(key="note/other", digest="", name="k8s-pod-networking.md")

    assert {"notes/k8s-pod-networking.md", "notes/other.md"} <= set(export(target))


def test_a_file_imported_alone_does_not_forget_the_order_of_topics(
    loaded: Path, target: Path
) -> None:
    path = loaded / SET_FILE
    path.write_text(path.read_text().replace("Five questions", "5 questions"))
    call_command("library", "import", str(path), verbosity=0)

    assert export(target) == contents(loaded)


# What editors change.


def test_what_an_editor_changed_is_exported(loaded: Path, target: Path) -> None:
    question = Question.objects.get(slug="control-plane-peer")
    question.prompt, question.minutes, question.difficulty = "Changed?", 7, 3
    question.answer = "\r\nNew\r\nanswer.\r\n\r\n"
    question.save()
    question.topics.add(Topic.objects.get(slug="networking"))
    question.key_points.filter(key="etcd").update(retired=True)
    QuestionSet.objects.update(checked_on=datetime.date(2026, 11, 27))
    new = Topic.objects.create(slug="aaa", title="New: topic")
    Note.objects.get().topics.add(new)

    files = {name: data.decode() for name, data in export(target).items()}

    assert "## Changed?\n\n<!-- q\nid: control-plane-peer\ndifficulty: 3\n" in files[SET_FILE]
    assert "topics: [networking]\nminutes: 7\n-->" in files[SET_FILE]
    assert "### Answer\n\nNew\nanswer.\n" in files[SET_FILE]
    assert "{#etcd}" not in files[SET_FILE]
    assert "  on: 2026-11-27\n" in files[SET_FILE]
    assert "topics: [kubernetes, networking, aaa]" in files[NOTE_FILE]
    assert files["topics.yaml"].endswith('data-plane: Data plane\naaa: "New: topic"\n')
    assert files[STORY_FILE] == FILES[STORY_FILE]
    # And nothing else.
    before, after = FILES[SET_FILE].split("\n## "), files[SET_FILE].split("\n## ")
    assert after[1:-1] == before[1:-1]


def test_minutes_set_to_another_number_and_back_are_unsaid_again(
    loaded: Path, target: Path
) -> None:
    Question.objects.filter(slug="control-plane-peer").update(minutes=9)
    assert b"minutes: 9" in export(target)[SET_FILE]
    Question.objects.filter(slug="control-plane-peer").update(minutes=5)

    assert export(target, "--replace") == contents(loaded)


def test_what_was_made_in_the_admin_becomes_a_canonical_file(loaded: Path, target: Path) -> None:
    made = QuestionSet.objects.create(
        slug="made", title="Made: here", license="CC-BY-4.0", status=Status.PUBLISHED
    )
    question = made.questions.create(slug="why", prompt="Why `x`?", answer="Because.", position=2)
    question.key_points.create(key="because", text="Because", weight=3, story=Story.objects.get())
    made.questions.create(slug="first", prompt="First?", position=1)

    export(target)

    document = next(one for one in read_bundle(target).sets if one.id == "made")
    assert [one.id for one in document.questions] == ["first", "why"]
    assert document.questions[1].minutes == 5
    assert document.questions[1].key_points == (
        KeyPointDocument(text="Because", key="because", weight=3, story="eks-external-snat-reset"),
    )


@pytest.mark.parametrize("status", [Status.RETIRED, Status.DRAFT])
def test_what_is_not_published_is_left_out_with_the_links_to_it(
    loaded: Path, target: Path, status: Status
) -> None:
    Question.objects.filter(slug="traffic-path").update(status=status)
    Story.objects.update(status=status)

    files = export(target)

    assert STORY_FILE not in files
    assert b"traffic-path\n" not in files[SET_FILE]
    assert b"related_questions" not in files[NOTE_FILE]
    # All the same it is a library that can be imported anywhere.
    QuestionSet.objects.update(slug="gone")
    load(read_bundle(target))


def test_drafts_come_along_when_asked_for(loaded: Path, target: Path) -> None:
    Story.objects.update(status=Status.DRAFT)
    Note.objects.update(status=Status.RETIRED)

    files = export(target, "--drafts")

    assert files[STORY_FILE] == FILES[STORY_FILE].encode()
    assert NOTE_FILE not in files


def test_a_link_to_a_retired_story_is_left_out_of_its_key_point(loaded: Path, target: Path) -> None:
    Story.objects.update(status=Status.RETIRED)

    assert b"happens in netfilter. {#kernel}\n" in export(target)[SET_FILE]


def test_exporting_and_importing_again_changes_nothing(loaded: Path, target: Path) -> None:
    export(target)

    summary = load(read_bundle(target))

    assert (summary.new, summary.changed, summary.retired, summary.unchanged) == (0, 0, 0, 5)


# The folder.


def test_a_folder_that_is_not_empty_is_left_alone(
    loaded: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target.mkdir()
    (target / "mine.txt").write_text("mine")

    with pytest.raises(SystemExit) as stopped:
        export(target)

    assert stopped.value.code == 2
    assert "not empty; --replace" in capsys.readouterr().err
    assert contents(target) == {"mine.txt": b"mine"}


def test_replacing_takes_old_library_files_away_and_nothing_else(
    loaded: Path, target: Path
) -> None:
    for name, text in {
        "LICENSE": "CC",
        "notes/mine.md": "# No file of the library\n",
        "notes/gone.md": FILES[NOTE_FILE].replace("id: k8s-pod-networking", "id: gone"),
        SET_FILE: "old",
    }.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text)

    files = export(target, "--replace")

    mine = {"LICENSE": b"CC", "notes/mine.md": b"# No file of the library\n"}
    assert files == contents(loaded) | mine
    assert sorted(path.name for path in target.iterdir()) == [
        *("LICENSE", "notes", "sets", "stories", "topics.yaml")
    ]


def test_an_empty_folder_and_one_whose_parents_are_missing_are_filled(
    loaded: Path, target: Path
) -> None:
    target.mkdir()
    assert export(target) == contents(loaded)
    assert export(target / "deep" / "er") == contents(loaded)


def test_what_no_file_can_say_is_told_and_nothing_is_written(
    loaded: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Question.objects.filter(slug="traffic-path").update(answer="Fine.\n\n## Not so fine")
    Note.objects.update(license="")

    with pytest.raises(SystemExit) as stopped:
        export(target)

    errors = capsys.readouterr().err
    assert stopped.value.code == 2
    assert SET_FILE in errors
    assert f"{NOTE_FILE}:" in errors
    assert not target.exists()
    assert list(target.parent.iterdir()) == []


def test_nothing_published_is_no_library(db: None, target: Path) -> None:
    target.mkdir()
    (target / "notes").mkdir()
    (target / NOTE_FILE).write_text(FILES[NOTE_FILE])

    with pytest.raises(SystemExit):
        export(target, "--replace")

    assert (target / NOTE_FILE).exists()


def test_a_file_in_the_folder_s_place_is_told(
    loaded: Path, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target.write_text("a file")

    with pytest.raises(SystemExit) as stopped:
        export(target)

    assert stopped.value.code == 2
    assert "can't be written" in capsys.readouterr().err


def test_an_export_takes_the_same_few_queries_however_large_the_library_is(
    loaded: Path,
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            stored_bundle()
        return len(captured)

    few = queries()
    for n in range(30):
        other = QuestionSet.objects.create(
            slug=f"s-{n}", title="S", license="X", status=Status.PUBLISHED
        )
        question = other.questions.create(slug="q", prompt="Q?")
        question.key_points.create(key="k", text="K")
        Note.objects.create(slug=f"n-{n}", title="N", license="X", status=Status.PUBLISHED)

    assert queries() == few
    assert few <= 20


# Any library.

D = TypeVar("D", bound=Document)
PICTURES = {f"{folder}/a.png": DOT for folder in ("sets", "stories", "notes")}


@st.composite
def bundles(draw: st.DrawFn) -> LibraryBundle:
    """A few documents of each kind, their topics, and links between them that lead somewhere."""
    some = draw(st.lists(documents(), min_size=1, max_size=4, unique_by=lambda d: (d.kind, d.id)))
    sets = [one for one in some if isinstance(one, SetDocument)]
    stories = [one for one in some if isinstance(one, StoryDocument)]
    notes = [one for one in some if isinstance(one, NoteDocument)]
    keys = [f"{one.id}/{question.id}" for one in sets for question in one.questions]
    related = st.lists(st.sampled_from(keys), unique=True, max_size=3) if keys else st.just([])
    ids = [story.id for story in stories]

    def linked(document: D) -> D:
        path = f"{document.folder}/{draw(st.sampled_from([document.id, 'f-' + document.id]))}.md"
        links: dict[str, Any] = {"related_questions": tuple(draw(related))}
        if isinstance(document, SetDocument):
            links = {"questions": tuple(map(told, document.questions))}
        return replace(document, path=path, **links)

    def told(question: QuestionDocument) -> QuestionDocument:
        points = (
            replace(point, story=draw(st.sampled_from(ids)) if point.story and ids else "")
            for point in question.key_points
        )
        return replace(question, key_points=tuple(points))

    topics = {topic for document in some for topic in document.topics}
    topics |= {topic for one in sets for question in one.questions for topic in question.topics}
    order = draw(st.permutations(sorted(topics)))
    others = draw(st.lists(SLUGS, max_size=2))

    def in_folder(kind: list[D]) -> tuple[D, ...]:
        return tuple(sorted(map(linked, kind), key=lambda one: one.path))

    return LibraryBundle(
        Path(),
        {slug: draw(lines_of_text()) for slug in [*order, *others]},
        in_folder(sets),
        in_folder(stories),
        in_folder(notes),
        {path: PictureFile(path, "image/png", data) for path, data in PICTURES.items()},
    )


@hypothesis_settings(patient, max_examples=60)
@given(bundle=bundles())
def test_every_library_comes_back_as_it_was_imported(
    db: None, tmp_path_factory: pytest.TempPathFactory, bundle: LibraryBundle
) -> None:
    files = files_of(bundle)
    folder = tmp_path_factory.mktemp("library")
    write_folder(bundle, folder)
    with transaction.atomic():
        load(read_bundle(folder))
        stored = stored_bundle()
        again = files_of(stored)
        transaction.set_rollback(True)

    assert list(stored.documents) == list(bundle.documents)
    # Pictures that nothing shows stay behind.
    assert again == {path: files[path] for path in files if path in again or path not in PICTURES}
