"""What a candidate sends in an interview: a text, a finish, marks for themselves."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes
from uuid import UUID

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from interview import clock
from interview.models import Answer, Mark
from interview.models.saved_text import MOST_CHARACTERS
from interview.saving import Save
from questions.models import VersionKeyPoint

LARGEST_INTEGER = 2**31 - 1  # of the database's columns
LARGEST_SMALL_INTEGER = 2**15 - 1


class PlainText(forms.CharField):
    """Text as it was typed: outer spaces stay, each end of line counts as one character."""

    widget = forms.Textarea
    default_error_messages = {
        "invalid": _("This text isn’t valid UTF-8, so it can’t be stored. Type it anew."),
        "too_long": _("This text has %(length)s characters; %(most)s fit. Shorten it by %(over)s."),
        "missing": _("No text arrived, so nothing was stored. Save it again."),
        "nul": _(
            "This text has an invisible character (NUL) that can’t be stored. "
            "Paste it again as plain text."
        ),
    }

    def __init__(self, most_characters: int = MOST_CHARACTERS, **options: Any) -> None:
        super().__init__(strip=False, required=False, **options)
        self.most_characters = most_characters

    def to_python(self, value: Any) -> str:
        if value is None:
            raise forms.ValidationError(self.error_messages["missing"], code="missing")
        if not isinstance(value, str) or not is_encodable(value):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        if "\0" in value:
            raise forms.ValidationError(self.error_messages["nul"], code="nul")
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.most_characters:
            over = len(text) - self.most_characters
            message = self.error_messages["too_long"] % {
                "length": f"{len(text):,}",
                "most": f"{self.most_characters:,}",
                "over": f"{over:,}",
            }
            raise forms.ValidationError(message, code="too_long")
        return text


def is_encodable(text: str) -> bool:
    """Whether UTF-8 can say it: half a surrogate pair, from JSON or a script, it can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class SaveForm(forms.Form):
    """A text, and from where its page knows the answer (Rules of saving, 2)."""

    text = PlainText()
    base = forms.IntegerField(min_value=0, max_value=LARGEST_INTEGER, widget=forms.HiddenInput)
    writer = forms.UUIDField(widget=forms.HiddenInput)
    sequence = forms.IntegerField(min_value=1, max_value=LARGEST_INTEGER, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        if {"base", "writer", "sequence"} & set(self.errors):
            self.add_error(
                None, _("What the page sent beside your text could not be read. Save it again.")
            )
        return self.cleaned_data

    @property
    def save(self) -> Save:
        return Save(**self.cleaned_data)

    @property
    def complaints(self) -> list[str]:
        """The sentences for people: what is wrong with the text, or with the rest."""
        return [*self.errors.get("text", []), *self.non_field_errors()]


JSON, FORM = "application/json", "application/x-www-form-urlencoded"
CONTENT_TYPES = {JSON, FORM, "multipart/form-data", ""}
"""How a save may come; the last is an empty one. From any other type no text is read."""


TEXT = PlainText()
ODD = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading JSON raises that is none, or is something else than was expected."""


def scripted_save(request: HttpRequest) -> Save | None:
    """What a page's script sent, read without a form, which costs more than all else of a save.

    None for whatever is not just what our script sends: `sent_save()` says what is wrong with it.
    """
    if request.content_type != JSON:
        return None
    try:
        data = json.loads(request.body)
        base, sequence = data["base"], data["sequence"]
        if type(base) is not int or not 0 <= base <= LARGEST_INTEGER:
            return None
        if type(sequence) is not int or not 1 <= sequence <= LARGEST_INTEGER:
            return None
        return Save(TEXT.to_python(data["text"]), base, UUID(data["writer"]), sequence)
    except (forms.ValidationError, *ODD):
        return None


def sent_save(request: HttpRequest) -> SaveForm:
    """The form of a save that came as JSON from a script, or as a plain form.

    Broken UTF-8 is an error here, where Django would replace it. Of a form in parts, which no page
    of ours sends, only what it was replaced with is left to look at.
    """
    if request.content_type == JSON:
        try:
            data = json.loads(request.body)
        except (ValueError, RecursionError):
            data = {}
        return SaveForm(data if isinstance(data, dict) else {})
    form = SaveForm(request.POST)
    if request.content_type == FORM:
        broken = not is_utf_8(unquote_to_bytes(request.body))
    else:
        broken = "\N{REPLACEMENT CHARACTER}" in request.POST.get("text", "")
    if broken:
        form.add_error("text", form.fields["text"].error_messages["invalid"])
    return form


def is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


class ExtendForm(forms.Form):
    """Five minutes more: how many extensions the page knows of, and which question it shows."""

    extensions = forms.IntegerField(min_value=0, max_value=clock.MOST_EXTENSIONS)
    question = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_SMALL_INTEGER)

    @property
    def known(self) -> int | None:
        """None if what was sent is no number of extensions."""
        return self.cleaned_data["extensions"] if self.is_valid() else None

    @property
    def question_shown(self) -> int | None:
        """Also where nothing is added: its text comes along."""
        return None if "question" in self.errors else self.cleaned_data["question"]


class HistoryForm(forms.Form):
    """Which version is asked for; none is the newest."""

    revision = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)


class RestoreForm(forms.Form):
    """What stood when the page was made, on which an earlier text is taken back."""

    base = forms.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class FinishForm(forms.Form):
    ask_for_review = forms.BooleanField(
        label=_("Ask for a review"),
        required=False,
        help_text=_("A reviewer reads your answers, marks each key point and comments on them."),
    )


@dataclass(frozen=True)
class QuestionToMark:
    answer: Answer
    points: Sequence[tuple[VersionKeyPoint, forms.BoundField]]

    @property
    def unmarked(self) -> list[forms.BoundField]:
        return [field for _point, field in self.points if field.errors]


class SelfScoreForm(forms.Form):
    """A mark for each key point of each answer, chosen by the candidate.

    Where nothing was written, *missed* is chosen already; so are the marks of `before`, by the
    answer's id and the key.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        answers: Sequence[Answer],
        before: Mapping[tuple[int, str], str] | None = None,
    ) -> None:
        super().__init__(data)
        self.answers = answers
        for answer in answers:
            initial = None if answer.text.strip() else Mark.Value.MISSED
            for point in answer.question_version.key_points:
                self.fields[field_name(answer, point.key)] = forms.ChoiceField(
                    label=point.text,
                    initial=(before or {}).get((answer.pk, point.key), initial),
                    choices=Mark.Value.choices,
                    widget=forms.RadioSelect,
                    error_messages={
                        "required": _("Choose a mark."),
                        "invalid_choice": _("Choose a mark."),
                    },
                )

    @property
    def questions(self) -> list["QuestionToMark"]:
        """For the page: each answer with its key points and their fields."""
        return [
            QuestionToMark(
                answer,
                [
                    (point, self[field_name(answer, point.key)])
                    for point in answer.question_version.key_points
                ],
            )
            for answer in self.answers
        ]

    @property
    def marks(self) -> dict[int, dict[str, str]]:
        """What was chosen, by position and key."""
        return {
            answer.position: {
                point.key: self.cleaned_data[field_name(answer, point.key)]
                for point in answer.question_version.key_points
            }
            for answer in self.answers
        }


def field_name(answer: Answer, key: str) -> str:
    return f"mark-{answer.position}-{key}"
