"""YAML 1.2, as much of it as front matter needs.

Every scalar stays the text that stands in the file, so `1.30` keeps its zero; the reader of a key
decides what it must look like. No objects, no aliases, bounded depth and size. Each value knows
its line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_CHARACTERS = 32_000
MAX_DEPTH = 10

# Plain scalars that YAML 1.2 (core schema) does not read as text, and dates, which some do.
NULL = re.compile(r"|~|null|Null|NULL")
TYPED = re.compile(
    r"|~|null|Null|NULL|true|True|TRUE|false|False|FALSE"
    r"|[-+]?[0-9][0-9_]*|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+"
    r"|[-+]?(\.[0-9]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|<<|="
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt \t].*)?"
)
# Typed by YAML 1.1, which is what many other tools read.
OLD_TYPED = re.compile(r"(?i:y|n|yes|no|on|off)|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
# Where a plain scalar is no longer plain, a little wider than the standard says.
NOT_AT_START = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`]|\.\.\.")
NOT_INSIDE = re.compile(
    r": | #|:$|[\u2028\u2029]"
    r"|[^ -~\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
ESCAPED = re.compile(r"[\\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


class YamlProblem(Exception):
    """`line` counts from 0 within the text that was read."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Scalar:
    line: int
    value: str
    plain: bool

    @property
    def is_null(self) -> bool:
        return self.plain and NULL.fullmatch(self.value) is not None


@dataclass(frozen=True)
class Sequence:
    line: int
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Mapping:
    line: int
    entries: tuple[tuple[Scalar, "Node"], ...]
    flow: bool
    indented: bool


Node = Scalar | Sequence | Mapping


def read(text: str) -> Node | None:
    """The one value that `text` holds; None when it holds nothing.

    Raises:
        YamlProblem: for anything that is no YAML, or more of it than this reads.
    """
    if len(text) > MAX_CHARACTERS:
        message = gettext("more than %(most)s characters of YAML")
        most = number_format(MAX_CHARACTERS, force_grouping=True)
        raise YamlProblem(0, message % {"most": most})
    try:
        events = YAML(typ="safe", pure=True).parse(text)
        documents = 0
        node = None
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlProblem(event.start_mark.line, gettext("a second YAML document"))
            elif isinstance(event, NodeEvent):
                node = _node(event, events, 1)
    except ReaderError as error:
        line = text.count("\n", 0, error.position)
        raise YamlProblem(line, gettext("a character that YAML does not allow")) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark and mark.index >= len(text.rstrip()):
            # What was opened and never closed is found missing at the end only.
            mark = error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        message = gettext("not valid YAML: %(problem)s") % {"problem": problem}
        raise YamlProblem(mark.line if mark else 0, message) from None
    except YAMLError as error:
        message = gettext("not valid YAML: %(problem)s") % {"problem": error}
        raise YamlProblem(0, message) from None
    return node


def _node(event: NodeEvent, events: Iterator[Event], depth: int) -> Node:
    line: int = event.start_mark.line
    if isinstance(event, AliasEvent) or event.anchor is not None:
        raise YamlProblem(line, gettext("anchors and aliases (& and *) are not read here"))
    if getattr(event, "tag", None) is not None:
        raise YamlProblem(line, gettext("tags (%(mark)s) are not read here") % {"mark": "!"})
    if isinstance(event, ScalarEvent):
        return Scalar(line, event.value, event.style is None)
    if depth > MAX_DEPTH:
        raise YamlProblem(line, gettext("nested more than %(most)d deep") % {"most": MAX_DEPTH})
    if isinstance(event, SequenceStartEvent):
        return Sequence(line, tuple(_children(events, SequenceEndEvent, depth)))
    if not isinstance(event, MappingStartEvent):
        raise YamlProblem(line, gettext("not valid YAML"))
    nodes = list(_children(events, MappingEndEvent, depth))
    entries = []
    seen = set()
    for key, value in zip(nodes[::2], nodes[1::2], strict=True):
        if not isinstance(key, Scalar):
            raise YamlProblem(key.line, gettext("a key must be plain text"))
        if key.value in seen:
            message = gettext("“%(key)s” stands here twice") % {"key": key.value}
            raise YamlProblem(key.line, message)
        seen.add(key.value)
        entries.append((key, value))
    return Mapping(line, tuple(entries), bool(event.flow_style), event.start_mark.column > 0)


def _children(events: Iterator[Event], end: type[Event], depth: int) -> Iterator[Node]:
    for event in events:
        if isinstance(event, end):
            return
        if isinstance(event, NodeEvent):
            yield _node(event, events, depth + 1)


def scalar(text: str, *, in_flow: bool = False) -> str:
    """`text` as a YAML scalar on one line, which every YAML reader takes for that text."""
    if (
        TYPED.fullmatch(text)
        or OLD_TYPED.fullmatch(text)
        or NOT_AT_START.match(text)
        or NOT_INSIDE.search(text)
        or text != text.strip()
        or (in_flow and re.search(r"[,\[\]{}]|:$|:[,\[\]{}]", text))
    ):
        return '"' + ESCAPED.sub(_escape, text) + '"'
    return text


def flow_sequence(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join(scalar(text, in_flow=True) for text in texts) + "]"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return ESCAPES.get(character, f"\\u{ord(character):04x}")
