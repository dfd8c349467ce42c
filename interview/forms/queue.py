"""How a reviewer narrows the queue: by set, by topic and by wait, in the page's address."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

WAITS = [
    ("", _("Any wait")),
    (24, _("A day or more")),
    (72, _("3 days or more")),
    (168, _("A week or more")),
]


OPTION = '<option value="{}"{}>{}</option>'


class Select(NamedTuple):
    name: str
    label: str
    options: SafeString


class QueueForm(forms.Form):
    """What makes no sense narrows nothing. Without `themes` it is only read, not shown."""

    set = forms.SlugField(label=_("Set"), required=False)
    topic = forms.SlugField(label=_("Topic"), required=False)
    waited = forms.TypedChoiceField(
        label=_("Has waited"), required=False, choices=WAITS, coerce=int
    )

    def __init__(self, data: QueryDict, themes: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(data, label_suffix="")
        self.full_clean()
        for name, all_of_them in (("set", _("All sets")), ("topic", _("All topics"))):
            choices = [(slug, title) for kind, slug, title in themes if kind == name]
            chosen = self.cleaned_data.get(name, "")
            if chosen and chosen not in dict(choices):
                # Nothing of it waits any more, or it is far back in the queue.
                choices.append((chosen, chosen))
            self.fields[name].widget = forms.Select(choices=[("", all_of_them), *choices])

    @property
    def filters(self) -> dict[str, Any]:
        """For `AssignmentQuerySet.matching()`."""
        return {
            "question_set": self.cleaned_data.get("set", ""),
            "topic": self.cleaned_data.get("topic", ""),
            "hours": self.cleaned_data.get("waited") or 0,
        }

    def selects(self) -> Iterator[Select]:
        """As their template shows them. Django renders a template more for each option."""
        for name, field in self.fields.items():
            chosen = str(self.cleaned_data.get(name) or "")
            choices: Any = field.widget.choices
            selected = {chosen: SafeString(" selected")}
            options = ((key, selected.get(str(key), ""), text) for key, text in choices)
            yield Select(name, str(field.label), format_html_join("", OPTION, options))

    @property
    def query(self) -> str:
        """The end of an address that narrows in the same way; empty if nothing is narrowed."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""
