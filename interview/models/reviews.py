"""What is made of an interview: the place in the queue, the reviews, their marks and comments."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from interview import clock
from interview.models.saved_text import SavedText
from interview.models.sittings import Answer, Interview
from interview.pseudonyms import new_pseudonym
from questions.models import KeyPoint


def release_claims(collector: Any, field: Any, claimed: Any, using: str) -> None:
    """What deleting a reviewer does to their claims: holder, token and end go together."""
    for name in ("holder", "token", "lease_ends_at"):
        collector.add_field_update(Assignment._meta.get_field(name), None, claimed)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def waiting(self) -> Self:
        """Those that can be claimed now: nobody holds them, or the lease ran out."""
        return self.filter(Q(holder=None) | Q(lease_ends_at__lte=Now()), done_at=None)

    def held_by(self, reviewer: User) -> Self:
        """The reviewer's claims with a lease that still runs."""
        return self.filter(holder=reviewer, lease_ends_at__gt=Now(), done_at=None)

    def open_to(self, reviewer: User) -> Self:
        """Without the reviewer's own interviews and those reserved for somebody else."""
        return self.filter(Q(reserved_for=None) | Q(reserved_for=reviewer)).exclude(
            interview__candidate=reviewer
        )


class Assignment(models.Model):
    """A place in the review queue. Made after the interview's end, so its id tells no start."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("interview")
    )
    slot = models.PositiveSmallIntegerField(_("slot"), default=1)
    pseudonym = models.CharField(_("pseudonym"), max_length=60, default=new_pseudonym)
    reserved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reserved for"),
        help_text=_("The reviewer whose invitation it was."),
    )
    asked_at = models.DateTimeField(_("asked"), default=clock.database_now)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=release_claims,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("holder"),
    )
    token = models.UUIDField(_("token"), null=True, blank=True)
    lease_ends_at = models.DateTimeField(_("lease ends"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "slot"],
                name="assignment_one_per_interview_and_slot",
                violation_error_message=_("A review was asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(holder=None, token=None, lease_ends_at=None)
                | Q(holder__isnull=False, token__isnull=False, lease_ends_at__isnull=False),
                name="assignment_holder_token_and_end_together",
                violation_error_message=_("A claim has a holder, a token and an end."),
            ),
        ]
        indexes = [
            # AssignmentQuerySet.waiting(): the queue, oldest first.
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="assignment_queue"),
        ]

    def __str__(self) -> str:
        return self.pseudonym


class ReviewQuerySet(models.QuerySet["Review"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def visible(self) -> Self:
        """Those the candidate may read: published, and no longer to be taken back."""
        return self.filter(visible_from__lte=Now())

    def current(self) -> Self:
        """Without those that a visible correction superseded."""
        return self.exclude(successor__visible_from__lte=Now())


class Review(models.Model):
    """One person's grading of one interview: made when claimed, append-only once visible."""

    class Kind(models.TextChoices):
        SELF = "self", _("by yourself")
        REVIEWER = "reviewer", _("by a reviewer")
        PEER = "peer", _("by a peer")

    class Level(models.IntegerChoices):
        WEAK = 1, _("weak")
        PARTIAL = 2, _("partial")
        GOOD = 3, _("good")
        STRONG = 4, _("strong")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("interview")
    )
    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("assignment"),
        help_text=_("Empty for a self-score."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("author"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("supersedes"),
    )
    reason = models.CharField(_("reason for the correction"), max_length=500, blank=True)
    knowledge = models.PositiveSmallIntegerField(
        _("knowledge"), choices=Level.choices, null=True, blank=True
    )
    reasoning = models.PositiveSmallIntegerField(
        _("reasoning"), choices=Level.choices, null=True, blank=True
    )
    communication = models.PositiveSmallIntegerField(
        _("communication"), choices=Level.choices, null=True, blank=True
    )
    score = models.DecimalField(
        _("score"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("0 to 100: the mean of the answers' scores."),
    )
    created_at = models.DateTimeField(_("made"), default=clock.database_now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    visible_from = models.DateTimeField(_("visible from"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    LEVELS = ("knowledge", "reasoning", "communication")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None, visible_from=None)
                | Q(
                    published_at__isnull=False,
                    score__isnull=False,
                    visible_from__gte=F("published_at"),
                ),
                name="review_published_with_score_and_time",
                violation_error_message=_("A published review has a score and a time."),
            ),
            models.CheckConstraint(
                condition=Q(published_at=None)
                | Q(kind="self")
                | Q(
                    knowledge__isnull=False,
                    reasoning__isnull=False,
                    communication__isnull=False,
                ),
                name="review_published_with_levels",
                violation_error_message=_("A published review has all three levels."),
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(0, 100)),
                name="review_score_0_to_100",
                violation_error_message=_("A score is a number from 0 to 100."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q((level, None)) | Q((f"{level}__range", (1, 4))),
                    name=f"review_{level}_1_to_4",
                    violation_error_message=_("A level is a number from 1 to 4."),
                )
                for level in ("knowledge", "reasoning", "communication")
            ),
            models.CheckConstraint(
                condition=Q(kind="self", assignment=None)
                | (~Q(kind="self") & Q(assignment__isnull=False)),
                name="review_self_has_no_assignment",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")),
                name="review_does_not_supersede_itself",
            ),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(kind="self", supersedes=None),
                name="review_one_self_score_per_interview",
                violation_error_message=_("This interview has a self-score already."),
            ),
            models.UniqueConstraint(
                fields=["assignment", "author"],
                condition=Q(supersedes=None),
                name="review_one_per_assignment_and_author",
                violation_error_message=_("You reviewed this interview already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.interview}"


class Mark(models.Model):
    """*Full*, *half* or *missed* for one key point in one review.

    The key point's text is read from the answer's version; `key_point` is its row, empty for the
    one point that a question without key points is graded on. A quote is a range of code points
    in one revision of the answer.
    """

    class Value(models.TextChoices):
        FULL = "full", _("full")
        HALF = "half", _("half")
        MISSED = "missed", _("missed")

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="marks", verbose_name=_("review")
    )
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
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
    quote_revision = models.PositiveIntegerField(_("quoted revision"), null=True, blank=True)
    quote_start = models.PositiveIntegerField(_("quote starts"), null=True, blank=True)
    quote_end = models.PositiveIntegerField(_("quote ends"), null=True, blank=True)

    class Meta:
        ordering = ["review", "answer", "id"]
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
                | Q(quote_revision__isnull=False, quote_start__lt=F("quote_end")),
                name="mark_quote_is_a_range",
                violation_error_message=_("A quote starts before it ends."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_value_display()}"


class Comment(SavedText):
    """A reviewer's words on one answer, or on the whole interview where `answer` is empty."""

    review = models.ForeignKey(
        Review, on_delete=models.CASCADE, related_name="comments", verbose_name=_("review")
    )
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
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
        ordering = ["review", "answer"]
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
