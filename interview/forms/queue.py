"""How a reviewer narrows the queue: by set, by topic and by wait, in the page's address."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

WAITS = [
    ("", _("Any wait")),
    (24, _("A day or more")),
    (72, _("3 days or more")),
    (168, _("A week or more")),
]


class Option(NamedTuple):
    value: str | int
    label: object
    selected: str


class Select(NamedTuple):
    name: str
    label: str
    options: list[Option]


class QueueForm(forms.Form):
    """What makes no sense narrows nothing. Without `themes` it is only read, not shown."""

    set = forms.SlugField(label=_("Set"), required=False)
    topic = forms.SlugField(label=_("Topic"), required=False)
    waited = forms.TypedChoiceField(
        label=_("Has waited"), required=False, choices=WAITS, coerce=int
    )

    def __init__(self, data: QueryDict, themes: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(data, label_suffix="")
        self.themes = themes
        self.full_clean()

    @property
    def filters(self) -> dict[str, Any]:
        """For `AssignmentQuerySet.matching()`."""
        return {
            "question_set": self.cleaned_data.get("set", ""),
            "topic": self.cleaned_data.get("topic", ""),
            "hours": self.cleaned_data.get("waited") or 0,
        }

    def selects(self) -> Iterator[Select]:
        """As their template shows them: Django renders another for each option."""
        for name, first in (("set", _("All sets")), ("topic", _("All topics"))):
            titles = {"": first} | {
                slug: title for kind, slug, title in self.themes if kind == name
            }
            chosen = self.cleaned_data.get(name, "")
            # Nothing of it waits any more, or it is far back in the queue.
            titles.setdefault(chosen, chosen)
            yield self.select(name, titles)
        yield self.select("waited", dict(WAITS))

    def select(self, name: str, choices: Mapping[Any, object]) -> Select:
        selected = {self.cleaned_data.get(name) or "": " selected"}
        options = [Option(key, text, selected.get(key, "")) for key, text in choices.items()]
        return Select(name, str(self.fields[name].label), options)

    @property
    def query(self) -> str:
        """The end of an address that narrows in the same way; empty if nothing is narrowed."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""
