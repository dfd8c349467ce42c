"""What a candidate does: one interview, its answers, and their history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Least, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import TimingProfile, User
from interview import clock
from interview.models.saved_text import SavedText
from questions.models import Question, QuestionSet, QuestionVersion


class AlreadySitting(Exception):
    """The candidate has an unfinished interview; one is enough (Rules of time, 6)."""

    def __init__(self, interview: "Interview") -> None:
        super().__init__("The candidate has an unfinished interview.")
        self.interview = interview


class InterviewQuerySet(models.QuerySet["Interview"]):
    def of(self, candidate: User) -> Self:
        return self.filter(candidate=candidate)

    def unfinished(self) -> Self:
        """Those nobody finished yet, overdue or not: at most one per candidate."""
        return self.filter(ended_at=None)

    def running(self) -> Self:
        """Those that take text now, by the database's clock."""
        return self.unfinished().filter(Q(deadline=None) | Q(deadline__gt=Now()))

    def overdue(self) -> Self:
        """Those that ended at their deadline without anybody stamping it."""
        return self.unfinished().filter(deadline__lte=Now())

    def ended(self) -> Self:
        return self.filter(Q(ended_at__isnull=False) | Q(deadline__lte=Now()))

    def stamp_overdue(self) -> int:
        """Write down the end of those that ended at their deadline; how many there were.

        No status waits for this: it only keeps the books (Rules of time, 6).
        """
        return self.overdue().update(ended_at=F("deadline"))

    def for_list(self) -> Self:
        """What a list of interviews shows, newest first. One query."""
        return self.order_by("-id").annotate(
            question_count=models.Count("answers", distinct=True),
            answered_count=models.Count("answers", filter=~Q(answers__text=""), distinct=True),
        )

    def start(
        self,
        *,
        candidate: User,
        title: str,
        questions: Sequence[Question],
        minutes: int,
        mode: str,
        question_set: QuestionSet | None = None,
    ) -> "Interview":
        """Start the clock: pin what is asked and store the deadline (Rules of time, 1).

        The candidate's timing profile stretches the limit. Their overdue sitting, if any, is
        stamped first. Of two starts at once the database lets one win.

        Raises:
            AlreadySitting: an unfinished interview is there to be resumed or finished.
            ValueError: no question was given.
        """
        if not questions:
            raise ValueError("An interview asks at least one question.")
        profile = TimingProfile.objects.of(candidate)
        limit = timedelta(minutes=minutes)
        self.of(candidate).stamp_overdue()
        try:
            with transaction.atomic():
                versions = [question.record_version() for question in questions]
                now = clock.database_now()
                deadline = None if profile.untimed else now + limit * float(profile.factor or 1)
                interview = self.create(
                    candidate=candidate,
                    title=title,
                    question_set=question_set,
                    mode=mode,
                    limit=limit,
                    time_factor=profile.factor,
                    started_at=now,
                    deadline=deadline,
                )
                opened = mode == Interview.Mode.FREE
                Answer.objects.bulk_create(
                    Answer(
                        interview=interview,
                        position=position,
                        question_version=version,
                        minutes=question.minutes,
                        opened_at=now if opened else None,
                        closes_at=deadline if opened else None,
                        accepts_until=deadline + clock.GRACE if opened and deadline else None,
                    )
                    for position, (question, version) in enumerate(
                        zip(questions, versions, strict=True), start=1
                    )
                )
                if not opened:
                    interview.open_question(1)
        except IntegrityError as error:
            unfinished = self.of(candidate).unfinished().first()
            if unfinished is None:
                raise
            raise AlreadySitting(unfinished) from error
        return interview


class Interview(models.Model):
    """One sitting of one candidate. Its status follows from its times, by the database's clock."""

    class Mode(models.TextChoices):
        FREE = "free", _("free order")
        ONE_AT_A_TIME = "one_at_a_time", _("one at a time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="interviews",
        verbose_name=_("candidate"),
    )
    title = models.CharField(_("title"), max_length=200)
    question_set = models.ForeignKey(
        QuestionSet,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("set"),
    )
    invitation = models.ForeignKey(
        "interview.Invitation",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("invitation"),
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.FREE)
    limit = models.DurationField(
        _("limit"), help_text=_("Before the candidate's timing profile is applied.")
    )
    time_factor = models.DecimalField(
        _("time factor"),
        max_digits=4,
        decimal_places=2,
        null=True,
        help_text=_("The candidate's at the start. Private."),
    )
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    revealed_at = models.DateTimeField(_("model answers revealed"), null=True, blank=True)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        permissions = [("review", _("Can review interviews"))]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate"],
                condition=Q(ended_at=None),
                name="interview_one_unfinished_per_candidate",
                violation_error_message=_("There is an unfinished interview already."),
            ),
            models.UniqueConstraint(
                fields=["invitation", "candidate"],
                condition=Q(invitation__isnull=False),
                name="interview_one_per_invitation_and_candidate",
                violation_error_message=_("This invitation was followed already."),
            ),
            models.CheckConstraint(
                condition=Q(deadline=None) | Q(started_at__lte=F("deadline")),
                name="interview_starts_before_deadline",
                violation_error_message=_("An interview can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__lte=F("ended_at")),
                name="interview_starts_before_end",
                violation_error_message=_("An interview can't end before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(revealed_at=None) | Q(ended_at__isnull=False),
                name="interview_revealed_after_end",
                violation_error_message=_("Model answers are shown after the end."),
            ),
            models.CheckConstraint(
                condition=Q(extensions__lte=clock.MOST_EXTENSIONS),
                name="interview_at_most_ten_extensions",
                violation_error_message=_("The time was extended ten times already."),
            ),
        ]
        indexes = [
            # InterviewQuerySet.of(…).order_by("-id"): my interviews, newest first.
            models.Index(fields=["candidate", "-id"], name="interview_of_candidate"),
            # InterviewQuerySet.overdue(): the job that stamps, every minute.
            models.Index(
                fields=["deadline"],
                condition=Q(ended_at=None),
                name="interview_unfinished_deadline",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def has_ended(self, now: datetime | None = None) -> bool:
        """Whether time is up or the candidate finished; `now` defaults to this machine's time.

        Good for choosing a page. What decides over text is each answer's own close.
        """
        if self.ended_at is not None:
            return True
        return self.deadline is not None and self.deadline <= (now or timezone.now())

    @property
    def ended_or_deadline(self) -> datetime | None:
        """When it ended: the finish, or the deadline of one that was abandoned."""
        return self.ended_at or self.deadline

    def finish(self) -> bool:
        """End the sitting now, or at its deadline if that has passed; False if it had ended.

        One conditional update decides who wins. In the same transaction every answer that is
        still open closes, and what stands goes to the history.
        """
        with transaction.atomic():
            now = clock.database_now()
            won = Interview.objects.filter(pk=self.pk, ended_at=None).update(
                ended_at=Least(models.Value(now), F("deadline"))
            )
            if won:
                Answer.objects.filter(interview=self).close(now)
        self.refresh_from_db(fields=["ended_at"])
        return bool(won)

    def reveal(self) -> bool:
        """Show the model answers from now on, and take no more text; False if shown already.

        Stamps the end first where nobody did. Without this, text that arrives within the grace
        could be written after reading the model answers (Rules of time, 5).
        """
        self.finish()
        with transaction.atomic():
            now = clock.database_now()
            won = Interview.objects.filter(
                pk=self.pk, ended_at__isnull=False, revealed_at=None
            ).update(revealed_at=now)
            if won:
                answers = Answer.objects.filter(interview=self)
                answers.filter(accepts_until__gt=now).update(accepts_until=now)
                Revision.objects.keep(answers, Revision.Kind.FINISH, now)
        self.refresh_from_db(fields=["revealed_at"])
        return bool(won)

    def open_question(self, position: int) -> bool:
        """One at a time: start the clock of one question and close the one before.

        False if it was open already, or is not the next. Its close is its minutes times the
        factor from now, never later than the deadline (Rules of time, 1).
        """
        with transaction.atomic():
            now = clock.database_now()
            answer = self.answers.get(position=position)
            closes_at = self._close_of(answer, now)
            skipped = self.answers.filter(position__lt=position, opened_at=None)
            opened = self.answers.filter(
                ~models.Exists(skipped),
                position=position,
                opened_at=None,
                interview__ended_at=None,
            ).update(
                opened_at=now,
                closes_at=closes_at,
                accepts_until=closes_at and closes_at + clock.GRACE,
            )
            if opened:
                self.answers.filter(position__lt=position).close(now)
        return bool(opened)

    def _close_of(self, answer: "Answer", opened_at: datetime) -> datetime | None:
        if self.time_factor is None or self.deadline is None:
            return None
        own = opened_at + timedelta(minutes=answer.minutes) * float(self.time_factor)
        return min(own, self.deadline)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def close(self, now: datetime) -> None:
        """Take no more text for those still open, and keep what stands in the history."""
        still_open = self.filter(Q(accepts_until=None) | Q(accepts_until__gt=now))
        # After its deadline an answer keeps the rest of its grace: a finish can't take it away.
        still_open.filter(Q(closes_at=None) | Q(closes_at__gt=now)).update(
            closes_at=now, accepts_until=now
        )
        Revision.objects.keep(self, Revision.Kind.FINISH, now)

    def for_room(self) -> Self:
        """The map of questions and the one that is shown. One query."""
        return self.select_related("question_version").order_by("position")


class Answer(SavedText):
    """The candidate's plain text for one asked question.

    `closes_at` is the close that is shown, `accepts_until` the last moment that the server takes
    text as the answer: the close and its grace, or the finish. A save tests only its own row, so
    these follow the interview's. Both are empty while a question is not opened, or untimed.
    """

    interview = models.ForeignKey(
        Interview, on_delete=models.CASCADE, related_name="answers", verbose_name=_("interview")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    question_version = models.ForeignKey(
        QuestionVersion, on_delete=models.PROTECT, related_name="answers", verbose_name=_("version")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    accepts_until = models.DateTimeField(_("accepts until"), null=True, blank=True)
    kept_at = models.DateTimeField(_("newest in history"), null=True, blank=True)
    flagged = models.BooleanField(_("flagged"), default=False)

    objects = AnswerQuerySet.as_manager()

    class Meta(SavedText.Meta):
        abstract = False
        ordering = ["interview", "position"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            *SavedText.Meta.constraints,
            models.UniqueConstraint(
                fields=["interview", "position"], name="answer_position_unique"
            ),
            models.UniqueConstraint(
                fields=["interview", "question_version"], name="answer_question_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at=None, accepts_until=None)
                | Q(closes_at__isnull=False, accepts_until__gte=F("closes_at")),
                name="answer_closes_before_refusing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question_version.prompt}"

    @property
    def state(self) -> str:
        """How the map of questions shows it: flagged, begun or empty."""
        if self.flagged:
            return "flagged"
        return "begun" if self.text.strip() else "empty"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def keep(self, answers: AnswerQuerySet, kind: str, now: datetime) -> None:
        """Put what stands in `answers` into their history, unless it is there. Two queries."""
        self.bulk_create(
            (
                Revision(
                    interview_id=answer.interview_id,
                    answer=answer,
                    number=answer.revision,
                    text=answer.text,
                    kind=kind,
                    saved_at=answer.saved_at or now,
                )
                for answer in answers.filter(revision__gt=0)
            ),
            ignore_conflicts=True,
        )

    def late(self) -> Self:
        return self.filter(kind=Revision.Kind.LATE)


class Revision(models.Model):
    """A text that an answer had, or that came too late or in conflict to become it.

    The newest text is in `Answer.text`; this is its history: at most one revision each 30 s of
    typing, and always one on conflict, late arrival and finish (Rules of saving, 7).
    """

    class Kind(models.TextChoices):
        TYPING = "typing", _("while typing")
        CONFLICT = "conflict", _("from another tab")
        LATE = "late", _("late")
        FINISH = "finish", _("at the end")

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="+")
    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("answer")
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TYPING)
    text = models.TextField(_("text"), blank=True)
    writer = models.UUIDField(_("writer"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("sequence"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved"))
    late_by = models.DurationField(_("late by"), null=True, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["answer", "number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="revision_number_unique"),
            # A repeated late or conflicting save is kept once.
            models.UniqueConstraint(
                fields=["answer", "writer", "sequence"],
                condition=Q(kind__in=["conflict", "late"]),
                name="revision_set_aside_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="late", late_by__isnull=False)
                | (~Q(kind="late") & Q(late_by=None)),
                name="revision_late_has_delay",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}/{self.number}"
