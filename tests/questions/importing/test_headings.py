"""Headings as questions, as titles in costume, and inside answers."""

import pytest

from tests.questions.importing.reading_files import answers, pairs, prompts, read, sizes


def test_a_heading_per_question_with_the_answer_below() -> None:
    text = "# Pods\n\n## What is a pod?\n\nThe unit.\n\n### More\n\ntext\n\n## Why?\n\nSo.\n\n## How?\n\nLike this.\n"
    assert pairs(read(text)) == [
        ("What is a pod?", "The unit.\n\n### More\n\ntext"),
        ("Why?", "So."),
        ("How?", "Like this."),
    ]


def test_a_title_with_the_question_in_the_body() -> None:
    names = ["Globals", "Coupling", "Law of Demeter", "Null", "Goto"]
    text = "# Interview Questions\n\n" + "".join(
        f"### {name}\nWhy is {name} bad? Discuss.\n\n" for name in names
    )
    reading = read(text)
    assert prompts(reading)[0] == "Globals\n\nWhy is Globals bad? Discuss."
    assert answers(reading) == [""] * 5


def test_the_switch_says_what_the_body_is() -> None:
    text = "# List\n\n" + "".join(f"### Thing {n}\nWhy is it {n}?\n\n" for n in range(5))
    assert set(answers(read(text, shape="headings", body_is="question"))) == {""}
    assert answers(read(text, shape="headings", body_is="answer"))[0] == "Why is it 0?"


def test_bold_lines_as_questions() -> None:
    text = "## Theory\n\n**What is a pod? 👶**\n\nThe unit.\n\n<br/>\n\n**What is a node?**\n\nA machine.\n"
    assert pairs(read(text)) == [
        ("What is a pod? 👶", "The unit."),
        ("What is a node?", "A machine."),
    ]


def test_comments_in_fences_are_no_headings() -> None:
    code = "```sh\n# What is this?\n## Why?\n```"
    assert pairs(read(f"## What is a?\n\n{code}\n\n## What is b?\n\nb\n")) == [
        ("What is a?", code),
        ("What is b?", "b"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "**Docker**",
        "\t**Docker**",
        "--- Docker ---",
        "=== Docker ===",
        "#Docker",
        "# 🐳 Docker",
        "## <a name='docker'>Docker</a>",
        "### [[↑]](#toc) <a name='docker'>Docker:</a>",
        "# Docker\n=======",
        "Docker\n------",
        "<h2>Docker</h2>",
        "## :whale: Docker",
        "**Docker:**",
    ],
)
def test_section_titles_in_costume(title: str) -> None:
    text = f"1. What is a?\n2. What is b?\n\n{title}\n\n1. What is c?\n2. What is d?\n"
    reading = read(text)
    assert sizes(reading) == [2, 2]
    assert reading.sets[1].title == "Docker"


def test_a_higher_heading_inside_an_answer_that_is_gone_on_with() -> None:
    text = "### 1. What is a?\n\na\n\n## Example\n\ncode\n\n### 2. What is b?\n\nb\n\n### 3. What is c?\n\nc\n"
    reading = read(text)
    assert prompts(reading) == ["What is a?", "What is b?", "What is c?"]
    assert answers(reading)[0] == "a\n\n## Example\n\ncode"


def test_sections_of_headings_are_sets_with_their_titles() -> None:
    text = "# All\n\n## Pods\n\n### What is a?\na\n\n### What is b?\nb\n\n## Nodes\n\nAbout nodes.\n\n### What is c?\nc\n"
    reading = read(text)
    assert [(found.title, found.description) for found in reading.sets] == [
        ("Pods", ""),
        ("Nodes", "About nodes."),
    ]


def test_a_title_over_headings_with_folded_answers_is_no_question() -> None:
    ask = "### Create {0}\n\n<details><summary>show</summary>\n\n{0}\n</details>\n\n"
    text = "".join(
        f"## {name}\n\nRead the manual.\n\n" + ask.format(f"{name} 1") + ask.format(f"{name} 2")
        for name in ("Labels", "Pods", "Jobs")
    )
    reading = read(text)
    assert [found.title for found in reading.sets] == ["Labels", "Pods", "Jobs"]
    assert sizes(reading) == [2, 2, 2]


def test_deeper_headings_and_steps_stay_in_the_answer_of_a_heading() -> None:
    text = "## 1. What is a?\n\n### Steps\n\n1. one\n2. two\n\n### Use Cases\n\ntext\n\n## 2. What is b?\n\nb\n"
    reading = read(text)
    assert prompts(reading) == ["What is a?", "What is b?"]
    assert answers(reading)[0] == "### Steps\n\n1. one\n2. two\n\n### Use Cases\n\ntext"
