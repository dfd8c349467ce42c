"""`<details>` in every state."""

from tests.questions.importing.reading_files import answers, pairs, prompts, read

CODE = "```yaml\nkind: Pod  # <br> **no bold**\n# a comment\n\n  spec: {}\n```"
TABLE = "| a | b |\n| --- | --- |\n| `x` | y<br>z |"


def fold(summary: str, answer: str) -> str:
    return f"<details>\n<summary>{summary}</summary>\n\n{answer}\n\n</details>\n\n"


def test_the_summary_is_the_question_and_the_rest_the_answer() -> None:
    reading = read(
        "## Basics\n\n"
        + fold("1. What is a pod?", "The unit.")
        + fold("<b>What is a node?</b>", "etcd")
    )
    assert pairs(reading) == [("What is a pod?", "The unit."), ("What is a node?", "etcd")]
    assert reading.sets[0].title == "Basics"


def test_code_and_tables_arrive_byte_for_byte() -> None:
    assert answers(read(fold("What?", f"{CODE}\n\n{TABLE}"))) == [f"{CODE}\n\n{TABLE}"]


def test_a_fence_and_blank_lines_inside_a_summary() -> None:
    text = (
        "<details>\n<summary>What does this print?\n\n```js\nlet a = 1\n\n```\n</summary>\n\nOne.\n</details>\n"
        + fold("What else?", "b")
    )
    assert pairs(read(text)) == [
        ("What does this print?\n\n```js\nlet a = 1\n\n```", "One."),
        ("What else?", "b"),
    ]


def test_a_folded_table_of_contents_is_no_question() -> None:
    links = "\n".join(f"- [Q{n}](#q{n})" for n in range(5))
    reading = read(fold("Table of contents", links) + fold("What is a?", "a"))
    assert prompts(reading) == ["What is a?"]


def test_details_that_hold_the_answer_of_the_question_above() -> None:
    text = "".join(
        f"### {n}. What is the output?\n\n```js\n{n}\n```\n\n<details><summary><b>Answer</b></summary>\n<p>\n\n#### Answer: {n}\n\nSo it is.\n\n</p>\n</details>\n\n---\n\n"
        for n in range(1, 4)
    )
    reading = read(text)
    assert pairs(reading)[0] == ("What is the output?\n\n```js\n1\n```", "1\n\nSo it is.")
    assert len(prompts(reading)) == 3


def test_headings_inside_answers_at_a_higher_level() -> None:
    reading = read(
        "### Part\n\n"
        + fold("What is a?", "# Big\n\ntext\n\n## 1. Less big")
        + fold("What is b?", "b")
    )
    assert len(prompts(reading)) == 2
    assert answers(reading)[0] == "# Big\n\ntext\n\n## 1. Less big"


def test_folded_sections_hold_their_questions() -> None:
    text = (
        "<details>\n<summary>Networking</summary>\n\n"
        + fold("What is a?", "a")
        + fold("What is b?", "b")
        + "</details>\n"
    )
    assert prompts(read(text)) == ["What is a?", "What is b?"]


def test_indented_content_is_no_code() -> None:
    text = "<details>\n\t<summary>\n\t\tThe unit is a _____.\n\t</summary>\n\t\tPod\n</details>\n"
    assert pairs(read(text)) == [("The unit is a _____.", "Pod")]


def test_html_becomes_markdown_outside_of_code() -> None:
    answer = (
        "Use <b>bold</b>, <code>a &lt; b</code>,<br>`<b>` and <img src='x.png' alt='a picture'>."
    )
    assert answers(read(fold("How?", answer))) == [
        "Use **bold**, `a < b`,\n`<b>` and ![a picture](x.png)."
    ]


def test_an_html_table_becomes_a_markdown_table() -> None:
    html = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert answers(read(fold("How?", html))) == ["| a | b |\n| --- | --- |\n| 1 | 2 |"]


def test_a_script_stays_text() -> None:
    assert answers(read(fold("How?", "<script>alert(1)</script>"))) == ["<script>alert(1)</script>"]


def test_a_details_without_end_is_named() -> None:
    reading = read("<details>\n<summary>What is a?</summary>\n\na\n")
    assert any("no </details>" in problem.message for problem in reading.problems)


def test_a_title_that_counts_wrongly_is_named() -> None:
    reading = read("## System (3)\n\n" + fold("What is a?", "a") + fold("What is b?", "b"))
    assert [problem.message for problem in reading.problems] == [
        "the title says 3 questions; 2 are here"
    ]


def test_a_summary_that_speaks_of_contents_is_a_question() -> None:
    summary = "Name the commands for:\n\n  * Showing the content of a file\n  * Changing folders"
    reading = read(fold("What is a?", "a") + fold(summary, "- cat\n- cd"))
    assert len(prompts(reading)) == 2
