"""Sittings and reviews for superusers, to look at: what happened here isn't edited by hand.

Nobody else gets in, whatever their permissions: a reviewer who is staff would see whom they grade
(Rules of grading, 6). What tells somebody's time factor is not shown to anyone.
"""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from interview.models import Assignment, Interview, Invitation, Review


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


@admin.register(Assignment)
class AssignmentAdmin(ForSuperusers):
    list_display = ["pseudonym", "interview", "asked_at", "holder", "lease_ends_at", "done_at"]
    list_filter = [("done_at", admin.EmptyFieldListFilter), ("holder", admin.EmptyFieldListFilter)]
    list_select_related = ["interview", "holder"]
    search_fields = ["pseudonym"]
    ordering = ["-asked_at"]
    fields = [
        *("pseudonym", "interview", "slot", "reserved_for"),
        *("asked_at", "holder", "lease_ends_at", "done_at"),
    ]
    actions = ["release_claims"]

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
class ReviewAdmin(ForSuperusers):
    list_display = ["interview", "kind", "author", "score", "published_at", "visible_from"]
    list_filter = ["kind", ("published_at", admin.EmptyFieldListFilter)]
    list_select_related = ["interview", "author"]
    ordering = ["-id"]
    fields = [
        *("interview", "assignment", "author", "kind", "supersedes", "reason"),
        *("score", "knowledge", "reasoning", "communication"),
        *("created_at", "published_at", "visible_from", "mailed_at"),
    ]


@admin.register(Invitation)
class InvitationAdmin(ForSuperusers):
    list_display = ["title", "reviewer", "mode", "minutes", "due_at", "closed_at"]
    list_select_related = ["reviewer"]
    ordering = ["-created_at"]
    # Its secret lets anybody in who has it.
    fields = ["title", "reviewer", "mode", "minutes", "due_at", "closed_at", "created_at"]
