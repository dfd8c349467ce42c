"""Who learned whose interview an assignment is, and why (Rules of grading, 6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from interview import clock


class Unblinding(models.Model):
    """A line of the log: it is written before anything is shown, and stays when accounts go."""

    interview = models.ForeignKey(
        "interview.Interview",
        on_delete=models.SET_NULL,
        null=True,
        related_name="unblindings",
        verbose_name=_("interview"),
    )
    pseudonym = models.CharField(_("pseudonym"), max_length=60)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="unblindings",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=clock.database_now)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("unblinding")
        verbose_name_plural = _("unblindings")
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="unblinding_has_a_reason",
                violation_error_message=_("An unblinding has a reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym
