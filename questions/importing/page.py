"""A text file as lines, and what each line is: text, code, a table, a comment, or blank.

markdown-it-py tells tables and indented code. Fences, `<pre>`, comments and `<details>` are found
by a scan of our own beforehand: a fence inside `<summary>` is HTML to a Markdown parser, and one
that is indented less than its list item ends the list.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext

from questions.importing.decoding import Source
from questions.importing.fences import Fences, opening
from questions.importing.junk import LONG
from questions.importing.limits import MAX_DEPTH, Deadline, Refused
from questions.importing.marks import CLOSING, OPENING, width_of
from questions.importing.reading import Problem
from questions.markdown import grammar

TAG = re.compile(r"<(?P<end>/?)(?P<name>details|summary)\b[^<>]*>", re.IGNORECASE)
NESTED = re.compile(r"(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])(?=[ \t>]))+|[ \t]*>+")


class Is(Enum):
    BLANK = "blank"
    TEXT = "text"
    CODE = "code"
    TABLE = "table"
    COMMENT = "comment"
    DETAILS = "details"


# A line's index and a column in it.
Place = tuple[int, int]


@dataclass
class Details:
    """A `<details>` element: where its summary and its content begin and end."""

    start: Place
    end: Place = (0, 0)
    summary: tuple[Place, Place] | None = None
    content: tuple[Place, Place] = ((0, 0), (0, 0))
    inner: list["Details"] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.start[0]

    @property
    def last(self) -> int:
        return self.end[0]


@dataclass
class Page:
    """`numbers` gives the source line of each line, counted from 1; several may share one."""

    source: Source
    lines: list[str]
    numbers: list[int]
    kinds: list[Is]
    details: list[Details]
    problems: list[Problem]

    def is_text(self, index: int) -> bool:
        return self.kinds[index] is Is.TEXT

    def is_blank(self, index: int) -> bool:
        return not self.lines[index].strip()

    def next_line(self, index: int, end: int | None = None) -> int | None:
        """The first line from `index` on that is not blank."""
        for at in range(index, len(self.lines) if end is None else end):
            if self.lines[at].strip():
                return at
        return None

    def slice(self, start: Place, end: Place) -> list[str]:
        """The text between two places, as lines."""
        lines = self.lines[start[0] : end[0] + 1]
        if not lines:
            return []
        lines[-1] = lines[-1][: end[1]]
        lines[0] = lines[0][start[1] :]
        return lines


def read_page(
    source: Source,
    deadline: Deadline,
    lines: list[str] | None = None,
    numbers: list[int] | None = None,
) -> Page:
    """
    Raises:
        Refused: for lists, quotes or `<details>` nested too deeply.
    """
    lines = source.lines if lines is None else lines
    numbers = numbers or list(range(1, len(lines) + 1))
    page = Page(source, lines, numbers, [Is.TEXT] * len(lines), [], [])
    _refuse_nesting(page)
    _mark_front_matter(page)
    _mark_code_and_comments(page, deadline)
    deadline.check()
    _find_details(page)
    _mark_blocks(page)
    deadline.check()
    return page


def _refuse_nesting(page: Page) -> None:
    indents: list[int] = []
    for index, line in enumerate(page.lines):
        run = NESTED.match(line)
        if run is None:
            if line.strip() and not line[0].isspace():
                indents.clear()
            continue
        marks = len(re.findall(r"[-+*>.)]", run[0]))
        width = width_of(line)
        while indents and indents[-1] >= width:
            indents.pop()
        indents.append(width)
        if marks > MAX_DEPTH or len(indents) > MAX_DEPTH:
            message = gettext("lists or quotes nested more than %(most)d deep") % {
                "most": MAX_DEPTH
            }
            raise Refused(page.source.path, page.numbers[index], message)


def _mark_front_matter(page: Page) -> None:
    if page.lines[0].strip() != "---":
        return
    for index in range(1, min(len(page.lines), 200)):
        line = page.lines[index]
        if line.strip() == "---":
            page.kinds[: index + 1] = [Is.COMMENT] * (index + 1)
            return
        if line.strip() and not re.match(r"[\w-]+[ \t]*:|[ \t]|#|- ", line):
            return


def _mark_code_and_comments(page: Page, deadline: Deadline) -> None:
    fences, closings = Fences(page.lines), _Closings(page.lines)
    index = 0
    while index < len(page.lines):
        deadline.check(page.numbers[index])
        line = page.lines[index]
        end = index
        if page.kinds[index] is Is.COMMENT:
            pass
        elif not line.strip():
            page.kinds[index] = Is.BLANK
        elif len(line) > LONG:
            # Nobody writes such a question: text without markers.
            page.kinds[index] = Is.CODE
        elif fence := opening(line):
            end = _end_of_fence(page, index, fence, fences)
            _mark(page, index, end, Is.CODE)
        else:
            end = _mark_html(page, index, closings)
        index = end + 1


def _end_of_fence(page: Page, index: int, fence: str, fences: Fences) -> int:
    """A fence that never ends reaches to what ends no code, or is a line of text."""
    end = fences.end(index, fence)
    if end is None:
        message = gettext("this code block has no closing fence")
        page.problems.append(Problem(page.numbers[index], message))
        end = fences.end_of_unclosed(index)
    return end


def _mark_html(page: Page, index: int, closings: "_Closings") -> int:
    """Mark a `<pre>` or a comment that begins here, and is closed; its last line."""
    line = page.lines[index]
    for begin, tag, kind in ((r"\s*<pre\b", "</pre>", Is.CODE), (r"\s*<!--", "-->", Is.COMMENT)):
        if re.match(begin, line, re.IGNORECASE):
            end = closings.first(tag, index)
            if end is not None and (
                kind is Is.CODE or not page.lines[end].split("-->", 1)[1].strip()
            ):
                _mark(page, index, end, kind)
                return end
    return index


def _mark(page: Page, first: int, last: int, kind: Is) -> None:
    for index in range(first, last + 1):
        page.kinds[index] = kind


class _Closings:
    """Where the lines are that may close a comment or a `<pre>`."""

    def __init__(self, lines: list[str]) -> None:
        self.tags: dict[str, list[int]] = {"-->": [], "</pre>": []}
        for index, line in enumerate(lines):
            for tag, found in self.tags.items():
                if tag in line:
                    found.append(index)
        self.at = {"-->": 0, "</pre>": 0}

    def first(self, tag: str, index: int) -> int | None:
        found = self.tags[tag]
        while self.at[tag] < len(found) and found[self.at[tag]] < index:
            self.at[tag] += 1
        return found[self.at[tag]] if self.at[tag] < len(found) else None


def _find_details(page: Page) -> None:
    """Pair the tags; one that never ends is text."""
    stack: list[Details] = []
    for index, line in enumerate(page.lines):
        if page.kinds[index] is not Is.TEXT or "<" not in line:
            continue
        for tag in TAG.finditer(line):
            if line.count("`", 0, tag.start()) % 2:
                continue
            _take_tag(page, stack, index, tag)
            if len(stack) > MAX_DEPTH:
                message = gettext("<details> nested more than %(most)d deep") % {"most": MAX_DEPTH}
                raise Refused(page.source.path, page.numbers[index], message)
    for lost in stack:
        number = page.numbers[lost.first]
        page.problems.append(Problem(number, gettext("this <details> has no </details>")))
        page.details += lost.inner
    page.details.sort(key=lambda details: details.start)
    for details in page.details:
        for index in range(details.first, details.last + 1):
            if page.kinds[index] is Is.TEXT:
                page.kinds[index] = Is.DETAILS


def _take_tag(page: Page, stack: list[Details], index: int, tag: re.Match[str]) -> None:
    name, closes = tag["name"].lower(), bool(tag["end"])
    if name == "details" and not closes:
        stack.append(Details((index, tag.start())))
    elif name == "summary" and stack:
        last = stack[-1]
        if not closes and last.summary is None:
            last.summary = ((index, tag.end()), (index, tag.end()))
            last.content = ((index, tag.end()), (index, tag.end()))
        elif closes and last.summary is not None and last.summary[0] == last.summary[1]:
            last.summary = (last.summary[0], (index, tag.start()))
            last.content = ((index, tag.end()), (index, tag.end()))
    elif name == "details" and stack:
        done = stack.pop()
        done.end = (index, tag.end())
        done.content = (done.content[0] if done.summary else done.start, (index, tag.start()))
        (stack[-1].inner if stack else page.details).append(done)


def _mark_blocks(page: Page) -> None:
    """Ask markdown-it for tables and indented code in what the scan left over."""
    masked = [
        line if kind in {Is.TEXT, Is.DETAILS} and not TAG.search(line) else ""
        for line, kind in zip(page.lines, page.kinds, strict=True)
    ]
    tokens = _parser.parse("\n".join(masked))
    indented: list[int] = []
    for token in tokens:
        if token.map is None:
            continue
        if token.type == "table_open":
            for index in range(*token.map):
                if page.kinds[index] is Is.TEXT:
                    page.kinds[index] = Is.TABLE
        elif token.type == "code_block":
            indented += range(*token.map)
    texts = [index for index, kind in enumerate(page.kinds) if kind is Is.TEXT]
    if len(indented) > 0.9 * max(len(texts), 1):
        # The whole file is indented, not all of it code.
        return
    for index in indented:
        if page.kinds[index] is Is.TEXT and not _is_bold(page.lines[index].strip()):
            page.kinds[index] = Is.CODE


def _is_bold(text: str) -> bool:
    """A title in costume: bold, and indented with a tab."""
    found = OPENING.match(text)
    closing = CLOSING.get(found[1].lower()) if found else None
    return closing is not None and text.endswith(closing)


_parser = grammar().disable(["inline", "text_join"])
