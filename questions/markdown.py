"""Markdown to HTML that is safe to show, and to plain text.

CommonMark with tables and strikethrough. HTML in the source is text: `<port>` stays visible.
What comes out passes an allow-list besides, so a fault in a rule below can't let a script through.
"""

import posixpath
import re
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import unquote

import nh3
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

from questions.rendered import Rendered

# Names behind ``` whose code gets colours; every other stays as it is.
LANGUAGES = frozenset(
    [
        *("bash", "sh", "shell", "console", "shell-session", "powershell", "makefile", "nginx"),
        *("yaml", "yml", "json", "toml", "ini", "terraform", "hcl", "dockerfile", "docker", "diff"),
        *("go", "python", "py", "javascript", "js", "java", "ruby", "rust", "c", "cpp", "groovy"),
        *("sql", "promql", "protobuf", "http", "xml", "html", "css"),
    ]
)
# What each process keeps of what it has rendered: the bundled library is a sixth of it.
MOST_KEPT = 16_000_000  # bytes
# Colouring a page of code costs milliseconds, a book of it seconds.
MAX_COLOURED = 20_000

# The page of another file of the library, by the address that works on a Git host too.
LIBRARY_FILE = re.compile(
    r"\.\./(?P<folder>sets|stories|notes)/(?P<id>[-\w]+)\.md(?:#(?P<part>[-\w]+))?", re.ASCII
)
HAS_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
URL_NAMES = {"sets": "set", "stories": "story", "notes": "note"}

INLINE_TAGS = {"em", "strong", "s", "code", "br", "span"}
BLOCK_TAGS = {"p", "hr", "blockquote", "ul", "ol", "li", "pre", "div", "img", "a"} | {
    *("h1", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
# A picture's path in the folder of the library.
MAX_PATH = 200
UNFIT_FOR_PATHS = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")
WORDS = {"text", "text_special", "code_inline", "fence", "code_block", "image"}
SCHEMES = {"http", "https", "mailto"}

_cleaner = nh3.Cleaner(
    tags=INLINE_TAGS | BLOCK_TAGS,
    clean_content_tags=set(),
    attributes={
        "a": {"href", "title", "rel"},
        "img": {"src", "alt", "title", "loading"},
        "ol": {"start"},
        "code": {"class"},
        "span": {"class"},
        "pre": {"tabindex"},
        "div": {"class", "tabindex", "role", "aria-label"},
        "th": {"class", "scope"},
        "td": {"class"},
    },
    link_rel=None,
    url_schemes=SCHEMES,
)
_line_cleaner = nh3.Cleaner(
    tags=INLINE_TAGS, clean_content_tags=set(), attributes={}, link_rel=None
)


def grammar() -> MarkdownIt:
    """A parser for the Markdown that the library is written in."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def render(text: str, *, heading_level: int = 2, folder: str = "sets") -> SafeString:
    """`text` as HTML.

    The outermost headings become `heading_level` (1 to 6), the next ones the level below, so that
    the outline of the page has no gaps whatever the source used. Pictures are found from `folder`,
    where the text's file lies among those of the library; of a picture outside of these its words
    are shown.
    """
    # Words in it, such as a table's name, are in the reader's language.
    made_from = (text, heading_level, folder, get_language())
    html = _rendered.of(*made_from, make=lambda: _render(text, heading_level, folder))
    return mark_safe(html)  # noqa: S308 -- cleaned by nh3


def render_line(text: str) -> SafeString:
    """One line, such as a prompt or a key point, as HTML without links."""
    html = _rendered.of(text, make=lambda: _render_line(text))
    return mark_safe(html)  # noqa: S308 -- cleaned by nh3


def picture_path(address: str, folder: str) -> str:
    """The path of a picture in the library's folder, as a file in its `folder` names it.

    Empty where the address leads out of it, or can't be a path.
    """
    name = unquote(address)
    if _is_elsewhere(name) or name.startswith("/") or UNFIT_FOR_PATHS.search(name):
        return ""
    path = posixpath.normpath(posixpath.join(folder, name))
    fits = len(path) <= MAX_PATH and not path.startswith("..") and path != "."
    return path if fits else ""


def plain(text: str) -> str:
    """The words of `text` without markup, in one line: for descriptions and search."""
    words: list[str] = []
    _collect_words(_markdown.parse(text), words)
    return " ".join("".join(words).split())


def _render(text: str, heading_level: int, folder: str) -> str:
    env = {"heading_level": heading_level, "folder": folder}
    return _cleaner.clean(str(_markdown.render(text, env)))


def _render_line(text: str) -> str:
    return _line_cleaner.clean(str(_markdown.renderInline(text, {}))).replace("\n", " ")


def _collect_words(tokens: Sequence[Token], words: list[str]) -> None:
    for token in tokens:
        if token.children and token.type != "image":
            _collect_words(token.children, words)
        elif token.type in WORDS:
            words.append(token.content)
        elif (
            token.nesting <= 0
            and token.type not in {"inline", "em_close", "strong_close"}
            and (token.block or token.type in {"softbreak", "hardbreak"})
        ):
            words.append(" ")


# Rules for markdown-it. `env` is what `_render` made; a line is rendered with an empty one.

Env = MutableMapping[str, Any]


def _nest_headings(state: StateCore) -> None:
    outer: list[int] = []
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while outer and outer[-1] >= level:
                outer.pop()
            outer.append(level)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(state.env.get('heading_level', 2) + len(outer) - 1, 6)}"


def _code(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    code, words = tokens[index].content, tokens[index].info.split()
    language = words[0].lower() if words else ""
    if language in LANGUAGES and len(code) <= MAX_COLOURED:
        html = highlight(code, _lexer(language), HtmlFormatter(nowrap=True))
        opening = f'<code class="language-{language}">'
    else:
        html, opening = escapeHtml(code), "<code>"
    return f'<div class="code"><pre tabindex="0">{opening}{html}</code></pre></div>\n'


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


def _link_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    token = tokens[index]
    href = str(token.attrGet("href") or "")
    token.attrSet("href", _library_url(href) or href)
    if _is_elsewhere(href):
        # The library may have been imported: its links are no recommendation of this site.
        token.attrSet("rel", "nofollow noopener")
    return self.renderToken(tokens, index, options, env)


def _library_url(href: str) -> str:
    match = LIBRARY_FILE.fullmatch(href)
    if match is None:
        return ""
    name, arguments = URL_NAMES[match["folder"]], [match["id"]]
    if match["part"] and name == "set":
        name, arguments = "question", [match["id"], match["part"]]
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def _is_elsewhere(href: str) -> bool:
    return HAS_SCHEME.match(href) is not None or re.match(r"[/\\]{2}", href) is not None


def _image(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    token = tokens[index]
    source, words = str(token.attrGet("src") or ""), escapeHtml(token.content)
    if re.match(r"(?i:https?)://", source):
        links = [other.type for other in tokens[:index]]
        if links.count("link_open") > links.count("link_close"):
            return words
        return f'<a href="{escapeHtml(source)}" rel="nofollow noopener">{words or "↗"}</a>'
    path = picture_path(source, env["folder"]) if "folder" in env else ""
    if not path:
        return words
    return f'<img src="{reverse("picture", args=[path])}" alt="{words}" loading="lazy">'


def _table_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    columns = []
    for token in tokens[index:]:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            words: list[str] = []
            _collect_words([token], words)
            columns.append("".join(words).strip())
    name = gettext("Table: %(columns)s") % {"columns": ", ".join(filter(None, columns))}
    # No region: those of one page need names that differ, and a page shows many texts.
    label = escapeHtml(name)
    return f'<div class="table-scroll" tabindex="0" role="group" aria-label="{label}"><table>\n'


def _table_close(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    return "</table></div>\n"


def _cell_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Env
) -> str:
    # markdown-it aligns with an inline style, which the Content-Security-Policy forbids.
    token = tokens[index]
    attributes = ' class="number"' if token.attrs.pop("style", "") == "text-align:right" else ""
    if token.tag == "th" and tokens[index + 1].content:
        attributes += ' scope="col"'
    elif token.tag == "th":
        # The corner above a column of names heads nothing.
        token.tag = tokens[index + 2].tag = "td"
    return f"<{token.tag}{attributes}>"


def _renderer() -> MarkdownIt:
    markdown = grammar()
    markdown.core.ruler.push("nest_headings", _nest_headings)
    rules = {
        "fence": _code,
        "code_block": _code,
        "link_open": _link_open,
        "image": _image,
        "table_open": _table_open,
        "table_close": _table_close,
        "th_open": _cell_open,
        "td_open": _cell_open,
    }
    for name, rule in rules.items():
        markdown.add_render_rule(name, rule)
    return markdown


_markdown = _renderer()
_rendered = Rendered(MOST_KEPT)
