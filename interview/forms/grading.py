"""What a reviewer sends: the marks and comment of one answer, the levels and the last comment."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from interview.forms.sittings import JSON, LARGEST_INTEGER, PlainText
from interview.levels import SCALES, Scale
from interview.models import Answer, BankedComment, GradedAnswer, LateText, Mark, Review
from interview.models.comment_bank import MOST_BANKED_CHARACTERS
from interview.models.reviews import Missing
from interview.models.saved_text import MOST_CHARACTERS, Sent
from interview.refusals import UnknownLateText, UnknownWords
from interview.saving import Conflict, Receipt, Save
from interview.saving.comments import save_comment

MARK, QUOTE = "mark-", "quote-"
"""What the names of each key point's fields begin with."""


def number_in(text: str) -> int | None:
    """The number that a button or an address names; None for all else, however long."""
    return int(text) if len(text) < 6 and text.isdecimal() else None


def sent_choices(request: HttpRequest) -> Mapping[str, Any]:
    """What a script sent as JSON, or a plain form. What is no JSON object has chosen nothing."""
    if request.content_type != JSON:
        return request.POST
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        data = {}
    return data if isinstance(data, dict) else {}


class ClaimForm(forms.Form):
    """Every write says which claim it belongs to (Rules of grading, 4)."""

    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        # A token that is none is like one from yesterday: the model tells which it is.
        if self.errors.pop("token", None) is not None:
            self.cleaned_data["token"] = None
        return self.cleaned_data


class DraftForm(ClaimForm):
    """The choices of one page, also levels, and a comment as it knows it (Rules of saving, 2).

    A comment that is not sent stays as it is: a script saves it by itself. What a page doesn't say
    beside it is taken as from one that knows of none, so that it overwrites nothing.
    """

    comment = PlainText()
    base = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)
    writer = forms.UUIDField(required=False)
    sequence = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_INTEGER)
    insert = forms.UUIDField(required=False)

    def __init__(
        self, review: Review, data: Mapping[str, Any] | None, initial: dict[str, Any]
    ) -> None:
        levels = {scale.field: getattr(review, scale.field) for scale in SCALES}
        super().__init__(data, initial={**levels, **initial})
        if data is not None and "comment" not in data:
            self.fields["comment"].disabled = True
        for scale in SCALES:
            self.fields[scale.field] = forms.TypedChoiceField(
                label=str(scale.name),
                choices=Review.Level.choices,
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": _("A level is a number from 1 to 4.")},
            )

    def clean(self) -> dict[str, Any]:
        beside = {"base", "writer", "sequence", "insert"} & set(self.errors)
        for name in beside:
            del self.errors[name]
        if beside:
            self.add_error(
                None, _("What the page sent beside your marks could not be read. Save it again.")
            )
        return super().clean()

    @property
    def complaints(self) -> list[str]:
        """Why the comment was not stored; nothing if it was."""
        return [str(error) for errors in self.errors.values() for error in errors]

    @property
    def sent(self) -> Sent | None:
        """Which send of which page it is; None if it doesn't say."""
        writer = self.cleaned_data["writer"]
        return Sent(writer, self.cleaned_data["sequence"] or 1) if writer else None

    def scales(self) -> Iterator[tuple[Scale, forms.BoundField]]:
        """Each of the three with the field for its level."""
        return ((scale, self[scale.field]) for scale in SCALES)

    def save_levels(self, review: Review) -> None:
        """Set those that are chosen; call it inside `review.writing()`.

        A plain form sends all of them. What it came with was not chosen in it, and may have been
        changed on another page since.
        """
        chosen = {scale.field: self.cleaned_data[scale.field] for scale in SCALES}
        levels = {
            name: level
            for name, level in chosen.items()
            if level is not None and str(level) != self.data.get(f"{name}-was")
        }
        review.set_levels(levels, self.sent)

    def save_comment(self, review: Review, answer: Answer | None) -> Receipt | Conflict | None:
        """Store the comment if one was sent; call it inside `review.writing()`."""
        if self.fields["comment"].disabled:
            return None
        text: str = self.cleaned_data["comment"]
        if banked := self.cleaned_data["insert"]:
            text = with_banked(text, banked, review)
        return save_comment(
            review,
            answer,
            Save(
                text=text,
                base=self.cleaned_data["base"] or 0,
                writer=self.cleaned_data["writer"] or uuid4(),
                sequence=self.cleaned_data["sequence"] or 1,
            ),
        )


def with_banked(text: str, pk: UUID, review: Review) -> str:
    """The comment, and below it the one of the author's bank; without it if it is gone or too long.

    A page without a script inserts it so.
    """
    chosen = BankedComment.objects.filter(owner=review.author_id, pk=pk).kept().first()
    if chosen is None:
        return text
    longer = f"{text.rstrip()}\n{chosen.text}" if text.strip() else chosen.text
    return longer if len(longer) <= MOST_CHARACTERS else text


class AnswerForm(DraftForm):
    """Marks by key point of the pinned version, the words they rest on, the comment, the late text
    if one counts, and the levels as far as they can be told from this answer.

    The buttons beside a late text send `accept` with its key, or `undo_accepting`; all else that
    is sent leaves it as it is. The button beside a blank answer sends `all_missed`: what has no
    mark is missed then, as the reviewer saw. Words are `key of the text:start:end`, empty for
    none; a plain form chooses them as `cite_words` for the key point `cite_for` and presses `cite`.
    """

    accept = forms.CharField(required=False)
    undo_accepting = forms.BooleanField(required=False)
    all_missed = forms.BooleanField(required=False)
    cite = forms.BooleanField(required=False)
    cite_words = forms.CharField(required=False)
    cite_for = forms.CharField(required=False)

    def __init__(
        self, review: Review, graded: GradedAnswer, data: Mapping[str, Any] | None = None
    ) -> None:
        initial = {MARK + key: mark.value for key, mark in graded.marks.items()}
        super().__init__(review, data, {**initial, "comment": graded.comment})
        self.fields["comment"].label = _("Comment on this answer")
        self.graded = graded
        self.points = graded.answer.question_version.key_points
        for point in self.points:
            self.fields[MARK + point.key] = forms.ChoiceField(
                label=point.text,
                choices=Mark.Value.choices,
                required=False,
                error_messages={"invalid_choice": _("A mark is full, half or missed.")},
            )
            self.fields[QUOTE + point.key] = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        named = [name for name in self.data if name.startswith((MARK, QUOTE))]
        unknown = [name for name in named if name not in self.fields]
        if unknown:
            raise forms.ValidationError(
                gettext("The question that was asked has no key point “%(key)s”.")
                % {"key": unknown[0].partition("-")[2][:60]}
            )
        return super().clean()

    def save(self, review: Review) -> Receipt | Conflict | None:
        """Write what is valid; call it inside `review.writing()`. An empty choice marks nothing.

        What became of the comment; None if none was sent.

        Raises:
            UnknownLateText, CameAfterReveal: the late text can't be accepted.
            UnknownWords, NotMarked: the words can't be cited.
        """
        answer = self.graded.answer
        outrun = review.marked_since(answer, self.sent) if self.sent else set()
        chosen = {point.key: self.cleaned_data[MARK + point.key] for point in self.points}
        if self.cleaned_data["all_missed"] and self.graded.is_blank:
            # Asked again, as another tab may have marked some since.
            marked = set(review.marks.filter(answer=answer).values_list("key", flat=True))
            for key in chosen.keys() - marked:
                chosen[key] = chosen[key] or Mark.Value.MISSED
        review.mark(answer, {key: value for key, value in chosen.items() if value}, self.sent)
        if key := self.cleaned_data["accept"]:
            review.accept(self._late_text(key).revision)
        elif self.cleaned_data["undo_accepting"]:
            review.undo_accepting(answer)
        for key, words in self._quotes().items():
            if key in outrun:
                continue
            if words:
                review.cite(answer, key, *_range_in(words))
            else:
                review.cite_nothing(answer, key)
        self.save_levels(review)
        return self.save_comment(review, answer)

    def _quotes(self) -> dict[str, str]:
        """The words that were chosen, by key point; empty where they were removed."""
        quotes = {
            point.key: self.cleaned_data[QUOTE + point.key]
            for point in self.points
            if QUOTE + point.key in self.data
        }
        if self.cleaned_data["cite"]:
            key = self.cleaned_data["cite_for"]
            if key not in {point.key for point in self.points}:
                raise UnknownWords
            # Nothing chosen is no range, which the model refuses: it doesn't remove what is cited.
            quotes[key] = self.cleaned_data["cite_words"] or ":"
        return quotes

    def _late_text(self, key: str) -> LateText:
        """Which of the shown ones it names; of two that say the same, the older."""
        named = [late for late in self.graded.late_texts if late.key == key]
        if not named:
            raise UnknownLateText
        return named[0]


def _range_in(words: str) -> tuple[str, int, int]:
    """Which text, from where and up to where.

    Raises:
        UnknownWords: it says nothing of the kind.
    """
    text_key, _colon, numbers = words.partition(":")
    start, end = map(number_in, (*numbers.split(":"), "")[:2])
    if start is None or end is None:
        raise UnknownWords
    return text_key, start, end


class SummaryForm(DraftForm):
    """The three levels, and the comment on the interview as a whole."""

    def __init__(self, review: Review, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(review, data, {"comment": review.overall_comment})
        self.fields["comment"].label = _("Comment on the whole interview")

    def complain_of(self, missing: Missing, refusal: str) -> None:
        """Name what keeps the review from being published: a level beside its field."""
        for name in missing.levels:
            self.add_error(name, gettext("Choose a level."))
        if missing.answers or not missing:
            self.add_error(None, refusal)

    def save(self, review: Review) -> Receipt | Conflict | None:
        """Write what is valid; call it inside `review.writing()`. An empty level sets nothing.

        What became of the comment; None if none was sent.
        """
        self.save_levels(review)
        return self.save_comment(review, None)


class BankForm(forms.Form):
    """One comment of the bank."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=MOST_BANKED_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": None}),
        help_text=_("Up to 500 characters. Only you see your bank."),
        error_messages={"required": _("Write a comment.")},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").replace("\r", "\n")
