"""Question sets, with their questions in order."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db import models, transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from questions.admin.exporting import Exports
from questions.admin.filters import CheckedFilter, SourcesFilter
from questions.admin.licences import ask_about_licences
from questions.admin.published import STATUS_ACTIONS, LibraryAdmin
from questions.admin.rows import RowsInline
from questions.admin.simultaneous import Part, SeenForm
from questions.forms import QuestionSetForm
from questions.markdown import render_line
from questions.models import Neighbours, Question, QuestionSet, QuestionSetQuerySet, Status


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


class SeenQuestionSetForm(SeenForm, QuestionSetForm):
    """A set and the order and state of its questions, and what they were when it was made."""

    parts = (Part("questions", ("position", "difficulty", "minutes", "status")),)


@admin.register(QuestionSet)
class QuestionSetAdmin(LibraryAdmin[QuestionSet], Exports[QuestionSet]):
    form = SeenQuestionSetForm
    candidates_template = "questions/set.html"
    fields = (*QuestionSetForm.Meta.fields, "add_question")
    list_display = ["title", "status", "level", "question_count", "checked_against", "checked_on"]
    list_filter = ["status", "level", CheckedFilter, SourcesFilter, "topics"]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["topics"]
    actions = ["publish_with_questions", *STATUS_ACTIONS, "export_csv", "export_json"]
    inlines = [QuestionInline]
    readonly_fields = ["add_question"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[QuestionSet]:
        return super().get_queryset(request).annotate(count=models.Count("questions"))

    @admin.action(description=_("Publish selected with their drafts"), permissions=["change"])
    def publish_with_questions(
        self, request: HttpRequest, queryset: QuestionSetQuerySet
    ) -> HttpResponse | None:
        question = ask_about_licences(self, request, queryset)
        if question is not None:
            return question
        chosen = QuestionSet.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        with transaction.atomic():
            sets = self.set_status(request, chosen, Status.PUBLISHED)
            if sets is None:
                return None
            count = sets + chosen.publish_with_questions()
        text = ngettext(
            "%(count)d set or question is published now.",
            "%(count)d sets and questions are published now.",
            count,
        )
        self.message_user(request, text % {"count": count})
        return None

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

    def locks(self, pk: Any) -> Iterator[models.QuerySet[Any]]:
        yield QuestionSet.objects.filter(pk=pk)
        yield Question.objects.filter(question_set=pk)

    def save_related(
        self, request: HttpRequest, form: ModelForm[QuestionSet], formsets: Any, change: bool
    ) -> None:
        was = dict(form.instance.questions.values_list("pk", "position"))
        super().save_related(request, form, formsets, change)
        form.instance.renumber(was)

    def candidates_context(
        self, request: HttpRequest, item: Any, form: ModelForm[Any]
    ) -> dict[str, Any]:
        """Its questions as candidates get them; its topics as they were saved."""
        rows = self.rows(request, item)
        published = [row for row in rows if row.status == Status.PUBLISHED]
        return {
            "set": item,
            "topics": item.topics.all(),
            "questions": sorted(published, key=lambda question: (question.position, question.pk)),
            "around": Neighbours(),
            "reading": item.reading(),
        }
