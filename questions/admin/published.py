"""What sets, questions, stories and notes have in common in the admin."""

from typing import Any, TypeVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from questions.models import LibraryQuerySet, Question, Status

M = TypeVar("M", bound=models.Model)


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
