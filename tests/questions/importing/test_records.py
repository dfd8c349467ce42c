"""CSV, TSV, Anki's plain text and JSON."""

import pytest

from questions.library.documents import InvalidLibrary
from tests.questions.importing.reading_files import messages, pairs, prompts, read


def test_csv_with_a_header_to_map() -> None:
    text = 'No,Question,Answer,Category,Difficulty\n1,What is a?,"one, or\ntwo",Basics,Easy\n2,What is b?,=1+1,Basics,Hard\n'
    reading = read(text, "list of questions.csv")
    assert pairs(reading) == [("What is a?", "one, or\ntwo"), ("What is b?", "=1+1")]
    first, second = reading.questions
    assert (first.difficulty, first.topics, tuple(first.lines)) == (1, ["Basics"], (2, 3))
    assert (second.difficulty, tuple(second.lines)) == (3, (4, 4))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter(delimiter: str) -> None:
    rows = [["Front", "Back"], ["What is a?", "one"], ["What is b?", "two"]]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert pairs(read(text, "x.csv")) == [("What is a?", "one"), ("What is b?", "two")]


def test_anki_with_settings() -> None:
    text = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:6\nabc\tBasic\tOps\tWhat is <code>a</code>?\tOne<br>two\tnet dns\n"
    reading = read(text, "export.txt")
    assert pairs(reading) == [("What is `a`?", "One\ntwo")]
    assert reading.ignored[0].reason == "settings of the export"


def test_anki_without_settings_and_with_a_mark_behind_the_separator() -> None:
    text = "What is a?; PASS\n\nWhat is b?; two\n\nWhat is c;? three\n"
    assert pairs(read(text, "cards.txt")) == [
        ("What is a?", ""),
        ("What is b?", "two"),
        ("What is c?", "three"),
    ]


def test_a_quote_that_never_ends_is_a_letter() -> None:
    rows = "\n".join(f"What is {n}?,answer {n}" for n in range(500))
    reading = read(f'question,answer\nWhat is "x?,"5 inches\n{rows}\n', "x.csv")
    assert len(prompts(reading)) == 501
    assert "quotes that never end: read as plain letters" in messages(reading)


def test_a_column_that_means_nothing_is_named() -> None:
    reading = read("question,answer,mood\nWhat is a?,one,good\n", "x.csv")
    assert messages(reading) == ["the column “mood” means nothing here: it is left out"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("question", "answer"),
        ("front", "back"),
        ("q", "a"),
        ("prompt", "model_answer"),
        ("Вопрос", "Ответ"),
        ("title", "description"),
    ],
)
def test_json_keys(question: str, answer: str) -> None:
    text = f'[\n  {{\n    "{question}": "What is a?",\n    "{answer}": "one"\n  }},\n  {{"{question}": "What is b?", "{answer}": ""}}\n]\n'
    reading = read(text, "x.json")
    assert pairs(reading) == [("What is a?", "one"), ("What is b?", "")]
    assert [tuple(one.lines) for one in reading.questions] == [(2, 5), (6, 6)]


def test_json_below_titles() -> None:
    text = '{\n"sections": [\n{\n"title": "Pods",\n"questions": [\n{"question": "What is a?", "answer": "one", "tags": ["x"]},\n{"question": "What is b?", "options": ["1", "2"], "answer": 1, "explanation": "So."}\n]\n}\n]\n}\n'
    reading = read(text, "x.json")
    assert pairs(reading) == [
        ("What is a?", "one"),
        ("What is b?\n\n- A) 1\n- B) 2", "B) 2\n\nSo."),
    ]
    assert reading.sets[0].title == "sections – Pods"


def test_json_as_questions_alone_and_as_pairs_and_in_lines() -> None:
    assert prompts(read('[\n"What is a?",\n"What is b?"\n]\n', "x.json")) == [
        "What is a?",
        "What is b?",
    ]
    assert pairs(read('{\n"What is a?": "one",\n"What is b?": "two"\n}\n', "x.json"))[1] == (
        "What is b?",
        "two",
    )
    assert (
        len(prompts(read('{"question": "What is a?"}\n{"question": "What is b?"}\n', "x.jsonl")))
        == 2
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [('[\n{"question": "What?",\n', 3), ("[\n{a: 1}\n]", 2), ("[" * 100, 1), ('"', 1)],
)
def test_what_is_no_json_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(InvalidLibrary) as refused:
        read(text, "x.json")
    assert refused.value.errors[0].line == line
