"""Files that are too much, or no text: an error with its line, or harmless."""

import json
import time

import pytest

from questions.importing.marks import read_mark
from questions.library.documents import InvalidLibrary
from tests.questions.importing.reading_files import messages, pairs, prompts, read


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "the file is empty"),
        (b" \n\n", 1, "the file is empty"),
        (b"1. What?\n\x00\x01", 2, "control character U+0000: is this a text file?"),
        (b"\x89PNG\r\n\x1a\n\x00", 3, "this is no text file"),
        ("1. What?".encode("utf-16"), 1, "the file is in UTF-16; save it as UTF-8"),
        (b"x" * 2_000_001, 1, "the file is larger than 2 MB; split it"),
        (b"x\n" + b"- " * 100_000, 2, "lists or quotes nested more than 50 deep"),
        (b"> " * 100_000, 1, "lists or quotes nested more than 50 deep"),
        (b"<details><summary>a</summary>\n" * 60, 51, "<details> nested more than 50 deep"),
        (
            b"\n".join(b" " * n + b"- x" for n in range(100)),
            51,
            "lists or quotes nested more than 50 deep",
        ),
        (
            b"\n".join(b"%d. What is it?" % n for n in range(1, 2100)),
            2001,
            "more than 2,000 questions, stories and notes in one file; split it",
        ),
    ],
)
def test_what_is_refused(data: bytes, line: int, message: str) -> None:
    with pytest.raises(InvalidLibrary) as refused:
        read(data)
    [error] = refused.value.errors
    assert (error.path, error.line, error.message) == ("questions.md", line, message)


def test_windows_1252_is_read_with_a_notice() -> None:
    reading = read("1. What is a café?\n2. What is “b”?\n".encode("cp1252"))
    assert prompts(reading) == ["What is a café?", "What is “b”?"]
    assert reading.encoding == "windows-1252"
    assert messages(reading) == [
        "not UTF-8: read as windows-1252; look at the letters with accents"
    ]


def test_bom_crlf_tabs_and_no_final_newline() -> None:
    reading = read(b"\xef\xbb\xbf1.\tWhat is a?\r\n\tone\r\n2.\tWhat is b?\r\n\ttwo")
    assert pairs(reading) == [("What is a?", "one"), ("What is b?", "two")]
    assert reading.encoding == "utf-8"


@pytest.mark.parametrize(
    "line",
    [
        "a" * 1_000_000,
        "*" * 500_000,
        "[" * 500_000,
        "<" * 500_000,
        "`" * 500_000,
        "# " * 400_000,
        "<b>" * 300_000,
        "| " * 400_000,
        "1." * 500_000,
        "****a " * 100_000,
        "\t" * 400_000 + "x",
        "](" * 400_000,
    ],
)
def test_a_megabyte_in_one_line_takes_no_long_time(line: str) -> None:
    start = time.thread_time()
    read(f"1. What is a?\n{line}\n2. What is b?\n")
    assert time.thread_time() - start < 10


@pytest.mark.parametrize(
    "text",
    [
        "What? " + "`" * 1_900,
        "What? <a " + "href=" * 380,
        "* **What?**" + " \t" * 900 + "x",
        "* What?" + " \t" * 900 + "x",
        "Answer" + " \t" * 900 + "x",
        "What? Answer" + " \t" * 900 + "x",
        "Question" + " \t" * 900 + "x",
        "Key points" + " \t" * 900 + "x",
        "Follow-up" + " \t" * 900 + "x",
        "- " + "[" * 1_900,
        "<details><summary>" + " " * 1_900 + "What?</summary>x</details>",
        "=" * 1_900 + "!",
        "-- a" + " -" * 900 + "!",
        "* **What**" + " \t" * 900 + "x",
        "## " + " -" * 900 + "answer",
        "? " * 900 + "x",
        "<details><summary>" + " " * 1_900 + "Q x</summary>x</details>",
    ],
)
def test_lines_just_short_enough_to_be_questions_take_no_long_time(text: str) -> None:
    start = time.thread_time()
    read("1. What is a?\n" + f"{text}\n\n" * 20)
    assert time.thread_time() - start < 1


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        (
            "* **What is it?** - [Read](https://x.example/a) - or - [this](https://x.example/b)",
            None,
        ),
        ("<ul><li>What is it?  </li> </ul> ", ""),
        ("=== Docker ===", "Docker"),
        ("-- Docker and more --", "Docker and more"),
    ],
)
def test_what_bounds_the_time_reads_the_same(line: str, rest: str | None) -> None:
    mark = read_mark(line, 0)

    assert mark is not None
    if rest is None:
        assert mark.rest == "[Read](https://x.example/a) - or - [this](https://x.example/b)"
    else:
        assert mark.text == (rest or "What is it?")


def test_code_of_other_length_in_code_is_kept() -> None:
    reading = read("1. What is a?\n   ``<b>`x`</b>`` and <b>y</b>\n2. What is b?\n")
    assert pairs(reading)[0][1] == "``<b>`x`</b>`` and **y**"


@pytest.mark.parametrize(
    "line",
    [
        "<details>",
        "```",
        "~~~~",
        "~~~~ a",
        "- ~~~~",
        "1. ```yaml",
        "<pre>",
        "<!--",
        "> 1. a",
        "**What?**",
        "|a|\n|-|",
        "<summary>",
        "a\n===",
        "*",
        "{%",
    ],
)
def test_many_lines_that_open_something_take_no_long_time(line: str) -> None:
    start = time.thread_time()
    try:
        read(f"{line}\n" * 20_000)
    except InvalidLibrary as refused:
        assert "seconds" not in str(refused)
    assert time.thread_time() - start < 10


@pytest.mark.parametrize("end", ["", "~~~~\n", "</details> \n~~~~ a\n~~~~\n", "## What?\n"])
def test_code_that_nobody_closed_is_looked_for_once(end: str) -> None:
    start = time.thread_time()
    read("~~~~ a\n" * 20_000 + end)
    assert time.thread_time() - start < 5


@pytest.mark.parametrize(
    "text",
    [
        "τι; α " * 150_000,
        "](" * 400_000,
        "?" * 500_000,
        "# " + "? " * 300_000,
        "](a" * 300_000,
        "[a]  " * 150_000 + "b",
        "[a](b) - " * 100_000,
    ],
)
def test_one_long_text_of_a_record_takes_no_long_time(text: str) -> None:
    start = time.thread_time()
    read(json.dumps([{"question": text}], ensure_ascii=False), "x.json")
    assert time.thread_time() - start < 10


@pytest.mark.parametrize(
    "text", ["[a]  " * 380 + "b", "[a](b)  - " * 190, "τι; " * 480, "](" * 900]
)
def test_many_lines_with_links_take_no_long_time(text: str) -> None:
    start = time.thread_time()
    read("# Q\n\n" + f"## Part\n\n- {text}\n- {text}\n\n" * 100)
    assert time.thread_time() - start < 10
