"""The block structure of Markdown text: which lines are headings, lists, code, comments.

The grammar is that of `questions.markdown`, so a line is a heading here when it is one on a page.
HTML is text there, so it is here; only the comment `<!-- q … -->` is known besides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from questions.markdown import grammar

# Reading a paragraph takes time that grows with the square of its length.
MAX_PARAGRAPH = 20_000

COMMENT = re.compile(r"<!--[ \t]*q(?=\s|-->|$)")


@dataclass(frozen=True)
class Block:
    """One block at the top level: its tokens, first line, and the line after its last."""

    tokens: list[Token]
    start: int
    end: int

    @property
    def kind(self) -> str:
        """The type of the first token, such as `heading_open` or `fence`."""
        return self.tokens[0].type

    @property
    def heading(self) -> tuple[int, str] | None:
        """Level and text when the block is a heading with `#` signs."""
        first = self.tokens[0]
        if first.type != "heading_open" or not first.markup.startswith("#"):
            return None
        return int(first.tag[1]), self.tokens[1].content.strip()


def read_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    start = 0
    tokens = _parser.parse(text)
    for index, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            first = tokens[start]
            lines = first.map or [0, 0]
            blocks.append(Block(tokens[start : index + 1], lines[0], lines[1]))
            start = index + 1
    return blocks


def block_problems(
    blocks: list[Block], lines: list[str], *, headings_from: int
) -> Iterator[tuple[int, str]]:
    """What keeps text from standing between the headings of a file: line and complaint.

    Headings of a higher level than `headings_from`, a code fence without an end, a comment for a
    question in the wrong place, an image without words for those who don't see it, a paragraph
    without end.
    """
    for block in blocks:
        if block.kind == "fence" and not _is_closed(block, lines):
            yield block.start, gettext("this code block has no closing fence")
        for token in block.tokens:
            line = token.map[0] if token.map else block.start
            if token.type == "heading_open" and int(token.tag[1]) < headings_from:
                yield line, _heading_complaint(token, headings_from)
            elif token.type == "q_comment":
                message = gettext(
                    "a %(mark)s comment stands right below the heading of its question"
                )
                yield line, message % {"mark": "<!-- q -->"}
            elif token.type == "inline" and len(token.content) > MAX_PARAGRAPH:
                message = gettext("a paragraph has at most %(most)s characters")
                yield line, message % {"most": number_format(MAX_PARAGRAPH, force_grouping=True)}
            elif token.type == "inline" and "![" in token.content:
                yield from _images_without_text(token, line)


def is_too_long(text: str) -> bool:
    """Whether a paragraph of the text is longer than files have."""
    return any(
        token.type == "inline" and len(token.content) > MAX_PARAGRAPH
        for block in read_blocks(text)
        for token in block.tokens
    )


def list_items(
    blocks: list[Block], lines: list[str], start: int, end: int
) -> Iterator[tuple[int, str | None]]:
    """The items of a section that is one list of one-paragraph items: line and text.

    The lines of an item are joined with blanks. What is no such item has the text None.
    """
    lists = [block for block in blocks if block.kind in {"bullet_list_open", "ordered_list_open"}]
    covered = range(lists[0].start, lists[0].end) if lists else range(0)
    for line in range(start, end):
        if line not in covered and lines[line].strip():
            yield line, None
            return
    item: list[Token] = []
    for token in lists[0].tokens[1:-1] if lists else ():
        if token.type == "list_item_open" and token.level == 1:
            item = []
        item.append(token)
        if token.type == "list_item_close" and token.level == 1:
            yield _item(item, lines)


def text_problems(text: str, *, headings_from: int) -> list[str]:
    """What keeps `text` from standing below a heading of a file; empty when nothing does."""
    lines = text.split("\n")
    found = block_problems(read_blocks(text), lines, headings_from=headings_from)
    return [
        gettext("line %(line)d: %(message)s") % {"line": line + 1, "message": message}
        for line, message in found
    ]


def is_one_item(text: str) -> bool:
    """Whether `- text` is a list of one paragraph that says just that, as files may."""
    lines = [f"- {text}"]
    return (
        "\n" not in text
        and list(list_items(read_blocks(lines[0]), lines, 0, 1)) == [(0, text)]
        and not text_problems(lines[0], headings_from=1)
    )


def is_one_heading(text: str) -> bool:
    """Whether `## text` is a heading that says just that, as files may."""
    found = read_blocks(f"## {text}")
    is_heading = len(found) == 1 and found[0].heading == (2, text)
    return is_heading and not text_problems(f"## {text}", headings_from=1)


def references(text: str) -> Iterator[tuple[bool, str]]:
    """Every picture and link in the text: whether it is a picture, and its address."""
    for token in _inline.parse(text):
        for child in token.children or []:
            if child.type == "image":
                yield True, str(child.attrGet("src") or "")
            elif child.type == "link_open":
                yield False, str(child.attrGet("href") or "")


def is_one_link(text: str) -> bool:
    """Whether the line is a link and nothing else."""
    children = _inline.parseInline(text)[0].children or []
    kinds = [child.type for child in children]
    return kinds[:1] == ["link_open"] == [k for k in kinds if k == "link_open"] and (
        kinds[-1] == "link_close"
    )


def _item(tokens: list[Token], lines: list[str]) -> tuple[int, str | None]:
    start, end = tokens[0].map or (0, 0)
    if [token.type for token in tokens[1:-1]] != ["paragraph_open", "inline", "paragraph_close"]:
        return start, None
    first, last = tokens[1].map or (0, 0)
    # A definition such as `[name]: address` leaves no token: its line would be lost.
    if first != start or any(line.strip() for line in lines[last:end]):
        return start, None
    return start, " ".join(line.strip() for line in tokens[2].content.split("\n"))


def _is_closed(block: Block, lines: list[str]) -> bool:
    markup = re.escape(block.tokens[0].markup[0])
    length = len(block.tokens[0].markup)
    last = lines[block.end - 1]
    closing = re.fullmatch(rf" {{0,3}}{markup}{{{length},}}[ \t]*", last)
    return block.end - block.start > 1 and closing is not None


def _heading_complaint(token: Token, headings_from: int) -> str:
    wanted = "#" * headings_from
    message = (
        gettext("headings here start at %(wanted)s, not %(written)s")
        if token.markup.startswith("#")
        else gettext(
            "a line of %(written)s makes the line above a heading; headings here are written "
            "with %(wanted)s, and a rule needs a blank line above"
        )
    )
    return message % {"wanted": wanted, "written": token.markup}


def _images_without_text(token: Token, line: int) -> Iterator[tuple[int, str]]:
    for child in _inline.parseInline(token.content)[0].children or []:
        if child.type in {"softbreak", "hardbreak"}:
            line += 1
        elif child.type == "image" and not child.content.strip():
            yield line, gettext("an image needs a text in its brackets that says what it shows")


def _q_comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Rule of markdown-it: the lines from `<!-- q` to `-->` are one token."""
    if state.is_code_block(start) or not COMMENT.match(_line(state, start)):
        return False
    if silent:
        return True
    last = start
    while last < end and "-->" not in _line(state, last):
        last += 1
    state.line = min(last + 1, end)
    token = state.push("q_comment", "", 0)
    token.map = [start, state.line]
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


_inline = grammar()
_parser = grammar().disable(["inline", "text_join"])
_parser.block.ruler.before(
    "fence", "q_comment", _q_comment, {"alt": ["paragraph", "reference", "blockquote", "list"]}
)
