"""Reading a file and writing it again, and the other way round."""

import datetime
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from questions.library.blocks import is_one_heading, is_one_item, text_problems
from questions.library.documents import (
    LEVELS,
    Checked,
    Document,
    InvalidLibrary,
    KeyPointDocument,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    Source,
    StoryDocument,
)
from questions.library.parsing import SUFFIX, parse, read_source
from questions.library.writing import write
from tests.questions.library_texts import NOTE, SET, STORY

patient = hypothesis_settings(
    deadline=None, max_examples=150, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("text", [SET, STORY, NOTE], ids=["set", "story", "note"])
def test_a_canonical_file_is_written_as_it_was_read(text: str) -> None:
    assert write(parse(text)) == text


@pytest.mark.parametrize("text", [SET, STORY, NOTE], ids=["set", "story", "note"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(text: str) -> None:
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()

    assert parse(data) == parse(text)
    assert write(parse(data)) == text


@pytest.mark.parametrize("end", ["", "\n\n\n", "\n  \n"])
def test_the_end_of_a_file_does_not_matter(end: str) -> None:
    assert parse(SET.rstrip("\n") + end) == parse(SET)


@pytest.mark.parametrize(
    "path", sorted(Path(settings.CONTENT_DIR).glob("*/*.md")), ids=lambda path: path.stem
)
def test_the_bundled_files_are_canonical(path: Path) -> None:
    text = path.read_bytes().decode()

    assert write(parse(text)) == text


def test_unknown_keys_are_kept_as_written_and_in_their_order() -> None:
    document = parse(SET)

    assert document.extra == (
        'series: {name: "Daily", number: 1.30}\nauthors:\n  - Ada  # the first\n  - Grace'
    )


def test_other_spellings_of_a_file_say_the_same() -> None:
    other = (
        SET.replace("[kubernetes, networking]", "\n  - 'kubernetes'\n  - networking # both")
        .replace("title: kube-proxy\n", "title: >-\n  kube-proxy\n")
        .replace("- Only the", "*   Only\n    the")
        .replace("- etcd is", "\n*   etcd is")
        .replace("### Follow-ups", "### Follow-ups ###")
        .replace(
            "<!-- q\nid: control-plane-peer\ndifficulty: 1\n-->",
            "<!-- q {id: control-plane-peer, difficulty: 1} -->",
        )
    )

    assert other != SET
    assert parse(other) == parse(SET)
    assert write(parse(other)) == SET


# Texts that come as close as possible to what gives a file its structure.

LINES = st.sampled_from(
    [
        *("## Question", "### Answer", "### Other", "#### Heading", "# Title", "##", "#hash"),
        *("```", "~~~", "```yaml", "    code", "\tcode", "````", "  ```", "> ```"),
        *("---", "===", "***", "--", "-", "- item", "* item", "1. one", "7) seven", "  - deep"),
        *("> quote", "> ## quoted", "- ### listed", "| a | b |", "|---|---|", "<port>", "<div>"),
        *("<!-- q", "-->", "<!-- q\nid: x\n-->", "<!-- other -->", "[a]: https://e.com", "[a]"),
        *("![words](a.png)", "![](a.png)", "text", "more text  ", "", "", " ", "\\", "{#key}"),
        *("kind: note", "naïve – “text”", "日本語", "\u00a0", "a\u2028b", "- x {#key weight=2}"),
    ]
)
CHARACTERS = st.characters(blacklist_categories=["Cs", "Cc"])
SLUGS = st.from_regex(r"[-a-zA-Z0-9_]{1,12}", fullmatch=True)
URLS = st.sampled_from(
    [
        *("https://example.com", "http://example.com/a?b=c&d=%20#e", "https://example.com/a_(b)"),
        *("https://example.com/)", "https://example.com/((", "https://example.com:8080/*a*_b_"),
    ]
)


@st.composite
def lines_of_text(draw: st.DrawFn) -> str:
    """One line as YAML can hold it."""
    text = draw(
        st.one_of(
            st.text(CHARACTERS, min_size=1, max_size=20),
            st.text("abc:#[]{}-?&*!|>'\"%@`,~ 0123456789.", min_size=1, max_size=12),
            st.sampled_from(["no", "22:22", "1.30", "null", "~", "2026-11-20", "a: b", "a #b"]),
        )
    ).strip()
    assume(text and "\u2028" not in text and "\u2029" not in text)
    return text


@st.composite
def markdown(draw: st.DrawFn, headings_from: int) -> str:
    lines = draw(st.lists(st.one_of(LINES, st.text(CHARACTERS, max_size=10)), max_size=6))
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    text = "\n".join(lines)
    assume(not text_problems(text, headings_from=headings_from))
    return text


@st.composite
def items(draw: st.DrawFn) -> str:
    text = draw(st.one_of(LINES, lines_of_text()))
    assume(is_one_item(text))
    return text


@st.composite
def sources(draw: st.DrawFn, *, in_list: bool = False) -> Source:
    source = Source(draw(lines_of_text()), draw(URLS))
    assume(not in_list or read_source(f"[{source.title}](<{source.url}>)") == source)
    return source


@st.composite
def key_points(draw: st.DrawFn) -> KeyPointDocument:
    text, key = draw(items()), draw(st.one_of(st.just(""), SLUGS))
    assume(key or not SUFFIX.search(text))
    if not key:
        return KeyPointDocument(text=text)
    weight, story = draw(st.integers(1, 10)), draw(st.one_of(st.just(""), SLUGS))
    return KeyPointDocument(text=text, key=key, weight=weight, story=story)


@st.composite
def questions(draw: st.DrawFn) -> QuestionDocument:
    prompt = draw(st.one_of(LINES, lines_of_text()))
    assume(is_one_heading(prompt))
    return QuestionDocument(
        id=draw(SLUGS),
        prompt=prompt,
        body=draw(markdown(4)),
        difficulty=draw(st.one_of(st.none(), st.integers(1, 3))),
        topics=tuple(draw(st.lists(SLUGS, unique=True, max_size=2))),
        minutes=draw(st.one_of(st.none(), st.integers(1, 120))),
        key_points=tuple(
            draw(st.lists(key_points(), max_size=3, unique_by=lambda p: p.key or p.text))
        ),
        answer=draw(markdown(4)),
        follow_ups=tuple(draw(st.lists(items(), max_size=2))),
        sources=tuple(draw(st.lists(sources(in_list=True), max_size=2))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    kind: type[Document] = draw(st.sampled_from([SetDocument, StoryDocument, NoteDocument]))
    extra = draw(
        st.lists(
            st.sampled_from(
                [
                    *("version: 1.30", "tags:\n  - a\n\n  - b", "when: 22:22", "empty:"),
                    *("text: |\n  # no comment\n   x", "flow: {a: [b, 'c']}", '"quoted key": 1'),
                ]
            ),
            unique=True,
            max_size=3,
        )
    )
    checked = draw(
        st.one_of(
            st.none(),
            st.builds(Checked, lines_of_text(), st.one_of(st.none(), st.dates())),
            st.builds(Checked, st.just(""), st.dates(datetime.date(1, 1, 1))),
        )
    )
    fields: dict[str, object] = {
        "id": draw(SLUGS),
        "title": draw(lines_of_text()),
        "topics": tuple(draw(st.lists(SLUGS, unique=True, max_size=3))),
        "license": draw(lines_of_text()),
        "checked": checked,
        "sources": tuple(draw(st.lists(sources(), max_size=2))),
        "extra": "\n".join(extra),
    }
    related = tuple(
        draw(st.lists(st.builds("{}/{}".format, SLUGS, SLUGS), unique=True, max_size=2))
    )
    summary = draw(st.one_of(st.just(""), lines_of_text()))
    if kind is SetDocument:
        fields |= {
            "summary": summary,
            "level": draw(st.sampled_from(["", *LEVELS])),
            "description": draw(markdown(4)),
            "questions": tuple(draw(st.lists(questions(), max_size=3, unique_by=lambda q: q.id))),
        }
    elif kind is StoryDocument:
        technologies = tuple(draw(st.lists(lines_of_text(), unique=True, max_size=2)))
        fields |= {"technologies": technologies, "related_questions": related}
        fields |= {name: draw(markdown(3)) for name in StoryDocument.sections.values()}
    else:
        fields |= {"summary": summary, "related_questions": related, "body": draw(markdown(1))}
    return kind(**fields)  # type: ignore[arg-type]


@patient
@given(documents())
def test_every_document_reads_back_as_it_was_written(document: Document) -> None:
    text = write(document)

    assert parse(text) == document
    assert write(parse(text)) == text
    assert parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == document


@patient
@given(st.lists(LINES, max_size=30))
def test_whatever_can_be_read_can_be_written_and_read_again(lines: list[str]) -> None:
    text = NOTE.split("\n\n", 1)[0].replace("kind: note", "kind: question-set")
    text = text.replace("related_questions: [k8s-kube-proxy/traffic-path]\n", "")
    try:
        document = parse(text + "\n\n" + "\n".join(lines))
    except InvalidLibrary:
        return
    assert parse(write(document)) == document


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "Fine.\n\n## Not so fine"},
        {"answer": "```\nnever closed"},
        {"body": "### Answer\n\nnot this one"},
        {"prompt": "Two\nlines"},
        {"follow_ups": ("- a list in a list",)},
        {"id": "not a slug"},
    ],
)
def test_a_document_that_no_file_can_say_is_refused(change: dict[str, object]) -> None:
    fields: dict[str, object] = {"id": "q", "prompt": "Why?", **change}
    question = QuestionDocument(**fields)  # type: ignore[arg-type]
    document = SetDocument(id="s", title="S", topics=(), license="CC-BY-4.0", questions=(question,))

    with pytest.raises(InvalidLibrary):
        write(document)
