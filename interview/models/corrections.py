"""A correction: a new review that supersedes another one, with a reason (Rules of grading, 7)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from interview.models.late_texts import AcceptedText
from interview.models.marks import Comment, Mark
from interview.refusals import AlreadyPublished, CorrectedAlready, NotVisibleYet

if TYPE_CHECKING:
    from interview.models.assignments import Assignment

KEPT = (
    *("interview_id", "assignment_id", "author_id", "kind"),
    *("knowledge", "reasoning", "communication"),
)
"""What a correction says as the review does, until it is changed there."""

TAKEN_OVER: Sequence[type[models.Model]] = (Mark, Comment, AcceptedText)
"""What hangs on a review and is where its correction begins."""


class Correctable(models.Model):
    """A review as a link in a chain: each has one successor at most, and all stay readable."""

    supersedes = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("supersedes"),
    )
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)

    if TYPE_CHECKING:
        supersedes_id: Any
        assignment: models.ForeignKey[Assignment | None, Assignment | None]
        published_at: models.DateTimeField[Any, Any]

    class Meta:
        abstract = True

    @property
    def is_correction(self) -> bool:
        """Nobody claims it: it is its author's alone, who wrote or answers for what it corrects."""
        return self.supersedes_id is not None

    def correct(self, reason: str) -> Self:
        """Begin a correction by the same author: a draft with all that this review says.

        Of two at once one begins it.

        Raises:
            NotVisibleYet: it is a draft, or can still be taken back.
            CorrectedAlready: a correction was begun or published; the error knows which.
        """
        assert self.assignment is not None
        reviews = type(self)._default_manager
        with transaction.atomic():
            # As all do that publish or take back: one after the other.
            self.assignment.lock()
            if not reviews.filter(pk=self.pk, visible_from__lte=Now()).exists():
                raise NotVisibleYet
            if successor := reviews.filter(supersedes=self).first():
                raise CorrectedAlready(successor)
            return self.supersede(reason)

    def supersede(self, reason: str, **fields: Any) -> Self:
        """Make its successor, with other `fields` where these are given. Four queries.

        Only for who has locked the assignment and seen that it has none.
        """
        values = {name: getattr(self, name) for name in KEPT}
        successor = type(self)._default_manager.create(
            **{**values, "supersedes": self, "reason": reason, **fields}
        )
        for model in TAKEN_OVER:
            rows = list(model._default_manager.filter(review=self).order_by("pk"))
            for row in rows:
                row.pk = None
                row._state.adding = True
                row.review = successor  # type: ignore[attr-defined]
            model._default_manager.bulk_create(rows)
        return successor

    def discard(self) -> None:
        """Give up a correction that was begun. What it would have corrected stays as it is.

        Raises:
            AlreadyPublished: nothing is deleted.
        """
        corrections = type(self)._default_manager.filter(pk=self.pk, supersedes__isnull=False)
        with transaction.atomic():
            # Waits for a publication at the same time.
            correction = corrections.select_for_update().first()
            if correction is not None and correction.published_at is not None:
                raise AlreadyPublished
            if correction is not None:
                correction.delete()
