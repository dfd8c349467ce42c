"""The radio buttons of a mark: a page has up to two hundred, so all but names is made once."""

from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from interview.models import Mark


def radios(name: str, chosen: str | None, ids: str = "") -> SafeString:
    """One for each mark, in the reader's language.

    Each has an id that begins with `ids`, for links; without, its key on the keyboard.
    """
    name, ids = escape(name), escape(ids)
    buttons = []
    for value, end in parts(get_language()):
        found_by = f'id="{ids}-{value}"' if ids else f'data-key="{value[0]}"'
        checked = " checked" if value == chosen else ""
        buttons.append(
            f'<label><input type="radio" {found_by} name="{name}" value="{value}"{checked}{end}'
        )
    return SafeString("\n".join(buttons))


@lru_cache(maxsize=8)
def parts(language: str | None) -> list[tuple[str, str]]:
    """Of each mark its value, and what comes after what differs."""
    names = [(mark.value, escape(capfirst(str(mark.label)))) for mark in Mark.Value]
    return [
        (value, f'><span class="mark-word mark-word--{value}">{name}</span></label>')
        for value, name in names
    ]
