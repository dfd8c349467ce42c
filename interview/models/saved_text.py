"""Text that is saved while somebody types it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_CHARACTERS = 20_000
"""Length of an answer in code points, with CRLF counted as one (Rules of saving, 10)."""


@dataclass(frozen=True)
class Sent:
    """Which page load sent something, and as the how-manieth (Rules of saving, 2)."""

    writer: UUID
    sequence: int


class SavedText(models.Model):
    """A text with the numbers that decide whether a save still fits (Rules of saving, 2).

    `revision` is the number of the text as it stands; `last_revision` the highest number given out,
    which is higher when a text went to the history only (a conflict, a late arrival). `writer` is
    random per page load, `sequence` counts that writer's saves.
    """

    text = models.TextField(_("text"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0)
    last_revision = models.PositiveIntegerField(_("last revision given out"), default=0)
    writer = models.UUIDField(_("writer"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("sequence"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revision__lte=models.F("last_revision")),
                name="%(class)s_revision_given_out",
            ),
        ]
