"""Numbered lists as people write them: one case of content.md a test."""

import pytest

from tests.questions.importing.reading_files import answers, messages, pairs, prompts, read, sizes


@pytest.mark.parametrize(
    "marker",
    [
        "{}. ",
        "{}.",
        "{}) ",
        "Q{}) ",
        "Q{}. ",
        "Q{}: ",
        "{}.  ",
        "({}) ",
        "{}. ### ",
        "### {}. ",
        "#### Q{}. ",
        "Question {}: ",
        "**{}.** ",
        "{}、",
        "Вопрос {}. ",
        "{} - ",
        "{}\\. ",
    ],
)
def test_every_way_to_write_a_number(marker: str) -> None:
    text = "\n\n".join(
        f"{marker.format(n)}What is thing {n}?\n\n    It is {n}." for n in range(1, 5)
    )
    assert pairs(read(text)) == [(f"What is thing {n}?", f"It is {n}.") for n in range(1, 5)]


@pytest.mark.parametrize(
    "label",
    [
        "Answer:",
        "Ans:",
        "A:",
        "**A**:",
        "**Answer:**",
        "Solution:",
        "> A:",
        "**Ans**:",
        "*Answer:*",
        "Ответ:",
        "答案：",
        "#### Answer:",
        "- A:",
        "Ans -",
    ],
)
def test_every_label_of_an_answer(label: str) -> None:
    text = "\n".join(f"{n}. What is thing {n}?\n{label} It is {n}.\n" for n in range(1, 4))
    assert pairs(read(text)) == [(f"What is thing {n}?", f"It is {n}.") for n in range(1, 4)]


def test_a_letter_with_a_full_stop_is_no_label_of_an_answer() -> None:
    """An option of a choice begins like that."""
    text = "\n".join(f"{n}. What is thing {n}?\nA. It is {n}.\n" for n in range(1, 4))
    assert all("A. It is" in prompt or "A. It is" in answer for prompt, answer in pairs(read(text)))


def test_a_label_is_stripped_once_only() -> None:
    assert answers(
        read("1. What is A?\nAnswer: Answer to everything\n2. What is B?\nAnswer: b")
    ) == [
        "Answer to everything",
        "b",
    ]


def test_an_answer_in_the_line_of_its_question() -> None:
    text = "1. **Q: What is a pod?** A: The unit.\n2. What is a node? Ans: A machine.\n"
    assert pairs(read(text)) == [("What is a pod?", "The unit."), ("What is a node?", "A machine.")]


def test_a_missing_and_a_doubled_number_and_a_gap_are_named() -> None:
    reading = read(
        "1. What is a?\n2. What is b?\n2. What is c?\n7. What is d?\n. Why is e?\n9. What is f?\n"
    )
    assert len(prompts(reading)) == 6
    assert sizes(reading) == [6]
    assert [(problem.line, problem.message) for problem in reading.problems] == [
        (3, "the number 2 stands here twice"),
        (4, "the number 7 follows 2"),
        (5, "an item without a number, read as a question"),
    ]


def test_a_list_that_prints_1_everywhere_is_one_set() -> None:
    reading = read("1. What is a?\n1. What is b?\n1. What is c?\n1. What is d?\n")
    assert sizes(reading) == [4]
    assert not reading.problems


def test_a_restart_is_a_boundary() -> None:
    reading = read("1. What is a?\n2. What is b?\n3. What is c?\n1. What is d?\n2. What is e?\n")
    assert sizes(reading) == [3, 2]


def test_a_restart_in_an_answer_is_no_boundary() -> None:
    text = "1. What is a?\n2. How is b done?\nSo:\n1. Open it.\n2. Close it.\n3. What is c?\n4. What is d?\n"
    reading = read(text)
    assert prompts(reading) == ["What is a?", "How is b done?", "What is c?", "What is d?"]
    assert answers(reading)[1] == "So:\n1. Open it.\n2. Close it."


def test_numbered_lists_indented_in_answers() -> None:
    text = "1. What is a?\n   1. one\n   2. two\n2. What is b?\n\n   1. one\n"
    assert pairs(read(text)) == [("What is a?", "1. one\n2. two"), ("What is b?", "1. one")]


def test_an_item_that_follows_a_text_line_directly_is_not_lost() -> None:
    reading = read("44. What is a?\nIt is a.\n45. What is b?\nIt is b.\n46. What is c?\nIt is c.\n")
    assert pairs(reading) == [
        ("What is a?", "It is a."),
        ("What is b?", "It is b."),
        ("What is c?", "It is c."),
    ]


def test_an_empty_item_is_named_and_left_out() -> None:
    reading = read("1. What is a?\n2.\n3. What is c?\n")
    assert prompts(reading) == ["What is a?", "What is c?"]
    assert "an item without text" in messages(reading)


def test_a_number_as_title_has_its_question_below() -> None:
    text = "### Question 1\n\nWhat is a pod?\n\n**Answer:** The unit.\n\n### Question 2\n\nWhat is a node?\n\n**Answer:** A machine.\n"
    assert pairs(read(text)) == [("What is a pod?", "The unit."), ("What is a node?", "A machine.")]


def test_a_hard_wrapped_question_is_joined() -> None:
    text = "1. What is the difference between a pod\n   and a container?\n   A pod has several.\n2. What is b?\n"
    assert pairs(read(text)) == [
        ("What is the difference between a pod and a container?", "A pod has several."),
        ("What is b?", ""),
    ]


def test_prose_between_sets_describes_the_next_one() -> None:
    text = "1. What is a?\n2. What is b?\n\nThe next ones are about networks. Take your time.\n\n1. What is c?\n2. What is d?\n"
    reading = read(text)
    assert sizes(reading) == [2, 2]
    assert reading.sets[1].description == "The next ones are about networks. Take your time."


def test_unmarked_lists_keep_their_line_breaks() -> None:
    assert (
        answers(read("1. What kinds are there?\nred\ngreen\nblue\n2. What else?\n"))[0]
        == "red\ngreen\nblue"
    )


@pytest.mark.parametrize(
    "placeholder", ["TODO", "*ToDo*", "***", "PASS", "A: …", "TBD", "n/a", "...", "-"]
)
def test_a_placeholder_is_no_answer(placeholder: str) -> None:
    assert answers(
        read(f"1. What is a?\n   Answer: {placeholder}\n2. What stores state?\n   Answer: etcd\n")
    ) == ["", "etcd"]


def test_to_be_completed_is_kept_and_named() -> None:
    reading = read("1. What is a?\n   To be completed.\n2. What is b?\n   b\n")
    assert answers(reading)[0] == "To be completed."
    assert "the answer may be a placeholder: “To be completed.”" in messages(reading)


def test_fences_that_are_not_indented_below_their_item() -> None:
    code = "```bash\n# a comment\n1. no item\n```"
    reading = read(f"1. How is a done?\n\n{code}\n\n2. How is b done?\n\n{code}\n")
    assert pairs(reading) == [("How is a done?", code), ("How is b done?", code)]


def test_other_scripts() -> None:
    text = "1. 什么是容器？\n答：一个进程。\n2. 什么是节点？\n答：一台机器。\n"
    assert pairs(read(text)) == [("什么是容器？", "一个进程。"), ("什么是节点？", "一台机器。")]


def test_questions_without_a_question_mark() -> None:
    text = "1. Explain pods\n2. Difference between a and b\n3. What is c?\n4. The life of a container\n"
    assert len(prompts(read(text))) == 4
