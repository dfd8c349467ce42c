"""From the text of a file to a document.

The format is strict: whatever a file says that this program would lose or misread is an error
with its line, and all errors of a file are told together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.utils.formats import number_format
from django.utils.text import slugify
from django.utils.translation import gettext

from questions.library import blocks
from questions.library.blocks import Block
from questions.library.documents import (
    DIFFICULTIES,
    KEY_LENGTH,
    KINDS,
    LEVELS,
    LICENSE_LENGTH,
    MINUTES,
    POINT_LENGTH,
    PROMPT_LENGTH,
    QUESTION_KEY,
    SCHEMA,
    SLUG,
    SLUG_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    TOPIC_LENGTH,
    WEIGHTS,
    Document,
    InvalidLibrary,
    KeyPointDocument,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    Source,
    StoryDocument,
)
from questions.library.front_matter import Keys, Problems, extra_lines, read_keys, url_problem

MAX_BYTES = 2_000_000
MAX_LINES = 100_000
MAX_QUESTIONS = 2_000
MINTED_LENGTH = 60

KEY_POINTS, ANSWER, FOLLOW_UPS, SOURCES = "Key points", "Answer", "Follow-ups", "Sources"
SECTIONS = (KEY_POINTS, ANSWER, FOLLOW_UPS, SOURCES)
Q_KEYS = ("id", "difficulty", "topics", "minutes")

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")
SUFFIX = re.compile(r"\{(#|weight=|story=)[^{}]*\}$")
SOURCE = re.compile(r"\[(?P<title>.+)\]\((?:<(?P<in_angles>[^<>]+)>|(?P<bare>[^\s<>]+))\)")


def parse(data: bytes | str, path: str = "") -> Document:
    """What the file says. A question without an id gets one from its prompt.

    Raises:
        InvalidLibrary: with every error found.
    """
    problems = Problems(path)
    lines = _read_lines(data, problems)
    document = None if problems.errors else _File(lines, problems).read()
    if document is None or problems.errors:
        raise InvalidLibrary(problems.errors)
    return document


def _read_lines(data: bytes | str, problems: Problems) -> list[str]:
    if len(data) > MAX_BYTES:
        problems.add(0, gettext("the file is larger than 2 MB"))
        return []
    if isinstance(data, str):
        text = data
    elif data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.add(0, gettext("the file is in UTF-16; save it as UTF-8"))
        return []
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start)
            message = gettext("byte %(byte)s is not UTF-8; save the file as UTF-8")
            problems.add(line, message % {"byte": f"0x{data[error.start]:02X}"})
            return []
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    control = CONTROL.search(text)
    if control:
        line = text.count("\n", 0, control.start())
        message = gettext("control character %(code)s: is this a text file?")
        problems.add(line, message % {"code": f"U+{ord(control[0]):04X}"})
    elif not text.strip():
        problems.add(0, gettext("the file is empty"))
    elif text.count("\n") > MAX_LINES:
        message = gettext("more than %(most)s lines in one file")
        most = number_format(MAX_LINES, force_grouping=True)
        problems.add(MAX_LINES, message % {"most": most})
    return text.rstrip("\n").split("\n")


@dataclass
class _Part:
    """A heading that gives the file its structure, and the lines below it, up to `end`."""

    title: str
    line: int
    end: int = 0
    blocks: list[Block] = field(default_factory=list)


class _File:
    """One file while it is read. Lines count from 0 within the file."""

    def __init__(self, lines: list[str], problems: Problems) -> None:
        self.problems = problems
        self.lines = lines
        self.body_line = 0
        self.blocks: list[Block] = []

    def read(self) -> Document | None:
        if self.lines[0].rstrip() != "---":
            message = gettext("the first line must be ---, the begin of the front matter")
            self.problems.add(0, message)
            return None
        for end in range(1, len(self.lines)):
            if self.lines[end].rstrip() == "---":
                break
        else:
            message = gettext("the front matter has no end: a second line --- is missing")
            self.problems.add(0, message)
            return None
        front = "\n".join(self.lines[1:end])
        read = read_keys(front, 1, self.problems)
        if read is None:
            return None
        keys, node = read
        kind = self._kind(keys)
        if kind is None:
            return None
        # Blank lines keep the line numbers of the body those of the file.
        self.body_line = end + 1
        self.lines = [""] * self.body_line + self.lines[self.body_line :]
        self.blocks = blocks.read_blocks("\n".join(self.lines))
        keys.require("id", "title", "topics", "license")
        shared: dict[str, Any] = {
            "id": keys.slug("id", SLUG_LENGTH),
            "title": keys.text("title", TITLE_LENGTH),
            "topics": keys.texts("topics", TOPIC_LENGTH, SLUG),
            "license": keys.text("license", LICENSE_LENGTH),
            "checked": keys.checked(),
            "sources": keys.sources(),
            "extra": extra_lines(
                front, node, kind.keys, lambda line, message: self.problems.add(line + 1, message)
            ),
            "path": self.problems.path,
            "lines": keys.lines(),
        }
        if kind is SetDocument:
            return self._set(keys, shared)
        shared["related_questions"] = keys.texts(
            "related_questions", 2 * SLUG_LENGTH + 1, QUESTION_KEY
        )
        return self._story(keys, shared) if kind is StoryDocument else self._note(keys, shared)

    def _kind(self, keys: Keys) -> type[Document] | None:
        keys.require("kind", "schema")
        kinds = {kind.kind: kind for kind in KINDS}
        name = keys.choice("kind", tuple(kinds))
        schema = keys.text("schema", TITLE_LENGTH)
        if schema and schema != str(SCHEMA):
            message = gettext("“schema” is %(written)s; this program reads schema %(known)d")
            keys.complain("schema", message % {"written": schema, "known": SCHEMA})
            return None
        return kinds.get(name)

    # The three kinds.

    def _note(self, keys: Keys, shared: dict[str, Any]) -> NoteDocument:
        self._complain_about(self.blocks, headings_from=1)
        return NoteDocument(
            summary=keys.text("summary", SUMMARY_LENGTH),
            body=self._text(self.body_line, len(self.lines)),
            **shared,
        )

    def _story(self, keys: Keys, shared: dict[str, Any]) -> StoryDocument:
        before, parts = self._split(self.blocks, 2, self.body_line, len(self.lines))
        for line in range(self.body_line, before.end):
            if self.lines[line].strip():
                wanted = next(iter(StoryDocument.sections))
                message = gettext("a story begins with its first section, ## %(title)s")
                self.problems.add(line, message % {"title": wanted})
                break
        titles = tuple(StoryDocument.sections)
        self._complain_about_titles(
            parts, titles, "##", gettext("headings inside a section start at ###")
        )
        for part in parts:
            self._complain_about(part.blocks, headings_from=3)
        for part in parts:
            if part.title in titles:
                name = StoryDocument.sections[part.title]
                shared[name] = self._text(part.line + 1, part.end)
        return StoryDocument(technologies=keys.texts("technologies", TITLE_LENGTH), **shared)

    def _set(self, keys: Keys, shared: dict[str, Any]) -> SetDocument:
        before, parts = self._split(self.blocks, 2, self.body_line, len(self.lines))
        self._complain_about(before.blocks, headings_from=4)
        if len(parts) > MAX_QUESTIONS:
            line = parts[MAX_QUESTIONS].line
            message = gettext("more than %(most)s questions in one file")
            most = number_format(MAX_QUESTIONS, force_grouping=True)
            self.problems.add(line, message % {"most": most})
            parts = []
        read = [(part, *self._question_keys(part)) for part in parts]
        ids = _Ids(self.problems)
        for part, q, _ in read:
            if q is not None:
                ids.take(q.slug("id", SLUG_LENGTH), q.line("id"), part.title)
        questions = tuple(self._question(part, q, ids, body_line) for part, q, body_line in read)
        return SetDocument(
            summary=keys.text("summary", SUMMARY_LENGTH),
            level=keys.choice("level", LEVELS),
            description=self._text(self.body_line, before.end),
            questions=questions,
            **shared,
        )

    # A question.

    def _question_keys(self, part: _Part) -> tuple[Keys | None, int]:
        """The keys in the comment below the heading, and the line after it."""
        if not part.blocks or part.blocks[0].kind != "q_comment":
            return None, part.line + 1
        comment = part.blocks.pop(0)
        text = "\n".join(self.lines[comment.start : comment.end])
        text = blocks.COMMENT.sub("", text.lstrip(), count=1)
        inside, closed, after = text.partition("-->")
        if not closed:
            self.problems.add(comment.start, gettext("this comment has no end: --> is missing"))
            return None, comment.end
        if after.strip():
            message = gettext("nothing may stand behind the --> of this comment")
            self.problems.add(comment.end - 1, message)
        read = read_keys(inside, comment.start, self.problems)
        return (read[0] if read else None), comment.end

    def _question(
        self, part: _Part, q: Keys | None, ids: "_Ids", body_line: int
    ) -> QuestionDocument:
        before, sections = self._split(part.blocks, 3, body_line, part.end)
        self._complain_about(before.blocks, headings_from=4)
        self._complain_about_titles(
            sections, SECTIONS, "###", gettext("headings inside an answer start at ####")
        )
        by_title = {section.title: section for section in reversed(sections)}
        for section in sections:
            self._complain_about(section.blocks, headings_from=4)
        if not part.title:
            self.problems.add(part.line, gettext("a question needs its prompt behind ##"))
        elif len(part.title) > PROMPT_LENGTH:
            message = gettext("a prompt has at most %(most)d characters; the rest goes below")
            self.problems.add(part.line, message % {"most": PROMPT_LENGTH})
        if q is not None:
            q.refuse_unknown(Q_KEYS)
        slug = q.slug("id", SLUG_LENGTH) if q is not None and q.has("id") else ids.mint(part.title)
        answer = by_title.get(ANSWER)
        return QuestionDocument(
            id=slug,
            prompt=part.title,
            body=self._text(body_line, before.end),
            difficulty=q.number("difficulty", DIFFICULTIES) if q else None,
            topics=q.texts("topics", TOPIC_LENGTH, SLUG) if q else (),
            minutes=q.number("minutes", MINUTES) if q else None,
            key_points=tuple(self._key_points(by_title.get(KEY_POINTS))),
            answer=self._text(answer.line + 1, answer.end) if answer else "",
            follow_ups=tuple(text for _, text in self._items(by_title.get(FOLLOW_UPS))),
            sources=tuple(self._sources(by_title.get(SOURCES))),
            line=part.line + 1,
        )

    def _key_points(self, section: _Part | None) -> Iterator[KeyPointDocument]:
        keys: set[str] = set()
        for line, item in self._items(section):
            text, attributes = self._split_suffix(item, line)
            if not text:
                message = gettext("a key point needs a text before its %(key)s")
                self.problems.add(line, message % {"key": "{#key}"})
            elif len(text) > POINT_LENGTH:
                message = gettext("a key point has at most %(most)d characters")
                self.problems.add(line, message % {"most": POINT_LENGTH})
            key = attributes.get("key", "")
            if key and key in keys:
                message = gettext("another key point of this question has the key “%(key)s”")
                self.problems.add(line, message % {"key": key})
            keys.add(key)
            yield KeyPointDocument(
                text=text,
                key=key,
                weight=int(attributes.get("weight", "1")),
                story=attributes.get("story", ""),
                line=line + 1,
            )

    def _split_suffix(self, item: str, line: int) -> tuple[str, dict[str, str]]:
        """Text and attributes of a key point that may end in `{#key weight=2 story=id}`."""
        suffix = SUFFIX.search(item)
        if suffix is None:
            return item, {}
        words = suffix[0][1:-1].split()
        attributes = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        key = words[0].removeprefix("#")
        problem = ""
        if not words[0].startswith("#") or not SLUG.fullmatch(key) or len(key) > KEY_LENGTH:
            problem = gettext("the key comes first, as in %(key)s, with at most %(most)d letters")
            problem %= {"key": "{#key}", "most": KEY_LENGTH}
        elif len(attributes) != len(words) - 1 or not attributes.keys() <= {"weight", "story"}:
            problem = gettext("behind the key may stand weight=… and story=…, each once")
        elif not _is_in(attributes.get("weight", "1"), WEIGHTS):
            problem = gettext("a weight is a number from %(low)d to %(high)d")
            problem %= {"low": WEIGHTS[0], "high": WEIGHTS[-1]}
        elif not SLUG.fullmatch(attributes.get("story", "none")):
            problem = gettext("“%(id)s” is not the id of a story") % {"id": attributes["story"]}
        if problem:
            self.problems.add(line, f"{suffix[0]}: {problem}")
            attributes = {}
        return item[: suffix.start()].rstrip(), {"key": key, **attributes}

    def _sources(self, section: _Part | None) -> Iterator[Source]:
        for line, item in self._items(section):
            source = read_source(item)
            if source is None:
                message = gettext("a source is written as [title](https://address)")
                self.problems.add(line, message)
                continue
            problem = url_problem(source.url)
            if problem:
                self.problems.add(line, problem)
            yield source

    # Tools.

    def _split(
        self, found: list[Block], level: int, start: int, end: int
    ) -> tuple[_Part, list[_Part]]:
        """Cut at the headings of one level: what stands before the first, and a part for each."""
        parts = [_Part("", start - 1, end)]
        for block in found:
            if block.heading is not None and block.heading[0] == level:
                parts[-1].end = block.start
                parts.append(_Part(block.heading[1], block.start, end))
            else:
                parts[-1].blocks.append(block)
        return parts[0], parts[1:]

    def _text(self, start: int, end: int) -> str:
        """The lines from `start` to before `end`, without the blank ones around."""
        while start < end and not self.lines[start].strip():
            start += 1
        while end > start and not self.lines[end - 1].strip():
            end -= 1
        return "\n".join(self.lines[start:end])

    def _items(self, section: _Part | None) -> Iterator[tuple[int, str]]:
        if section is None:
            return
        found = blocks.list_items(section.blocks, self.lines, section.line + 1, section.end)
        for line, text in found:
            if text is None:
                message = gettext("“%(title)s” is one list, and each item of it one paragraph")
                self.problems.add(line, message % {"title": section.title})
            elif text:
                yield line, text

    def _complain_about(self, found: list[Block], *, headings_from: int) -> None:
        for line, message in blocks.block_problems(found, self.lines, headings_from=headings_from):
            self.problems.add(line, message)

    def _complain_about_titles(
        self, parts: list[_Part], titles: tuple[str, ...], marker: str, hint: str
    ) -> None:
        furthest = -1
        for part in parts:
            if part.title not in titles:
                message = gettext("“%(heading)s” is none of %(known)s; %(hint)s")
                values = {"heading": f"{marker} {part.title}", "known": ", ".join(titles)}
                self.problems.add(part.line, message % {**values, "hint": hint})
                continue
            place = titles.index(part.title)
            if place == furthest or part.title in {p.title for p in parts if p.line < part.line}:
                message = gettext("a second section “%(title)s”")
                self.problems.add(part.line, message % {"title": part.title})
            elif place < furthest:
                message = gettext("“%(title)s” is out of order; it is %(order)s")
                values = {"title": part.title, "order": ", ".join(titles)}
                self.problems.add(part.line, message % values)
            furthest = max(place, furthest)


class _Ids:
    """The ids of the questions in one set; those in the file go first."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._taken: dict[str, str] = {}

    def take(self, slug: str, line: int, prompt: str) -> None:
        if slug in self._taken:
            other = self._taken[slug]
            message = gettext("the id “%(id)s” belongs to another question: “%(other)s”")
            self._problems.add(line, message % {"id": slug, "other": other})
        elif slug:
            self._taken[slug] = prompt

    def mint(self, prompt: str) -> str:
        """An id of its own for a question without one: the same each time the file is read."""
        base = slugify(prompt) or f"q-{sha256(prompt.encode()).hexdigest()[:8]}"
        if len(base) > MINTED_LENGTH:
            base = base[: MINTED_LENGTH + 1].rpartition("-")[0] or base[:MINTED_LENGTH]
        slug, number = base, 1
        while slug in self._taken:
            number += 1
            slug = f"{base}-{number}"
        self._taken[slug] = prompt
        return slug


def read_source(item: str) -> Source | None:
    """The source that one line `[title](address)` names; None when it is something else."""
    match = SOURCE.fullmatch(item)
    if match is None or not blocks.is_one_link(item):
        return None
    return Source(match["title"].strip(), match["in_angles"] or match["bare"])


def _is_in(text: str, allowed: range) -> bool:
    return re.fullmatch(r"[0-9]{1,3}", text) is not None and int(text) in allowed
