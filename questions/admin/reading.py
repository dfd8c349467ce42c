"""Stories and notes."""

from typing import TypeVar

from django.contrib import admin
from django.db import models

from questions.admin.filters import CheckedFilter, SourcesFilter
from questions.admin.published import LibraryAdmin
from questions.admin.simultaneous import SeenForm
from questions.forms import NoteForm, StoryForm
from questions.models import Note, Story

M = TypeVar("M", bound=models.Model)


class ReadingAdmin(LibraryAdmin[M]):
    """Stories and notes."""

    list_display = ["title", "status", "checked_against", "checked_on"]
    list_filter = ["status", CheckedFilter, SourcesFilter, "topics"]
    search_fields = ["title", "slug", "summary"]
    autocomplete_fields = ["topics", "related_questions"]


class SeenStoryForm(SeenForm, StoryForm):
    pass


class SeenNoteForm(SeenForm, NoteForm):
    pass


@admin.register(Story)
class StoryAdmin(ReadingAdmin[Story]):
    form = SeenStoryForm
    fields = StoryForm.Meta.fields


@admin.register(Note)
class NoteAdmin(ReadingAdmin[Note]):
    form = SeenNoteForm
    fields = NoteForm.Meta.fields
