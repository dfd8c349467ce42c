"""Stories and notes."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from questions.admin.filters import CheckedFilter, SourcesFilter
from questions.admin.published import LibraryAdmin
from questions.admin.simultaneous import SeenForm
from questions.forms import NoteForm, StoryForm
from questions.models import Neighbours, Note, Question, Story

M = TypeVar("M", bound=models.Model)


class ReadingAdmin(LibraryAdmin[M]):
    """Stories and notes."""

    kind: ClassVar[str]

    list_display = ["title", "status", "checked_against", "checked_on"]
    list_filter = ["status", CheckedFilter, SourcesFilter, "topics"]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["topics", "related_questions"]

    def candidates_context(
        self, request: HttpRequest, item: Any, form: ModelForm[Any]
    ) -> dict[str, Any]:
        """With the topics as they were saved."""
        related = form.cleaned_data.get("related_questions", [])
        questions = Question.objects.readable().filter(pk__in=related)
        return {
            self.kind: item,
            "around": Neighbours(),
            "questions": questions.select_related("question_set"),
        }


class SeenStoryForm(SeenForm, StoryForm):
    pass


class SeenNoteForm(SeenForm, NoteForm):
    pass


@admin.register(Story)
class StoryAdmin(ReadingAdmin[Story]):
    form = SeenStoryForm
    kind, candidates_template = "story", "questions/story.html"
    fields = StoryForm.Meta.fields


@admin.register(Note)
class NoteAdmin(ReadingAdmin[Note]):
    form = SeenNoteForm
    kind, candidates_template = "note", "questions/note.html"
    fields = NoteForm.Meta.fields
