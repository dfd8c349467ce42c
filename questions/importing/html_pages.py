"""An HTML page as Markdown lines that know the line they came from."""

import re
from html.parser import HTMLParser

from django.utils.translation import gettext

from questions.importing.decoding import Source
from questions.importing.limits import MAX_DEPTH, Refused

SKIPPED = {
    "script",
    "style",
    "head",
    "nav",
    "footer",
    "noscript",
    "template",
    "svg",
    "form",
    "aside",
    "button",
}
BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "blockquote",
    "figure",
    "dl",
    "center",
    "body",
    "tbody",
    "thead",
}
INLINE = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "kbd": "`"}


def is_html(source: Source) -> bool:
    """Whether the file is a page: by its name, or because it begins like one."""
    if source.suffix in {".html", ".htm", ".xhtml"}:
        return True
    if re.match(r"\s*(?:<!doctype html|<html\b)", source.text, re.IGNORECASE):
        return True
    # A page in a Markdown file: its lists are of HTML, and nothing in it is of Markdown.
    items = len(ITEM.findall(source.text))
    return items >= 5 and MARKDOWN.search(source.text) is None


ITEM = re.compile(r"^[ \t]*<(?:li|h[1-6]|dt)\b", re.IGNORECASE | re.MULTILINE)
MARKDOWN = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,4}[.)][ \t]|```|~~~|<details|\|.*\|)",
    re.IGNORECASE | re.MULTILINE,
)


def to_page_lines(source: Source) -> tuple[list[str], list[int]]:
    """The page's lines in Markdown, and the source line of each.

    Raises:
        Refused: for elements nested too deeply.
    """
    writer = _Writer(source)
    writer.feed(source.text)
    writer.close()
    writer.end_line()
    return writer.lines or [""], writer.numbers or [1]


class _Writer(HTMLParser):
    def __init__(self, source: Source) -> None:
        super().__init__(convert_charrefs=True)
        self.source = source
        self.lines: list[str] = []
        self.numbers: list[int] = []
        self.line = ""
        self.begin = 0
        self.skipping = 0
        self.lists: list[int] = []
        self.pre = False
        self.links: list[str] = []
        self.row: list[str] | None = None
        self.rows = 0
        self.item = ""
        self.opened: list[str] = []

    # Lines.

    def write(self, text: str) -> None:
        if not self.line:
            self.begin = self.getpos()[0]
        self.line += text

    def end_line(self) -> None:
        text = self.line.rstrip() if not self.pre else self.line
        if text.strip() or self.pre:
            self.lines.append(text)
            self.numbers.append(self.begin or self.getpos()[0])
        self.line = ""

    def blank(self) -> None:
        self.end_line()
        if self.row is None and self.lines and self.lines[-1]:
            self.lines.append("")
            self.numbers.append(self.getpos()[0])

    # What HTMLParser calls.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SKIPPED:
            self.skipping += 1
        if self.skipping:
            return
        self.deeper(tag)
        method = getattr(self, f"open_{tag}", None)
        if method is not None:
            method(dict(attrs))
        elif tag in BLOCKS and not self.lists:
            self.blank()
        elif re.fullmatch("h[1-6]", tag):
            self.blank()
            self.write("#" * int(tag[1]) + " ")
        elif tag in INLINE and not self.pre:
            self.write(INLINE[tag])

    def deeper(self, tag: str) -> None:
        if tag in {"ul", "ol", "div", "blockquote", "details", "table", "span"}:
            self.opened.append(tag)
        if len(self.opened) > 4 * MAX_DEPTH or len(self.lists) > MAX_DEPTH:
            message = gettext("elements nested more than %(most)d deep") % {"most": MAX_DEPTH}
            raise Refused(self.source.path, self.getpos()[0], message)

    def handle_endtag(self, tag: str) -> None:
        if tag in SKIPPED:
            self.skipping = max(0, self.skipping - 1)
            return
        if self.skipping:
            return
        if tag in self.opened[-1:]:
            self.opened.pop()
        method = getattr(self, f"close_{tag}", None)
        if method is not None:
            method()
        elif (tag in BLOCKS and not self.lists) or re.fullmatch("h[1-6]", tag):
            self.blank()
        elif tag in INLINE and not self.pre:
            self.close_inline(INLINE[tag])

    def close_inline(self, mark: str) -> None:
        text = self.line.rstrip()
        if text.endswith(mark) and text.count(mark) % 2:
            self.line = text.removesuffix(mark)
            return
        tail = self.line[len(text) :]
        self.line = f"{text}{mark}{tail}"

    def handle_data(self, data: str) -> None:
        if self.skipping:
            return
        if self.pre:
            self.write_code(data)
            return
        text = re.sub(r"\s+", " ", data)
        if not self.line.strip() or self.line.endswith((" ", "# ")):
            text = text.lstrip()
        if text:
            self.write(text)

    def write_code(self, data: str) -> None:
        number = self.getpos()[0]
        for at, text in enumerate(data.split("\n")):
            if at:
                self.end_line()
            self.begin = number + at
            self.line += text

    # Elements with more to do.

    def open_br(self, attrs: dict[str, str | None]) -> None:
        if self.row is None:
            indent = re.match(r"\s*", self.line)
            lead = indent[0] if indent else ""
            self.end_line()
            self.line = lead + ("  " if self.lists else "")
            self.begin = self.getpos()[0]

    def open_hr(self, attrs: dict[str, str | None]) -> None:
        self.blank()

    def open_ul(self, attrs: dict[str, str | None]) -> None:
        self.begin_list(0)

    def open_ol(self, attrs: dict[str, str | None]) -> None:
        start = attrs.get("start") or "1"
        self.begin_list(int(start) if start.isdigit() and len(start) < 5 else 1)

    def begin_list(self, number: int) -> None:
        self.end_line() if self.lists else self.blank()
        self.lists.append(number)
        self.deeper("li")

    def close_ul(self) -> None:
        self.end_line()
        if self.lists:
            self.lists.pop()
        if not self.lists:
            self.blank()

    close_ol = close_ul

    def open_li(self, attrs: dict[str, str | None]) -> None:
        self.end_line()
        depth = max(len(self.lists) - 1, 0)
        number = self.lists[-1] if self.lists else 0
        self.write("    " * depth + (f"{number}. " if number else "- "))
        if number:
            self.lists[-1] += 1

    def close_li(self) -> None:
        self.end_line()

    def open_p(self, attrs: dict[str, str | None]) -> None:
        if self.lists and not self.line.strip(" -.0123456789"):
            return
        self.blank()
        if self.lists:
            self.write("    " * len(self.lists))

    def close_p(self) -> None:
        self.end_line() if self.lists else self.blank()

    def open_pre(self, attrs: dict[str, str | None]) -> None:
        self.blank()
        self.write("```")
        self.end_line()
        self.pre = True

    def close_pre(self) -> None:
        if self.line:
            self.end_line()
        self.pre = False
        self.write("```")
        self.blank()

    def open_a(self, attrs: dict[str, str | None]) -> None:
        href = attrs.get("href") or ""
        self.links.append(href)
        if href and not self.pre:
            self.write("[")

    def close_a(self) -> None:
        href = self.links.pop() if self.links else ""
        if href and not self.pre:
            self.line = self.line.rstrip() + f"]({href})"

    def open_img(self, attrs: dict[str, str | None]) -> None:
        if attrs.get("src"):
            self.write(f"![{attrs.get('alt') or 'image'}]({attrs['src']})")

    def open_dt(self, attrs: dict[str, str | None]) -> None:
        self.blank()
        self.write("###### ")

    def close_dt(self) -> None:
        self.blank()

    def open_dd(self, attrs: dict[str, str | None]) -> None:
        self.blank()

    close_dd = close_dt

    def open_details(self, attrs: dict[str, str | None]) -> None:
        self.blank()
        self.write("<details>")
        self.end_line()

    def close_details(self) -> None:
        self.blank()
        self.write("</details>")
        self.blank()

    def open_summary(self, attrs: dict[str, str | None]) -> None:
        self.end_line()
        self.write("<summary>")

    def close_summary(self) -> None:
        self.write("</summary>")
        self.blank()

    def open_tr(self, attrs: dict[str, str | None]) -> None:
        if self.row is None:
            self.end_line() if self.rows else self.blank()
            self.row = []

    def open_td(self, attrs: dict[str, str | None]) -> None:
        if self.row is not None:
            self.line = ""

    open_th = open_td

    def close_td(self) -> None:
        if self.row is not None:
            self.row.append(self.line.strip().replace("|", "\\|"))
            self.line = ""

    close_th = close_td

    def close_tr(self) -> None:
        if self.row is None:
            return
        row, self.row = self.row, None
        self.write("| " + " | ".join(row) + " |")
        self.end_line()
        if not self.rows:
            self.write("|" + " --- |" * len(row))
            self.end_line()
        self.rows += 1

    def close_table(self) -> None:
        self.row, self.rows = None, 0
        self.blank()
