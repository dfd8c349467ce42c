"""Files that nobody would write, and what must hold for each of them."""

import time
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

from hypothesis import strategies as st

from questions.importing.choosing import read_file
from questions.importing.drafts import split_prompt
from questions.importing.limits import MAX_SECONDS
from questions.importing.reading import Reading
from questions.importing.report import as_json, as_text
from questions.library.documents import InvalidLibrary
from questions.markdown import plain, render, render_line
from tests.questions.importing.reading_files import assert_every_line_has_one_place

NAMES = ("x.md", "x.txt", "x.csv", "x.tsv", "x.json", "x.jsonl", "x.html", "anki.txt", "x")
OPENED = ("script", "iframe", "object", "embed", "style", "link", "meta", "base", "form", "svg")
# What opens, closes, counts or attacks.
PIECES = (
    *(
        "1. ",
        "2) ",
        "Q3. ",
        "# ",
        "## ",
        "#### 4. ",
        "- ",
        "  - ",
        "* ",
        "> ",
        "**",
        "***",
        "__",
        "`",
    ),
    *(
        "What is a pod?",
        "Why?",
        "Explain",
        "Answer: ",
        "**A**:",
        "Ans -",
        "Hide Answer",
        "TODO",
        "A) ",
    ),
    *(
        "```\n",
        "```js\n",
        "~~~\n",
        "<pre>",
        "</pre>",
        "<!--",
        "-->",
        "---\n",
        "====\n",
        "|a|b|\n|-|-|\n",
    ),
    *(
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
        "<table>",
        "<tr><td>",
        "</table>",
        "<ul><li>",
    ),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))"),
    *("<a href='javascript:alert(1)'>x</a>", "<svg/onload=alert(1)>", "![a](data:text/html,x)"),
    *(
        "<b",
        "<code>",
        "&lt;script&gt;",
        "&#x3c;script>",
        "<br>",
        "</p>",
        "<iframe src=//x>",
        "<style>*",
    ),
    *(
        "[x](https://example.com/a)",
        "[x](#a)",
        "](",
        "[[",
        "](<javascript:x>)",
        "[toc]",
        "{% raw %}",
    ),
    *('{"question": "', '", "answer": "', '"}', "[", "]", "{", "}", ",", ":", '"', "\\", "\\u0000"),
    *(
        "#separator:tab\n",
        "#columns:Front\tBack\n",
        "question,answer\n",
        "\t",
        ";",
        "=cmd|' /C calc'!A0",
    ),
    *("---\nkind: note\nschema: 1\n", "id: a\n", "title: [\n", "## Outages\n", "# Post mortems\n"),
    *(
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        " ",
        "    ",
        "\x0b",
        "\x0c",
        "\x1b",
        "\u2028",
        "\u0085",
        "\ufeff",
    ),
    *("什么", "؟", "ё", "Τι;", "\U0001f51d", "\u202e", "\u0301", "\ud7ff", "²", "١. ", "９."),
)
TEXTS = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), max_size=60).map("".join)
REPEATED = st.builds(
    lambda text, times, end: text * times + end, TEXTS, st.integers(1, 400), st.sampled_from(PIECES)
)
FILES = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "replace")),
    REPEATED.map(lambda text: text.encode("utf-8", "replace")),
    TEXTS.map(lambda text: text.encode("cp1252", "replace")),
    st.binary(max_size=300),
)


def try_file(data: bytes, name: str, shape: str = "auto", body_is: str = "") -> Reading | None:
    """Read the file and show all it holds; None when it was refused, with its line."""
    start = time.thread_time()
    try:
        reading = read_file(data, name, shape=shape, body_is=body_is)
    except InvalidLibrary as refused:
        assert refused.errors
        for error in refused.errors:
            assert error.line >= 1
            assert error.message
            assert "seconds" not in error.message
        return None
    if not name.endswith((".html", ".json", ".jsonl")) and not is_page(reading):
        assert_every_line_has_one_place(reading, data)
    as_json(reading)
    as_text(reading)
    for text in texts_of(reading):
        assert_harmless(render(text))
        assert_harmless(render_line(split_prompt(text)[0]))
        plain(text)
    assert time.thread_time() - start < MAX_SECONDS
    return reading


def is_page(reading: Reading) -> bool:
    """JSON and HTML without a name may hold several questions in a line."""
    return any("objects" in why for why in reading.why) or any(
        left.reason == "markup without text" for left in reading.ignored
    )


def texts_of(reading: Reading) -> Iterator[str]:
    for found in reading.sets:
        yield from (found.title, found.description)
        for question in found.questions:
            yield from (question.prompt, question.answer)
            yield from chain(question.key_points, question.follow_ups, question.topics)
    for story in reading.stories:
        yield from (story.title, story.body)
    for note in reading.notes:
        yield from (note.title, note.body)


class _Harmless(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in OPENED, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style"
            if name in {"href", "src"}:
                scheme = "".join((value or "").split()).lower().partition(":")[0]
                assert scheme not in {"javascript", "data", "vbscript"}, value


def assert_harmless(html: str) -> None:
    """No script can run in what is shown."""
    page = _Harmless()
    page.feed(html)
    page.close()


def pieces_of(folder: Path) -> st.SearchStrategy[bytes]:
    """Pieces of real files, cut anywhere, repeated and put together with hostile ones.

    Raises:
        ValueError: there is no file in the folder.
    """
    files = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    if not files:
        raise ValueError(f"There is no file in the folder {folder}.")

    def cut(number: int, start: float, length: int) -> bytes:
        data = files[number % len(files)]
        begin = int(start * len(data))
        return data[begin : begin + length]

    piece = st.builds(cut, st.integers(0, 10**6), st.floats(0, 1), st.integers(1, 6_000))
    return st.lists(st.one_of(piece, piece, FILES), min_size=1, max_size=5).map(b"".join)
