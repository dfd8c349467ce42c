"""A folder of library files, and what a finished library must not lack."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings

from questions.library import documents
from questions.library.bundle import LibraryBundle, dangling_links, read_bundle
from questions.library.checking import check
from questions.library.documents import InvalidLibrary
from questions.models import KeyPoint, Note, Question, QuestionSet, Topic
from tests.questions.library_texts import NOTE, SET

TODAY = datetime.date(2026, 11, 22)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def messages(bundle: LibraryBundle, today: datetime.date = TODAY) -> list[str]:
    root = f"{bundle.folder}/"
    return [str(error).removeprefix(root) for error in check(bundle, today)]


def test_a_bundle_is_read_in_the_order_of_its_paths(folder: Path) -> None:
    other = SET.replace("id: k8s-kube-proxy", "id: another")
    (folder / "sets/a-first.md").write_text(other, encoding="utf-8")
    (folder / "sets/README.txt").write_text("not read", encoding="utf-8")

    bundle = read_bundle(folder)

    assert [document.id for document in bundle.sets] == ["another", "k8s-kube-proxy"]
    assert [document.id for document in bundle.stories] == ["eks-external-snat-reset"]
    assert [document.id for document in bundle.notes] == ["k8s-pod-networking"]
    assert bundle.topics == {
        "kubernetes": "Kubernetes",
        "networking": "Networking",
        "data-plane": "Data plane",
    }
    assert list(bundle.documents) == [*bundle.sets, *bundle.stories, *bundle.notes]


def test_errors_of_all_files_are_told_together(folder: Path) -> None:
    edit(folder / "sets/k8s-kube-proxy.md", "schema: 1", "schema: 9")
    edit(folder / "stories/eks-external-snat-reset.md", "## Fix", "## Repair")
    edit(folder / "topics.yaml", "data-plane:", "data plane:")

    with pytest.raises(InvalidLibrary) as caught:
        read_bundle(folder)

    assert [Path(error.path).name for error in caught.value.errors] == [
        "k8s-kube-proxy.md",
        "eks-external-snat-reset.md",
        "topics.yaml",
    ]


def test_one_id_in_two_files_is_an_error(folder: Path) -> None:
    (folder / "notes/z.md").write_text(NOTE, encoding="utf-8")

    with pytest.raises(InvalidLibrary, match=r"z\.md:4: the id “k8s-pod-networking” belongs to"):
        read_bundle(folder)


def test_a_file_in_the_wrong_folder_is_an_error(folder: Path) -> None:
    (folder / "notes/k8s-pod-networking.md").rename(folder / "sets/n.md")

    with pytest.raises(InvalidLibrary, match=r"n\.md:2: a note belongs in notes/, not sets/"):
        read_bundle(folder)


def test_a_folder_without_files_or_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidLibrary, match="no sets/"):
        read_bundle(tmp_path)
    with pytest.raises(InvalidLibrary, match="no such folder"):
        read_bundle(tmp_path / "nothing")


def test_a_file_that_can_not_be_opened_is_an_error(folder: Path) -> None:
    (folder / "notes/folder.md").mkdir()

    with pytest.raises(InvalidLibrary, match=r"folder\.md:1: can't be read: Is a directory"):
        read_bundle(folder)


def test_links_must_lead_to_what_there_is(folder: Path) -> None:
    bundle = read_bundle(folder)

    assert dangling_links(bundle, bundle.question_keys(), bundle.story_ids()) == []
    assert [
        (Path(error.path).name, error.line, error.message)
        for error in dangling_links(bundle, [], [])
    ] == [
        ("eks-external-snat-reset.md", 12, "there is no question “k8s-kube-proxy/traffic-path”"),
        ("k8s-pod-networking.md", 11, "there is no question “k8s-kube-proxy/traffic-path”"),
        ("k8s-kube-proxy.md", 36, "there is no story “eks-external-snat-reset”"),
    ]


def test_a_check_names_what_a_question_lacks(folder: Path) -> None:
    assert messages(read_bundle(folder)) == [
        "sets/k8s-kube-proxy.md:67: 2 key points, at least 3 are wanted",
        "sets/k8s-kube-proxy.md:67: no answer",
        "sets/k8s-kube-proxy.md:67: no source",
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("sets/k8s-kube-proxy.md", "[data-plane]", "[data]", ":24: the topic “data” is not in"),
        ("sets/k8s-kube-proxy.md", "topics: [k", "topics: [other, k", ":7: the topic “other” is"),
        (
            "sets/k8s-kube-proxy.md",
            "  on: 2026-11-20\n",
            "  # when?\n",
            ":10: say what it was checked",
        ),
        ("sets/k8s-kube-proxy.md", "2026-11-20", "2025-11-21", ":10: checked on 2025-11-21, more"),
        ("sets/k8s-kube-proxy.md", "2026-11-20", "2026-11-23", ":10: checked on 2026-11-23, which"),
        ("sets/k8s-kube-proxy.md", "story=eks", "story=aks", ":36: there is no story “aks-"),
        (
            "notes/k8s-pod-networking.md",
            "traffic-path]\n---",
            "gone]\n---",
            ":11: there is no ques",
        ),
        ("notes/k8s-pod-networking.md", "#traffic-path", "#gone", "the link “../sets/k8s-kube-pr"),
        ("notes/k8s-pod-networking.md", "../sets/k8s-k", "k8s-k", "the link “k8s-kube-proxy.md"),
        ("notes/k8s-pod-networking.md", "../sets", "../stories", "the link “../stories/k8s-kube"),
        ("notes/k8s-pod-networking.md", "# Any", "![a](b.png)\n\n# Any", "no picture “b.png”"),
        ("notes/k8s-pod-networking.md", "# Any", "![a](/etc/passwd)\n\n# Any", "no picture “/etc"),
        ("notes/k8s-pod-networking.md", "sources:\n", "sources: []\nmore:\n", ":8: no source"),
        ("stories/eks-external-snat-reset.md", "## Fix\n", "", "the section “Fix” is missing"),
    ],
)
def test_a_check_names_what_is_broken(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    path = folder / file
    before = messages(read_bundle(folder))
    edit(path, old, new)

    found = [text for text in messages(read_bundle(folder)) if text not in before]

    assert len(found) == 1, found
    assert found[0].startswith(file)
    assert message in found[0]


def test_content_may_be_a_year_old_but_not_a_day_more(folder: Path) -> None:
    edit(folder / "sets/k8s-kube-proxy.md", "2026-11-20", "2024-02-29")
    bundle = read_bundle(folder)

    def is_old(today: datetime.date) -> bool:
        return any("more than a year ago" in text for text in messages(bundle, today))

    assert not is_old(datetime.date(2025, 2, 28))
    assert is_old(datetime.date(2025, 3, 1))
    assert not is_old(datetime.date(2024, 2, 29))


def test_the_bundled_library_has_nothing_to_complain_about() -> None:
    bundle = read_bundle(Path(settings.CONTENT_DIR))
    days = [document.checked.on for document in bundle.sets if document.checked]

    assert check(bundle, max(day for day in days if day)) == []


def test_the_limits_of_files_are_those_of_the_tables() -> None:
    def length(model: type, name: str) -> int:
        return int(model._meta.get_field(name).max_length)  # type: ignore[attr-defined]

    assert length(QuestionSet, "slug") == length(Question, "slug") == documents.SLUG_LENGTH
    assert length(QuestionSet, "title") == documents.TITLE_LENGTH
    assert length(QuestionSet, "summary") == length(Note, "summary") == documents.SUMMARY_LENGTH
    assert length(QuestionSet, "license") == documents.LICENSE_LENGTH
    assert length(QuestionSet, "checked_against") == documents.AGAINST_LENGTH
    assert length(Question, "prompt") == documents.PROMPT_LENGTH
    assert length(KeyPoint, "text") == documents.POINT_LENGTH
    assert length(KeyPoint, "key") == documents.KEY_LENGTH
    assert length(Topic, "slug") == documents.TOPIC_LENGTH
    assert set(QuestionSet.Level.values) == set(documents.LEVELS)
    assert set(Question.Difficulty.values) == set(documents.DIFFICULTIES)
