"""Questions, with their key points."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.admin.exporting import Exports
from questions.admin.filters import AnswerFilter, CheckedFilter, KeyPointsFilter, SourcesFilter
from questions.admin.published import STATUS_ACTIONS, LibraryAdmin
from questions.admin.rows import RowsInline
from questions.admin.simultaneous import Part, SeenForm
from questions.admin.versions import HasVersions
from questions.forms import KeyPointForm, QuestionForm
from questions.models import KeyPoint, Neighbours, Question, QuestionSet, Topic, hold

MAX_POSITION = 32_768
"""More than any position."""


class KeyPointFormSet(BaseInlineFormSet[KeyPoint, Any, ModelForm[KeyPoint]]):
    def get_unique_error_message(self, unique_check: Any) -> str:
        return gettext("Two key points of a question can’t have one key: choose another.")


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


class SeenQuestionForm(SeenForm, QuestionForm):
    """A question and its key points, and what they were when the form was made."""

    parts = (Part("key_points", KeyPointForm.Meta.fields),)


@admin.register(Question)
class QuestionAdmin(HasVersions, LibraryAdmin[Question], Exports[Question]):
    form = SeenQuestionForm
    candidates_template = "questions/question.html"
    list_display = ["prompt", "set_title", "position", "status", "difficulty"]
    list_filter = [
        *("status", AnswerFilter, KeyPointsFilter, SourcesFilter, CheckedFilter, "difficulty"),
        *("topics", ("question_set", admin.RelatedOnlyFieldListFilter)),
    ]
    list_select_related = ["question_set"]
    search_fields = ["prompt", "slug", "answer"]
    autocomplete_fields = ["question_set", "topics"]
    actions = [*STATUS_ACTIONS, "export_csv", "export_json"]
    inlines = [KeyPointInline]
    fields = QuestionForm.Meta.fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Question | None = None
    ) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        # Questions are put in order on their set's page.
        return (*fixed, "question_set", "position") if obj is not None else fixed

    def locks(self, pk: Any) -> Iterator[models.QuerySet[Any]]:
        yield QuestionSet.objects.filter(questions=pk)
        yield Question.objects.filter(pk=pk)

    @admin.display(description=_("set"), ordering="question_set__title")
    def set_title(self, question: Question) -> str:
        return question.question_set.title

    def save_model(
        self, request: HttpRequest, obj: Question, form: ModelForm[Question], change: bool
    ) -> None:
        if not change:
            # Two that are added at once wait for each other here, and for an import.
            hold(QuestionSet.objects.filter(pk=obj.question_set_id))
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm[Question], formsets: Any, change: bool
    ) -> None:
        question = form.instance
        was = dict(question.key_points.values_list("pk", "position"))
        super().save_related(request, form, formsets, change)
        question.renumber_key_points(was)
        if not change:
            # It goes before what stood there, as if it came from the end.
            question.question_set.renumber({question.pk: MAX_POSITION})
        question.record_version(by=cast("User", request.user))

    def candidates_context(
        self, request: HttpRequest, item: Any, form: ModelForm[Any]
    ) -> dict[str, Any]:
        points = [point for point in self.rows(request, item) if point.text and not point.retired]
        item.current_points = sorted(points, key=lambda point: point.position)
        holder = item.question_set if item.question_set_id else QuestionSet(slug="preview")
        own = form.cleaned_data.get("topics", [])
        return {
            "question": item,
            "set": holder,
            "topics": Topic.objects.filter(
                models.Q(pk__in=own) | models.Q(questionset=holder.pk)
            ).distinct(),
            "around": Neighbours(),
            "reading": item.reading(),
        }
