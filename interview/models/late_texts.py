"""Text that came late, and whether a reviewer accepts it (Rules of time, 5)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from interview import quotes
from interview.models.answers import Answer, Revision


class AcceptedText(models.Model):
    """A late text that one review counts as part of an answer. The answer itself never changes.

    Points to its revision by answer and number, so that it can't be another answer's; the
    database holds to it with a foreign key of two columns.
    """

    review = models.ForeignKey(
        "interview.Review",
        on_delete=models.CASCADE,
        related_name="accepted_texts",
        verbose_name=_("review"),
    )
    interview = models.ForeignKey("interview.Interview", on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="+", verbose_name=_("answer")
    )
    number = models.PositiveIntegerField(_("revision"))
    revision = models.ForeignObject(
        Revision,
        on_delete=models.CASCADE,
        from_fields=["answer", "number"],
        to_fields=["answer", "number"],
        related_name="+",
    )

    class Meta:
        ordering = ["review_id", "answer_id"]
        verbose_name = _("accepted text")
        verbose_name_plural = _("accepted texts")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "answer"],
                name="accepted_text_one_per_answer_and_review",
                violation_error_message=_("One late text of an answer can be accepted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.number}"


@dataclass(frozen=True)
class LateText:
    """A late text as a review stands to it."""

    revision: Revision
    accepted: bool
    revealed_at: datetime | None
    """When the candidate was shown the model answers."""

    @property
    def text(self) -> str:
        return self.revision.text

    @property
    def delay(self) -> str:
        """In words: the only time of the candidate's that a reviewer is told."""
        return self.revision.lateness

    @property
    def key(self) -> str:
        """What a reviewer's page calls it. A revision's number would tell how long they wrote."""
        return quotes.key_of(self.text)

    @property
    def may_be_accepted(self) -> bool:
        """Whether it was there before the model answers were shown."""
        return self.revealed_at is None or self.revision.saved_at <= self.revealed_at
