"""`{% load markdown %}`: the library's Markdown in templates."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from questions.markdown import plain, render, render_line

register = template.Library()

LANGUAGE = "en"
"""Of the library. A page in another one says so where the library speaks (WCAG 3.1.2)."""


@register.filter
def markdown(text: str, heading_level: int = 2) -> SafeString:
    """`text` of a set or its questions as HTML, its highest headings at `heading_level`."""
    return render(text, heading_level=heading_level)


@register.simple_tag
def markdown_from(folder: str, text: str, heading_level: int) -> SafeString:
    """`text` as HTML, of a file that lies in `folder`: its pictures are found from there."""
    return render(text, heading_level=heading_level, folder=folder)


@register.filter
def markdown_line(text: str) -> SafeString:
    """One line, such as a prompt or a key point, as HTML without links."""
    line = render_line(text)
    return line if get_language() == LANGUAGE else format_html('<span lang="en">{}</span>', line)


@register.filter
def markdown_plain(text: str) -> str:
    """The words of `text` alone, for titles and descriptions."""
    return plain(text)
