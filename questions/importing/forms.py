"""What an editor says about a file: where it comes from, how to read it, what to do with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.importing.limits import MAX_BYTES
from questions.importing.pending import look_at
from questions.library.documents import InvalidLibrary
from questions.models import Import

MOST_PENDING = 20


class OriginForm(forms.ModelForm[Import]):
    """Where the questions come from."""

    source = forms.URLField(
        label=_("Source"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField"}),
        help_text=_("The web address the questions come from. Nothing is loaded from it."),
    )

    class Meta:
        model = Import
        fields: tuple[str, ...] = ("source", "licence")
        widgets = {"licence": forms.TextInput(attrs={"class": "vTextField"})}


class UploadForm(OriginForm):
    """A file, or text; what can't be read at all is refused here, with its line."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("Markdown, text, HTML, CSV, TSV, JSON or Anki’s notes in plain text; 2 MB."),
    )
    text = forms.CharField(
        label=_("Or text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 100, "class": "vLargeTextField"}),
        help_text=_("Paste it here instead."),
    )

    class Meta(OriginForm.Meta):
        fields = ("file", "text", "shape", "body_is", "source", "licence")

    def __init__(self, *args: Any, editor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.editor = editor

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("text") or ""
        if self.errors:
            return cleaned
        if (file is None) == (not text.strip()):
            self.add_error("file", gettext("Choose a file, or paste text; one of them."))
            return cleaned
        # Never more of it in memory than one byte beyond the limit.
        data = file.read(MAX_BYTES + 1) if file else text.encode()
        name = file.name if file else gettext("pasted questions") + ".md"
        self.instance.path = name[-200:]
        self.instance.data = data
        self.instance.size = len(data)
        try:
            look_at(data, self.instance.path)
        except InvalidLibrary as invalid:
            self.refuse([str(error) for error in invalid.errors])
        waiting = Import.objects.of(self.instance.editor).filter(written_at=None)
        if waiting.count() >= MOST_PENDING:
            self.add_error(None, gettext("You have 20 files that wait. Import or discard some."))
        return cleaned

    def refuse(self, errors: list[str]) -> None:
        """Say what is wrong beside the field that it is in."""
        self.add_error("file" if self.cleaned_data.get("file") else "text", errors)


class ReadAgainForm(forms.ModelForm[Import]):
    class Meta:
        model = Import
        fields = ("shape", "body_is")


class WriteForm(OriginForm):
    """`revision` is the state of the decisions that the editor sees."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RetitleForm(forms.Form):
    """Another prompt for a question, another title for the rest."""

    text = forms.CharField(
        label=_("Prompt or title"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80, "class": "vLargeTextField"}),
    )

    def clean_text(self) -> str:
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")
