"""What questions said before."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from questions.admin.published import NotDeleted
from questions.admin.rows import RowsInline
from questions.markdown import render, render_line
from questions.models import Question, QuestionVersion


class VersionInline(RowsInline[QuestionVersion]):
    """What the question said before, newest first."""

    model = QuestionVersion
    fields = readonly_fields = ("number", "created_at", "created_by")
    ordering = ["-number"]
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(QuestionVersion)
class QuestionVersionAdmin(NotDeleted[QuestionVersion]):
    """Versions are looked at, never changed; the way to them is their question's page."""

    fields = ("question", "number", "created_at", "created_by", "prompt", "answer", "key_points")
    readonly_fields = fields
    list_display = ["question", "number", "created_at", "created_by"]
    list_select_related = ["question", "created_by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: QuestionVersion | None = None
    ) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("prompt"))
    def prompt(self, version: QuestionVersion) -> SafeString:
        return format_html("{}{}", render_line(version.prompt), render(version.body))

    @admin.display(description=_("model answer"))
    def answer(self, version: QuestionVersion) -> SafeString:
        return render(version.answer, heading_level=3)

    @admin.display(description=_("key points"))
    def key_points(self, version: QuestionVersion) -> SafeString:
        rows = ((point.key, point.weight, render_line(point.text)) for point in version.key_points)
        items = format_html_join("", "<li>{} × {}: {}</li>", rows)
        return format_html("<ol>{}</ol>", items)
