"""`manage.py library import` with files that nobody here wrote: seen first, then written once."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from questions.models import Note, Question, QuestionSet, Status, Story

TEXT = """\
# DNS

1. What is a?
   - one
   - two
2. What is a?
3. Why?

# An outage story

It was DNS. https://example.com/dns

# Caches

They remember.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "dns questions.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command("library", "import", *arguments, stdout=out, **options)
    return out.getvalue()


def test_a_dry_run_prints_one_object_and_needs_no_database(path: Path) -> None:
    found = json.loads(run(path, "--dry-run", "--report", "json"))
    assert list(found) == ["sets", "stories", "notes", "ignored", "problems", "licence", "encoding"]
    [first] = found["sets"]
    assert list(first) == ["title", "description", "lines", "questions"]
    assert first["lines"] == [1, 7]
    assert first["questions"][0] == {
        "prompt": "What is a?",
        "answer": "- one\n- two",
        "key_points": [],
        "follow_ups": [],
        "difficulty": None,
        "topics": [],
        "lines": [3, 5],
        "confidence": 0.95,
    }
    assert list(found["stories"][0]) == ["title", "url", "body", "lines"]
    assert list(found["notes"][0]) == ["title", "body", "lines"]


def test_several_files_are_an_object_in_each_line(path: Path, tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("question,answer\nWhat is b?,two\n", encoding="utf-8")
    lines = run(tmp_path, "--dry-run", "--report", "json").splitlines()
    assert [Path(json.loads(line)["path"]).name for line in lines] == [
        "dns questions.md",
        "more.csv",
    ]


def test_the_report_for_people_says_what_was_read(path: Path) -> None:
    report = run(path, "--dry-run")
    assert "1 sets, 3 questions (1 answered), 1 stories, 1 notes" in report
    assert "3 × numbered or labelled questions" in report
    assert f"{path}:6: the same question as in line 3, with another answer: written once" in report


@pytest.mark.django_db
def test_everything_is_written_as_drafts_with_source_and_licence(path: Path) -> None:
    run(path, "--source", "https://example.com/list", "--licence", "CC-BY-4.0")
    question_set = QuestionSet.objects.get()
    assert question_set.status == Status.DRAFT
    assert question_set.license == "CC-BY-4.0"
    assert question_set.sources == [
        {"title": "dns questions.md", "url": "https://example.com/list"}
    ]
    assert question_set.extra == "imported_from: dns questions.md"
    assert [(q.prompt, q.answer, q.status) for q in question_set.questions.all()] == [
        ("What is a?", "- one\n- two", Status.DRAFT),
        ("Why?", "", Status.DRAFT),
    ]
    assert Story.objects.get().status == Note.objects.get().status == Status.DRAFT
    question_set.full_clean()


@pytest.mark.django_db
def test_the_same_file_again_adds_nothing(path: Path) -> None:
    run(path)
    said = run(path)
    assert (
        "Written as drafts: 0 sets, 0 questions, 0 stories, 0 notes; 5 not written again." in said
    )
    assert (QuestionSet.objects.count(), Question.objects.count(), Story.objects.count()) == (
        1,
        2,
        1,
    )


@pytest.mark.django_db
def test_a_prompt_that_is_too_long_loses_nothing(tmp_path: Path) -> None:
    long = "Why is " + "very " * 150 + "long?"
    (tmp_path / "x.md").write_text(
        f"1. {long}\n2. What is b?\n```\ncode\n```\nAnswer: c\n", encoding="utf-8"
    )
    run(tmp_path / "x.md")
    first, second = Question.objects.all()
    assert len(first.prompt) <= 500
    assert first.prompt.endswith("…")
    assert first.body == long
    assert (second.prompt, second.body, second.answer) == ("What is b?", "```\ncode\n```", "c")


@pytest.mark.django_db
def test_one_bad_file_stops_everything(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("[\n{", encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        call_command("library", "import", path, bad)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith(f"{bad}:2: no valid JSON")
    assert not QuestionSet.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"- " * 100_000])
def test_a_bad_file_ends_with_status_2_and_its_line(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(content)
    with pytest.raises(SystemExit) as stopped:
        call_command("library", "import", bad, "--dry-run")
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith(f"{bad}:1: ")
