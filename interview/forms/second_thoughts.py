"""Reasons and replies: for a second look, its answer, a correction, an unblinding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from interview.models import Mark
from interview.models.second_looks import MOST_CHARACTERS


class Words(forms.CharField):
    """A few sentences that must be there. A paste that is too long is told, never cut."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", MOST_CHARACTERS)
        super().__init__(**options)
        self.error_messages["null_characters_not_allowed"] = _(
            "This text has an invisible character (NUL) that can’t be stored. "
            "Paste it again as plain text."
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = super().widget_attrs(widget)
        attributes.pop("maxlength", None)
        return {**attributes, "rows": 4}


class AskForm(forms.Form):
    reason = Words(
        label=_("What did your reviewer overlook?"),
        help_text=_(
            "Name the words of your answer that make the point. Reviewers don’t know who you are: "
            "don’t tell them here."
        ),
        error_messages={"required": _("Say why the mark should be looked at again.")},
    )


class AnswerLookForm(forms.Form):
    """The mark as it is from now on, and why."""

    value = forms.ChoiceField(
        label=_("The mark from now on"),
        choices=Mark.Value.choices,
        error_messages={
            "required": _("Choose a mark."),
            "invalid_choice": _("A mark is full, half or missed."),
        },
    )
    reply = Words(
        label=_("Your answer to the candidate"),
        help_text=_("Say what you looked at, and why the mark changes or stays."),
        error_messages={"required": _("Answer in words too: the candidate asked why.")},
    )


class CorrectionForm(forms.Form):
    reason = Words(
        label=_("Why do you correct it?"),
        max_length=500,
        help_text=_("The candidate reads this above the corrected review."),
        error_messages={"required": _("Give a reason: the candidate reads it.")},
    )


class UnblindForm(forms.Form):
    reason = Words(
        label=_("Reason"),
        max_length=500,
        help_text=_("Stays in the log, also after the account is gone: don’t name anybody."),
        error_messages={"required": _("Give a reason: it is logged.")},
    )


class ReadForm(forms.Form):
    """Up to when the page shows what there is to read."""

    until = forms.DateTimeField()
