"""The queue of interviews that wait for a review, and the claims on them."""

from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Subquery, When
from django.db.models.functions import Now, TruncHour
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.kept import Kept
from accounts.models import User
from accounts.paths import path_to
from interview import clock
from interview.counts import NumberOf
from interview.models.answers import Answer
from interview.models.reviews import Review
from interview.models.unblindings import Unblinding
from interview.pseudonyms import new_pseudonym
from interview.refusals import KnowsTooMuch, NotWaiting, TooManyClaims
from interview.team import MOST_IN_BACKLOG, Backlog
from interview.waits import MOST_READ, OF_WAITS, PERIOD, Waits
from questions.models import Question, QuestionSet, Topic, TopicQuerySet

MOST_IN_BATCH = 10


def release_claims(collector: Any, field: Any, claimed: Any, using: str) -> None:
    """What deleting a reviewer does to their claims.

    Django would set the columns one by one, between which the constraint doesn't hold. So only
    the holder is set here; a trigger clears token and end with it (migration 0002).
    """
    models.SET_NULL(collector, field, claimed, using)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def waiting(self) -> Self:
        """Those that can be claimed now: nobody holds them, or the lease ran out."""
        return self.filter(Q(holder=None) | Q(lease_ends_at__lte=Now()), done_at=None)

    def claimed_by(self, reviewer: User | None) -> Self:
        """The reviewer's claims, also those whose lease ran out while nobody took them."""
        return self.filter(holder=reviewer, done_at=None)

    def claimed_once_by(self, reviewer: User) -> Self:
        """Those that the reviewer claims or has claimed: they may know of them."""
        return self.filter(reviews__in=Review.objects.by(reviewer).filter(supersedes=None))

    def with_now(self) -> Self:
        """Each with the database's time as `now`, so that a page asks no other clock."""
        return self.annotate(now=Now())

    def held_by(self, reviewer: User) -> Self:
        """The reviewer's claims with a lease that still runs."""
        return self.claimed_by(reviewer).filter(lease_ends_at__gt=Now())

    def open_to(self, reviewer: User) -> Self:
        """Without the reviewer's own interviews and those reserved for somebody else.

        Nor those that they unblinded: who knows whose it is can't grade it fairly.
        """
        return self.unknown_to(reviewer).free_for(reviewer)

    def unknown_to(self, reviewer: User) -> Self:
        """Without the reviewer's own interviews and those that they unblinded."""
        # Lists of a few, instead of a look at each interview that waits.
        own = reviewer.interviews.order_by().values("pk")
        # Some may have lost their interview: nothing would be outside of a list with NULL in it.
        unblinded = Unblinding.objects.filter(by=reviewer, interview__isnull=False)
        return self.exclude(Q(interview__in=own) | Q(interview__in=unblinded.values("interview")))

    def free_for(self, reviewer: User) -> Self:
        """Without those reserved for somebody else.

        No queue is dead (Rules of grading, 10): after `REVIEW_PATIENCE_DAYS` a reserved one is
        everybody's, and at once if whom it is reserved for may review no more.
        """
        patience = timedelta(days=settings.REVIEW_PATIENCE_DAYS)
        may_review = (
            ModelBackend().with_perm("interview.review").filter(pk=OuterRef("reserved_for"))
        )
        return self.filter(
            Q(reserved_for=None)
            | Q(reserved_for=reviewer)
            | Q(asked_at__lte=Now() - patience)
            | ~Exists(may_review)
        )

    def matching(self, *, question_set: str = "", topic: str = "", hours: int = 0) -> Self:
        """Those of a set and of a topic, by slug, that have waited as many hours; nought is any.

        The hours are of the clock on the wall, as a wait is never told by the minute.
        """
        found = self
        if question_set:
            found = found.filter(interview__question_set__slug=question_set)
        if topic:
            of_set = QuestionSet.topics.through.objects.filter(
                questionset=OuterRef("interview__question_set"), topic__slug=topic
            )
            asked = Exists(topics_asked().filter(slug=topic))
            found = found.filter(Exists(of_set) | Q(interview__question_set=None) & asked)
        if hours:
            found = found.filter(asked_at__lte=TruncHour(Now()) - timedelta(hours=hours))
        return found

    def oldest_with_their_set(self) -> models.QuerySet[Any, Any]:
        """Of the 200 that wait longest the interview and its set: what OF_THEMES is about."""
        return self.order_by("asked_at").values("interview_id", "interview__question_set_id")[:200]

    def backlog(self) -> Backlog:
        """What is not reviewed yet, counted. One query, over the oldest ten thousand."""
        oldest = self.filter(done_at=None).order_by("asked_at")[:MOST_IN_BACKLOG]
        patience = timedelta(days=settings.REVIEW_PATIENCE_DAYS)
        held = Q(lease_ends_at__gt=Now())
        day = Q(asked_at__gt=Now() - timedelta(days=1))
        long = Q(asked_at__lte=Now() - patience)
        return Backlog(
            **oldest.annotate(wait=Now() - F("asked_at")).aggregate(
                count=Count("*"),
                held=Count("pk", filter=held),
                reserved=Count("pk", filter=Q(reserved_for__isnull=False) & ~long),
                under_a_day=Count("pk", filter=day),
                too_long=Count("pk", filter=long),
                longest=Max("wait"),
            )
        )

    def latest_waits(self) -> models.QuerySet[Any, Any]:
        """How long the latest reviews of the last 30 days were waited for, each as `wait`.

        Reads a thousand rows at most, from an index alone.
        """
        done = self.filter(done_at__gte=Now() - PERIOD).order_by("-done_at")
        return done.values(wait=F("done_at") - F("asked_at"))[:MOST_READ]

    def reserved_for(self, reviewer: User) -> Self:
        """Those that came by the reviewer's invitations."""
        return self.filter(reserved_for=reviewer)

    def for_queue(self, reviewer: User) -> Self:
        """What the queue shows of each, oldest first: never whose it is. One query."""
        drafts = Review.objects.filter(assignment=OuterRef("pk"), author=reviewer)
        of_set = Topic.objects.filter(questionset=OuterRef("interview__question_set"))
        return self.order_by("asked_at", "id").annotate(
            title=F("interview__title"),
            topics=Case(
                When(interview__question_set=None, then=titles(topics_asked())),
                default=titles(of_set),
            ),
            question_count=Answer.objects.count_of("interview"),
            my_review=Subquery(drafts.order_by("-id").values("pk")[:1]),
        )

    def for_lists(self, reviewer: User, most: int, most_counted: int) -> "AssignmentQuerySet":
        """As `for_queue()` the reviewer's claims, and of these that are `open_to()` them the
        `reserved_for()` them and the others, so many of each. One query.

        Each row has the same `others_count`: how many others there are, up to `most_counted`.

        Each list stops reading when it has its rows; one order over all would read all. What the
        queue shows of a row is asked for once the lists are known.
        """
        oldest = self.unknown_to(reviewer).order_by("asked_at", "id")
        reserved = oldest.reserved_for(reviewer).values("pk")[:most]
        others = oldest.exclude(reserved_for=reviewer).free_for(reviewer).values("pk")
        claims = Assignment.objects.claimed_by(reviewer).values("pk")
        listed = claims.union(reserved, others[:most], all=True)
        rows = Assignment.objects.filter(pk__in=listed).for_queue(reviewer)
        return rows.with_others_count(others.order_by()[:most_counted])

    def with_others_count(self, others: models.QuerySet[Any, Any]) -> Self:
        """Each with how many there are of these `others`, the same for all. No query more."""
        return self.annotate(others_count=NumberOf(others))

    def claim_next(self, by: User, holding: int | None = None) -> Review | None:
        """Claim the one of these that waits longest; None if none is open to `by`.

        Those that came by invitations of `by` come first.

        Of reviewers who ask at once each gets another one, and nobody waits for anybody: a row
        that somebody is just taking is skipped. `holding` is how many claims the page showed that
        asks: if there are more by now, it was a second click, and the newest claim is the answer.

        Raises:
            TooManyClaims: `by` holds three.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            claims = Assignment.objects.claimed_by(by)
            if holding is not None and claims.tokens().count() > holding:
                newest = claims.order_by("-lease_ends_at")[:1]
                return Review.objects.by(by).drafts().get(assignment=newest)
            self.refuse_fourth_claim(by)
            waiting = (
                self.waiting()
                .open_to(by)
                .order_by("asked_at", "id")
                .select_for_update(skip_locked=True, of=("self",))
            )
            assignment = waiting.reserved_for(by).first() or waiting.first()
            return assignment.hand_to(by) if assignment else None

    def claim_batch(self, by: User, holding: int | None = None) -> UUID | None:
        """Claim up to ten of these that share a set, as one; the batch's token, None if none is.

        It is the set of the one that waits longest. What makes them a batch is their token, which
        they share: it counts as one claim, and a write to one renews all. `holding` as for
        `claim_next()`.

        Raises:
            TooManyClaims: `by` holds three.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            claims = Assignment.objects.claimed_by(by)
            if holding is not None and claims.tokens().count() > holding:
                return claims.order_by("-lease_ends_at").values_list("token", flat=True)[0]
            self.refuse_fourth_claim(by)
            waiting = (
                self.waiting()
                .open_to(by)
                .exclude(interview__question_set=None)
                .order_by("asked_at", "id")
                .select_for_update(skip_locked=True, of=("self",))
            )
            first = waiting.reserved_for(by).first() or waiting.first()
            if first is None:
                return None
            others = waiting.exclude(pk=first.pk).filter(
                interview__question_set=first.interview.question_set_id
            )
            batch = [first, *others[: MOST_IN_BATCH - 1]]
            token = uuid4()
            Assignment.objects.filter(pk__in=[each.pk for each in batch]).update(
                holder=by, token=token, lease_ends_at=clock.database_now() + clock.LEASE
            )
            # Where `by` has a draft from before, it is found again.
            Review.objects.bulk_create(
                (
                    Review(
                        assignment=each,
                        author=by,
                        interview_id=each.interview_id,
                        kind=Review.Kind.REVIEWER,
                    )
                    for each in batch
                ),
                ignore_conflicts=True,
            )
        return token

    def of_batch(self, token: UUID, reviewer: User) -> Self:
        """What the reviewer still claims by that token; one that is published left the batch."""
        return self.claimed_by(reviewer).filter(token=token)

    def release_all(self) -> int:
        """Give them all back to the queue; how many there were."""
        return self.update(holder=None, token=None, lease_ends_at=None)

    def tokens(self) -> models.QuerySet["Assignment", UUID | None]:
        """The claims that they are: a batch is one."""
        return self.order_by().values_list("token", flat=True).distinct()

    def refuse_fourth_claim(self, by: User, but: UUID | None = None) -> None:
        """Let the claims of `by` wait for each other until the transaction ends, and count them.

        All `but` the one of that token.

        Raises:
            TooManyClaims: `by` holds three (Rules of grading, 4).
        """
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if Assignment.objects.held_by(by).exclude(token=but).tokens().count() >= clock.MOST_CLAIMS:
            raise TooManyClaims


def topics_asked() -> TopicQuerySet:
    """Those of the questions that an assignment's interview asks, and of these questions' sets."""
    interview = OuterRef(OuterRef(OuterRef("interview")))  # Three queries further out.
    asked = Question.objects.filter(versions__answers__interview=interview).order_by()
    own = Question.topics.through.objects.filter(question__in=asked)
    of_sets = QuestionSet.topics.through.objects.filter(
        questionset__in=asked.values("question_set")
    )
    return Topic.objects.filter(Q(pk__in=own.values("topic")) | Q(pk__in=of_sets.values("topic")))


def titles(topics: TopicQuerySet) -> ArraySubquery:
    return ArraySubquery(topics.order_by("title").values("title"))


class Assignment(models.Model):
    """A place in the review queue."""

    # Not a UUIDv7, which tells the millisecond in which it was made. Reviewers see this one, and
    # most ask for the review as they finish: from the end they could work out who had more time.
    # Nothing orders by it but to break ties: the queue is in the order of `asked_at`.
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    interview = models.ForeignKey(
        "interview.Interview",
        on_delete=models.CASCADE,
        related_name="assignments",
        verbose_name=_("interview"),
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

    # Given by querysets: with_now(), for_queue(), with_others_count().
    now: datetime
    title: str
    topics: list[str]
    question_count: int
    my_review: UUID | None
    others_count: int

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
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(holder=None),
                name="assignment_done_is_held_by_nobody",
                violation_error_message=_("Nobody holds what is done."),
            ),
        ]
        indexes = [
            # AssignmentQuerySet.waiting(): the queue, oldest first.
            models.Index(fields=["asked_at"], condition=Q(done_at=None), name="assignment_queue"),
            # AssignmentQuerySet.reserved_for(…): what came by one's invitations, oldest first.
            models.Index(
                fields=["reserved_for", "asked_at"],
                condition=Q(done_at=None, reserved_for__isnull=False),
                name="assignment_reserved_queue",
            ),
            # AssignmentQuerySet.latest_waits(), without looking at the rows.
            models.Index(
                fields=["-done_at"],
                include=["asked_at"],
                condition=Q(done_at__isnull=False),
                name="assignment_done",
            ),
        ]

    def __str__(self) -> str:
        return self.pseudonym

    @staticmethod
    def waits() -> Waits:
        """How long the latest reviews of the last 30 days were waited for. One query."""
        [row] = LATEST_WAITS.rows()
        return Waits(*row)

    @property
    def waited(self) -> str:
        """How long it has waited, in whole hours: no reviewer can work out when it ended."""
        return clock.in_whole_hours(timezone.now() - self.asked_at)

    # What the queue says of each: put together here, where it costs a third of what it does in a
    # template.

    @property
    def about_told(self) -> str:
        count = self.question_count
        questions = ngettext("one question", "%(count)s questions", count) % {"count": count}
        return " · ".join(
            [self.title, *([", ".join(self.topics)] if self.topics else []), questions]
        )

    @property
    def claim_path(self) -> str:
        return path_to("assignment-claim", self.pk)

    @property
    def waited_told(self) -> str:
        return gettext("has waited %(wait)s") % {"wait": self.waited}

    @property
    def claim_told(self) -> str:
        return gettext("Claim %(name)s") % {"name": self.pseudonym}

    @property
    def lease_runs(self) -> bool:
        """By this machine's clock; for the page. What decides is the claim's token."""
        return self.lease_ends_at is not None and self.lease_ends_at > timezone.now()

    @property
    def lease_told(self) -> SafeString:
        """As pages show it, in the reader's time zone; lease.js counts it down."""
        assert self.lease_ends_at is not None
        end = timezone.localtime(self.lease_ends_at)
        told = gettext(
            'Yours for <span role="timer" data-left>%(left)s</span>,'
            ' until <time datetime="%(iso)s">%(time)s</time>'
        )
        left = clock.in_words(self.lease_ends_at - timezone.now())
        # Safe: times, in a sentence of ours.
        return SafeString(
            told % {"left": left, "iso": end.isoformat(), "time": end.strftime("%H:%M")}
        )

    @property
    def lease_seconds_left(self) -> float:
        """As `lease_runs`: what a page counts down from until it asks the database's clock."""
        return clock.seconds_until(self.lease_ends_at, timezone.now()) or 0.0

    def unblind(self, by: User, reason: str) -> None:
        """Log that `by` learns whose interview it is, and why; only then it may be shown.

        Raises:
            KnowsTooMuch: `by` has reviewed the interview, looked at it again, or sat it.
            Assignment.DoesNotExist: it was deleted meanwhile.
        """
        with transaction.atomic():
            # A claim of theirs at the same time locks them too: it comes before, and this is
            # refused, or after, and is refused itself.
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            self.lock()
            reviewed = Review.objects.filter(interview=self.interview_id, author=by)
            looked_again = self.second_looks.filter(answered_by=by)
            own = self.interview.candidate_id == by.pk
            if own or reviewed.exists() or looked_again.exists():
                raise KnowsTooMuch
            Unblinding.objects.create(
                interview_id=self.interview_id, pseudonym=self.pseudonym, by=by, reason=reason
            )

    def claim(self, by: User) -> Review:
        """Claim this one; the review that it makes or finds again.

        Claiming what one holds changes nothing, so a second click doesn't either.

        Raises:
            NotWaiting: somebody else holds it or has reviewed it, or it is not open to `by`.
            TooManyClaims: `by` holds three others.
        """
        with transaction.atomic():
            assignments = Assignment.objects.filter(pk=self.pk)
            User.objects.select_for_update(no_key=True).get(pk=by.pk)
            if assignments.held_by(by).exists():
                return Review.objects.get(assignment=self, author=by, supersedes=None)
            Assignment.objects.refuse_fourth_claim(by)
            # Locks it: who comes second waits here and then finds it no longer waiting.
            waiting = assignments.waiting().open_to(by).select_for_update(of=("self",)).first()
            if waiting is None:
                raise NotWaiting
            return waiting.hand_to(by)

    def hand_to(self, by: User) -> Review:
        """Start a lease for `by`. Only for who has locked this row and seen it waiting."""
        self.holder, self.token = by, uuid4()
        self.lease_ends_at = clock.database_now() + clock.LEASE
        self.save(update_fields=["holder", "token", "lease_ends_at"])
        review, _made = Review.objects.get_or_create(
            assignment=self,
            author=by,
            supersedes=None,
            defaults={"interview_id": self.interview_id, "kind": Review.Kind.REVIEWER},
        )
        review.assignment = self
        return review

    def renew(self, token: UUID | None, by: User) -> bool:
        """Let the lease start anew, as each write does; False if the claim is lost.

        One conditional update decides. A lease that ran out is renewed too unless somebody took
        the interview, or `by` has claimed three others since. So are the others of its batch.
        """
        if token is None:
            return False
        claims = Assignment.objects.of_batch(token, by).filter(pk=self.pk)
        lease = {"lease_ends_at": Now() + clock.LEASE}
        with transaction.atomic():
            renewed = claims.filter(lease_ends_at__gt=Now()).update(**lease)
            if not renewed:
                try:
                    Assignment.objects.refuse_fourth_claim(by, but=token)
                except TooManyClaims:
                    return False
                renewed = claims.update(**lease)
            if renewed:
                # A locked one is just renewing itself, or somebody takes it: waiting for it, two
                # writes to one batch could wait for each other.
                others = Assignment.objects.of_batch(token, by).exclude(pk=self.pk)
                free = others.select_for_update(skip_locked=True, no_key=True).values("pk")
                Assignment.objects.filter(pk__in=free).update(**lease)
        return bool(renewed)

    def release(self, by: User) -> bool:
        """Give the claim back to the queue, keeping the draft; False if `by` doesn't hold it."""
        claims = Assignment.objects.claimed_by(by).filter(pk=self.pk)
        return bool(claims.update(holder=None, token=None, lease_ends_at=None))

    def lock(self) -> None:
        """Keep others from changing it until the transaction ends."""
        Assignment.objects.select_for_update(no_key=True).get(pk=self.pk)

    def claimed_anew(self, token: UUID | None, by: User | None) -> bool:
        """Whether `by` holds it, but not by the claim of this token."""
        claims = Assignment.objects.claimed_by(by).filter(pk=self.pk)
        return claims.exclude(token=token).exists()

    def close(self, token: UUID | None, by: User | None) -> bool:
        """Its review is done and nobody holds it any more; False if `by`'s claim is another."""
        claims = Assignment.objects.claimed_by(by).filter(pk=self.pk, token=token)
        return bool(claims.update(done_at=Now(), holder=None, token=None, lease_ends_at=None))

    def reopen(self, by: User | None) -> None:
        """Make a claim of it again, whatever else `by` holds."""
        Assignment.objects.filter(pk=self.pk).update(
            done_at=None, holder=by, token=uuid4(), lease_ends_at=Now() + clock.LEASE
        )


LATEST_WAITS: Kept[Any] = Kept(lambda: Assignment.objects.latest_waits(), OF_WAITS)
