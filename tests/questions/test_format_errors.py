"""What is wrong with a file is told with its line, all of it together."""

import contextlib
import time

import pytest

from questions.library.documents import InvalidLibrary, QuestionDocument, SetDocument
from questions.library.parsing import MAX_BYTES, parse
from questions.library.yaml import MAX_DEPTH, YamlProblem, read
from tests.questions.library_texts import NOTE, SET, STORY


def errors_of(data: bytes | str) -> list[tuple[int, str]]:
    with pytest.raises(InvalidLibrary) as caught:
        parse(data, "sets/x.md")
    assert {error.path for error in caught.value.errors} == {"sets/x.md"}
    return [(error.line, error.message) for error in caught.value.errors]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "empty"),
        (b"\xef\xbb\xbf \n\n", 1, "empty"),
        (b"---\nkind: note\n---\ncaf\xe9\n", 4, "byte 0xE9 is not UTF-8"),
        ("---\nkind: note\n".encode("utf-16"), 1, "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not UTF-8"),
        (b"---\nkind: note\n---\n\nnul \x00\n", 5, "control character U+0000"),
        (b"x" * (MAX_BYTES + 1), 1, "larger than 2 MB"),
        (b"# No front matter\n", 1, "first line must be ---"),
        (b"---\nkind: note\n", 1, "front matter has no end"),
        (b"---\nkind: [note\n---\n", 2, "not valid YAML"),
        (b"---\n- note\n---\n", 2, "key: value"),
        (b"---\n---\n", 2, "“kind” is missing"),
        (b"---\nkind: quiz\nschema: 1\n---\n", 2, "must be one of question-set, story, note"),
        (b"---\nkind: note\nschema: 2\n---\n", 3, "reads schema 1"),
        (b"---\nkind: note\nkind: note\n---\n", 3, "stands here twice"),
        (b"---\nkind: &a note\nid: *a\n---\n", 2, "anchors and aliases"),
        (b"---\nkind: !!python/object:os.system note\n---\n", 2, "tags"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused(data: bytes, line: int, message: str) -> None:
    found = errors_of(data)

    assert found[0][0] == line
    assert message in found[0][1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: kube-proxy", "title:", "“title” is empty"),
        ("title: kube-proxy", "title: [kube, proxy]", "“title” must be text"),
        ("title: kube-proxy", 'title: "a\\nb"', "one line of printable text"),
        ("title: kube-proxy", 'title: "a\\0b"', "one line of printable text"),
        ("title: kube-proxy", "title: " + "x" * 201, "201 characters, at most 200"),
        ("id: k8s-kube-proxy", "id: kube proxy", "letters a to z, digits, - and _"),
        ("topics: [kubernetes, networking]", "topics: kubernetes", "“topics” must be a list"),
        ("topics: [kubernetes, networking]", "topics: [a, a]", "“a” stands in “topics” twice"),
        ("topics: [kubernetes, networking]", "topics: [[a]]", "must be text"),
        ("level: intermediate", "level: expert", "basic, intermediate, advanced"),
        ("license: CC-BY-4.0", "license: null", "“license” is empty"),
        ("  on: 2026-11-20", "  on: 20.11.2026", "a day such as 2026-11-20"),
        ("  on: 2026-11-20", "  on: 2026-02-30", "a day such as 2026-11-20"),
        ("  on: 2026-11-20", "  by: Ada", "“by” means nothing here"),
        ("    url: https://kube", "    url: javascript:alert(1) https://kube", "is not a web addr"),
        ("    url: https://kube", "    link: https://kube", "“link” means nothing here"),
        ("difficulty: 2", "difficulty: 4", "a number from 1 to 3"),
        ("difficulty: 2", "difficulty: two", "a number from 1 to 3"),
        ("difficulty: 2", "dificulty: 2", "“dificulty” means nothing here"),
        ("minutes: 3", "minutes: 0", "a number from 1 to 120"),
        ("id: control-plane-peer", "id: traffic-path", "belongs to another question"),
        ("id: control-plane-peer", "id: [", "not valid YAML"),
        ("## Does Service traffic", "##\n\nDoes Service traffic", "needs its prompt"),
        ("## Does Service traffic", "## " + "x" * 501, "at most 500 characters"),
        ("### Answer", "### The answer", "is none of Key points, Answer, Follow-ups, Sources"),
        ("### Answer", "### answer", "headings inside an answer start at ####"),
        ("#### Modes", "### Modes", "headings inside an answer start at ####"),
        ("#### Modes", "# Modes", "headings here start at ####, not #"),
        ("#### Modes", "> ### Modes", "headings here start at ####, not ###"),
        ("#### Modes", "Modes\n---", "makes the line above a heading"),
        ("#### Modes", "![](mode.png)", "needs a text in its brackets"),
        ("### Follow-ups", "### Key points", "a second section “Key points”"),
        ("```console", "````console", "no closing fence"),
        ("- What does", "What does", "each item of it one paragraph"),
        ("- What does", "- - What does", "each item of it one paragraph"),
        ("- How would", "- [lost]: https://example.com\n- How would", "one paragraph"),
        ("- [kube-proxy modes]", "- See [kube-proxy modes]", "[title](https://address)"),
        ("(https://kubernetes.io/docs/ref", "(ftp://kubernetes.io/docs/ref", "not a web address"),
        ("weight=2}", "weight=0}", "a weight is a number from 1 to 10"),
        ("weight=2}", "wieght=2}", "weight=… and story=…"),
        ("{#no-traffic weight", "{weight", "the key comes first"),
        ("{#kernel story", "{#no-traffic story", "has the key “no-traffic”"),
        ("- etcd is reached by the API server alone. {", "- {", "needs a text before"),
        ("Choose from etcd", "<!-- q\nid: x\n-->\n\nChoose", "right below the heading"),
        ("<!-- q\nid: control", "<!-- q -->more\nid: control", "nothing may stand behind"),
    ],
)
def test_an_error_names_its_line(old: str, new: str, message: str) -> None:
    text = SET.replace(old, new, 1)

    found = [line for line, text in errors_of(text) if message in text]

    assert found, errors_of(text)
    first, last = line_of(SET, old), line_of(SET, old) + new.count("\n") + 1
    assert first - 2 <= found[0] <= last


def test_a_section_out_of_order_is_an_error() -> None:
    body = "## Why?\n\n### Answer\n\nBecause.\n\n### Key points\n\n- Because\n"
    text = SET[: SET.index("## Does")] + body

    assert errors_of(text) == [
        (
            line_of(text, "### Key points"),
            "“Key points” is out of order; it is Key points, Answer, Follow-ups, Sources",
        )
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## Summary", "Some words.\n\n## Summary", "begins with its first section"),
        ("## Impact", "## Impacts", "none of Summary, What happened, Cause"),
        ("### Later", "## Later", "headings inside a section start at ###"),
        ("### Later", "# Later", "headings here start at ###"),
        ("## Fix", "## Cause", "a second section “Cause”"),
        ("k8s-kube-proxy/traffic-path", "traffic-path", "set-id/question-id"),
    ],
)
def test_a_story_keeps_to_its_sections(old: str, new: str, message: str) -> None:
    found = errors_of(STORY.replace(old, new, 1))

    assert len(found) == 1
    assert message in found[0][1]


def test_a_note_is_free_but_for_open_code_and_pictures_without_words() -> None:
    found = errors_of(NOTE + "\n![](a.png)\n\n```\nopen\n")

    assert [line for line, _ in found] == [NOTE.count("\n") + 2, NOTE.count("\n") + 4]


def test_all_errors_of_a_file_are_told_together() -> None:
    text = (
        SET.replace("title: kube-proxy\n", "")
        .replace("level: intermediate", "level: expert")
        .replace("difficulty: 2", "difficulty: 9")
        .replace("### Answer", "### Reply")
    )

    messages = [message for _, message in errors_of(text)]

    assert len(messages) == 4


def test_an_error_reads_as_path_line_and_message() -> None:
    with pytest.raises(InvalidLibrary) as caught:
        parse("no front matter", "content/notes/x.md")

    assert str(caught.value).startswith("content/notes/x.md:1: the first line")


def test_what_stands_in_a_fence_is_no_structure() -> None:
    document = parse(SET)

    assert isinstance(document, SetDocument)
    assert len(document.questions) == 2
    assert "### nor is this one a section" in document.questions[0].answer


def questions_of(*headings: str) -> tuple[QuestionDocument, ...]:
    document = parse(SET[: SET.index("## Does")] + "\n\n".join(headings))
    assert isinstance(document, SetDocument)
    return document.questions


def test_a_missing_id_is_minted_from_the_prompt_and_unique_in_its_set() -> None:
    found = questions_of(
        "## What is a *CSI*?",
        "## What is a CSI",
        "## Taken\n\n<!-- q\nid: what-is-a-csi\n-->",
        "## " + "word " * 40,
        "## Що таке Pod?",
        "## Що таке под?",
    )

    ids = [question.id for question in found]
    assert ids[:3] == ["what-is-a-csi-2", "what-is-a-csi-3", "what-is-a-csi"]
    assert ids[3] == "word-" * 11 + "word"
    assert ids[4] == "pod"
    assert ids[5].startswith("q-")
    assert questions_of("## Що таке под?")[0].id == ids[5]


def test_yaml_keeps_scalars_as_they_are_written() -> None:
    text = SET.replace("Kubernetes 1.36", "1.30").replace("title: kube-proxy", "title: no")
    document = parse(text)

    assert document.title == "no"
    assert document.checked is not None
    assert document.checked.against == "1.30"


def test_yaml_that_nests_too_deep_is_refused_at_once() -> None:
    deep = "a: " + "[" * 16_000

    start = time.perf_counter()
    with pytest.raises(YamlProblem, match=f"more than {MAX_DEPTH} deep"):
        read(deep)
    assert time.perf_counter() - start < 5


def test_more_questions_than_fit_are_refused() -> None:
    text = SET[: SET.index("## Does")] + "## Why?\n\n" * 2001

    assert errors_of(text)[0][1] == "more than 2,000 questions in one file"


@pytest.mark.parametrize(
    "unit",
    ["[", "> ", "- ", "`", "*a", "![", "<!-- q\n", "#### a\n", "| a ", "&amp;", "[a]: b\n", "\\"],
)
def test_a_hostile_file_of_the_largest_size_is_answered_in_seconds(unit: str) -> None:
    front = SET[: SET.index("## Does")] + "## Why?\n\n### Answer\n\n"
    text = front + (unit * MAX_BYTES)[: MAX_BYTES - len(front) - 10]

    start = time.perf_counter()
    with contextlib.suppress(InvalidLibrary):
        parse(text)
    assert time.perf_counter() - start < 10
