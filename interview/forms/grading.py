"""What a reviewer sends: the marks and comment of one answer, the levels and the last comment."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interview.forms.sittings import PlainText
from interview.levels import SCALES, Scale
from interview.models import GradedAnswer, LateText, Mark, Review
from interview.models.reviews import Missing
from interview.refusals import UnknownLateText
from questions.models import VersionKeyPoint

MARK = "mark-"
"""What the name of each key point's field begins with."""


def number_in(text: str) -> int | None:
    """The number that a button or an address names; None for all else, however long."""
    return int(text) if len(text) < 6 and text.isdecimal() else None


class ClaimForm(forms.Form):
    """Every write says which claim it belongs to (Rules of grading, 4)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        # A token that is none is like one from yesterday: the model tells which it is.
        if self.errors.pop("token", None) is not None:
            self.cleaned_data["token"] = None
        return self.cleaned_data


class AnswerForm(ClaimForm):
    """Marks by key point of the pinned version, the comment, and the late text if one counts.

    The buttons beside a late text send `accept` with its key, or `undo_accepting`; all else that
    is sent leaves it as it is.
    """

    comment = PlainText(label=_("Comment on this answer"))
    accept = forms.CharField(required=False)
    undo_accepting = forms.BooleanField(required=False)

    def __init__(self, graded: GradedAnswer, data: Any = None) -> None:
        initial = {MARK + key: mark.value for key, mark in graded.marks.items()}
        super().__init__(data, initial={**initial, "comment": graded.comment})
        self.graded = graded
        self.points = graded.answer.question_version.key_points
        for point in self.points:
            self.fields[MARK + point.key] = forms.ChoiceField(
                label=point.text,
                choices=Mark.Value.choices,
                required=False,
                error_messages={"invalid_choice": _("A mark is full, half or missed.")},
            )

    def clean(self) -> dict[str, Any]:
        unknown = [name for name in self.data if name.startswith(MARK) and name not in self.fields]
        if unknown:
            raise forms.ValidationError(
                gettext("The question that was asked has no key point “%(key)s”.")
                % {"key": unknown[0].removeprefix(MARK)[:60]}
            )
        return super().clean()

    def rows(self) -> Iterator[tuple[VersionKeyPoint, forms.BoundField]]:
        """Each key point with the field for its mark."""
        return ((point, self[MARK + point.key]) for point in self.points)

    def save(self, review: Review) -> None:
        """Write what is valid; call it inside `review.writing()`. An empty choice marks nothing.

        Raises:
            UnknownLateText, CameAfterReveal: the late text can't be accepted.
        """
        answer = self.graded.answer
        chosen = {point.key: self.cleaned_data[MARK + point.key] for point in self.points}
        review.mark(answer, {key: value for key, value in chosen.items() if value})
        review.comment_on(answer, self.cleaned_data["comment"])
        if key := self.cleaned_data["accept"]:
            review.accept(self._late_text(key).revision)
        elif self.cleaned_data["undo_accepting"]:
            review.undo_accepting(answer)

    def _late_text(self, key: str) -> LateText:
        """Which of the shown ones it names; of two that say the same, the older."""
        named = [late for late in self.graded.late_texts if late.key == key]
        if not named:
            raise UnknownLateText
        return named[0]


class SummaryForm(ClaimForm):
    """The three levels, and the comment on the interview as a whole."""

    comment = PlainText(label=_("Comment on the whole interview"))

    def __init__(self, review: Review, data: Any = None) -> None:
        levels = {scale.field: getattr(review, scale.field) for scale in SCALES}
        super().__init__(data, initial={**levels, "comment": review.overall_comment})
        for scale in SCALES:
            self.fields[scale.field] = forms.TypedChoiceField(
                label=str(scale.name),
                choices=Review.Level.choices,
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": _("A level is a number from 1 to 4.")},
            )

    def scales(self) -> Iterator[tuple[Scale, forms.BoundField]]:
        return ((scale, self[scale.field]) for scale in SCALES)

    def complain_of(self, missing: Missing, refusal: str) -> None:
        """Name what keeps the review from being published: a level beside its field."""
        for name in missing.levels:
            self.add_error(name, gettext("Choose a level."))
        if missing.answers or not missing:
            self.add_error(None, refusal)

    def save(self, review: Review) -> None:
        """Write what is valid; call it inside `review.writing()`. An empty level sets nothing."""
        chosen = {scale.field: self.cleaned_data[scale.field] for scale in SCALES}
        review.set_levels({name: level for name, level in chosen.items() if level is not None})
        review.comment_on(None, self.cleaned_data["comment"])
