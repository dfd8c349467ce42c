"""Bullets, nested bullets, and everything that is no content."""

import pytest

from tests.questions.importing.reading_files import answers, prompts, read, sizes


def test_nested_bullets_that_ask_are_follow_ups() -> None:
    reading = read(
        "- What is a pod?\n  - When do you use two containers?\n  - Why?\n- What is a node?\n"
    )
    first, _ = reading.questions
    assert first.prompt == "What is a pod?"
    assert first.follow_ups == ["When do you use two containers?", "Why?"]


def test_bullets_below_a_colon_are_part_of_the_question() -> None:
    reading = read("* What is the difference between:\n  * `a`\n  * `b`\n* What is c?\n")
    assert prompts(reading)[0] == "What is the difference between:\n\n* `a`\n* `b`"


def test_a_labelled_answer_below_a_bullet() -> None:
    reading = read("* **Q: What is a?**\n  * **A**: one\n* **Q: What is b?**\n  * **A**: two\n")
    assert [(q.prompt, q.answer) for q in reading.questions] == [
        ("What is a?", "one"),
        ("What is b?", "two"),
    ]


@pytest.mark.parametrize(
    "contents",
    [
        "## Table of Contents\n\n1. [What is a?](#a)\n2. [What is b?](#b)\n3. [What is c?](#c)\n",
        "| No. | Questions |\n| --- | --- |\n| 1 | [What is a?](#a) |\n| 2 | [What is b?](#b) |\n",
        "- [What is a?](#a)\n- [What is b?](#b)\n  - [What is c?](#c)\n",
        "## Contents\n\n1. What is a?\n2. What is b?\n",
    ],
)
def test_a_table_of_contents_is_ignored(contents: str) -> None:
    reading = read(f"# Questions\n\n{contents}\n## What is a?\n\none\n\n## What is b?\n\ntwo\n")
    assert prompts(reading) == ["What is a?", "What is b?"]
    assert any("contents" in ignored.reason for ignored in reading.ignored)


@pytest.mark.parametrize(
    "junk",
    [
        "**[⬆ Back to Top](#table-of-contents)**",
        "---",
        "<br/>",
        "[↑](#toc)",
        '<div align="right">\n    <b><a href="#">↥ back to top</a></b>\n</div>',
        "{% endraw %}",
        "<!-- end -->",
        "[![Build](https://img.shields.io/badge/x-y-green)](https://example.com)",
        "[Our sponsor](https://example.com) sponsors this list",
    ],
)
def test_junk_at_the_end_of_an_answer_is_dropped_and_told(junk: str) -> None:
    reading = read(f"## What is a?\n\none\n\n{junk}\n\n## What is b?\n\ntwo\n\n{junk}\n")
    assert answers(reading) == ["one", "two"]
    assert len(reading.ignored) >= 2


def test_relative_images_stay_in_the_answer() -> None:
    assert (
        answers(read("## What is a?\n\n![a](img/a.png)\n\n## What is b?\n\ntwo\n"))[0]
        == "![a](img/a.png)"
    )


def test_shapes_mixed_in_one_file() -> None:
    text = "# Interview\n\n## Warm up\n\n- What did you learn?\n- Why are you here?\n\n## Pods\n\n<details><summary>What is a?</summary>\n\na\n</details>\n\n## Nodes\n\n1. What is b?\n2. What is c?\n\n## Theory\n\n### What is d?\n\nd\n\n### What is e?\n\ne\n"
    reading = read(text)
    assert [found.title for found in reading.sets] == ["Warm up", "Pods", "Nodes", "Theory"]
    assert sizes(reading) == [2, 1, 2, 2]
    assert len(reading.why) == 4


def test_boilerplate_sections_are_ignored() -> None:
    reading = read(
        "## What is a?\n\none\n\n## What is b?\n\ntwo\n\n## Contributing\n\nSend a pull request.\n"
    )
    assert len(prompts(reading)) == 2
    assert reading.ignored[-1].reason == "not about the subject: “Contributing”"


@pytest.mark.parametrize(
    ("line", "licence"),
    [
        ("Licensed under CC BY-SA 4.0.", "CC-BY-SA-4.0"),
        ("## License\n\nThis list is under the MIT license.", "MIT"),
        ("What is the MIT license?", ""),
    ],
)
def test_what_the_file_says_about_its_licence(line: str, licence: str) -> None:
    assert read(f"- What is a?\n- What is b?\n\n{line}\n").licence == licence
