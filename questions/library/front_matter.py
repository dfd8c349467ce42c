"""Reading the YAML of a file: its front matter and the comment below a question."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext

from questions.library import yaml
from questions.library.documents import (
    AGAINST_LENGTH,
    SLUG,
    TITLE_LENGTH,
    Checked,
    LibraryError,
    Source,
)

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_check_url = URLValidator(schemes=["http", "https"])


@dataclass
class Problems:
    """What is wrong with one file, as far as it was read. Lines count from 0 here."""

    path: str
    errors: list[LibraryError] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        self.errors.append(LibraryError(self.path, line + 1, message))


def url_problem(url: str) -> str:
    """Why `url` can't be the address of a source; empty when it can."""
    if any(character in url for character in "<>\\") or UNPRINTABLE.search(url):
        message = gettext("“%(url)s” has characters that a web address can't have")
        return message % {"url": url}
    try:
        _check_url(url)
    except ValidationError:
        message = gettext("“%(url)s” is not a web address that starts with http:// or https://")
        return message % {"url": url}
    return ""


class Keys:
    """One YAML mapping, read key by key.

    What is wrong goes to `problems`, and the value read is then the one for "nothing said".
    """

    def __init__(self, node: yaml.Mapping, first_line: int, problems: Problems) -> None:
        self.problems = problems
        self._first_line = first_line
        self._line = first_line + node.line
        self._nodes = {key.value: value for key, value in node.entries}
        self._lines = {key.value: first_line + key.line for key, _ in node.entries}

    def line(self, key: str) -> int:
        """Where the key stands; the line of the mapping when it doesn't."""
        return self._lines.get(key, self._line)

    def has(self, key: str) -> bool:
        return key in self._nodes

    def lines(self) -> dict[str, int]:
        """Where each key stands, counted from 1."""
        return {key: line + 1 for key, line in self._lines.items()}

    def complain(self, key: str, message: str) -> None:
        self.problems.add(self.line(key), message)

    def require(self, *keys: str) -> None:
        for key in keys:
            if key not in self._nodes:
                self.complain(key, gettext("“%(key)s” is missing") % {"key": key})

    def unknown(self, known: tuple[str, ...]) -> list[str]:
        return [key for key in self._nodes if key not in known]

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        for key in self.unknown(known):
            message = gettext("“%(key)s” means nothing here; known are %(known)s")
            self.complain(key, message % {"key": key, "known": ", ".join(known)})

    def text(self, key: str, limit: int) -> str:
        node = self._nodes.get(key)
        return "" if node is None else self._text(node, key, limit)

    def slug(self, key: str, limit: int) -> str:
        return self._check(self.text(key, limit), SLUG, key, self.line(key))

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key, TITLE_LENGTH)
        if value and value not in choices:
            message = gettext("“%(key)s” must be one of %(choices)s, not “%(value)s”")
            values = {"key": key, "choices": ", ".join(choices), "value": value}
            self.complain(key, message % values)
            return ""
        return value

    def number(self, key: str, allowed: range) -> int | None:
        value = self.text(key, TITLE_LENGTH)
        if not value:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) not in allowed:
            message = gettext(
                "“%(key)s” must be a number from %(low)d to %(high)d, not “%(value)s”"
            )
            values = {"key": key, "low": allowed[0], "high": allowed[-1], "value": value}
            self.complain(key, message % values)
            return None
        return int(value)

    def texts(
        self, key: str, limit: int, pattern: re.Pattern[str] | None = None
    ) -> tuple[str, ...]:
        """A list of texts without doubles, each one matching `pattern`."""
        texts: list[str] = []
        for node in self._sequence(key):
            line = self._first_line + node.line
            text = self._text(node, key, limit)
            if pattern is not None:
                text = self._check(text, pattern, key, line)
            if text in texts:
                message = gettext("“%(text)s” stands in “%(key)s” twice")
                self.problems.add(line, message % {"text": text, "key": key})
            elif text:
                texts.append(text)
        return tuple(texts)

    def checked(self) -> Checked | None:
        inner = self._inner("checked", self._nodes.get("checked"))
        if inner is None:
            return None
        inner.refuse_unknown(("against", "on"))
        against = inner.text("against", AGAINST_LENGTH)
        on = inner._day("on")
        return Checked(against, on) if against or on else None

    def sources(self) -> tuple[Source, ...]:
        sources = []
        for node in self._sequence("sources"):
            inner = self._inner("sources", node)
            if inner is None:
                continue
            inner.require("title", "url")
            inner.refuse_unknown(("title", "url"))
            title, url = inner.text("title", TITLE_LENGTH), inner.text("url", 2048)
            problem = url_problem(url) if url else ""
            if problem:
                inner.complain("url", problem)
            elif title and url:
                sources.append(Source(title, url))
        return tuple(sources)

    def _text(self, node: yaml.Node, key: str, limit: int) -> str:
        line = self._first_line + node.line
        if not isinstance(node, yaml.Scalar):
            message = gettext("“%(key)s” must be text, not a list or a mapping")
            self.problems.add(line, message % {"key": key})
            return ""
        text = node.value.strip()
        if node.is_null or not text:
            message = gettext("“%(key)s” is empty: fill it in or leave it out") % {"key": key}
        elif UNPRINTABLE.search(text):
            message = gettext("“%(key)s” must be one line of printable text") % {"key": key}
        elif len(text) > limit:
            message = gettext("“%(key)s” has %(length)d characters, at most %(most)d fit")
            message %= {"key": key, "length": len(text), "most": limit}
        else:
            return text
        self.problems.add(line, message)
        return ""

    def _check(self, text: str, pattern: re.Pattern[str], key: str, line: int) -> str:
        if not text or pattern.fullmatch(text):
            return text
        message = (
            gettext("“%(text)s” in “%(key)s” must be written as letters a to z, digits, - and _")
            if pattern is SLUG
            else gettext("“%(text)s” in “%(key)s” must be written as set-id/question-id")
        )
        self.problems.add(line, message % {"text": text, "key": key})
        return ""

    def _sequence(self, key: str) -> tuple[yaml.Node, ...]:
        node = self._nodes.get(key)
        if node is None:
            return ()
        if not isinstance(node, yaml.Sequence):
            message = gettext("“%(key)s” must be a list") % {"key": key}
            self.problems.add(self._first_line + node.line, message)
            return ()
        return node.items

    def _inner(self, key: str, node: yaml.Node | None) -> "Keys | None":
        if node is None:
            return None
        if not isinstance(node, yaml.Mapping):
            message = gettext("“%(key)s” needs keys of its own") % {"key": key}
            self.problems.add(self._first_line + node.line, message)
            return None
        return Keys(node, self._first_line, self.problems)

    def _day(self, key: str) -> datetime.date | None:
        value = self.text(key, TITLE_LENGTH)
        if not value:
            return None
        try:
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass
        message = gettext("“%(key)s” must be a day such as 2026-11-20, not “%(value)s”")
        self.complain(key, message % {"key": key, "value": value})
        return None


def read_keys(text: str, first_line: int, problems: Problems) -> tuple[Keys, yaml.Mapping] | None:
    """The mapping that `text` holds; None, with the problem noted, when it holds none."""
    try:
        node = yaml.read(text)
    except yaml.YamlProblem as problem:
        problems.add(first_line + problem.line, problem.message)
        return None
    if node is None:
        node = yaml.Mapping(0, (), flow=False, indented=False)
    if not isinstance(node, yaml.Mapping):
        message = gettext("expected lines of the form “key: value”")
        problems.add(first_line + node.line, message)
        return None
    return Keys(node, first_line, problems), node


def extra_lines(
    text: str, node: yaml.Mapping, known: tuple[str, ...], complain: Callable[[int, str], None]
) -> str:
    """The lines of the keys that are not `known`, as written, without comments between keys."""
    if node.flow or node.indented:
        complain(node.line, gettext("write one key per line, from the beginning of the line"))
        return ""
    lines = text.split("\n")
    starts = [key.line for key, _ in node.entries] + [len(lines)]
    extra: list[str] = []
    for (key, _), start, end in zip(node.entries, starts, starts[1:], strict=False):
        if key.value in known:
            continue
        entry = lines[start:end]
        while len(entry) > 1 and (not entry[-1].strip() or entry[-1].startswith("#")):
            entry.pop()
        extra += entry
    return "\n".join(extra)
