"""Lines that may begin a question or a section, and what stands behind their markers.

People stack markers: `3. ### What…`, `### Q3) What…`, `- **Q: What…**`, `**3. What…**`. They are
taken off one by one, whatever their order; which marks count is decided later, in `outline`.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from questions.importing.words import asks

LABELS = (
    r"Questions?|Ques|Que|Вопрос|Питання|Запитання|Frage|Pregunta|Pergunta|Domanda|Soru|Pytanie|"
    r"问题|問題|问|問|質問|질문|문제"
)
BULLET = re.compile(
    r"(?:[-+•▪◦●‣–○■➤👉]|\*(?!\*))[ \t]+(?:\[[ xX]\][ \t]+)?|(?:<[uo]l>[ \t]*)?<li\b[^<>]*>[ \t]*",
    re.IGNORECASE,
)
# What closes an item of HTML.
ITEM_END = re.compile(r"(?:</(?:li|[uo]l)>[ \t]*)+$", re.IGNORECASE)
HASHES = re.compile(r"(#{1,6})(?:[ \t]+|$)")
BARE_HASHES = re.compile(r"(#{1,6})(?=[^\W\d_a-z])")
NUMBER = re.compile(
    r"(?:#[ \t]?)?(?:No\.?[ \t]?|№[ \t]?)?(?P<n>\d{1,4})[ \t]?(?:\\?[.)．](?!\d)|[、:：](?!\d)|"
    r"\][.)]?)[ \t]*"
    r"|[(\[](?P<m>\d{1,4})[)\]](?!\()[ \t]*"
    r"|(?P<k>\d{1,4})[ \t]+[-–—][ \t]+"
)
HASH_NUMBER = re.compile(r"#(\d{1,4})[ \t]*[.):]?[ \t]+")
LABEL = re.compile(
    rf"(?:(?i:{LABELS})[ \t]*+[#№]?[ \t]*+(?P<n>\d{{1,4}})?[ \t]*+(?:\([^()]{{1,40}}\)[ \t]*+)?"
    rf"(?P<mark>\\?[.):：．]|[-–—](?=[ \t])|$)"
    rf"|(?i:{LABELS})[ \t]*+[#№]?[ \t]*+(?P<k>\d{{1,4}})[ \t]+"
    r"|[Qq][ \t]?[#.]?[ \t]?(?P<m>\d{1,4})?[ \t]*+(?:\\?[.):：]|[-–—](?=[ \t]))"
    r"|Q(?P<l>\d{1,4})(?=[ \t])"
    r")[ \t]*+"
)
ORPHAN = re.compile(r"\.[ \t]+(?=\S)")
OPENING = re.compile(
    r"(\*\*\*|\*\*|__|<b>|<strong>|<u>|<h[1-6][^>]*>|<summary>|<span[^>]*>|<font[^>]*>)[ \t]*"
)
ANCHOR = re.compile(
    r"<a\s+(?:name|id)\s*=[^>]*>[ \t]*(?:</a>)?|\[\[?[↑⬆^][^\]]*\]?\]\(#[^)]*\)[ \t]*"
)
# `* **What is it?** - [Read this](https://…)`: behind the question stands where to look.
TAIL = re.compile(r"[ \t]*[-–—:][ \t]+(?=\S)|[ \t]*(?=\[[^\]]*\]\()")
PICTOGRAM = re.compile(
    r"(?::[a-z0-9_+-]+:|"
    r"[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\ufe0f\u200d])[ \t]*"
)
HTML_HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>\s*$", re.IGNORECASE)
TAG = re.compile(
    r"</?(?:a|b|u|i|em|strong|span|font|h[1-6]|center|p|br|div|kbd|code|summary)\b[^>]*>", re.I
)
# Section titles in costume: -- Docker --, === Docker ===, tab-indented bold, Part 3: Docker.
DASHED = re.compile(
    r"\s*(?:[-=~_#]{2,}|\*{4,}|"
    r"[-=~*•] [-=~*•])[-=~*_# \t]*+(?P<title>[^\W_].*?)[ \t]*+[-=~*_#]{2,}+\s*"
)
MAX_COSTUME = 300
CHAPTER = re.compile(
    r"\s*(?:Section|Part|Chapter|Module|Раздел|Глава|Розділ|Kapitel|Teil)[ \t]+(?:\d+|[IVX]+)\b.*",
    re.I,
)
UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,}|\*{5,}|~{5,})\s*")
CLOSING = {
    "***": "***",
    "**": "**",
    "__": "__",
    "<b>": "</b>",
    "<strong>": "</strong>",
    "<u>": "</u>",
}


class Kind(NamedTuple):
    """What a mark looks like; the questions of one section share it. `level` is for headings."""

    name: str
    level: int = 0


@dataclass
class Mark:
    """`line` is an index into the lines of the page, `last` that of the mark's own last line."""

    line: int
    text: str
    indent: int = 0
    level: int = 0
    number: int | None = None
    is_label: bool = False
    is_bold: bool = False
    is_bullet: bool = False
    is_title: bool = False
    is_orphan: bool = False
    rest: str = ""
    last: int = -1
    starts_set: bool = False
    depth: int = 0

    def __post_init__(self) -> None:
        self.last = max(self.last, self.line)

    @property
    def kind(self) -> Kind:
        if self.is_label and not (self.is_bullet and not self.number and not self.is_bold):
            return Kind("label")
        if self.level and self.number is not None:
            return Kind("numbered heading", self.level) if not self.depth else Kind("numbered")
        if self.level:
            return Kind("heading", self.level)
        if self.is_bold and self.is_bullet:
            return Kind("bullet")
        if self.is_bold and self.number is not None:
            return Kind("number")
        if self.is_bold:
            return Kind("bold")
        if self.number is not None or self.is_orphan:
            return Kind("number")
        return Kind("bullet")


def width_of(text: str) -> int:
    """The columns before the first letter; a tab goes to the next multiple of four."""
    columns = 0
    for character in text:
        if character == " ":
            columns += 1
        elif character == "\t":
            columns += 4 - columns % 4
        else:
            break
    return columns


def read_mark(line: str, index: int) -> Mark | None:
    """The mark that the line is; None for a line without markers."""
    text = line.strip()
    mark = Mark(index, text, width_of(line))
    if HTML_HEADING.match(text):
        mark.level = int(text[2])
        mark.text = text = HTML_HEADING.sub(r"\2", text)
    rest = _peel(mark, text)
    has_marker = mark.level or mark.number is not None or mark.is_label or mark.is_bullet
    if not (has_marker or mark.is_bold or mark.is_orphan):
        return _costume(line, index)
    mark.text = rest
    if mark.level:
        mark.text = re.sub(r"[ \t]+#+[ \t]*$", "", mark.text)
    return mark


def _peel(mark: Mark, text: str) -> str:
    """Take the markers off, in any order, each kind once."""
    for _ in range(8):
        before = text
        if ANCHOR.match(text):
            text = ANCHOR.sub("", text, count=1)
            text = text if "<a" in text else re.sub(r"</a>", "", text, flags=re.IGNORECASE)
        for step in (_bullet, _heading, _number, _label, _bold, _pictogram, _orphan):
            text = step(mark, text)
        if text == before:
            break
    return text.strip()


def _bullet(mark: Mark, text: str) -> str:
    found = None if mark.is_bullet or mark.level else BULLET.match(text)
    if found is None or mark.number is not None:
        return text
    mark.is_bullet = True
    return ITEM_END.sub("", text[found.end() :]).rstrip(" \t")


def _heading(mark: Mark, text: str) -> str:
    found = None if mark.level else HASHES.match(text) or BARE_HASHES.match(text)
    if found is None:
        return text
    mark.level = len(found[1])
    mark.depth = int(mark.number is not None)
    return text[found.end() :].lstrip()


def _number(mark: Mark, text: str) -> str:
    if mark.number is not None:
        return text
    found = NUMBER.match(text)
    if found is not None:
        mark.number = int(found["n"] or found["m"] or found["k"])
        return text[found.end() :]
    hashed = HASH_NUMBER.match(text)
    if hashed is not None:
        mark.number = int(hashed[1])
        return text[hashed.end() :]
    return text


def _label(mark: Mark, text: str) -> str:
    found = None if mark.is_label else LABEL.match(text)
    if found is None:
        return text
    number = found["n"] or found["m"] or found["k"] or found["l"]
    alone = not number and not text[found.end() :].strip()
    if alone and (not mark.level or text.strip().casefold().endswith("s")):
        return text
    # In `3. Q: What…` it is the number that all questions have.
    mark.is_label = mark.number is None
    mark.number = int(number) if number else mark.number
    return text[found.end() :]


def _bold(mark: Mark, text: str) -> str:
    """Take bold off that encloses the line, or its begin when a marker stands before or inside."""
    found = None if mark.is_bold else OPENING.match(text)
    if found is None:
        return text
    closing = CLOSING.get(found[1].lower())
    if closing is None:
        return TAG.sub("", text)
    end = text.find(closing, found.end())
    if end < 0:
        return text
    inner, rest = text[found.end() : end], text[end + len(closing) :]
    behind = rest.strip(" \t:.*_")
    encloses = not behind or PICTOGRAM.sub("", TAG.sub("", behind)).strip() == ""
    begins = mark.number is not None or mark.is_label or NUMBER.match(inner) or LABEL.match(inner)
    if begins and not mark.is_label and (NUMBER.fullmatch(inner) or LABEL.fullmatch(inner)):
        return f"{inner} {rest.strip()}"
    if encloses:
        mark.is_bold = True
        end_mark = rest.strip()
        return f"{inner.strip()}{end_mark if end_mark in {':', '.'} else ''}"
    tail = TAIL.match(rest) if mark.is_bullet and not mark.level else None
    if tail is not None and asks(inner):
        mark.is_bold = True
        mark.rest = rest[tail.end() :].strip()
        return inner.strip()
    if begins and re.search(r"[?？؟.:：]\W*$", inner.strip()) and not inner.strip().isdigit():
        mark.is_bold = True
        mark.rest = rest.strip()
        return inner.strip()
    return text


def _pictogram(mark: Mark, text: str) -> str:
    found = PICTOGRAM.match(text)
    return text[found.end() :] if found and text[found.end() :].strip() else text


def _orphan(mark: Mark, text: str) -> str:
    has_marker = mark.level or mark.number is not None or mark.is_label or mark.is_bullet
    found = None if has_marker or mark.is_orphan else ORPHAN.match(text)
    if found is None:
        return text
    mark.is_orphan = True
    return text[found.end() :]


def _costume(line: str, index: int) -> Mark | None:
    if len(line) > MAX_COSTUME:
        return None
    found = DASHED.fullmatch(line)
    if found is not None and len(found["title"]) <= 100:
        return Mark(index, found["title"], width_of(line), level=7, is_title=True)
    if CHAPTER.fullmatch(line) and len(line.strip()) <= 100 and "?" not in line:
        return Mark(index, line.strip(), width_of(line), level=7, is_title=True)
    return None


def clean_title(text: str) -> str:
    """A heading's words without anchors, tags, bold and pictures."""
    text = ANCHOR.sub("", text)
    text = TAG.sub("", text)
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"^(?:\*\*|__)(.*?)(?:\*\*|__)(\W*)$", r"\1\2", text.strip())
    text = PICTOGRAM.sub("", text) if PICTOGRAM.sub("", text).strip() else text
    return " ".join(text.split()).strip(" \t-=~").removesuffix(":").strip()
