"""HTML that people write in Markdown answers, as Markdown. Code and tables stay as they are."""

import re

from questions.importing.fences import FENCE

# More HTML than this stays as it is: looking for the ends of tags takes time with the square.
MAX_TAGS = 1_000
MAX_LENGTH = 100_000

# Where two quantifiers could share characters the first is possessive, or the time for a long line
# grows with a high power of its length.
SPANS = re.compile(r"(?<!`)(`++)(.+?)(?<!`)\1(?!`)", re.DOTALL)
PAIRS = {
    "b": "**",
    "strong": "**",
    "i": "*",
    "em": "*",
    "code": "`",
    "kbd": "`",
    "tt": "`",
    "samp": "`",
    "s": "~~",
    "del": "~~",
    "strike": "~~",
}
PAIR = re.compile(
    r"<(b|strong|i|em|code|kbd|tt|samp|s|del|strike)\b[^<>]*>(.*?)</\1\s*>", re.I | re.S
)
BREAK = re.compile(r"<br\s*/?>[ \t]*", re.I)
LINK = re.compile(
    r"<a\b(?>[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s<>]+)[\"']?)[^<>]*>(.*?)</a\s*>", re.I | re.S
)
IMAGE = re.compile(r"<img\b[^<>]*>", re.I)
ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.I)
DROPPED = re.compile(
    r"</?(?:p|div|center|span|font|u|section|article|small|big|details|figure|picture|source|figcaption)"
    r"(?:\s[^<>]*)?/?>|<a\s+(?:name|id)\s*=[^<>]*>(?:\s*</a>)?|<!--.*?-->",
    re.I | re.S,
)
SUMMARY = re.compile(r"<summary\b[^<>]*>(.*?)</summary\s*>", re.I | re.S)
TABLE = re.compile(r"<table\b.*?</table\s*>", re.I | re.S)
LIST = re.compile(r"</?(?:ul|ol|li|h[1-6]|blockquote|pre)\b[^<>]*>", re.I)


def to_markdown(text: str) -> str:
    """`text` with its HTML as Markdown, outside of code and Markdown tables.

    A tag that means nothing here stays, and is shown as text.
    """
    if "<" not in text:
        return text
    return "\n".join(_convert(part) if converts else part for converts, part in _parts(text))


def _parts(text: str) -> list[tuple[bool, str]]:
    """The text in runs of lines, with whether they are neither code nor table."""
    parts: list[tuple[bool, list[str]]] = []
    fence = ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        inside = bool(fence)
        if fence:
            stripped = line.strip().lstrip("> \t")
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                fence = ""
        elif found is not None and not (found["fence"][0] == "`" and "`" in found["info"]):
            fence = found["fence"]
            inside = True
        converts = not inside and not line.lstrip().startswith("|")
        if not parts or parts[-1][0] != converts:
            parts.append((converts, []))
        parts[-1][1].append(line)
    return [(converts, "\n".join(lines)) for converts, lines in parts]


def _convert(text: str) -> str:
    if text.count("<") > MAX_TAGS or len(text) > MAX_LENGTH:
        return text
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"\x00{len(kept) - 1}\x00"

    text = SPANS.sub(keep, text)
    text = TABLE.sub(lambda match: table(match[0]), text)
    text = SUMMARY.sub(lambda match: f"\n**{match[1].strip()}**\n", text)
    text = IMAGE.sub(_image, text)
    text = LINK.sub(lambda match: f"[{match[2].strip()}]({match[1]})", text)
    for _ in range(3):
        before = text
        text = PAIR.sub(_pair, text)
        if text == before:
            break
    text = BREAK.sub("\n", text)
    text = DROPPED.sub("", text)
    text = _lists(text)
    return re.sub(r"\x00(\d+)\x00", lambda match: kept[int(match[1])], text)


def _pair(match: re.Match[str]) -> str:
    mark, inner = PAIRS[match[1].lower()], match[2]
    if not inner.strip() or "\n\n" in inner or (mark == "`" and "`" in inner):
        return inner
    if mark == "`":
        inner = unescape(inner)
    lead = inner[: len(inner) - len(inner.lstrip())]
    trail = inner[len(inner.rstrip()) :]
    return f"{lead}{mark}{inner.strip()}{mark}{trail}"


def unescape(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, character)
    return text


def _image(match: re.Match[str]) -> str:
    found = {name.lower(): a or b or c for name, a, b, c in ATTRIBUTE.findall(match[0])}
    return f"![{found.get('alt') or 'image'}]({found['src']})" if found.get("src") else ""


def _lists(text: str) -> str:
    text = re.sub(r"<li\b[^<>]*>[ \t]*", "\n- ", text, flags=re.I)
    text = re.sub(r"[ \t]*</li\s*>|</?[uo]l\b[^<>]*>", "", text, flags=re.I)
    text = re.sub(r"<h[1-6]\b[^<>]*>(.*?)</h[1-6]\s*>", r"\n#### \1\n", text, flags=re.I)
    return re.sub(r"<pre\b[^<>]*>(.*?)</pre\s*>", _pre, text, flags=re.I | re.S)


def _pre(match: re.Match[str]) -> str:
    code = unescape(re.sub(r"</?code\b[^<>]*>", "", match[1])).strip("\n")
    return f"\n```\n{code}\n```\n"


def table(html: str) -> str:
    """An HTML table as a Markdown table; unchanged when it has no rows."""
    rows = []
    for row in re.findall(r"<tr\b[^<>]*>(.*?)(?=</tr|<tr\b|</table)", html, re.I | re.S):
        cells = re.findall(r"<t[hd]\b[^<>]*>(.*?)(?=</t[hd]|<t[hd]\b|$)", row, re.I | re.S)
        rows.append([" ".join(cell.split()).replace("|", "\\|") for cell in cells])
    rows = [row for row in rows if row]
    if not rows:
        return html
    width = max(map(len, rows))
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return "\n\n" + "\n".join(lines) + "\n\n"


def strip_wrappers(text: str) -> str:
    """Without the tags that only open or close something at the edges of a text."""
    lines = text.split("\n")
    while lines and not (lines[0] and _edge(lines[0])).strip():
        lines.pop(0)
    while lines and not (lines[-1] and _edge(lines[-1])).strip():
        lines.pop()
    return "\n".join(lines)


def _edge(line: str) -> str:
    return re.sub(
        r"<br\s*/?>|</?(?:p|b|i|div|center|strong|em)(?:\s[^<>]*)?>", "", line, flags=re.I
    )
