"""What editors look for in the lists."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OLD_AFTER_DAYS = 365


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
