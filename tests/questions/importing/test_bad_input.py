"""Bad input on the command line: path, line and message, status 2, and nothing is written."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db.models import Model

from questions.importing.decoding import decode
from questions.importing.limits import Deadline
from questions.importing.page import read_page
from questions.library.documents import InvalidLibrary
from questions.markdown import render
from questions.models import Note, Question, QuestionSet, Story, Topic
from tests.questions.importing.hostile_files import assert_harmless
from tests.questions.importing.reading_files import pairs, read
from tests.questions.library_texts import SET_FILE

pytestmark = pytest.mark.django_db
MODELS: tuple[type[Model], ...] = (QuestionSet, Question, Story, Note, Topic)


def refused(capsys: pytest.CaptureFixture[str], *paths: Path) -> str:
    """What is said on standard error; that nothing else happened."""
    before = [model._default_manager.count() for model in MODELS]
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        call_command("library", "import", *paths)
    assert stopped.value.code == 2
    assert [model._default_manager.count() for model in MODELS] == before
    said = capsys.readouterr()
    assert not said.out
    return said.err


def write(path: Path, data: bytes | str) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_binary_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.md", b"1. What is a?\n\x89PNG\r\n\x1a\n\x00\x00")
    assert refused(capsys, path) == f"{path}:4: this is no text file\n"


def test_an_empty_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.md", b"\xef\xbb\xbf\n \n")
    assert refused(capsys, path) == f"{path}:1: the file is empty\n"


def test_a_file_of_more_than_2_mb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.md", b"- What is a?\n" * 160_000)
    assert refused(capsys, path) == f"{path}:1: the file is larger than 2 MB; split it\n"


def test_more_than_2000_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        tmp_path / "x.csv", "question\n" + "".join(f"What is {n}?\n" for n in range(2_001))
    )
    message = "more than 2,000 questions, stories and notes in one file; split it"
    assert refused(capsys, path) == f"{path}:2002: {message}\n"


def test_a_wrongly_encoded_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "x.md", "1. What is a?\n".encode("utf-16"))
    assert refused(capsys, path) == f"{path}:1: the file is in UTF-16; save it as UTF-8\n"


@pytest.mark.parametrize("mark", ["- ", "1. ", "> ", "* > "])
def test_a_hundred_thousand_nested_lists(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "x.md", "1. What is a?\n" + mark * 100_000 + "deep\n")
    assert refused(capsys, path) == f"{path}:2: lists or quotes nested more than 50 deep\n"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("x.json", "[" * 100_000, 1),
        ("x.html", "<p>a</p>\n" + "<ul><li>" * 100_000, 2),
        ("x.md", "<details><summary>Why?</summary>\n" * 60, 51),
    ],
)
def test_anything_else_that_nests_too_deep(
    name: str, text: str, line: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / name, text)
    assert refused(capsys, path).startswith(f"{path}:{line}: ")


def test_a_file_that_takes_longer_than_its_time() -> None:
    source = decode(b"1. What is a?\n" * 10, "x.md")
    with pytest.raises(InvalidLibrary) as slow:
        read_page(source, Deadline("x.md", seconds=-1))
    [error] = slow.value.errors
    assert str(error) == "x.md:1: reading the file took more than -1 seconds"


def test_a_script_in_an_answer_is_text_on_the_page() -> None:
    [(_, answer), *_] = pairs(
        read(
            "1. What is a?\n\n   <script>alert(1)</script>\n   <img src=x onerror=alert(1)>\n\n2. Why?\n"
        )
    )
    assert "<script>alert(1)</script>" in answer
    html = render(answer)
    assert "&lt;script&gt;" in html
    assert_harmless(html)


def test_a_formula_cell_is_text_as_it_stands() -> None:
    formula = '=HYPERLINK(""https://example.com"",""x"")'
    text = f'question,answer\nWhat is a?,"{formula}"\n=1+1,@SUM(A1)\n'
    assert pairs(read(text, "x.csv")) == [
        ("What is a?", '=HYPERLINK("https://example.com","x")'),
        ("=1+1", "@SUM(A1)"),
    ]


def edited(folder: Path, old: str, new: str) -> Path:
    path = folder / SET_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    return write(path, text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: kube-proxy\n", "title: [kube-proxy\n", 6),
        ("title: kube-proxy\n", "title: kube-proxy\n  - oddly: indented\n", 6),
        ("title: kube-proxy\n", "title: {a: b}\n", 5),
        ("topics: [kubernetes, networking]\n", "topics: {a: b}\n", 7),
        ("level: intermediate\n", "level: [1, 2]\n", 8),
        ("  on: 2026-11-20\n", "  on: soon\n", 12),
        ("id: k8s-kube-proxy\n", "id: &a k8s-kube-proxy\n", 4),
    ],
)
def test_front_matter_that_is_no_yaml_or_has_an_unknown_type(
    old: str, new: str, line: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = edited(folder, old, new)
    assert refused(capsys, folder).startswith(f"{path}:{line}: ")


def test_an_id_twice_in_a_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / SET_FILE
    text = path.read_text(encoding="utf-8")
    write(path, f"{text}\n## Once more?\n\n<!-- q\nid: traffic-path\n-->\n")
    said = refused(capsys, folder)
    assert said.startswith(f"{path}:")
    assert "traffic-path" in said


def test_an_id_of_two_sets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = folder / "sets" / "copy.md"
    write(other, (folder / SET_FILE).read_bytes())
    said = refused(capsys, folder)
    assert ":4: the id “k8s-kube-proxy” belongs to" in said


def test_a_renamed_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("library", "import", folder)
    path = edited(folder, "id: k8s-kube-proxy\n", "id: the-proxy\n")
    message = "this is the set “k8s-kube-proxy”: its id must stay, people's history uses it"
    assert refused(capsys, folder) == f"{path}:4: {message}\n"


def test_a_new_set_with_a_question_of_another_is_none_that_was_renamed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("library", "import", folder)
    text = (folder / SET_FILE).read_text(encoding="utf-8")
    write(folder / "sets" / "new.md", text.replace("id: k8s-kube-proxy\n", "id: the-proxy\n"))
    call_command("library", "import", folder)
    assert set(QuestionSet.objects.values_list("slug", flat=True)) >= {
        "k8s-kube-proxy",
        "the-proxy",
    }
