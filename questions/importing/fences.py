"""Where blocks of code begin and end, also those that nobody closed.

What ends them is looked up once for a file: one that only opens blocks must not take the square of
its length.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cached_property

from questions.importing.junk import BACK, LONG

FENCE = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,4}[.)])[ \t]+)*)(?P<fence>`{3,}|~{3,})(?P<info>.*)$"
)
# Behind a code block that nobody closed: the end of what holds it, or the next question.
CODE_ENDS = re.compile(
    r"\s*(?:</details|(?:\d{1,4}[.)][ \t]+#{1,6}|#{2,6}[ \t]+(?:\*\*)?Q?\d{1,4}[.)])[ \t])",
    re.IGNORECASE,
)
# Nor does this belong to code that is known to have no end.
NO_CODE = re.compile(r"\s*(?:<!--|#{2,6}[ \t]+\S)")
MAX_UNCLOSED = 400
# Lines that are looked at for the end of one fence, among those that could be one.
MAX_TRIES = 100


def opening(line: str) -> str:
    """The fence that begins in the line; else ""."""
    found = FENCE.match(line)
    if found is None or (found["fence"][0] == "`" and "`" in found["info"]):
        return ""
    return found["fence"]


class Fences:
    """The lines of one page that may close a fence, or end one that has no close.

    Lines must be asked about from the first to the last.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.closings: dict[str, list[tuple[int, int]]] = {"`": [], "~": []}
        for index, line in enumerate(lines):
            text = line.strip().lstrip("> \t")
            if text[:3] in {"```", "~~~"} and len(set(text)) == 1:
                self.closings[text[0]].append((index, len(text)))
        self.at = {"`": 0, "~": 0}

    def end(self, index: int, fence: str) -> int | None:
        """The last line of the code that `fence` begins in a line; None if nobody closed it."""
        end = self._closing(index, fence)
        return None if end is None or self._runs_over(index, end, fence) else end

    def end_of_unclosed(self, index: int) -> int:
        """The last line of code that nobody closed: before what ends it, else its first."""
        at = _next(self._unclosed_ends, index + 1)
        return index if at is None or at >= index + MAX_UNCLOSED else at - 1

    def _closing(self, index: int, fence: str) -> int | None:
        found = self.closings[fence[0]]
        at = self.at[fence[0]]
        while at < len(found) and found[at][0] <= index:
            at += 1
        self.at[fence[0]] = at
        for line, length in itertools.islice(found, at, at + MAX_TRIES):
            if length >= len(fence):
                return line
        return None

    def _runs_over(self, index: int, end: int, fence: str) -> bool:
        """Whether the fence ends where another one does, that names its language.

        It does behind what ends no code: a `</details>`, or a heading that goes on counting. Code
        about Markdown may hold fences.
        """
        left = _next(self._ends, index + 1)
        named = None if left is None else _next(self._named, left)
        if named is None or named >= end:
            return False
        found = FENCE.match(self.lines[named])
        return found is not None and found["fence"].startswith(fence)

    @cached_property
    def _ends(self) -> list[int]:
        return self._where(self._ends_code)

    @cached_property
    def _named(self) -> list[int]:
        """Fences with a language behind them."""
        return self._where(
            lambda index: bool((found := FENCE.match(self.lines[index])) and found["info"].strip())
        )

    @cached_property
    def _unclosed_ends(self) -> list[int]:
        return self._where(self._ends_unclosed)

    def _where(self, holds: Callable[[int], bool]) -> list[int]:
        return [index for index in range(1, len(self.lines)) if holds(index)]

    def _ends_code(self, index: int) -> bool:
        line = self.lines[index]
        return CODE_ENDS.match(line) is not None and (
            not self.lines[index - 1].strip() or line.lstrip().startswith("<")
        )

    def _ends_unclosed(self, index: int) -> bool:
        line = self.lines[index]
        return (
            self._ends_code(index)
            or NO_CODE.match(line) is not None
            or (len(line) <= LONG and BACK.fullmatch(line) is not None)
        )


def _next(sorted_lines: list[int], index: int) -> int | None:
    """The first of the lines from `index` on."""
    at = bisect_left(sorted_lines, index)
    return sorted_lines[at] if at < len(sorted_lines) else None
