"""What editors look for in the lists."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from questions.library.checking import KEY_POINTS_WANTED


class CheckedFilter(admin.SimpleListFilter):
    """What was checked too long ago; for questions, when their set was."""

    title = _("checked")
    parameter_name = "checked"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [
            ("stale", _("more than a year ago or never")),
            ("never", _("never")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "stale":
            return queryset.stale()
        if self.value() == "never":
            return queryset.stale().filter(**{queryset.checked_on: None})
        return queryset


class LackFilter(admin.SimpleListFilter):
    """Shows all, or those that lack something."""

    label: Any
    lookup_value: ClassVar[str] = "none"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        return [(self.lookup_value, self.label)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return self.lacking(queryset) if self.value() == self.lookup_value else queryset

    def lacking(self, queryset: Any) -> models.QuerySet[Any]:
        raise NotImplementedError


class AnswerFilter(LackFilter):
    title = _("model answer")
    parameter_name = "answer"
    label = _("none")

    def lacking(self, queryset: Any) -> models.QuerySet[Any]:
        return queryset.without_answer()  # type: ignore[no-any-return]


class KeyPointsFilter(LackFilter):
    title = _("key points")
    parameter_name = "key_points"
    label = _("fewer than three")
    lookup_value = "few"

    def lacking(self, queryset: Any) -> models.QuerySet[Any]:
        return queryset.with_few_key_points(KEY_POINTS_WANTED)  # type: ignore[no-any-return]


class SourcesFilter(LackFilter):
    title = _("sources")
    parameter_name = "sources"
    label = _("none")

    def lacking(self, queryset: Any) -> models.QuerySet[Any]:
        return queryset.without_source()  # type: ignore[no-any-return]
