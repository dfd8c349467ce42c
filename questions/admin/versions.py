"""What questions said before: the list, what changed between two, and the way back."""

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.admin.published import NotDeleted
from questions.admin.simultaneous import Change
from questions.differences import differences
from questions.markdown import render, render_line
from questions.models import Question, QuestionVersion

VERSIONS_PER_PAGE = 50


@admin.register(QuestionVersion)
class QuestionVersionAdmin(NotDeleted[QuestionVersion]):
    """Versions are looked at, never changed; the way to them is their question's list of them."""

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


class PairForm(forms.Form):
    """Which two versions of a question to compare."""

    old = forms.IntegerField(min_value=1)
    new = forms.IntegerField(min_value=1)


class RevertForm(forms.Form):
    """Which version to say again, and the latest that the page showed."""

    version = forms.IntegerField(min_value=1)
    seen = forms.IntegerField(min_value=1)


class HasVersions(admin.ModelAdmin[Question]):
    """Questions have a page with their versions."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.versions_view)
        name = "questions_question_versions"
        return [path("<int:pk>/versions/", view, name=name), *super().get_urls()]

    def versions_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The versions, newest first, and what changed between two of them. Four queries."""
        question = get_object_or_404(Question, pk=pk)
        if not self.has_view_permission(request, question):
            raise PermissionDenied
        if request.method == "POST":
            return self.revert(request, question)
        versions = question.versions.select_related("created_by").order_by("-number")
        page = Paginator(versions, VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
        latest = page.paginator.count
        chosen = {"old": max(latest - 1, 1), "new": latest}
        form = PairForm(request.GET)
        if form.is_valid():
            chosen = form.cleaned_data
        pair = {version.number: version for version in versions.filter(number__in=chosen.values())}
        old, new = pair.get(chosen["old"]), pair.get(chosen["new"])
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Versions"),
            "subtitle": str(question),
            "opts": self.opts,
            "original": question,
            "page": page,
            "latest": latest,
            "old": old,
            "new": new,
            "changes": changes_between(old, new) if old and new else [],
            "may_revert": self.has_change_permission(request, question),
        }
        return TemplateResponse(request, "admin/questions/question/versions.html", context)

    def revert(self, request: HttpRequest, question: Question) -> HttpResponse:
        if not self.has_change_permission(request, question):
            raise PermissionDenied
        here = redirect("admin:questions_question_versions", question.pk)
        form = RevertForm(request.POST)
        if not form.is_valid():
            return here
        version = get_object_or_404(question.versions, number=form.cleaned_data["version"])
        user = cast("User", request.user)
        with transaction.atomic():
            made = question.revert_to(version, seen=form.cleaned_data["seen"], by=user)
            if made is not None:
                text = gettext("Reverted to version %(number)s.") % {"number": version.number}
                self.log_change(request, question, text)
        if made is None:
            text = gettext("Somebody changed the question meanwhile, so nothing was reverted.")
            messages.warning(request, text)
        else:
            text = gettext("The question says again what version %(number)s said.")
            messages.success(request, text % {"number": version.number})
        return here


def changes_between(old: QuestionVersion, new: QuestionVersion) -> list[Change]:
    """What differs, field by field and key point by key point."""
    before, after = words_of(old), words_of(new)
    return [
        Change(label, differences(before.get(label, ""), after.get(label, "")))
        for label in {**after, **before}
        if before.get(label, "") != after.get(label, "")
    ]


def words_of(version: QuestionVersion) -> dict[str, str]:
    words = {
        gettext("Prompt"): version.prompt,
        gettext("More of the prompt"): version.body,
        gettext("Model answer"): version.answer,
    }
    for point in version.content["key_points"]:
        label = gettext("Key point %(key)s") % point
        words[label] = gettext("%(text)s (weight %(weight)s)") % point
    return words
