"""The three levels besides the score, and what each looks like (Rules of grading, its table)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from interview.models import Review


@dataclass(frozen=True)
class Scale:
    """One of the three, named after the field of `Review` that keeps its number."""

    field: str
    name: Promise
    anchors: tuple[Promise, Promise, Promise, Promise]
    """What a reviewer sees in an answer of each level, the strongest first."""

    def levels(self) -> Iterator[tuple[Review.Level, Promise]]:
        """Each level with its anchor, the strongest first."""
        return zip(sorted(Review.Level, reverse=True), self.anchors, strict=True)


SCALES = (
    Scale(
        "knowledge",
        _("Knowledge"),
        (
            _("right and current in depth; names limits and exceptions unasked"),
            _("right on all that matters; small gaps"),
            _("the main idea, with an error or a gap that would show at work"),
            _("wrong or empty on the main point"),
        ),
    ),
    Scale(
        "reasoning",
        _("Reasoning"),
        (
            _("weighs alternatives, says how to verify, starts from the requirement"),
            _("sound steps from cause to effect; one alternative"),
            _("conclusions without grounds, or only a recipe"),
            _("contradicts itself, or none visible"),
        ),
    ),
    Scale(
        "communication",
        _("Communication"),
        (
            _("leads with the answer, then grounds; exact words; nothing to guess"),
            _("clear order; few vague words"),
            _("the reader must reorder or guess"),
            _("can’t be followed, or off the question"),
        ),
    ),
)
