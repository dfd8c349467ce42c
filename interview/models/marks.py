"""What a review says of each answer: marks on its key points, and comments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from interview import quotes, scoring
from interview.models.answers import Answer
from interview.models.late_texts import AcceptedText, LateText
from interview.models.saved_text import SavedText
from questions.models import KeyPoint, Story, VersionKeyPoint

if TYPE_CHECKING:
    from interview.models.interviews import Interview


class MarkQuerySet(models.QuerySet["Mark"]):
    def for_results(self) -> Self:
        """Each with its second look and the title of its point's story, if there are. One query."""
        sections = [f"key_point__story__{section}" for section in Story.SECTIONS]
        return self.select_related("second_look", "key_point__story").defer(*sections)

    def by_candidate(self, interview: "Interview") -> dict[tuple[int, str], str]:
        """The candidate's latest marks, by the answer's id and the key. One query."""
        own = self.filter(
            interview=interview, review__interview=interview, review__kind__in=("self", "guided")
        )
        # A guided review is made later than a self-score, and its id tells when.
        rows = own.order_by("review_id").values_list("answer_id", "key", "value")
        return {(answer, key): value for answer, key, value in rows}


class Mark(models.Model):
    """*Full*, *half* or *missed* for one key point in one review.

    The key point's text is read from the answer's version; `key_point` is its row, empty for the
    one point that a question without key points is graded on. A quote is a range of code points
    in one revision of the answer. `writer` and `sequence` say which page sent it last.
    """

    class Value(models.TextChoices):
        FULL = "full", _("full")
        HALF = "half", _("half")
        MISSED = "missed", _("missed")

    review = models.ForeignKey(
        "interview.Review", on_delete=models.CASCADE, related_name="marks", verbose_name=_("review")
    )
    interview = models.ForeignKey("interview.Interview", on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="marks", verbose_name=_("answer")
    )
    key = models.SlugField(_("key"), max_length=60)
    key_point = models.ForeignKey(
        KeyPoint,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="marks",
        verbose_name=_("key point"),
    )
    value = models.CharField(_("mark"), max_length=6, choices=Value.choices)
    writer = models.UUIDField(_("writer"), null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(_("sequence"), null=True, blank=True, editable=False)
    quote_revision = models.PositiveIntegerField(_("quoted revision"), null=True, blank=True)
    quote_start = models.PositiveIntegerField(_("quote starts"), null=True, blank=True)
    quote_end = models.PositiveIntegerField(_("quote ends"), null=True, blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ["review_id", "answer_id", "id"]
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(
                fields=["review", "answer", "key"],
                name="mark_one_per_key_point_and_review",
                violation_error_message=_("This key point has a mark already."),
            ),
            models.CheckConstraint(
                condition=Q(value__in=["full", "half", "missed"]),
                name="mark_full_half_or_missed",
                violation_error_message=_("A mark is full, half or missed."),
            ),
            models.CheckConstraint(
                condition=Q(quote_revision=None, quote_start=None, quote_end=None)
                | Q(
                    quote_revision__isnull=False,
                    quote_start__isnull=False,
                    quote_end__isnull=False,
                    quote_start__lt=F("quote_end"),
                ),
                name="mark_quote_is_a_range",
                violation_error_message=_("A quote starts before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_value_display()}"


class Comment(SavedText):
    """A reviewer's words on one answer, or on the whole interview where `answer` is empty."""

    review = models.ForeignKey(
        "interview.Review",
        on_delete=models.CASCADE,
        related_name="comments",
        verbose_name=_("review"),
    )
    interview = models.ForeignKey("interview.Interview", on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(
        Answer,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="comments",
        verbose_name=_("answer"),
    )

    class Meta(SavedText.Meta):
        abstract = False
        ordering = ["review_id", "answer_id"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            *SavedText.Meta.constraints,
            models.UniqueConstraint(
                fields=["review", "answer"],
                nulls_distinct=False,
                name="comment_one_per_answer_and_review",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class MarkRow(NamedTuple):
    """Of a mark what is told of it. An instance takes ten times longer, and a page has dozens."""

    answer_id: int
    key: str
    value: str
    quote_revision: int | None
    quote_start: int | None
    quote_end: int | None


class CommentRow(NamedTuple):
    """The same of a comment."""

    answer_id: int | None
    text: str
    revision: int
    saved_at: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Of what the database made JSON of, and of a time a text."""
        saved_at = row["saved_at"] and datetime.fromisoformat(row["saved_at"])
        return cls(**{**row, "saved_at": saved_at})


@dataclass(frozen=True)
class GradedAnswer:
    """One answer with what a review says of it."""

    answer: Answer
    marks: Mapping[str, Mark | MarkRow]
    """By key; a key point without a mark is not in it."""
    comment: str
    stored_comment: Comment | CommentRow | None = None
    """The comment itself, on whose revision a page's saves are based."""
    accepted: AcceptedText | None = None

    def mark_on(self, key: str) -> Mark | None:
        """The mark itself; of a review that was not fetched `with_rows()`."""
        mark = self.marks.get(key)
        assert not isinstance(mark, MarkRow)
        return mark

    @property
    def late_texts(self) -> list[LateText]:
        """Those that are shown beside the answer, oldest first, and always the accepted one."""
        revisions = {revision.number: revision for revision in self.answer.late_revisions}
        if self.accepted is not None:
            revisions.setdefault(self.accepted.number, self.accepted.revision)
        accepted = self.accepted.number if self.accepted else None
        revealed_at = self.answer.interview.revealed_at
        return [
            LateText(revision, number == accepted, revealed_at)
            for number, revision in sorted(revisions.items())
        ]

    @property
    def is_blank(self) -> bool:
        """Whether nothing was written, not even late: then no key point can have been made."""
        return not self.answer.text.strip() and not self.late_texts

    def quotes_in(self, revision: int) -> list[quotes.Quote]:
        """Which words of that revision its marks cite, by the key points' numbers from 1."""
        return [
            quotes.Quote(mark.quote_start, mark.quote_end, number)
            for number, (_point, mark) in enumerate(self.points, 1)
            if mark is not None
            and mark.quote_revision == revision
            and mark.quote_start is not None
            and mark.quote_end is not None
        ]

    @property
    def text_key(self) -> str:
        """What a page calls the answer's text, to say which one it cites."""
        return quotes.key_of(self.answer.text)

    @property
    def passages(self) -> list[quotes.Passage]:
        """The answer's text for `interview/includes/quoted_text.html`."""
        return quotes.passages(self.answer.text, self.quotes_in(self.answer.revision))

    @property
    def accepted_passages(self) -> list[quotes.Passage]:
        """The same of the accepted late text; nothing if none is accepted."""
        if self.accepted is None:
            return []
        cited = self.quotes_in(self.accepted.number)
        return quotes.passages(self.accepted.revision.text, cited)

    @property
    def quoted_words(self) -> dict[str, str]:
        """What is cited for each key point, by its key, from the answer or the accepted text."""
        texts = {self.answer.revision: self.answer.text}
        if self.accepted is not None:
            texts[self.accepted.number] = self.accepted.revision.text
        return {
            key: texts[mark.quote_revision][mark.quote_start : mark.quote_end]
            for key, mark in self.marks.items()
            if mark.quote_revision in texts
        }

    @cached_property
    def points(self) -> list[tuple[VersionKeyPoint, Mark | MarkRow | None]]:
        """The key points of the pinned version, each with its mark."""
        return [(p, self.marks.get(p.key)) for p in self.answer.question_version.key_points]

    @cached_property
    def unmarked(self) -> list[VersionKeyPoint]:
        return [point for point, mark in self.points if mark is None]

    @cached_property
    def score(self) -> Decimal | None:
        """From 0 to 1; None until every key point has a mark."""
        if self.unmarked:
            return None
        values = {key: mark.value for key, mark in self.marks.items()}
        return scoring.answer_score(values, self.answer.question_version.key_points)

    @property
    def percent(self) -> Decimal | None:
        """The score from 0 to 100."""
        return None if self.score is None else self.score * 100
