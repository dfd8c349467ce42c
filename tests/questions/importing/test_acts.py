"""What the preview does to a reading: lines go from one place to another, and none is lost."""

from questions.importing.choosing import read_file
from questions.importing.reading import FoundSet, Reading, text_of
from tests.questions.importing.reading_files import (
    assert_every_line_has_one_place,
    pairs,
    prompts,
    read,
    sizes,
)

TWO_SETS = """\
# DNS

What names are for.

1. What is a zone?

   A part of the tree.
2. What is a record?

   A line of it.

# Storage

3 questions on disks.

1. What is a volume?

   A disk.
2. What is a claim?

   A wish.
"""


def sets_of(text: str) -> tuple[Reading, list[FoundSet]]:
    reading = read(text)
    return reading, reading.sets


def test_two_sets_become_one_with_both_descriptions() -> None:
    reading, [first, second] = sets_of(TWO_SETS)

    reading.merge(first, second)

    assert sizes(reading) == [4]
    assert first.description == "What names are for.\n\n**Storage**\n\n3 questions on disks."
    assert_every_line_has_one_place(reading, TWO_SETS.encode())


def test_a_merged_set_keeps_the_topics_of_both() -> None:
    reading, [first, second] = sets_of(TWO_SETS)
    first.topics, second.topics = ["dns", "both"], ["both", "disks"]

    reading.merge(first, second)

    assert first.topics == ["dns", "both", "disks"]


def test_a_set_is_split_before_a_question() -> None:
    reading, [first, _second] = sets_of(TWO_SETS)

    new = reading.split(first, first.questions[1], "Records")

    assert [found.title for found in reading.sets] == ["DNS", "Records", "Storage"]
    assert prompts(reading)[1] == "What is a record?"
    assert new.questions[0].prompt == "What is a record?"
    assert_every_line_has_one_place(reading, TWO_SETS.encode())


def test_a_set_without_a_title_in_the_file_leaves_nothing_when_its_first_question_is_a_title() -> (
    None
):
    text = "1. Basics\n2. What is a?\n3. What is b?\n"
    reading, [found] = sets_of(text)

    new = reading.make_title(found, found.questions[0])

    assert reading.sets == [new]
    assert (new.title, sizes(reading)) == ("Basics", [2])
    assert_every_line_has_one_place(reading, text.encode())


def test_nothing_that_a_question_said_is_lost_when_it_is_a_title_or_a_note() -> None:
    for act in ("make_title", "make_note"):
        reading, [found, _other] = sets_of(TWO_SETS)
        question = found.questions[0]
        question.prompt += "\nmore of it"
        question.key_points, question.follow_ups = ["a point"], ["And then?"]

        made = getattr(reading, act)(found, question)

        text = made.description if act == "make_title" else made.body
        assert made.title == "What is a zone?"
        assert text == "more of it\n\nA part of the tree.\n\n- a point\n- And then?"
        assert_every_line_has_one_place(reading, TWO_SETS.encode())


def test_the_last_question_of_a_set_without_lines_of_its_own_can_be_a_note() -> None:
    reading, [found] = sets_of("1. What is a?\n")

    reading.make_note(found, found.questions[0])

    assert reading.sets == []
    assert [note.title for note in reading.notes] == ["What is a?"]


def test_two_questions_become_one_with_all_that_stands_between() -> None:
    text = "1. What is a?\n\n   One.\n\n---\n\n2. Namely:\n\n   Two.\n3. What is b?\n"
    reading, [found] = sets_of(text)

    reading.join(found, found.questions[0], found.questions[1])

    assert pairs(reading) == [
        ("What is a?", "One.\n\nNamely:\n\nTwo."),
        ("What is b?", ""),
    ]
    assert reading.ignored == []
    assert_every_line_has_one_place(reading, text.encode())


def test_of_equal_questions_the_one_that_was_meant_is_taken() -> None:
    text = '[{"question": "What?", "answer": "a"}, {"question": "What?", "answer": "a"}, {"question": "Why?", "answer": "b"}]'
    reading = read_file(text.encode(), "x.json")
    found = reading.sets[0]
    second = found.questions[1]
    assert second == found.questions[0]

    reading.split(found, second, "New")

    assert sizes(reading) == [1, 2]
    assert reading.sets[1].questions[0] is second


def test_a_question_is_cut_where_the_second_begins() -> None:
    text = "# A\n\n1. What is a?\n\n   One.\n\n   2. What is b?\n\n   Two.\n\n   ```\n   code\n   ```\n2. What is c?\n"
    reading, [found] = sets_of(text)
    question = found.questions[0]
    at = text_of(question).index("2. What is b?")

    new = reading.cut(found, question, at, text.split("\n"))

    assert pairs(reading)[:2] == [
        ("What is a?", "One."),
        ("What is b?", "Two.\n\n```\ncode\n```"),
    ]
    assert (question.lines.last, new.lines) == (6, (7, 13))
    assert_every_line_has_one_place(reading, text.encode())


def test_a_prompt_is_cut_with_the_answer_going_to_the_second() -> None:
    reading = read('question,answer\n"What is a?\nWhat is b?\nIn short?",Two\n', "x.csv")
    found = reading.sets[0]
    question = found.questions[0]
    question.prompt = "What is a?\n**What is b?**\nIn short?"

    reading.cut(
        found, question, 1, ["question,answer", '"What is a?', "What is b?", 'In short?",Two']
    )

    assert pairs(reading) == [("What is a?", ""), ("**What is b?**\nIn short?", "Two")]


def test_two_questions_in_one_line_of_the_file_share_it() -> None:
    reading = read(
        '[{"question": "What is a?", "answer": "One.\\n\\nWhat is b?\\n\\nTwo."}]', "x.json"
    )
    found = reading.sets[0]

    new = reading.cut(found, found.questions[0], 3, [""])

    assert pairs(reading) == [("What is a?", "One."), ("What is b?", "Two.")]
    assert new.lines == found.questions[0].lines == (1, 1)
