"""Interviews: one sitting of one candidate, from the start to the ask for a review."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest, Least, Now, TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import TimingProfile, User
from interview import clock
from interview.models.answers import Answer, Revision
from interview.models.assignments import Assignment
from interview.models.marks import Mark
from interview.models.reviews import Review
from interview.models.second_looks import SecondLook
from interview.refusals import BeingGraded
from interview.scoring import answer_score, interview_score
from questions.models import Question, QuestionSet

if TYPE_CHECKING:
    from interview.models.invitations import Invitation


STAMPED_TOGETHER = 100

NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""When somebody read what they haven't read."""

BEGUN = (
    Q(marks__isnull=False)
    | Q(comments__last_revision__gt=0)
    | Q(accepted_texts__isnull=False)
    | Q(knowledge__isnull=False)
    | Q(reasoning__isnull=False)
    | Q(communication__isnull=False)
)
"""A draft in which somebody has marked, chosen or written something."""


class NotOpen(Exception):
    """The invitation can't be started, or not any more."""


class AlreadySitting(Exception):
    """The candidate has an unfinished interview; one is enough (Rules of time, 6)."""

    def __init__(self, interview: "Interview") -> None:
        super().__init__("The candidate has an unfinished interview.")
        self.interview = interview


def score_of(answers: Sequence[Answer], marks: Mapping[int, Mapping[str, str]]) -> Decimal:
    """What a candidate's marks add up to, 0 to 100; by position and key, as `score_yourself()`."""
    return interview_score(
        answer_score(marks[answer.position], answer.question_version.key_points)
        for answer in answers
    )


def delete_sittings(collector: Any, field: Any, sittings: Any, using: str) -> None:
    """What deleting an account does to its sittings: they go, with all that hangs on them.

    Locks all that first, as writers do: the sitting, its answers, and the assignment before its
    reviews. So what is being written is waited for and goes too, and nothing is added meanwhile.
    """
    with transaction.atomic(using):
        parts = [
            model.objects.filter(interview__in=sittings) for model in (Answer, Assignment, Review)
        ]
        for rows in (sittings, *parts):
            list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        # Without `no_key` also against new rows that refer to the sitting.
        list(sittings.select_for_update().values_list("pk"))
        models.CASCADE(collector, field, sittings, using)


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

    def past_grace(self) -> Self:
        """Those that take no text any more, also none that comes a little late."""
        return self.filter(deadline__lte=Now() - clock.GRACE)

    def ended(self) -> Self:
        return self.filter(Q(ended_at__isnull=False) | Q(deadline__lte=Now()))

    def unrevealed(self) -> Self:
        """Those whose model answers wait for the end, or for the self-score."""
        return self.filter(revealed_at=None)

    def revealed(self) -> Self:
        """Those whose candidate may read all there is."""
        return self.filter(revealed_at__isnull=False)

    def asking(self, set_slug: str, slug: str) -> Self:
        """Those that ask that question of the library, in any version."""
        return self.filter(
            answers__question_version__question__question_set__slug=set_slug,
            answers__question_version__question__slug=slug,
        )

    def ids_of_questions(self) -> list[int]:
        """The questions of the library that they ask, in any version. One query."""
        asked = self.order_by().values_list("answers__question_version__question", flat=True)
        return [question for question in asked if question is not None]

    def stamp_overdue(self) -> int:
        """Write down the end of those that ended at their deadline; how many there were.

        No status waits for this: it only keeps the books (Rules of time, 6). One query where
        nothing is overdue. Text that still arrives within the grace keeps itself in the history; it
        waits for a hundred sittings at most, as each such part is a transaction of its own.
        """
        stamped = 0
        while True:
            with transaction.atomic():
                overdue = self.overdue().select_for_update(no_key=True)[:STAMPED_TOGETHER]
                keys = [interview.pk for interview in overdue]
                if keys:
                    self.model.objects.filter(pk__in=keys).update(ended_at=F("deadline"))
                    Revision.objects.keep(
                        Answer.objects.filter(interview__in=keys),
                        Revision.Kind.FINISH,
                        clock.database_now(),
                    )
            stamped += len(keys)
            if len(keys) < STAMPED_TOGETHER:
                return stamped

    def with_now(self) -> Self:
        """Each with the database's time as `now`, so that a page asks no other clock."""
        return self.annotate(now=Now())

    def with_review_asked(self) -> Self:
        """Each with whether it is, or was, in the review queue, as `review_asked`.

        And since when it has been there, as `waiting_since`; None once it is reviewed.
        """
        asked = Assignment.objects.filter(interview=models.OuterRef("pk"))
        waiting = asked.filter(done_at=None).order_by("slot").values("asked_at")
        return self.annotate(
            review_asked=models.Exists(asked), waiting_since=models.Subquery(waiting[:1])
        )

    def with_guided_score(self) -> Self:
        """Each with the score of the marks that were set beside the model answers."""
        guided = Review.objects.filter(
            interview=models.OuterRef("pk"), kind=Review.Kind.GUIDED
        ).values("score")
        return self.annotate(guided_score=models.Subquery(guided))

    def with_news(self) -> Self:
        """Each with whether something of a reviewer's is unread, as `has_news`."""
        read_at = Coalesce("feedback_read_at", models.Value(NEVER))
        own = {"interview": models.OuterRef("pk")}
        reviews = Review.objects.visible().exclude(kind=Review.Kind.SELF).filter(**own)
        looks = SecondLook.objects.answered().filter(**own)
        return self.alias(read_at=read_at).annotate(
            has_news=models.Exists(reviews.filter(visible_from__gt=models.OuterRef("read_at")))
            | models.Exists(looks.filter(visible_from__gt=models.OuterRef("read_at")))
        )

    def news(self) -> Self:
        """Those with something unread of a reviewer's, newest first. One query."""
        return self.with_news().filter(has_news=True).order_by("-id")

    def for_room(self) -> Self:
        """What the room needs besides the answers: the time, and how to tell it. One query."""
        return self.with_now().select_related("candidate__timing_profile")

    def with_scores(self) -> Self:
        """Each with its `self_score` and the `reviewer_score` that stands.

        The reviewer's is told once the self-score is done or skipped, as the marks are.
        """
        reviews = Review.objects.filter(interview=models.OuterRef("pk")).visible().current()
        scores = reviews.order_by("-visible_from").values("score")
        told = scores.filter(interview__revealed_at__isnull=False)
        return self.annotate(
            reviewer_score=models.Subquery(told.filter(kind=Review.Kind.REVIEWER)[:1]),
            self_score=models.Subquery(scores.filter(kind=Review.Kind.SELF)[:1]),
        )

    def with_both_scores(self) -> Self:
        return self.with_scores().filter(
            Q(("self_score__isnull", False), ("reviewer_score__isnull", False))
        )

    def with_any_score(self) -> Self:
        """Those with a score, their candidate's or a reviewer's, each with all of its scores.

        And with what is the same for each: how many there are, as `scored_count`, and the means
        of all, as `own_mean` and `reviewers_mean`.
        """
        return (
            self.with_scores()
            .with_guided_score()
            .filter(
                Q(("self_score__isnull", False))
                | Q(("reviewer_score__isnull", False))
                | Q(("guided_score__isnull", False))
            )
            .annotate(
                scored_count=models.Window(models.Count("pk")),
                own_mean=models.Window(models.Avg("self_score")),
                reviewers_mean=models.Window(models.Avg("reviewer_score")),
            )
        )

    def practised(self) -> Self:
        """Those in which something was written."""
        return self.filter(models.Exists(Answer.objects.begun().filter(interview=OuterRef("pk"))))

    def by_week(self) -> dict[date, int]:
        """How many were started in each week of the reader's time zone, by its Monday."""
        week = TruncWeek("started_at", output_field=models.DateField())
        counted = self.order_by().values_list(week).annotate(count=models.Count("pk"))
        return dict(counted)

    def for_next_step(self) -> Self:
        """What `interview.next_step` asks of each, newest first. One query."""
        begun = Answer.objects.begun().filter(interview=OuterRef("pk"))
        return (
            self.with_now()
            .with_review_asked()
            .with_news()
            .with_scores()
            .with_guided_score()
            .annotate(has_text=models.Exists(begun))
            .order_by("-id")
        )

    def for_list(self) -> Self:
        """What a list of interviews shows, newest first. One query."""
        return (
            self.with_now()
            .with_review_asked()
            .with_news()
            .with_scores()
            .select_related("question_set")
            .order_by("-id")
            .annotate(
                question_count=Answer.objects.count_of("pk"),
                answered_count=Answer.objects.begun().count_of("pk"),
                changed_count=Answer.objects.revealed().changed().count_of("pk"),
            )
        )

    def for_self_score(self) -> Self:
        """What the self-score shows of it; `to_self_score.py` adds its answers. No query more."""
        late = Revision.objects.late().filter(interview=models.OuterRef("pk"))
        return self.with_now().with_review_asked().annotate(has_late_texts=models.Exists(late))

    def for_results(self) -> Self:
        """What feedback shows. Five queries, whatever the number of questions.

        Superseded reviews are among the `visible_reviews`: they stay readable.
        """
        return (
            self.with_now()
            .with_review_asked()
            .with_guided_score()
            .select_related("question_set")
            .prefetch_related(
                models.Prefetch(
                    "answers",
                    Answer.objects.for_reading().with_changes(),
                ),
                models.Prefetch(
                    "answers__revisions", Revision.objects.newest_late(), "late_revisions"
                ),
                models.Prefetch(
                    "reviews",
                    Review.objects.visible().order_by("-visible_from"),
                    "visible_reviews",
                ),
                models.Prefetch("visible_reviews__marks", Mark.objects.for_results()),
            )
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
        mix: Mapping[str, Any] | None = None,
        invitation: "Invitation | None" = None,
    ) -> "Interview":
        """Start the clock: pin what is asked and store the deadline (Rules of time, 1).

        The candidate's timing profile stretches the limit. Their overdue sitting, if any, is
        stamped first. Of two starts at once the database lets one win.

        Raises:
            AlreadySitting: an unfinished interview is there to be resumed or finished.
            NotOpen: the invitation was closed, or its due date has passed.
            User.DoesNotExist: the candidate's account was deleted meanwhile.
            ValueError: no question was given.
        """
        if not questions:
            raise ValueError("An interview asks at least one question.")
        profile = TimingProfile.objects.of(candidate)
        limit = timedelta(minutes=minutes)
        self.of(candidate).stamp_overdue()
        # Before the transaction, since recording a version locks its question until the end.
        versions = [question.record_version() for question in questions]
        try:
            with transaction.atomic():
                now = invitation.hold_open() if invitation else clock.database_now()
                deadline = None if profile.untimed else now + limit * float(profile.factor or 1)
                interview = self.create(
                    candidate=candidate,
                    title=title,
                    question_set=question_set,
                    mix=mix,
                    invitation=invitation,
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
                candidate.refresh_from_db(fields=["id"])
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
        on_delete=delete_sittings,
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
    mix = models.JSONField(
        _("mix"), null=True, blank=True, help_text=_("What a mixed one was to ask.")
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
    feedback_read_at = models.DateTimeField(
        _("feedback read"), null=True, blank=True, help_text=_("What came later is new to them.")
    )

    objects = InterviewQuerySet.as_manager()

    # Given by querysets: with_now(), with_review_asked(), with_news(), for_list(),
    # for_self_score(), for_results(), with_any_score(), for_next_step().
    now: datetime
    has_news: bool
    question_count: int
    answered_count: int
    changed_count: int
    review_asked: bool
    waiting_since: datetime | None
    guided_score: Decimal | None
    has_late_texts: bool
    reviewer_score: Decimal | None
    self_score: Decimal | None
    visible_reviews: list[Review]
    scored_count: int
    own_mean: Decimal | None
    reviewers_mean: Decimal | None
    has_text: bool

    class Meta:
        ordering = ["-id"]
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        permissions = [
            ("review", _("Can review interviews")),
            ("see_team", _("Can see how the reviewing goes")),
        ]
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
    def is_over(self) -> bool:
        """`has_ended` by the database's clock, of one that was fetched `with_now()`."""
        return self.has_ended(self.now)

    @property
    def one_at_a_time(self) -> bool:
        return self.mode == self.Mode.ONE_AT_A_TIME

    @property
    def timing_profile(self) -> TimingProfile:
        """The candidate's as it is now, which `for_room()` read along; the usual if they set none.

        It says how the time is told; how much there is was decided at the start.
        """
        return getattr(self.candidate, "timing_profile", None) or TimingProfile()

    @property
    def seconds_left(self) -> float | None:
        """Until the deadline, of one that was fetched `with_now()`; None without a limit."""
        return clock.seconds_until(self.deadline, self.now)

    @property
    def has_waited(self) -> str:
        """How long it waits for its review, of one fetched `with_now().with_review_asked()`."""
        assert self.waiting_since is not None
        return clock.in_hours_or_days(self.now - self.waiting_since)

    @property
    def waits_too_long(self) -> bool:
        """Longer than the candidate is asked to have patience (Rules of grading, 10)."""
        patience = timedelta(days=settings.REVIEW_PATIENCE_DAYS)
        return self.waiting_since is not None and self.now - self.waiting_since >= patience

    @property
    def may_be_marked_again(self) -> bool:
        """Whether its candidate may mark themselves beside the model answers.

        Not while a review can still be expected soon. Of one fetched as for `has_waited`.
        """
        return self.revealed_at is not None and (self.waiting_since is None or self.waits_too_long)

    @property
    def again(self) -> str:
        """Where one sets up another like it; empty where that was for somebody else to choose.

        Of the same set, or as mixed as this one. Asks for the set, unless it was fetched too.
        """
        if self.question_set:
            return f"{reverse('interview-new')}?{urlencode({'set': self.question_set.slug})}"
        if self.mix:
            chosen = {**self.mix, "mode": self.mode}
            return f"{reverse('interview-new-mixed')}?{urlencode(chosen, doseq=True)}"
        return ""

    @property
    def minutes_left(self) -> int | None:
        """Whole minutes until the deadline, of one that was fetched `with_now()`."""
        left = self.seconds_left
        return None if left is None else int(left // 60)

    @property
    def extensions_left(self) -> int:
        """How many times the candidate can still add five minutes; none to what has no limit."""
        return 0 if self.deadline is None else clock.MOST_EXTENSIONS - self.extensions

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

    def extend(self, known: int) -> bool:
        """Add five minutes; False if nothing was added (Rules of time, 3).

        `known` is how many extensions the page knows of that asks: of two presses of one button,
        or of two pages that know the same, one counts. Moves the deadline and the close of what is
        still open; in one-at-a-time mode a close that came stays. Nothing is added to a sitting
        without a limit, after the end, and after ten extensions.

        Raises:
            Interview.DoesNotExist: it was deleted meanwhile.
        """
        with transaction.atomic():
            # The interview's row first, as everything does that closes answers. Only then the
            # time: what closed a question while this waited has closed it.
            Interview.objects.select_for_update(no_key=True).get(pk=self.pk)
            now = clock.database_now()
            won = Interview.objects.filter(
                pk=self.pk,
                ended_at=None,
                deadline__gt=now,
                extensions=known,
                extensions__lt=clock.MOST_EXTENSIONS,
            ).update(deadline=F("deadline") + clock.EXTENSION, extensions=F("extensions") + 1)
            if won:
                # None closed later than the deadline, so none does now.
                Answer.objects.filter(interview=self).extend(now)
        self.refresh_from_db(fields=["deadline", "ended_at", "extensions"])
        return bool(won)

    def reveal(self) -> bool:
        """Show the model answers from now on, and take no more text; False if shown already.

        False too before the end. The end is stamped where nobody did. Text within the grace is
        refused from now on, as it could be written after reading the model answers.
        """
        with transaction.atomic():
            Interview.objects.filter(pk=self.pk).stamp_overdue()
            # The interview's row first, as everything does that closes answers; then theirs, and
            # only then the time: what is saved while this waits is saved before.
            unseen = Interview.objects.select_for_update(no_key=True).filter(
                pk=self.pk, ended_at__isnull=False, revealed_at=None
            )
            won = unseen.exists()
            if won:
                answers = Answer.objects.filter(interview=self)
                list(answers.order_by("pk").select_for_update(no_key=True).values_list("pk"))
                now = clock.database_now()
                Interview.objects.filter(pk=self.pk).update(revealed_at=now)
                answers.filter(accepts_until__gt=now).update(accepts_until=now)
                Revision.objects.keep(answers, Revision.Kind.FINISH, now)
        self.refresh_from_db(fields=["ended_at", "revealed_at"])
        return won

    def open_question(self, position: int) -> bool:
        """One at a time: start the clock of one question and close the one before.

        False if it was open already, is not the next, or the sitting has ended. Its close is its
        minutes times the factor from now, never later than the deadline (Rules of time, 1).

        Raises:
            Answer.DoesNotExist: no question has that position.
        """
        with transaction.atomic():
            # The interview's row first, as everything that closes answers does: so a finish
            # waits for this or this for the finish, and neither waits for both.
            interview = Interview.objects.select_for_update(no_key=True).get(pk=self.pk)
            now = clock.database_now()
            answer = self.answers.get(position=position)
            if interview.has_ended(now):
                return False
            closes_at = interview._close_of(answer, now)
            skipped = self.answers.filter(position__lt=position, opened_at=None)
            opened = self.answers.filter(
                ~models.Exists(skipped), position=position, opened_at=None
            ).update(
                opened_at=now,
                closes_at=closes_at,
                accepts_until=closes_at and closes_at + clock.GRACE,
            )
            if opened:
                self.answers.filter(position__lt=position).close(now)
        return bool(opened)

    def ask_for_review(self) -> bool:
        """Put the interview into the review queue; False if it is there, or has not ended.

        An invitation's review goes to whom the invitation is from.

        Raises:
            Interview.DoesNotExist: it was deleted meanwhile.
        """
        inviter = self.invitation.reviewer if self.invitation else None
        with transaction.atomic():
            # Locked, so that an account that is just deleted takes no new assignment with it.
            interview = Interview.objects.select_for_update(no_key=True).get(pk=self.pk)
            if not interview.has_ended(clock.database_now()):
                return False
            _assignment, made = self.assignments.get_or_create(
                slot=1, defaults={"reserved_for": inviter}
            )
        return made

    def leave_queue(self) -> bool:
        """Take it out of the review queue, as its candidate wishes; False if it isn't there.

        Raises:
            BeingGraded: a reviewer holds it, or has a draft, which would go too.
            Interview.DoesNotExist: it was deleted meanwhile.
        """
        with transaction.atomic():
            Interview.objects.select_for_update(no_key=True).get(pk=self.pk)
            waiting = self.assignments.filter(done_at=None).select_for_update().first()
            if waiting is None:
                return False
            drafts = Review.objects.filter(assignment=waiting)
            # Waits for a write to a draft whose claim is lost, which locks no more than the draft.
            kept = list(drafts.select_for_update().values_list("pk", flat=True))
            if waiting.holder_id or Review.objects.filter(BEGUN, pk__in=kept).exists():
                raise BeingGraded
            waiting.delete()
        return True

    def mark_again(self, marks: Mapping[int, Mapping[str, str]]) -> bool:
        """Keep the candidate's marks beside the model answers; False before these are shown.

        `marks` as for `score_yourself()`, whose marks stay as they are: they were set without
        help, and are what a reviewer's are compared with. These replace their own earlier ones.

        Raises:
            KeyError: a key point has no mark.
            Interview.DoesNotExist: it was deleted meanwhile.
        """
        answers = list(self.answers.select_related("question_version").order_by("position"))
        score = score_of(answers, marks)
        with transaction.atomic():
            interview = Interview.objects.select_for_update(no_key=True).get(pk=self.pk)
            if interview.revealed_at is None:
                return False
            review, _made = self.reviews.update_or_create(
                kind=Review.Kind.GUIDED,
                defaults={"score": score},
                create_defaults={"score": score, "author_id": self.candidate_id},
            )
            for answer in answers:
                review.mark(answer, marks[answer.position])
        return True

    def score_yourself(self, marks: Mapping[int, Mapping[str, str]]) -> bool:
        """Keep the candidate's own marks, then reveal the model answers; False if revealed before.

        `marks` holds, for each answer's position, the marks by the keys of its key points. That
        nothing was revealed before is what makes it a self-score (Rules of grading, 1).

        Raises:
            KeyError: a key point has no mark.
        """
        answers = list(self.answers.select_related("question_version").order_by("position"))
        score = score_of(answers, marks)
        with transaction.atomic():
            if not self.reveal():
                return False
            now = clock.database_now()
            review = self.reviews.create(
                author_id=self.candidate_id,
                kind=Review.Kind.SELF,
                score=score,
                published_at=now,
                visible_from=now,
            )
            for answer in answers:
                review.mark(answer, marks[answer.position])
        return True

    def mark_feedback_read(self, until: datetime) -> None:
        """What could be read by then is no news any more. Never goes back, nor ahead of now."""
        read_at = Least(models.Value(until), Now())
        Interview.objects.filter(pk=self.pk).update(
            feedback_read_at=Greatest(Coalesce("feedback_read_at", read_at), read_at)
        )

    def _close_of(self, answer: Answer, opened_at: datetime) -> datetime | None:
        if self.time_factor is None or self.deadline is None:
            return None
        own = opened_at + timedelta(minutes=answer.minutes) * float(self.time_factor)
        return min(own, self.deadline)
