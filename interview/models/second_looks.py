"""A second look at one key point: what a candidate asks, and what a reviewer answers."""

from datetime import timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interview import clock
from interview.models.answers import Answer
from interview.models.marks import Mark
from interview.models.reviews import Review
from interview.models.unblindings import Unblinding
from interview.refusals import (
    AnsweredAlready,
    AskedAlready,
    CorrectionUnderWay,
    MarkedFull,
    MarkHasChanged,
    NewerCorrection,
    TooLate,
    TooLateToAsk,
)
from questions.models import VersionKeyPoint

MOST_CHARACTERS = 2_000
"""Length of a reason and of a reply, in code points."""


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def answered(self) -> Self:
        """Those whose answer the candidate may read."""
        return self.filter(visible_from__lte=Now())

    def answered_by(self, reviewer: User) -> Self:
        return self.filter(answered_at__isnull=False, answered_by=reviewer)

    def open_to(self, reviewer: User) -> Self:
        """Those about the reviewer's own marks, and those whose author can't or doesn't answer.

        That is without an account, without the permission, or not within `REVIEW_PATIENCE_DAYS`.
        Then any reviewer may, but not the candidate, nor who knows whose interview it is.
        """
        patience = timedelta(days=settings.REVIEW_PATIENCE_DAYS)
        may_review = (
            ModelBackend().with_perm("interview.review").filter(pk=OuterRef("mark__review__author"))
        )
        unblinded = Unblinding.objects.filter(interview=OuterRef("interview"), by=reviewer)
        return self.filter(
            Q(mark__review__author=reviewer)
            | Q(mark__review__author=None)
            | Q(asked_at__lte=Now() - patience)
            | ~Exists(may_review)
        ).exclude(Q(interview__candidate=reviewer) | Exists(unblinded))

    def for_list(self) -> Self:
        """What a reviewer's list shows, those that wait longest first. One query."""
        return self.select_related("assignment", "answer__question_version", "mark").order_by(
            "asked_at", "id"
        )

    def for_page(self) -> Self:
        """What a reviewer answers from: the answer, the mark and what its review says of it."""
        return self.select_related(
            "assignment", "answer__question_version", "mark__review", "correction"
        )

    def ask(self, mark: Mark, reason: str) -> "SecondLook":
        """Ask for another look at `mark`, by the database's clock within 14 days.

        Raises:
            AskedAlready: about this key point, in this review or in what it corrects.
            MarkHasChanged: the review is not the one that counts now.
            TooLateToAsk: it has been readable for longer.
            MarkedFull: there is nothing to gain.
            Assignment.DoesNotExist: the account was deleted meanwhile.
        """
        review = mark.review
        assert review.assignment is not None
        with transaction.atomic():
            review.assignment.lock()
            asked = self.filter(assignment=review.assignment, answer=mark.answer, key=mark.key)
            if asked.exists():
                raise AskedAlready
            current = Review.objects.visible().current().filter(pk=review.pk)
            if not current.exists():
                raise MarkHasChanged
            if not current.filter(visible_from__gt=Now() - clock.SECOND_LOOK).exists():
                raise TooLateToAsk
            if mark.value == Mark.Value.FULL:
                raise MarkedFull
            return self.create(
                interview_id=mark.interview_id,
                assignment=review.assignment,
                answer=mark.answer,
                key=mark.key,
                mark=mark,
                reason=reason,
            )


class SecondLook(models.Model):
    """One per key point of an assignment, so also not again after a correction.

    `mark` is the one that was asked about and says what it was; `value` is what it is by the
    answer. Where that is another, `correction` is the review that says so: marks never change.
    """

    # Not a UUIDv7: a reviewer's page need not tell when somebody was reading.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    interview = models.ForeignKey("interview.Interview", on_delete=models.CASCADE, related_name="+")
    assignment = models.ForeignKey(
        "interview.Assignment",
        on_delete=models.CASCADE,
        db_index=False,  # The unique constraint's index begins with it.
        related_name="second_looks",
        verbose_name=_("assignment"),
    )
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="second_looks", verbose_name=_("answer")
    )
    key = models.SlugField(_("key"), max_length=60)
    mark = models.OneToOneField(
        Mark, on_delete=models.CASCADE, related_name="second_look", verbose_name=_("mark")
    )
    reason = models.TextField(_("reason"))
    asked_at = models.DateTimeField(_("asked"), default=clock.database_now)
    reply = models.TextField(_("reply"), blank=True)
    value = models.CharField(
        _("mark by the answer"), max_length=6, choices=Mark.Value.choices, blank=True
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    visible_from = models.DateTimeField(_("visible from"), null=True, blank=True)
    correction = models.OneToOneField(
        Review,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="second_look",
        verbose_name=_("correction"),
    )
    mailed_at = models.DateTimeField(_("candidate mailed"), null=True, blank=True)

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "answer", "key"],
                name="second_look_one_per_key_point",
                violation_error_message=_("A second look at this key point was asked for."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="second_look_has_a_reason",
                violation_error_message=_("A second look has a reason."),
            ),
            models.CheckConstraint(
                condition=Q(value__in=["", "full", "half", "missed"]),
                name="second_look_full_half_or_missed",
                violation_error_message=_("A mark is full, half or missed."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, visible_from=None, correction=None)
                | Q(
                    ~Q(reply=""),
                    ~Q(value=""),
                    answered_at__isnull=False,
                    visible_from__isnull=False,
                    visible_from__gte=F("answered_at"),
                ),
                name="second_look_answered_with_words_and_mark",
                violation_error_message=_("An answer has words, a mark and a time."),
            ),
        ]
        indexes = [
            # SecondLookQuerySet.unanswered(): a reviewer's list, those that wait longest first.
            models.Index(
                fields=["asked_at"], condition=Q(answered_at=None), name="second_look_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    # Reading

    @property
    def point(self) -> VersionKeyPoint:
        """As the pinned version says it."""
        points = self.answer.question_version.key_points
        return next(point for point in points if point.key == self.key)

    @property
    def waited(self) -> str:
        """In whole hours, as all waits that reviewers see."""
        return clock.in_whole_hours(timezone.now() - self.asked_at)

    @property
    def has_changed_the_mark(self) -> bool:
        return self.value != self.mark.value

    @property
    def can_be_taken_back(self) -> bool:
        """By this machine's clock; for the page. `take_back()` asks the database's."""
        return self.visible_from is not None and self.visible_from > timezone.now()

    @property
    def is_visible(self) -> bool:
        """Whether the candidate may read the answer, by this machine's clock."""
        return self.visible_from is not None and self.visible_from <= timezone.now()

    # Writing

    def answer_with(self, reply: str, value: str, by: User) -> None:
        """Answer in words, and with the mark from now on. Visible in a minute, then mailed.

        A mark that differs from the newest review's makes a correction of that, by `by`.
        Of two answers at once one wins.

        Raises:
            AnsweredAlready: the other one won, or it is not open to `by` any more.
            CorrectionUnderWay: the mark would change, and a correction has been begun.
            ValueError: the mark is not full, half or missed.
        """
        from interview import tasks  # which imports this module

        value = Mark.Value(value)
        with transaction.atomic():
            self.assignment.lock()
            if not SecondLook.objects.unanswered().open_to(by).filter(pk=self.pk).exists():
                raise AnsweredAlready
            newest = Review.objects.published().exclude(successor__published_at__isnull=False)
            review = newest.get(assignment=self.assignment)
            if review.marks.filter(answer=self.answer, key=self.key, value=value).exists():
                self.correction = None
                self.answered_at = clock.database_now()
                self.visible_from = self.answered_at + clock.TAKE_BACK
            else:
                self.correction = self._correction_of(review, value, by)
                self.answered_at = self.correction.published_at
                self.visible_from = self.correction.visible_from
            self.reply, self.value, self.answered_by = reply, value, by
            self.save()
            job = tasks.mail_second_look.configure(schedule_at=self.visible_from)
            job.defer(look_id=str(self.pk))

    def _correction_of(self, review: Review, value: str, by: User) -> Review:
        if Review.objects.drafts().filter(supersedes=review).exists():
            raise CorrectionUnderWay
        reason = gettext("A second look at question %(number)d.")
        correction = review.supersede(reason % {"number": self.answer.position}, author_id=by.pk)
        correction.mark(self.answer, {self.key: value})
        correction = Review.objects.with_grading().get(pk=correction.pk)
        correction.show_in_a_minute()
        return correction

    def take_back(self, by: User) -> None:
        """Within the minute: unanswered again, its words kept. Twice is as good as once.

        Raises:
            TooLate: the candidate may have read it.
            NewerCorrection: the correction that it made was corrected since.
        """
        with transaction.atomic():
            self.assignment.lock()
            mine = SecondLook.objects.answered_by(by).filter(pk=self.pk)
            if mine.answered().exists():
                raise TooLate
            look = mine.select_related("correction").first()
            if look is None:
                return
            if look.correction and Review.objects.filter(supersedes=look.correction).exists():
                raise NewerCorrection
            mine.update(answered_at=None, visible_from=None, correction=None)
            if look.correction is not None:
                look.correction.delete()
