"""The library in Django admin.

Nothing here deletes sets, questions or key points: what people were asked is retired.
"""

from datetime import timedelta
from typing import Any, TypeVar, cast

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.forms import KeyPointForm, NoteForm, QuestionForm, QuestionSetForm, StoryForm
from questions.markdown import render, render_line
from questions.models import (
    KeyPoint,
    LibraryQuerySet,
    Note,
    Question,
    QuestionSet,
    QuestionVersion,
    Status,
    Story,
    Topic,
)

M = TypeVar("M", bound=models.Model)
OLD_AFTER_DAYS = 365


class LibraryAdmin(admin.ModelAdmin[M]):
    """What has a slug and a status."""

    actions = ["publish", "retire"]
    save_on_top = True

    @admin.action(description=_("Publish selected"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: LibraryQuerySet[Any]) -> None:
        count = queryset.publish()
        text = ngettext("%(count)d is published now.", "%(count)d are published now.", count)
        self.message_user(request, text % {"count": count})

    @admin.action(description=_("Retire selected"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: LibraryQuerySet[Any]) -> None:
        count = queryset.retire()
        text = ngettext("%(count)d is retired now.", "%(count)d are retired now.", count)
        self.message_user(request, text % {"count": count})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is begun here is seen, and asked, when its editor says so."""
        return {"status": Status.DRAFT, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        """The slug is the key in files, links and people's history: it never changes."""
        fixed = tuple(map(str, super().get_readonly_fields(request, obj)))
        return (*fixed, "slug") if obj is not None else fixed

    def get_prepopulated_fields(self, request: HttpRequest, obj: M | None = None) -> dict[str, Any]:
        name = "prompt" if self.model is Question else "title"
        return {} if obj is not None else {"slug": (name,)}


class NotDeleted(admin.ModelAdmin[M]):
    """Retired instead of deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class CheckedFilter(admin.SimpleListFilter):
    title = _("checked")
    parameter_name = "checked"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [("old", _("more than a year ago")), ("never", _("never"))]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() == "never":
            return queryset.filter(checked_on=None)
        if self.value() == "old":
            day = timezone.localdate() - timedelta(days=OLD_AFTER_DAYS)
            return queryset.filter(checked_on__lt=day)
        return queryset


class RowsInline(admin.TabularInline[M, Any]):
    """Rows that are neither deleted nor left without names for those who don't see the table."""

    extra = 0
    can_delete = False

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = field.label
        return formset


class QuestionInline(RowsInline[Question]):
    """The order and state of a set's questions; their words are on their own pages."""

    model = Question
    fields = ["position", "link", "difficulty", "minutes", "status"]
    readonly_fields = ["link"]
    ordering = ["position", "id"]

    @admin.display(description=_("question"))
    def link(self, question: Question) -> SafeString:
        url = reverse("admin:questions_question_change", args=[question.pk])
        return format_html('<a href="{}">{}</a>', url, render_line(question.prompt))

    def has_add_permission(self, request: HttpRequest, obj: QuestionSet | None = None) -> bool:
        return False


@admin.register(QuestionSet)
class QuestionSetAdmin(LibraryAdmin[QuestionSet], NotDeleted[QuestionSet]):
    form = QuestionSetForm
    fields = (*QuestionSetForm.Meta.fields, "add_question")
    list_display = ["title", "status", "level", "question_count", "checked_against", "checked_on"]
    list_filter = ["status", "level", CheckedFilter, "topics"]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["topics"]
    inlines = [QuestionInline]
    readonly_fields = ["add_question"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[QuestionSet]:
        return super().get_queryset(request).annotate(count=models.Count("questions"))

    @admin.display(description=_("questions"), ordering="count")
    def question_count(self, question_set: QuestionSet) -> int:
        return cast("int", question_set.count)  # type: ignore[attr-defined]

    @admin.display(description=_("new question"))
    def add_question(self, question_set: QuestionSet) -> SafeString | str:
        if question_set.pk is None:
            return gettext("Save the set first.")
        url = reverse("admin:questions_question_add")
        position = question_set.questions.count() + 1
        return format_html(
            '<a class="addlink" href="{}?question_set={}&position={}">{}</a>',
            *(url, question_set.pk, position, gettext("Add a question to this set")),
        )


class KeyPointFormSet(BaseInlineFormSet[KeyPoint, Any, ModelForm[KeyPoint]]):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("Two key points of a question can't have one key: choose another.")


class KeyPointInline(RowsInline[KeyPoint]):
    model = KeyPoint
    form = KeyPointForm
    formset = KeyPointFormSet
    prepopulated_fields = {"key": ("text",)}
    autocomplete_fields = ["story"]
    ordering = ["retired", "position", "id"]

    def get_formset(self, request: HttpRequest, obj: Question | None = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        if obj is not None:
            # A new one comes last.
            formset.form.base_fields["position"].initial = obj.key_points.count() + 1
        return formset

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Keep the rows narrow enough for a screen: a narrow story, no buttons beside it."""
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "story":
            for name in ("add", "change", "delete", "view"):
                setattr(field.widget, f"can_{name}_related", False)
            field.widget.widget.attrs["data-width"] = "11em"
        return field


class VersionInline(RowsInline[QuestionVersion]):
    """What the question said before, newest first."""

    model = QuestionVersion
    fields = readonly_fields = ("number", "created_at", "created_by")
    ordering = ["-number"]
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Question)
class QuestionAdmin(LibraryAdmin[Question], NotDeleted[Question]):
    form = QuestionForm
    list_display = ["prompt", "set_title", "position", "status", "difficulty"]
    list_filter = [
        *("status", "difficulty", ("answer", admin.EmptyFieldListFilter)),
        *("topics", ("question_set", admin.RelatedOnlyFieldListFilter)),
    ]
    list_select_related = ["question_set"]
    search_fields = ["prompt", "slug", "answer"]
    autocomplete_fields = ["question_set", "topics"]
    inlines = [KeyPointInline, VersionInline]
    fields = QuestionForm.Meta.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Question | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "question_set") if obj is not None else fixed

    @admin.display(description=_("set"), ordering="question_set__title")
    def set_title(self, question: Question) -> str:
        return question.question_set.title

    def save_related(
        self, request: HttpRequest, form: ModelForm[Question], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.record_version(by=cast("User", request.user))


@admin.register(QuestionVersion)
class QuestionVersionAdmin(NotDeleted[QuestionVersion]):
    """Versions are looked at, never changed; the way to them is their question's page."""

    fields = ("question", "number", "created_at", "created_by", "prompt", "answer", "key_points")
    readonly_fields = fields
    list_display = ["question", "number", "created_at", "created_by"]
    list_select_related = ["question", "created_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: QuestionVersion | None = None
    ) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("prompt"))
    def prompt(self, version: QuestionVersion) -> SafeString:
        return format_html("{}{}", render_line(version.prompt), render(version.body))

    @admin.display(description=_("model answer"))
    def answer(self, version: QuestionVersion) -> SafeString:
        return render(version.answer, heading_level=3)

    @admin.display(description=_("key points"))
    def key_points(self, version: QuestionVersion) -> SafeString:
        rows = ((point.key, point.weight, render_line(point.text)) for point in version.key_points)
        items = format_html_join("", "<li>{} × {}: {}</li>", rows)
        return format_html("<ol>{}</ol>", items)


class ReadingAdmin(LibraryAdmin[M]):
    """Stories and notes."""

    list_display = ["title", "status", "checked_against", "checked_on"]
    list_filter = ["status", CheckedFilter, "topics"]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["topics", "related_questions"]


@admin.register(Story)
class StoryAdmin(ReadingAdmin[Story]):
    form = StoryForm
    fields = StoryForm.Meta.fields


@admin.register(Note)
class NoteAdmin(ReadingAdmin[Note]):
    form = NoteForm
    fields = NoteForm.Meta.fields


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin[Topic]):
    list_display = ["title", "slug"]
    search_fields = ["title", "slug"]
    prepopulated_fields = {"slug": ("title",)}
