"""Sittings and reviews for superusers, to look at: what happened here isn't edited by hand.

Nobody else gets in, whatever their permissions: a reviewer who is staff would see whom they grade
(Rules of grading, 6). What tells somebody's time factor is not shown to anyone.

Interviews have names, assignments and reviews have pseudonyms, and nothing here leads from one to
the other but `unblind`, which asks for a reason and logs it first.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.people import signed_in
from interview.forms.second_thoughts import UnblindForm
from interview.models import Assignment, Interview, Invitation, Review, SecondLook, Unblinding
from interview.refusals import Refused


class ForSuperusers(admin.ModelAdmin[Any]):
    def _may(self, request: HttpRequest) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Interview)
class InterviewAdmin(ForSuperusers):
    list_display = ["title", "candidate", "mode", "started_at", "ended_at"]
    list_filter = ["mode", "question_set"]
    list_select_related = ["candidate"]
    search_fields = ["title", "candidate__email"]
    ordering = ["-id"]
    fields = ["title", "candidate", "question_set", "invitation", "mode", "started_at", "ended_at"]


class Blind(ForSuperusers):
    """Tells nobody whose it is: a link to the interview would, so there is only its title."""

    @admin.display(description=_("interview"))
    def sitting(self, row: Assignment | Review | SecondLook) -> str:
        return row.interview.title

    @admin.display(description=_("assignment"))
    def place(self, row: Review | SecondLook) -> str:
        return str(row.assignment)


@admin.register(Assignment)
class AssignmentAdmin(Blind):
    list_display = ["pseudonym", "sitting", "asked_at", "holder", "lease_ends_at", "done_at"]
    list_filter = [("done_at", admin.EmptyFieldListFilter), ("holder", admin.EmptyFieldListFilter)]
    list_select_related = ["interview", "holder"]
    search_fields = ["pseudonym"]
    ordering = ["-asked_at"]
    fields = [
        *("pseudonym", "sitting", "slot", "reserved_for"),
        *("asked_at", "holder", "lease_ends_at", "done_at", "whose"),
    ]
    readonly_fields = ["sitting", "whose"]
    actions = ["release_claims"]

    @admin.display(description=_("whose it is"))
    def whose(self, assignment: Assignment) -> str:
        url = reverse("admin:interview_assignment_unblind", args=[assignment.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Unblind, with a reason"))

    def get_urls(self) -> list[URLPattern]:
        unblind = self.admin_site.admin_view(self.unblind)
        name = "interview_assignment_unblind"
        return [path("<path:object_id>/unblind/", unblind, name=name), *super().get_urls()]

    def unblind(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask why, log it, and only then lead to the interview and its candidate."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            assignment = Assignment.objects.select_related("interview").get(pk=object_id)
        except (Assignment.DoesNotExist, ValidationError) as error:
            raise Http404 from error
        form = UnblindForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                assignment.unblind(signed_in(request), form.cleaned_data["reason"])
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except Assignment.DoesNotExist as error:
                raise Http404 from error
            else:
                text = gettext("%(name)s is this interview. That you looked is in the log.")
                self.message_user(request, text % {"name": assignment.pseudonym}, messages.WARNING)
                return redirect("admin:interview_interview_change", assignment.interview_id)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Unblind %(name)s") % {"name": assignment.pseudonym},
            "opts": self.opts,
            "original": assignment,
            "form": form,
        }
        return TemplateResponse(request, "admin/interview/assignment/unblind.html", context)

    @admin.action(description=_("Release the claims"))
    def release_claims(
        self, request: HttpRequest, assignments: "models.QuerySet[Assignment]"
    ) -> None:
        """Give the chosen claims back to the queue, for reviewers who won't come back."""
        released = sum(
            assignment.release(assignment.holder)
            for assignment in assignments.select_related("holder")
            if assignment.holder is not None
        )
        text = ngettext("One claim was released.", "%(n)d claims were released.", released)
        self.message_user(request, text % {"n": released})


@admin.register(Review)
class ReviewAdmin(Blind):
    list_display = ["place", "sitting", "kind", "author", "score", "visible_from"]
    list_filter = ["kind", ("published_at", admin.EmptyFieldListFilter)]
    list_select_related = ["interview", "assignment", "author"]
    ordering = ["-id"]
    fields = [
        *("place", "sitting", "author", "kind", "reason"),
        *("score", "knowledge", "reasoning", "communication"),
        *("created_at", "published_at", "visible_from", "mailed_at"),
    ]
    readonly_fields = ["place", "sitting"]

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Review]":
        """Without self-scores, which have a name and no pseudonym."""
        reviews: models.QuerySet[Review] = super().get_queryset(request)
        return reviews.exclude(kind__in=Review.OWN_KINDS)


@admin.register(SecondLook)
class SecondLookAdmin(Blind):
    list_display = ["place", "sitting", "key", "asked_at", "answered_by", "answered_at"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter)]
    list_select_related = ["interview", "assignment", "answered_by"]
    ordering = ["-asked_at"]
    fields = [
        *("place", "sitting", "key", "reason", "asked_at"),
        *("value", "reply", "answered_by", "answered_at", "visible_from", "mailed_at"),
    ]
    readonly_fields = ["place", "sitting"]


@admin.register(Unblinding)
class UnblindingAdmin(ForSuperusers):
    """The log. It says which pseudonym, not whose: to learn that is an unblinding of its own."""

    list_display = ["at", "by", "pseudonym", "reason"]
    list_select_related = ["by"]
    search_fields = ["pseudonym", "reason"]
    ordering = ["-at"]
    fields = ["at", "by", "pseudonym", "reason"]


@admin.register(Invitation)
class InvitationAdmin(ForSuperusers):
    list_display = ["title", "reviewer", "mode", "minutes", "due_at", "closed_at"]
    list_select_related = ["reviewer"]
    ordering = ["-created_at"]
    # Its secret lets anybody in who has it.
    fields = ["title", "reviewer", "mode", "minutes", "due_at", "closed_at", "created_at"]
