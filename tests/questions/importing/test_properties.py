"""Whatever the file: each line has one place, code stays as it is, nothing crashes or hangs."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.importing.choosing import SHAPES, read_file
from questions.library.documents import InvalidLibrary
from tests.questions.importing.reading_files import assert_every_line_has_one_place, read

WORDS = st.sampled_from(
    [
        "What is a pod?",
        "Why?",
        "Explain it",
        "The end",
        "Answer: yes",
        "etcd",
        "什么是容器？",
        "TODO",
    ]
)
FRAGMENTS = st.sampled_from(
    [
        "1. {}",
        "2. {}",
        "7) {}",
        ". {}",
        "Q3. {}",
        "1. ### {}",
        "## {}",
        "#### 4. {}",
        "# {}\n====",
        "#{}",
        "- {}",
        "  - {}",
        "* {}\n  * {}",
        "**{}**",
        "\t**{}**",
        "--- {} ---",
        "{}",
        "    {}",
        "> A: {}",
        "Answer: {}",
        "<details>\n<summary>{}</summary>\n\n{}\n</details>",
        "<details><summary>Answer</summary>\n{}\n</details>",
        "<details>",
        "</details>",
        "<summary>{}</summary>",
        "```\n# {}\n1. {}\n```",
        "```",
        "| a | b |\n| - | - |\n| {} | x |",
        "---",
        "<br>",
        "[back to top](#top)",
        "[{}](https://example.com/a). {}",
        "* [{}](https://example.com/b)\n    * impact: {}",
        "- [{}](#a)",
        "## Table of Contents",
        "## Contributing\n{}",
        "# Failure story\n{}",
        "<!-- {} -->",
        "",
        "",
        "3.",
        "***",
        "{{% raw %}}",
        "![a](b.png)",
        "| 1 | [{}](#x) |",
        "---\ntitle: {}\n---",
    ]
)
LINES = st.builds(
    lambda fragment, a, b: (
        fragment.format(a, b)
        if fragment.count("{}") == 2
        else fragment.format(a)
        if "{}" in fragment
        else fragment
    ),
    FRAGMENTS,
    WORDS,
    WORDS,
)
FILES = st.lists(st.one_of(LINES, LINES, LINES, st.text(max_size=30)), max_size=40).map("\n".join)


@settings(max_examples=400, deadline=None)
@given(FILES, st.sampled_from(SHAPES), st.sampled_from(["", "answer", "question"]))
def test_every_line_has_one_place(text: str, shape: str, body_is: str) -> None:
    try:
        read(text, shape=shape, body_is=body_is)
    except InvalidLibrary as refused:
        assert refused.errors[0].line >= 1


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=400), FILES.map(str.encode)),
    st.sampled_from(["x.md", "x.txt", "x.csv", "x.tsv", "x.json", "x.html", "x"]),
)
def test_nothing_crashes(data: bytes, name: str) -> None:
    try:
        reading = read_file(data, name)
    except InvalidLibrary as refused:
        assert refused.errors[0].line >= 1
        return
    if not name.endswith(("html", "json")):
        assert_every_line_has_one_place(reading, data)


CODE = st.text(
    st.characters(codec="utf-8", exclude_characters="`\r\x0b\x0c", exclude_categories=["Cc", "Cs"]),
    max_size=60,
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(CODE, min_size=1, max_size=6),
    st.sampled_from(
        [
            "{n}. {q}\n\n{a}\n\n",
            "## {q}\n\n{a}\n\n",
            "<details><summary>{q}</summary>\n\n{a}\n\n</details>\n\n",
            "Q{n}. {q}\n\nAnswer:\n\n{a}\n\n",
            "**{q}**\n\n{a}\n\n",
        ]
    ),
)
def test_code_and_tables_arrive_byte_for_byte(code: list[str], form: str) -> None:
    fence = "```yaml\n" + "\n".join(code) + "\n```"
    table = "| a | b |\n| --- | :-: |\n| <b>x</b> | `y` |"
    text = "".join(
        form.format(n=n, q=f"What is thing {n}?", a=f"Look:\n\n{fence}\n\n{table}")
        for n in (1, 2, 3)
    )
    found = list(read(text).questions)
    assert len(found) == 3
    for question in found:
        assert fence in question.answer
        assert table in question.answer


REAL_FILES = sorted(Path(django_settings.BASE_DIR).glob("*.md")) + sorted(
    path
    for folder in ("docs", "content")
    for path in Path(django_settings.BASE_DIR, folder).rglob("*.md")
)


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "records"])
def test_every_line_of_real_files_has_one_place(shape: str) -> None:
    for path in REAL_FILES:
        read(path.read_bytes(), path.name, shape=shape)
    assert len(REAL_FILES) > 20
