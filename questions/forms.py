"""Input for the library. What a form accepts, a file of the library can say as well."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.library.blocks import MAX_PARAGRAPH, is_one_heading, is_one_item, text_problems
from questions.library.documents import SetDocument
from questions.library.front_matter import Problems, extra_lines, read_keys, url_problem
from questions.library.parsing import read_source
from questions.models import (
    KeyPoint,
    Note,
    Question,
    QuestionSet,
    Status,
    Story,
    forbids_adaptation,
)


class MarkdownField(forms.CharField):
    """Markdown that may stand in a file where headings start at `headings_from`.

    Line ends become line feeds, so that a text sent back unchanged is unchanged.
    """

    def __init__(self, *, headings_from: int, rows: int = 12, **kwargs: Any) -> None:
        self.headings_from = headings_from
        kwargs = {"help_text": _("Markdown.")} | kwargs | {"strip": False, "required": False}
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "cols": 100}), **kwargs)

    def to_python(self, value: Any) -> str:
        lines = (super().to_python(value) or "").replace("\r\n", "\n").split("\n")
        while lines and not lines[0].strip():
            lines.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join(lines)

    def validate(self, value: str) -> None:
        super().validate(value)
        problems = text_problems(value, headings_from=self.headings_from) if value else []
        if problems:
            raise ValidationError([gettext("In %(problem)s.") % {"problem": p} for p in problems])


class LineField(forms.CharField):
    """One line of Markdown that passes `check`; pasted line breaks become blanks."""

    def __init__(
        self, *, check: Callable[[str], bool], columns: int = 80, rows: int = 2, **kwargs: Any
    ) -> None:
        self.check = check
        super().__init__(widget=forms.Textarea(attrs={"rows": rows, "cols": columns}), **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not self.check(value):
            raise ValidationError(
                _(
                    "This begins like a heading, a list or code, or has a picture without words."
                    " Begin with a word, or with \\."
                )
            )


class ListField(forms.CharField):
    """A list, written one item a line."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 5, "cols": 100})
        super().__init__(widget=widget, required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(self.to_line, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().to_python(value) or "").splitlines()]
        return [self.to_item(line) for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.prepare_value(initial or []) != "\n".join((data or "").splitlines()))

    def to_line(self, item: Any) -> str:
        return str(item)

    def to_item(self, line: str) -> Any:
        return line


class FollowUpsField(ListField):
    def to_item(self, line: str) -> str:
        if len(line) > MAX_PARAGRAPH:
            raise ValidationError(
                _("A follow-up has at most %(most)d characters."), params={"most": MAX_PARAGRAPH}
            )
        if not is_one_item(line):
            raise ValidationError(
                _(
                    "“%(line)s” begins like a heading, a list or code, or has a picture without"
                    " words."
                ),
                params={"line": line},
            )
        return line


class SourcesField(ListField):
    """Sources as files list them: `[title](https://address)`, one a line."""

    def to_line(self, item: Any) -> str:
        return f"[{item['title']}]({item['url']})"

    def to_item(self, line: str) -> dict[str, str]:
        source = read_source(line)
        if source is None or url_problem(source.url):
            raise ValidationError(
                _("Write “%(line)s” as [title](https://address)."), params={"line": line}
            )
        return {"title": source.title, "url": source.url}


class ExtraField(forms.CharField):
    """Front matter unknown to this program: lines of YAML."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 3, "cols": 100})
        super().__init__(widget=widget, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        problems = Problems("")
        read = read_keys(value, 0, problems) if value else None
        if read is not None:
            keys, node = read
            kept = extra_lines(value, node, (), problems.add)
            known = [key for key in keys.lines() if key in ALL_KEYS]
            if known:
                problems.add(0, gettext("these have fields of their own: %s") % ", ".join(known))
            elif kept != value and not problems.errors:
                problems.add(0, gettext("write no comments or blank lines between the keys"))
        if problems.errors:
            raise ValidationError([f"{error.line}: {error.message}" for error in problems.errors])


ALL_KEYS = {*SetDocument.keys, "technologies", "related_questions"}
ABOUT = ("title", "slug", "status", "topics")
ORIGIN = ("license", "despite_licence", "checked_against", "checked_on", "sources", "extra")


class PublishedForm(forms.ModelForm[Any]):
    """Fields that sets, stories and notes share."""

    sources = SourcesField(label=_("Sources"), help_text=_("One a line: [title](https://address)"))
    extra = ExtraField(
        label=_("Other front matter"),
        help_text=_("YAML keys of the file that mean nothing here, kept for the export."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What was imported may have none; it is a draft until somebody knows better.
        self.fields["license"].required = False

    def clean(self) -> dict[str, Any]:
        """What has no licence to be edited is published on somebody's explicit word only."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("status") == Status.PUBLISHED
            and forbids_adaptation(cleaned.get("license", ""))
            and not cleaned.get("despite_licence")
        ):
            message = gettext(
                "This has no licence, or one that forbids to change it. Tick here to publish it "
                "despite that."
            )
            self.add_error("despite_licence", message)
        return cleaned


class QuestionSetForm(PublishedForm):
    description = MarkdownField(label=_("Description"), headings_from=4, rows=5)

    class Meta:
        model = QuestionSet
        fields = (*ABOUT, "summary", "description", "level", *ORIGIN)


class StoryForm(PublishedForm):
    technologies = ListField(label=_("Technologies"), help_text=_("One a line."))
    summary = MarkdownField(label=_("Summary"), headings_from=3, rows=5)
    what_happened = MarkdownField(label=_("What happened"), headings_from=3)
    cause = MarkdownField(label=_("Cause"), headings_from=3)
    impact = MarkdownField(label=_("Impact"), headings_from=3, rows=5)
    fix = MarkdownField(label=_("Fix"), headings_from=3)
    lessons = MarkdownField(label=_("Lessons"), headings_from=3)
    discuss = MarkdownField(label=_("Discuss"), headings_from=3, rows=5)

    class Meta:
        model = Story
        fields = (*ABOUT, "technologies", *Story.SECTIONS, "related_questions", *ORIGIN)


class NoteForm(PublishedForm):
    body = MarkdownField(label=_("Text"), headings_from=1, rows=30)

    class Meta:
        model = Note
        fields = (*ABOUT, "summary", "body", "related_questions", *ORIGIN)


class QuestionForm(forms.ModelForm[Question]):
    prompt = LineField(label=_("Prompt"), max_length=500, check=is_one_heading)
    body = MarkdownField(label=_("More of the prompt"), headings_from=4, rows=5)
    answer = MarkdownField(label=_("Model answer"), headings_from=4, rows=25)
    follow_ups = FollowUpsField(label=_("Follow-ups"), help_text=_("One a line."))
    sources = SourcesField(label=_("Sources"), help_text=_("One a line: [title](https://address)"))

    class Meta:
        model = Question
        fields = (
            *("question_set", "position", "prompt", "slug", "status", "body", "answer"),
            *("difficulty", "minutes", "topics", "follow_ups", "sources"),
        )


class KeyPointForm(forms.ModelForm[KeyPoint]):
    text = LineField(label=_("Text"), max_length=500, check=is_one_item, columns=36, rows=3)

    class Meta:
        model = KeyPoint
        fields = ("position", "key", "text", "weight", "story", "retired")
        widgets = {"key": forms.TextInput(attrs={"size": 14})}
        error_messages = {
            "key": {"invalid": _("A key has only letters, digits, - and _, such as memory-limit.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # Marks are told apart by it, and files name it.
            self.fields["key"].disabled = True
