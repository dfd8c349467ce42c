"""What sets, questions, stories and notes have in common in the admin."""

from typing import Any, ClassVar, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import models, transaction
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.admin.licences import ask_about_licences
from questions.admin.preview import Previews
from questions.admin.simultaneous import Simultaneous
from questions.models import LibraryQuerySet, Question, Status

M = TypeVar("M", bound=models.Model)

STATUS_ACTIONS = ("publish", "retire", "draft")


class NotDeleted(admin.ModelAdmin[M]):
    """Retired instead of deleted, by superusers too: an interview may need it."""

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class LibraryAdmin(NotDeleted[M], Previews[M], Simultaneous[M]):
    """What has a slug and a status."""

    actions = [*STATUS_ACTIONS]
    save_on_top = True
    change_form_template = "admin/questions/change_form.html"

    class Media:
        js: ClassVar[list[Any]] = [
            Script("js/admin/names.js", type="module"),
            Script("js/admin/preview.js", type="module"),
        ]

    @admin.action(description=_("Publish selected"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: LibraryQuerySet[Any]) -> HttpResponse | None:
        question = ask_about_licences(self, request, queryset)
        if question is not None:
            return question
        count = self.set_status(request, queryset, Status.PUBLISHED)
        if count is not None:
            text = ngettext("%(count)d is published now.", "%(count)d are published now.", count)
            self.message_user(request, text % {"count": count})
        return None

    @admin.action(description=_("Retire selected"), permissions=["change"])
    def retire(self, request: HttpRequest, queryset: LibraryQuerySet[Any]) -> None:
        count = self.set_status(request, queryset, Status.RETIRED)
        if count is not None:
            text = ngettext("%(count)d is retired now.", "%(count)d are retired now.", count)
            self.message_user(request, text % {"count": count})

    @admin.action(description=_("Make selected drafts again"), permissions=["change"])
    def draft(self, request: HttpRequest, queryset: LibraryQuerySet[Any]) -> None:
        count = self.set_status(request, queryset, Status.DRAFT)
        if count is not None:
            text = ngettext("%(count)d is a draft now.", "%(count)d are drafts now.", count)
            self.message_user(request, text % {"count": count})

    def set_status(
        self, request: HttpRequest, queryset: LibraryQuerySet[Any], status: Status
    ) -> int | None:
        """How many became `status`; None, and none did, if the list was not true any more."""
        chosen: LibraryQuerySet[Any] = self.model._default_manager.filter(  # type: ignore[assignment]
            pk__in=queryset.order_by().values("pk")
        )
        with transaction.atomic():
            rows = list(chosen.select_for_update(no_key=True).order_by("pk"))
            changed = self.changed_since_listed(request, {row.pk: row.updated_at for row in rows})
            if changed:
                self.message_user(request, self.warning_about(changed), messages.WARNING)
                return None
            becoming = list(chosen.becoming(status))
            if becoming:
                message = gettext("Now %(status)s.") % {"status": status.label}
                editor = cast("User", request.user)
                LogEntry.objects.log_actions(editor.pk, becoming, CHANGE, message)
            return chosen.become(status)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What is begun here is seen, and asked, when its editor says so."""
        return {"status": Status.DRAFT, **super().get_changeform_initial_data(request)}

    def view_on_site(self, item: Any) -> str:
        """Where candidates see it; and editors, while it is a draft or retired."""
        return str(item.get_absolute_url())

    def get_readonly_fields(self, request: HttpRequest, obj: M | None = None) -> tuple[str, ...]:
        """The slug is the key in files, links and people's history: it never changes."""
        fixed = tuple(map(str, super().get_readonly_fields(request, obj)))
        return (*fixed, "slug") if obj is not None else fixed

    def get_prepopulated_fields(self, request: HttpRequest, obj: M | None = None) -> dict[str, Any]:
        name = "prompt" if self.model is Question else "title"
        return {} if obj is not None else {"slug": (name,)}
