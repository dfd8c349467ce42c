"""The preview in the admin: what was read and why, and what an editor decides about it."""

from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from questions.importing import pending
from questions.importing.choosing import read_file
from questions.importing.deciding import ACTS, Decision, Preview
from questions.importing.keeping import keep, restore
from questions.importing.reading import Lines
from questions.models import Import, Question, QuestionSet
from tests.conftest import make_question
from tests.questions.importing.admin import Desk
from tests.questions.importing.reading_files import read

TEXT = """\
# DNS

What names are for.

1. What is a zone?

   A part of the tree.

   What is a record?

   A line of it.
2. Who answers?

   A server.
3. Namely an authoritative one.
4. History of names

   It was a file.

---

# Storage

1. What is a volume?

   A disk.
"""


@pytest.fixture
def desk(bring: Callable[..., Desk]) -> Desk:
    return bring(TEXT)


def written(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """What an import would write, by set."""
    desk.item.refresh_from_db()
    chosen = pending.preview_of(desk.item).chosen()
    return {
        found.title: [(question.prompt, question.answer) for question in found.questions]
        for found in chosen.sets
    }


pytestmark = pytest.mark.django_db


def test_it_shows_what_was_read_why_how_sure_and_what_is_left_over(desk: Desk) -> None:
    page = desk.look()

    assert "Would be imported: 2 sets, 5 questions." in page
    assert "Read as 5 × numbered" in page
    assert "95 %" in page
    assert "left over (1)" in page
    assert "No licence is known" in page
    assert desk.titles() == [
        *("DNS", "What is a zone?", "Who answers?", "Namely an authoritative one."),
        *("History of names", "Storage", "What is a volume?"),
    ]
    assert "--- decoration" in desk.look("?show=left")
    assert not QuestionSet.objects.exists()


def test_two_questions_are_merged_and_parted_again(desk: Desk) -> None:
    assert "The next one was added. Undo" in desk.do("merge q2 q3")
    assert written(desk)["DNS"][1] == (
        "Who answers?",
        "A server.\n\nNamely an authoritative one.",
    )
    desk.do("undo 1")
    assert len(written(desk)["DNS"]) == 4


def test_a_question_is_split_at_a_line_and_made_whole_again(desk: Desk) -> None:
    page = desk.client.get(desk.url("items/q1"))
    cuts = {text: at for at, text in page.context["found"].cuts}

    assert "Split. Undo" in desk.do("split q1", line=cuts["What is a record?"])

    assert written(desk)["DNS"][:2] == [
        ("What is a zone?", "A part of the tree."),
        ("What is a record?", "A line of it."),
    ]
    desk.do("undo 1")
    assert len(written(desk)["DNS"]) == 4


def test_the_second_half_of_a_split_can_be_decided_about_too(desk: Desk) -> None:
    desk.do("split q1", line=3)
    desk.do("retitle q1.1", text="What is an RRset?")
    assert written(desk)["DNS"][1][0] == "What is an RRset?"

    page = desk.do("undo 1")

    assert "1 decision that built on it was taken back, too." in page
    desk.item.refresh_from_db()
    assert desk.item.decisions == []


def test_prompts_and_titles_are_reworded(desk: Desk) -> None:
    desk.do("retitle q1", text="What is a zone in DNS?\r\nIn short.")
    assert "Reworded. Undo" in desk.do("retitle s2", text="Disks")

    assert written(desk)["DNS"][0][0] == "What is a zone in DNS?\nIn short."
    assert "Disks" in written(desk)


def test_a_question_is_a_note_after_all(desk: Desk) -> None:
    assert "2 sets, 4 questions, 1 note." in desk.do("note q4")

    chosen = pending.preview_of(Import.objects.get()).chosen()
    assert [(note.title, note.body) for note in chosen.notes] == [
        ("History of names", "It was a file.")
    ]
    assert "2 sets, 5 questions." in desk.do("undo 1")


def test_a_question_is_the_title_of_a_set_after_all(desk: Desk) -> None:
    desk.do("title q3")
    assert {title: len(some) for title, some in written(desk).items()} == {
        "DNS": 2,
        "Namely an authoritative one.": 1,
        "Storage": 1,
    }


def test_a_set_begins_at_a_question_and_sets_are_merged(desk: Desk) -> None:
    desk.do("begin q2", text="Servers")
    assert list(written(desk)) == ["DNS", "Servers", "Storage"]
    desk.do("merge q2.set s2")
    assert [(title, len(some)) for title, some in written(desk).items()] == [
        ("DNS", 1),
        ("Servers", 4),
    ]
    desk.do("undo 1")
    assert [(title, len(some)) for title, some in written(desk).items()] == [
        ("DNS", 4),
        ("Storage", 1),
    ]


def test_what_is_skipped_stays_in_sight_and_can_come_back(desk: Desk) -> None:
    page = desk.do("skip q2")

    assert "Skipped. Undo" in page
    assert "Who answers?" in desk.titles("skipped")
    assert "Who answers?" not in [prompt for prompt, _ in written(desk)["DNS"]]
    desk.do("undo 1")
    assert len(written(desk)["DNS"]) == 4


def test_several_are_skipped_at_once_and_a_set_with_all_its_questions(desk: Desk) -> None:
    desk.do("skip-ticked", ticked=["q1", "q2"])
    desk.do("skip s2")

    assert [prompt for prompt, _ in written(desk)["DNS"]] == [
        "Namely an authoritative one.",
        "History of names",
    ]
    assert "Storage" not in written(desk)
    assert "1 set, 2 questions" in desk.look()


@pytest.mark.parametrize(
    "act",
    [
        *("skip q99", "merge q1", "merge q1 q1", "merge q1 q5", "merge q1 s2", "split q1"),
        *("note s1", "title n1", "explode q1", "", "skip", "begin q1", "retitle q1"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(desk: Desk, act: str) -> None:
    page = desk.do(act)

    assert "was changed meanwhile. Look again." in page or "Write a prompt or title first" in page
    desk.item.refresh_from_db()
    assert desk.item.decisions == []


@pytest.mark.parametrize("line", ["0", "-1", "99999", "99999999999", "x", "²"])
def test_a_split_at_no_line_changes_nothing(desk: Desk, line: str) -> None:
    assert "Look again" in desk.do("split q1", line=line)


def test_a_decision_that_is_gone_already_is_no_error(desk: Desk) -> None:
    for number in ("7", "x", "²", ""):
        desk.do(f"undo {number}")
    assert Import.objects.get().decisions == []


def test_each_decision_is_undone_by_itself(desk: Desk) -> None:
    desk.do("retitle q1", text="One?")
    desk.do("skip q2")
    desk.do("note q4")

    desk.do("undo 2")

    assert [one["act"] for one in Import.objects.get().decisions] == ["retitle", "note"]
    assert [prompt for prompt, _ in written(desk)["DNS"]] == [
        "One?",
        "Who answers?",
        "Namely an authoritative one.",
    ]


def test_one_comes_back_to_where_one_was(desk: Desk) -> None:
    response = desk.client.post(
        desk.url("decide"), {"do": "skip q2", "here": "show=unsure&page=3&x=//evil.example.com"}
    )
    assert response["Location"] == f"{desk.url()}?show=unsure&page=3#q2"


def test_an_undo_comes_back_to_the_row_it_is_about(desk: Desk) -> None:
    desk.do("skip q2")
    response = desk.client.post(desk.url("decide"), {"do": "undo 1 q2"})
    assert response["Location"] == f"{desk.url()}#q2"


def test_reading_it_differently_begins_anew(bring: Callable[..., Desk]) -> None:
    desk = bring("# A\n\n## Ports\n\nWhat is a port?\n\n## Hosts\n\nWhat is a host?\n")
    desk.do("skip q1")

    desk.client.post(desk.url("read-again"), {"shape": "headings", "body_is": "question"})

    desk.item.refresh_from_db()
    assert desk.item.decisions == []
    assert written(desk)["A"][0] == ("Ports\n\nWhat is a port?", "")


def test_the_same_in_the_library_is_skipped_beforehand(
    bring: Callable[..., Desk], question_set: QuestionSet
) -> None:
    desk = bring("1. What is  QUESTION 1 about\n\n   This.\n2. What is new?\n3. What is new?\n")

    assert desk.titles("skipped") == ["What is QUESTION 1 about", "What is new?"]
    page = desk.look("?show=known")
    assert "The same is there already: basics/question-1." in page
    assert "The same is there already: line 2 of the file." in page or "line 4" in page
    assert "Model answer **1**." in page
    [questions] = written(desk).values()
    assert [prompt for prompt, _ in questions] == ["What is new?"]


def test_what_is_nearly_in_the_library_is_shown_beside_it_and_not_dropped(
    bring: Callable[..., Desk], question_set: QuestionSet
) -> None:
    near = make_question(question_set, 9)
    Question.objects.filter(pk=near.pk).update(
        prompt="What does kube-proxy do on every node of a cluster?"
    )
    desk = bring("1. What does kube-proxy do on each node of a cluster?\n2. What else?\n")

    page = desk.client.get(f"{desk.url()}?show=similar").content.decode()

    assert "Nearly the same is in the library." in page
    assert f"/admin/questions/question/{near.pk}/change/" in page
    assert "Model answer **9**." in page
    assert desk.titles("skipped") == []
    assert desk.titles("similar") == ["What does kube-proxy do on each node of a cluster?"]


def test_a_reworded_question_is_not_the_one_of_the_library_any_more(
    bring: Callable[..., Desk], question_set: QuestionSet
) -> None:
    desk = bring("1. What is question 1 about?\n2. What is new?\n")
    desk.do("undo 1")
    desk.do("retitle q1", text="What is quite another question about?")
    assert desk.titles("known") == []


@pytest.mark.parametrize("count", [5, 500])
def test_the_preview_asks_the_same_few_questions_of_the_database(
    bring: Callable[..., Desk], question_set: QuestionSet, count: int
) -> None:
    lines = [f"{n}. What is the meaning of number {n}?\n\n   It is {n}.\n" for n in range(1, count)]
    desk = bring("".join(["1. What is question 1 about?\n", *lines]), "x.md")
    desk.look()

    with CaptureQueriesContext(connection) as queries:
        page = desk.client.get(desk.url())

    # Session and person; permissions, the import, and what the library has like it.
    assert len(queries) == 1 + 2, [query["sql"][:80] for query in queries]
    assert len(page.content) < 100_000


def test_a_page_of_the_preview_holds_25(bring: Callable[..., Desk]) -> None:
    desk = bring("".join(f"{n}. What is {n}?\n" for n in range(1, 100)))

    assert len(desk.titles()) == 25
    page = desk.look("?page=4")
    assert "Page 4 of 4" in page
    assert "What is 99?" in page
    assert desk.look("?page=99") == desk.look("?page=x&page=4")


DECISIONS = st.lists(
    st.builds(
        Decision,
        number=st.integers(1, 40),
        act=st.sampled_from(ACTS),
        item=st.sampled_from(["q1", "q2", "q3", "q4", "q5", "s1", "s2", "q1.1", "q2.set", "n1"]),
        text=st.sampled_from(["A", "B\nC"]),
        other=st.sampled_from(["q2", "q3", "q4", "s2", "s1", "q1.1"]),
        at=st.integers(0, 6),
    ),
    max_size=12,
)


@given(DECISIONS)
@example(
    [
        Decision(number=1, act="retitle", item="q3", text="B\nC", other="", at=0),
        Decision(number=2, act="split", item="q3", text="", other="", at=1),
    ]
)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_decided_no_line_is_lost(decisions: list[Decision]) -> None:
    lines = TEXT.split("\n")
    preview = Preview(read(TEXT), decisions, lambda: lines)

    # Two questions that stood in one line share it, as `Reading.cut()` says; no others do.
    shared = Counter(one.lines for one in preview.reading.questions)
    places = Counter(number for number, _ in preview.reading.places())
    for number, line in enumerate(lines, 1):
        if line.strip():
            assert places[number] == max(1, shared[Lines(number, number)]), (number, line)
    keys = [row.key for row in preview.rows()]
    assert len(keys) == len(set(keys))
    assert len(decisions) == len(preview.idle) + sum(map(len, preview.decided.values()))


def test_a_reading_comes_back_as_it_was_kept() -> None:
    reading = read_file(TEXT.encode(), "x.md")
    assert restore(keep(reading)) == reading
