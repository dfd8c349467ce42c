"""The parts of an item, as rows on its page."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db import models
from django.forms.widgets import Script
from django.http import HttpRequest

M = TypeVar("M", bound=models.Model)


class RowsInline(admin.TabularInline[M, Any]):
    """Rows that are neither deleted nor left without names for those who don't see the table."""

    extra = 0
    can_delete = False
    view_on_site = False

    class Media:
        js: ClassVar[list[Any]] = [Script("js/admin/reorder.js", type="module")]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = field.label
        return formset
