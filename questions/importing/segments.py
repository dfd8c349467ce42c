"""From the lines of one question to its prompt, answer, key points and follow-ups."""

import re
from dataclasses import dataclass, field

from questions.importing import words
from questions.importing.fences import FENCE
from questions.importing.html_inline import strip_wrappers, to_markdown
from questions.importing.junk import is_junk
from questions.importing.marks import Mark, width_of
from questions.importing.page import Details, Is, Page
from questions.importing.words import asks, ends_asking, has_mark, is_placeholder

BULLET = re.compile(r"^[ \t]*(?:[-+•▪◦●‣–○]|\*(?!\*))[ \t]+(?P<text>.*)$")
ITEM = re.compile(r"^[ \t]*(?:[-+*•▪◦●‣○]|\d{1,3}[.)])[ \t]+(?P<text>.*)$")
SUMMARY_NUMBER = re.compile(
    r"\s*+(?:<h[1-6][^>]*>|#{1,6}\s)?\s*+(?P<open>(?:<b>|<strong>|\*\*)?)\s*+(?:Q\.?\s*+)?"
    r"\d{1,4}\s*+[.)](?!\d)\s*"
)
# `**Sagas** - [Read on](https://…)`: also where the words in bold do not ask.
BOLD_AND_LINK = re.compile(
    r"\*\*(?P<head>[^*]++)\*\*[ \t]*+[-–—:]?[ \t]*+"
    r"(?P<link>(?:\w[\w ]{0,20}:?[ \t]*+)?\[[^\[\]]+\]\([^()\s]+\)\.?)"
)
STARS = re.compile(r"[ \t]*(?<!\*)\*{3,}[ \t]*$")


@dataclass
class Parts:
    """What a question says. `unfinished` is an answer that may be none."""

    prompt: str
    answer: str = ""
    key_points: list[str] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)
    unfinished: bool = False


def read_question(
    mark: Mark, page: Page, end: int, holders: dict[int, Details], *, body_asks: bool
) -> Parts:
    """The question that begins at `mark` and has the lines up to `end`."""
    head, body = mark.text, list(range(mark.last + 1, end))
    if mark.rest:
        head, inline = (
            _split_inline(f"{head}\n{mark.rest}") if _is_answer(mark.rest) else (head, mark.rest)
        )
    elif mark.is_bullet and (linked := BOLD_AND_LINK.fullmatch(head)):
        head, inline = linked["head"].strip(), linked["link"]
    else:
        head, inline = _split_inline(head)
    if body_asks:
        return _finish(_join(head, text_of(page, body)), "", [])
    held = [index for index in body if index in holders]
    if held:
        before, answer = _held(page, body, holders, held[0])
        return _finish(_join(head, before), _join(inline, answer), [])
    label = _label_line(page, body, head)
    if label is not None:
        before = text_of(page, range(mark.last + 1, label))
        return _finish(_join(head, before), _join(inline, _after_label(page, label, end)), [])
    heading = _answer_heading(page, body)
    if heading is not None:
        before = text_of(page, range(mark.last + 1, heading))
        answer = text_of(page, range(heading + 1, end))
        return _finish(_join(head, before), _join(inline, answer), [])
    if not mark.level and not inline:
        head, body = _wrapped(head, page, body)
    elif not head.strip():
        head, body = _first_paragraph(page, body)
    follow_ups: list[str] = []
    if mark.is_bullet and not inline:
        head, body, follow_ups = _nested(head, page, body)
    return _finish(head, _join(inline, text_of(page, body)), follow_ups)


def read_details(details: Details, page: Page) -> Parts:
    """The question of a `<details>` element."""
    assert details.summary is not None
    prompt = dedent(page.slice(*details.summary))
    lines = page.slice(*details.content)
    # A line that begins behind </summary> lost its indentation: it does not count.
    answer = strip_wrappers("\n".join([lines[0].lstrip(), dedent(lines[1:])]).strip("\n"))
    numbered = SUMMARY_NUMBER.match(prompt)
    if numbered is not None:
        prompt = numbered["open"] + prompt[numbered.end() :]
    prompt = re.sub(r"^\s*#{1,6}\s+", "", prompt)
    prompt = re.sub(r"^\s*+(\*\*|<b>)?\s*+(?:Q|Question)\s*+[:.)]\s+", r"\1", prompt)
    prompt = re.sub(r"</?h[1-6][^>]*>", "", prompt, flags=re.I)
    label = words.ANSWER_LABEL.match(answer)
    if (
        label
        and label["mark"]
        and answer[label.end() :].strip()
        and not answer.lstrip().startswith("#")
    ):
        answer = _unlabelled(answer, label)
    return _finish(prompt, answer, [])


def dedent(lines: list[str]) -> str:
    """The lines without the indentation that all share: content of an item, not code."""
    filled = [line for line in lines if line.strip()]
    shared = min((width_of(line) for line in filled), default=0)
    return "\n".join(_outdent(line, shared) for line in lines).strip("\n")


def _outdent(line: str, columns: int) -> str:
    taken = 0
    for at, character in enumerate(line):
        if taken >= columns or character not in " \t":
            return " " * (taken - columns) + line[at:]
        taken += 1 if character == " " else 4 - taken % 4
    return ""


def _is_answer(text: str) -> bool:
    return words.ANSWER_LABEL.match(text) is not None


def _split_inline(head: str) -> tuple[str, str]:
    found = words.INLINE_ANSWER.search(head)
    if found is None or not head[: found.start()].strip():
        return head, ""
    return head[: found.start()].rstrip(), head[found.end() :].strip()


def text_of(page: Page, indexes: list[int] | range) -> str:
    indexes = list(indexes)
    while indexes and is_droppable(page, indexes[0]):
        indexes.pop(0)
    while indexes and is_droppable(page, indexes[-1]):
        indexes.pop()
    return dedent([page.lines[index] for index in indexes])


def is_droppable(page: Page, index: int) -> bool:
    return (
        page.is_blank(index)
        or page.kinds[index] is Is.COMMENT
        or (page.is_text(index) and is_junk(page.lines[index]))
    )


def _held(page: Page, body: list[int], holders: dict[int, Details], first: int) -> tuple[str, str]:
    """What stands before the `<details>` with the answer, and the answer."""
    before = text_of(page, [index for index in body if index < first])
    parts: list[str] = []
    free: list[int] = []
    skip = first
    for index in (index for index in body if index >= first):
        if index in holders:
            parts.append(text_of(page, free))
            free = []
            lines = page.slice(*holders[index].content)
            content = "\n".join([lines[0].lstrip(), dedent(lines[1:])]).strip("\n")
            parts.append(_without_label(strip_wrappers(content)))
            skip = holders[index].last + 1
        elif index >= skip:
            free.append(index)
    return before, _join(*parts, text_of(page, free))


def _without_label(answer: str) -> str:
    label = words.ANSWER_LABEL.match(answer)
    if label is None or not answer[label.end() :].strip():
        return answer
    return _unlabelled(answer, label)


def _unlabelled(answer: str, label: re.Match[str]) -> str:
    """Without the label; the bold that it opened and that ends later stays bold."""
    rest = answer[label.end() :]
    opened = label["open"] or ""
    if opened and not label["close"] and not label["late"]:
        return f"{opened}{rest}" if opened in rest.split("\n", 1)[0] else rest
    return rest


def _label_line(page: Page, body: list[int], head: str) -> int | None:
    """The line with `Answer:`; a letter alone is one only with a colon."""
    for index in body:
        if not (page.is_text(index)):
            continue
        found = words.ANSWER_LABEL.match(page.lines[index])
        if found is None:
            continue
        if found["letter"] and found["mark"] not in {":", "::", "："} and not found["n"]:
            continue
        if found["bare"] is not None and found["letter"]:
            continue
        if found["mark"] in {".", ")"} and found["letter"]:
            continue
        return index
    return None


def _answer_heading(page: Page, body: list[int]) -> int | None:
    """The line with the heading of the answer, where one above it names the question."""
    named = False
    for index in body:
        if page.is_text(index):
            if named and words.ANSWER_HEADING.match(page.lines[index]):
                return index
            named = named or words.QUESTION_HEADING.match(page.lines[index]) is not None
    return None


def _after_label(page: Page, label: int, end: int) -> str:
    line = page.lines[label]
    found = words.ANSWER_LABEL.match(line)
    assert found is not None
    first = _unlabelled(line, found)
    quoted = line.lstrip().startswith(">")
    rest = [page.lines[index] for index in _trimmed(page, range(label + 1, end))]
    if quoted:
        rest = [re.sub(r"^[ \t]*>[ \t]?", "", text) for text in rest]
    below = dedent(rest)
    if not first.strip() or is_junk(first):
        return below
    return f"{first.strip()}\n{below}" if rest and rest[0].strip() else _join(first.strip(), below)


def _trimmed(page: Page, lines: range) -> list[int]:
    indexes = list(lines)
    while indexes and is_droppable(page, indexes[-1]):
        indexes.pop()
    return indexes


def _wrapped(head: str, page: Page, body: list[int]) -> tuple[str, list[int]]:
    """Join a question that was broken into several lines."""
    if not head.strip():
        return _first_paragraph(page, body)
    if ends_asking(head) or re.search(r"[!:：]\W*$", head) or "?" in head[-4:]:
        return head, body
    taken: list[str] = []
    for index in body[:6]:
        if (
            not page.is_text(index)
            or ITEM.match(page.lines[index])
            or FENCE.match(page.lines[index])
        ):
            break
        text = page.lines[index].strip()
        if is_junk(text) or text.startswith((">", "|", "<", "#", "!")):
            break
        taken.append(text)
        if ends_asking(text):
            return " ".join([head, *taken]), body[len(taken) :]
    first = taken[0] if taken else ""
    ends = re.search(r"[.。;]\W*$", head) is not None
    if not ends and len(head) >= 55 and first[:1].islower() and len(taken) == 1:
        return f"{head} {first}", body[1:]
    return head, body


def _first_paragraph(page: Page, body: list[int]) -> tuple[str, list[int]]:
    """For a mark without words: the paragraph below is the question."""
    at = 0
    while at < len(body) and page.is_blank(body[at]):
        at += 1
    start = at
    while at < len(body) and page.is_text(body[at]):
        at += 1
    return " ".join(page.lines[index].strip() for index in body[start:at]), body[at:]


def _nested(head: str, page: Page, body: list[int]) -> tuple[str, list[int], list[str]]:
    """Bullets below a bullet are follow-ups when they ask, and part of it after a colon."""
    indexes = _trimmed(page, range(body[0], body[-1] + 1)) if body else []
    filled = [index for index in indexes if page.lines[index].strip()]
    items = [BULLET.match(page.lines[index]) if page.is_text(index) else None for index in filled]
    if not filled or items[0] is None:
        return head, body, []
    margin = min(width_of(page.lines[index]) for index in filled)
    texts: list[str] = []
    for index, item in zip(filled, items, strict=True):
        nested = width_of(page.lines[index]) > margin + 1
        if item is not None and not nested:
            texts.append(item["text"].strip())
        elif texts and (nested or item is None) and page.is_text(index):
            texts[-1] += (
                "\n" + page.lines[index].strip() if nested else " " + page.lines[index].strip()
            )
        else:
            return head, body, []
    if any(words.ANSWER_LABEL.match(text) for text in texts):
        return head, body, []
    if head.rstrip().endswith((":", "：")) and not all(map(asks, texts)):
        return f"{head}\n\n{text_of(page, indexes)}", [], []
    if any(map(has_mark, texts)):
        return head, [], texts
    return head, body, []


def _join(*texts: str) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _finish(prompt: str, answer: str, follow_ups: list[str]) -> Parts:
    prompt = clean_prompt(prompt)
    answer, key_points, more = _labelled_parts(answer)
    answer = to_markdown(strip_wrappers(answer)).strip("\n").rstrip()
    unfinished = words.UNFINISHED.match(answer) is not None and len(answer) < 60
    if is_placeholder(answer):
        answer = ""
    return Parts(prompt, answer, key_points, [*follow_ups, *more], unfinished)


def clean_prompt(text: str) -> str:
    """The question without markers and markup around it, word for word inside."""
    text = to_markdown(text).strip()
    text = STARS.sub("", text)
    first, _, rest = text.partition("\n")
    first = first.strip()
    for mark in ("***", "**", "__"):
        inner = first[len(mark) : -len(mark)]
        if first.startswith(mark) and first.endswith(mark) and inner.strip() and mark not in inner:
            first = STARS.sub("", inner.strip())
            break
    # A heading within an item: `- ### What is…`
    first = re.sub(r"^#{1,6}[ \t]+", "", first)
    rest = "\n".join(line.rstrip() for line in rest.split("\n")).strip("\n")
    if not rest:
        return " ".join(first.split()) if "`" not in first else first
    glue = (
        "\n"
        if not text.startswith("\n") and not text.partition("\n")[2].startswith("\n")
        else "\n\n"
    )
    return f"{first}{glue}{rest}" if first else rest


def _labelled_parts(answer: str) -> tuple[str, list[str], list[str]]:
    """Lists under “Key points” and “Follow-ups” in an answer."""
    lines = answer.split("\n")
    found: dict[str, list[str]] = {"key": [], "follow": []}
    for name, pattern in (("follow", words.FOLLOW_UPS), ("key", words.KEY_POINTS)):
        for at, line in enumerate(lines):
            label = pattern.match(line)
            if label is None:
                continue
            rest = line[label.end() :].strip()
            end = at + 1
            while end < len(lines) and not lines[end].strip():
                end += 1
            items = []
            while end < len(lines) and (item := ITEM.match(lines[end])):
                items.append(item["text"].strip())
                end += 1
            if name == "follow" and rest and asks(rest):
                found[name] = [rest, *items]
            elif items and not rest:
                found[name] = items
            else:
                continue
            del lines[at:end]
            break
    return "\n".join(lines), found["key"], found["follow"]
