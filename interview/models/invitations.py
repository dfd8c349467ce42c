"""Interviews that a reviewer prepared for others to sit."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from interview.models.interviews import Interview
from questions.models import Question


def new_secret() -> str:
    """An unguessable part of a link: 128 bits."""
    return secrets.token_urlsafe(16)


class Invitation(models.Model):
    """A prepared interview: who follows its link sits it, and its maker gets the review first."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("reviewer"),
    )
    title = models.CharField(_("title"), max_length=200)
    secret = models.CharField(_("secret"), max_length=32, unique=True, default=new_secret)
    questions = models.ManyToManyField(
        Question, through="InvitationQuestion", verbose_name=_("questions")
    )
    mode = models.CharField(
        _("mode"), max_length=20, choices=Interview.Mode.choices, default=Interview.Mode.FREE
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 600)),
                name="invitation_minutes_1_to_600",
                violation_error_message=_("An interview takes 1 to 600 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InvitationQuestion(models.Model):
    """A question of an invitation, at its place."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE)
    question = models.ForeignKey(Question, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "position"], name="invitation_position_unique"
            ),
            models.UniqueConstraint(
                fields=["invitation", "question"], name="invitation_question_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question}"
