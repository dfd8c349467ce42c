"""What one reads on with: failure stories and notes."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from questions.models.published import LibraryQuerySet, Published
from questions.models.search_columns import column, vector_of


class Reading(NamedTuple):
    """A story or note to read on with; `kind` is the name of its URL."""

    kind: str
    slug: str
    title: str


class StoryQuerySet(LibraryQuerySet["Story"]):
    pass


class Story(Published):
    """A failure story: a post-mortem in fixed sections, told in our words."""

    technologies = models.JSONField(_("technologies"), default=list, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    what_happened = models.TextField(_("what happened"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    impact = models.TextField(_("impact"), blank=True)
    fix = models.TextField(_("fix"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    discuss = models.TextField(_("discuss"), blank=True)
    related_questions = models.ManyToManyField(
        "questions.Question",
        verbose_name=_("related questions"),
        blank=True,
        related_name="stories",
    )
    search_title = column(vector_of("title", weight="A"))
    search = column(
        vector_of("title", weight="A")
        + vector_of("summary", weight="B")
        + vector_of(*("what_happened", "cause", "impact", "fix", "lessons", "discuss"), weight="C")
    )

    objects = StoryQuerySet.as_manager()

    SECTIONS: ClassVar[tuple[str, ...]] = (
        "summary",
        "what_happened",
        "cause",
        "impact",
        "fix",
        "lessons",
        "discuss",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("failure story")
        verbose_name_plural = _("failure stories")
        indexes = [
            # questions/search, as for questions.
            GinIndex("search", name="story_words", fastupdate=False),
            GinIndex("search_title", name="story_title_words", fastupdate=False),
        ]

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])


class NoteQuerySet(LibraryQuerySet["Note"]):
    pass


class Note(Published):
    """Reading on a topic."""

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    related_questions = models.ManyToManyField(
        "questions.Question",
        verbose_name=_("related questions"),
        blank=True,
        related_name="notes",
    )
    search_title = column(vector_of("title", weight="A"))
    search = column(
        vector_of("title", weight="A")
        + vector_of("summary", weight="B")
        + vector_of("body", weight="C")
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        indexes = [
            # questions/search, as for questions.
            GinIndex("search", name="note_words", fastupdate=False),
            GinIndex("search_title", name="note_title_words", fastupdate=False),
        ]

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.slug])


def read_about(linked: models.Q) -> list[Reading]:
    """The published stories and notes for which `linked` holds, stories first. One query."""
    return in_order(rows_about(linked))


def rows_about(linked: models.Q) -> models.QuerySet[Any, Any]:
    """Of each its kind, slug and title."""
    found: list[models.QuerySet[Any, Any]] = [
        model.objects.published()
        .filter(linked)
        .order_by()
        .values_list(models.Value(kind), "slug", "title")
        for model, kind in ((Story, "story"), (Note, "note"))
    ]
    return found[0].union(found[1])


def in_order(rows: Iterable[tuple[Any, ...]]) -> list[Reading]:
    return sorted(
        (Reading(*row) for row in rows),
        key=lambda reading: (reading.kind == "note", reading.title),
    )
