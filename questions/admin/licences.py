"""Publishing what has no licence, or one that forbids to change it, needs an explicit word."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from questions.models import LibraryQuerySet


def ask_about_licences(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, queryset: LibraryQuerySet[Any]
) -> HttpResponse | None:
    """A page that asks, where an action would keep something back; None when the action may go on.

    The page sends the action again, with `licences`: `publish` is the word for all of them, which
    the history of each tells; with `keep` they are kept back.
    """
    kept_back = queryset.kept_back()
    answer = request.POST.get("licences")
    if answer == "publish":
        with transaction.atomic():
            chosen = list(kept_back)
            if chosen:
                message = gettext("To be published despite its licence.")
                LogEntry.objects.log_actions(request.user.pk or 0, chosen, CHANGE, message)
            kept_back.update(despite_licence=True)
        return None
    asked = list(kept_back[:101])
    if answer == "keep" or not asked:
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Publish despite the licence?"),
        "asked": asked[:100],
        "more": len(asked) > 100,
        "has_others": queryset.exclude(pk__in=kept_back.order_by().values("pk")).exists(),
        "carried": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", "licences"}
        ],
    }
    return TemplateResponse(request, "admin/questions/licences.html", context)
