"""The radio buttons of a mark: a page has up to two hundred, so all but names is made once."""

from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from interview.models import Mark


def radios(name: str, chosen: str | None, ids: str = "") -> SafeString:
    """One for each mark, in the reader's language; with `ids` each has an id that begins so."""
    name, ids = escape(name), escape(ids)
    buttons = []
    for value, keyed, end in parts(get_language()):
        id_of_it = f' id="{ids}-{value}"' if ids else ""
        checked = " checked" if value == chosen else ""
        buttons.append(f'{keyed}{id_of_it} name="{name}" value="{value}"{checked}{end}')
    return SafeString("\n".join(buttons))


@lru_cache(maxsize=8)
def parts(language: str | None) -> list[tuple[str, str, str]]:
    """Of each mark its value, and what comes before and after what differs."""
    names = [(mark.value, escape(capfirst(mark.label))) for mark in Mark.Value]
    return [
        (
            value,
            f'<label><input type="radio" data-key="{value[0]}"',
            f'><span class="mark-word mark-word--{value}">{name}</span></label>',
        )
        for value, name in names
    ]
