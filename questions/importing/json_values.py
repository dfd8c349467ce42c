"""JSON whose values know where they stand: the records of a file, at whatever depth."""

import json
import re
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from django.utils.translation import gettext

from questions.importing.decoding import Source
from questions.importing.limits import MAX_DEPTH, Refused

BLANK = re.compile(r"[ \t\n\r]*")
SCALAR = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null|NaN|-?Infinity"
)


@dataclass
class Value:
    """`start` and `end` are places in the text. A container's `content` holds values again."""

    start: int
    end: int
    content: Any

    @property
    def plain(self) -> Any:
        if isinstance(self.content, dict):
            return {key: value.plain for key, value in self.content.items()}
        if isinstance(self.content, list):
            return [value.plain for value in self.content]
        return self.content


def read_json(source: Source) -> list[Value]:
    """The values of the file: one, or one in each line (JSON Lines).

    Raises:
        Refused: for what is no JSON, or nested too deeply.
    """
    reader = _Reader(source)
    values = []
    at = reader.skip(0)
    while at < len(source.text):
        value = reader.value(at, 0)
        values.append(value)
        at = reader.skip(value.end)
    return values


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text

    def skip(self, at: int) -> int:
        found = BLANK.match(self.text, at)
        return found.end() if found else at

    def fail(self, at: int, message: str) -> Refused:
        return Refused(self.source.path, self.text.count("\n", 0, at) + 1, message)

    def value(self, at: int, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise self.fail(
                at, gettext("JSON nested more than %(most)d deep") % {"most": MAX_DEPTH}
            )
        first = self.text[at : at + 1]
        if first == "{":
            return self.mapping(at, depth)
        if first == "[":
            return self.array(at, depth)
        if first == '"':
            text, end = self.string(at)
            return Value(at, end, text)
        found = SCALAR.match(self.text, at)
        if found is None:
            raise self.fail(at, gettext("no valid JSON here"))
        try:
            return Value(at, found.end(), json.loads(found[0]))
        except ValueError:
            raise self.fail(at, gettext("this number has too many digits")) from None

    def string(self, at: int) -> tuple[str, int]:
        try:
            text, end = scanstring(self.text, at + 1, False)
        except json.JSONDecodeError as error:
            message = gettext("no valid JSON: %(problem)s") % {"problem": error.msg}
            raise self.fail(min(error.pos, at), message) from None
        # Half of a pair is no character: the database would refuse it.
        return re.sub(r"[\ud800-\udfff\x00]", "\ufffd", text), end

    def array(self, at: int, depth: int) -> Value:
        start, items = at, []
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "]":
            value = self.value(at, depth + 1)
            items.append(value)
            at = self.after(value.end, "]")
        return Value(start, at + 1, items)

    def mapping(self, at: int, depth: int) -> Value:
        start, items = at, {}
        at = self.skip(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text[at : at + 1] != '"':
                raise self.fail(at, gettext("no valid JSON: a key in quotes is missing"))
            key, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                raise self.fail(at, gettext("no valid JSON: a colon is missing"))
            value = self.value(self.skip(at + 1), depth + 1)
            items[key] = value
            at = self.after(value.end, "}")
        return Value(start, at + 1, items)

    def after(self, at: int, closing: str) -> int:
        """The next item's place, or that of the closing bracket. A comma too many is forgiven."""
        at = self.skip(at)
        if self.text[at : at + 1] == ",":
            return self.skip(at + 1)
        if self.text[at : at + 1] != closing:
            message = gettext("no valid JSON: a comma or %(bracket)s is missing")
            raise self.fail(at, message % {"bracket": closing})
        return at
