"""What is typed, on the very page that candidates will see. Nothing is written."""

from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from questions.forms import LineField, ListField, MarkdownField, SourcesField
from questions.library.blocks import MAX_PARAGRAPH, is_too_long

M = TypeVar("M", bound=models.Model)

MOST_BYTES = 500_000
"""Of a form: some times what the longest text of a file may be."""
MOST_DIGITS = 50
"""Of an id: Python reads no number of thousands of digits."""


class Previews(admin.ModelAdmin[M]):
    """Items whose form has a preview: a button that works without JavaScript, in a new tab."""

    candidates_template: ClassVar[str]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        name = f"questions_{self.opts.model_name}_preview"
        return [path("preview/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        url = reverse(f"admin:questions_{self.opts.model_name}_preview")
        context["preview_url"] = f"{url}?of={original.pk}" if original else url
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The candidates' page of what the form says, complete or not."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        of = request.GET.get("of", "")
        is_id = of.isdecimal() and len(of) <= MOST_DIGITS
        item = self.get_queryset(request).filter(pk=of).first() if is_id else None
        if not (self.has_change_permission if item else self.has_add_permission)(request):
            raise PermissionDenied
        if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
            text = _("This is too long for a preview.")
            return HttpResponse(text, "text/plain; charset=utf-8", status=413)
        form = self.get_form(request, item, change=item is not None)(request.POST, instance=item)
        typed = self.typed(form)
        return render(
            request, self.candidates_template, self.candidates_context(request, typed, form)
        )

    def typed(self, form: forms.ModelForm[Any]) -> Any:
        """The item as its form says it, with texts that it would refuse."""
        item = as_typed(form)
        # So that templates can ask for what is linked to it: nothing.
        item.pk = item.pk or 0
        item.slug = item.slug or "preview"
        return item

    def rows(self, request: HttpRequest, item: Any) -> list[Any]:
        """The parts of the item as its page says them, with texts that it would refuse."""
        found = []
        saved = item if item.pk else None
        for formset_class, inline in self.get_formsets_with_inlines(request, saved):
            formset = formset_class(
                request.POST, instance=item, queryset=inline.get_queryset(request)
            )
            found += [as_typed(form) for form in formset.forms]
        return found

    def candidates_context(
        self, request: HttpRequest, item: Any, form: forms.ModelForm[Any]
    ) -> dict[str, Any]:
        raise NotImplementedError


def as_typed(form: forms.ModelForm[Any]) -> Any:
    """What a form makes of its item, not saved, with the texts that it would refuse."""
    form.is_valid()
    for name in set(form.errors) & set(form.fields):
        text = refused_text(form.fields[name], str(form[name].data or ""))
        if text is not None:
            setattr(form.instance, name, text)
    return form.instance


def refused_text(field: forms.Field, typed: str) -> str | list[str] | None:
    """As it would be shown; None for what can't be shown.

    Of what is too long the beginning: showing a paragraph takes time with the square of its length.
    """
    if isinstance(field, LineField):
        return field.to_python(typed)[: field.max_length]
    if isinstance(field, MarkdownField):
        text = field.to_python(typed)
        return text[:MAX_PARAGRAPH] if is_too_long(text) else text
    if isinstance(field, ListField) and not isinstance(field, SourcesField):
        return [line.strip()[:MAX_PARAGRAPH] for line in typed.splitlines() if line.strip()]
    return None
