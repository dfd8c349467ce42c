"""Interviews that a reviewer prepared for others to sit."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid5

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Coalesce, Lower, Now, NullIf
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from interview import clock
from interview.models.interviews import AlreadySitting, Interview, NotOpen
from questions.models import Question, QuestionQuerySet

MOST_QUESTIONS = 30
FEWEST_MINUTES, MOST_MINUTES = 1, 600


def new_secret() -> str:
    """An unguessable part of a link: 128 bits."""
    return secrets.token_urlsafe(16)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def of(self, reviewer: User) -> Self:
        return self.filter(reviewer=reviewer)

    def for_pages(self) -> Self:
        """Each with the database's time and its sizes: what it asks, and how many have sat it.

        Who is still sitting it is not counted: a reviewer who watched the number go up and the
        name come would learn how long somebody needed (Rules of time, 3). One query.
        """
        asked = InvitationQuestion.objects.filter(question__in=Question.objects.once_published())
        return self.annotate(
            now=Now(),
            question_count=_count(asked),
            sat_count=_count(Interview.objects.ended()),
        )

    def prepare(
        self,
        *,
        reviewer: User,
        title: str,
        questions: Sequence[Question],
        minutes: int,
        mode: str,
        due_at: datetime | None,
        key: UUID | None = None,
    ) -> "Invitation":
        """Make one that asks `questions` in that order; its id is the `key` of what asks for it.

        What asks twice, such as a form that is sent twice, gets what the first made: at the same
        moment too, as the second waits for the first. If it asks for something else by then, or
        the key is somebody else's, it gets another, and that once as well.
        """
        key = key or uuid7()
        terms: dict[str, Any] = {"title": title, "minutes": minutes, "mode": mode, "due_at": due_at}
        with transaction.atomic():
            invitation, is_new = self.get_or_create(
                pk=key, defaults={"reviewer": reviewer, **terms}
            )
            if is_new:
                invitation._ask(questions)
        if is_new or invitation._is(reviewer, questions, terms):
            return invitation
        asked = [question.pk for question in questions]
        another = uuid5(key, f"{reviewer.pk} {asked} {terms}")
        return self.prepare(reviewer=reviewer, questions=questions, key=another, **terms)


def _count(rows: models.QuerySet[Any]) -> Coalesce:
    """An annotation: how many of `rows` belong to an invitation."""
    counts = (
        rows.filter(invitation=OuterRef("pk"))
        .order_by()
        .values("invitation")
        .annotate(n=models.Count("pk"))
        .values("n")
    )
    return Coalesce(models.Subquery(counts), 0)


class Invitation(models.Model):
    """A prepared interview: who follows its link sits it, and its maker gets the review first.

    *Sat* means ended, everywhere: a sitting that still runs is nobody's to see but the candidate's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="invitations",
        verbose_name=_("reviewer"),
    )
    title = models.CharField(_("title"), max_length=200)
    secret = models.CharField(_("secret"), max_length=32, unique=True, default=new_secret)
    questions = models.ManyToManyField(
        Question, through="InvitationQuestion", verbose_name=_("questions")
    )
    mode = models.CharField(
        _("mode"), max_length=20, choices=Interview.Mode.choices, default=Interview.Mode.FREE
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"),
        validators=[MinValueValidator(FEWEST_MINUTES), MaxValueValidator(MOST_MINUTES)],
    )
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = InvitationQuerySet.as_manager()

    # Given by for_pages().
    now: datetime
    question_count: int
    sat_count: int

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 600)),
                name="invitation_minutes_1_to_600",
                violation_error_message=_("An interview takes 1 to 600 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_open_at(self, now: datetime) -> bool:
        return self.closed_at is None and (self.due_at is None or self.due_at > now)

    @property
    def is_open(self) -> bool:
        """Whether it can be started, of one that was fetched `for_pages()`."""
        return self.is_open_at(self.now) and self.question_count > 0

    @property
    def is_due(self) -> bool:
        """Whether its due date has passed, of one that was fetched `for_pages()`."""
        return self.due_at is not None and self.due_at <= self.now

    @property
    def inviter(self) -> str:
        """Whom a candidate is told it is from: never an address."""
        return self.reviewer.name or gettext("a reviewer")

    def asked(self) -> QuestionQuerySet:
        """What a start now would ask, in order: what was prepared, retired since or not.

        A question that became a draft again is being rewritten, and left out.
        """
        return self.prepared().once_published()

    def prepared(self) -> QuestionQuerySet:
        """The questions that its reviewer chose, in order."""
        places = InvitationQuestion.objects.filter(invitation=self, question=OuterRef("pk"))
        return (
            Question.objects.filter(pk__in=self.invitationquestion_set.values("question"))
            .annotate(place=models.Subquery(places.values("position")))
            .order_by("place")
        )

    def sitters(self) -> "models.QuerySet[User]":
        """Who has sat it to its end, by name or else address, in no order of time."""
        ended = Interview.objects.ended().filter(invitation=self)
        shown_as = Coalesce(NullIf("name", Value("")), "email")
        return User.objects.filter(pk__in=ended.values("candidate")).order_by(Lower(shown_as), "pk")

    def hold_open(self) -> datetime:
        """Let nobody close it until the transaction ends; the database's time, at which it is open.

        Starts of one invitation wait for each other here, for the few inserts of a start.

        Raises:
            NotOpen: it is closed, deleted, or its due date has passed.
        """
        held = Invitation.objects.select_for_update(no_key=True).filter(pk=self.pk).first()
        now = clock.database_now()
        if held is None or not held.is_open_at(now):
            raise NotOpen
        return now

    def start(self, candidate: User) -> Interview:
        """Sit it: the sitting that begins, or the candidate's earlier one of this invitation.

        Each candidate sits it at most once, which the database sees to: of a double click the
        second gets what the first started.

        Raises:
            NotOpen: it is closed, due, has nothing to ask, or is the candidate's own.
            AlreadySitting: the candidate has another unfinished interview.
        """
        if candidate.pk == self.reviewer_id:
            raise NotOpen
        if earlier := self.interviews.of(candidate).first():
            return earlier
        questions = list(self.asked())
        if not questions:
            raise NotOpen
        try:
            return Interview.objects.start(
                candidate=candidate,
                title=self.title,
                questions=questions,
                minutes=self.minutes,
                mode=self.mode,
                invitation=self,
            )
        except (AlreadySitting, IntegrityError):
            if earlier := self.interviews.of(candidate).first():
                return earlier
            raise

    def close(self) -> bool:
        """Let nobody start it any more; who sits it goes on. False if it was closed."""
        with transaction.atomic():
            # Locked before the time is read, so that no start is later than the close.
            Invitation.objects.select_for_update(no_key=True).get(pk=self.pk)
            still_open = Invitation.objects.filter(pk=self.pk, closed_at=None)
            return bool(still_open.update(closed_at=clock.database_now()))

    def reopen(self) -> bool:
        """Undo a close; False if it was not closed. The due date stays."""
        closed = Invitation.objects.filter(pk=self.pk, closed_at__isnull=False)
        return bool(closed.update(closed_at=None))

    def rename(self, *, title: str, due_at: datetime | None) -> None:
        """Change what may change at any time."""
        Invitation.objects.filter(pk=self.pk).update(title=title, due_at=due_at)

    def rewrite(
        self,
        *,
        title: str,
        questions: Sequence[Question],
        minutes: int,
        mode: str,
        due_at: datetime | None,
    ) -> bool:
        """Change everything; False, and nothing is changed, once somebody has sat it.

        Who is sitting it goes on with what was asked at their start.
        """
        with transaction.atomic():
            if not self._lock_unsat():
                return False
            Invitation.objects.filter(pk=self.pk).update(
                title=title, minutes=minutes, mode=mode, due_at=due_at
            )
            self.invitationquestion_set.all().delete()
            self._ask(questions)
        return True

    def delete_unsat(self) -> bool:
        """Delete it, unless somebody has sat it. Who is sitting it goes on, uninvited."""
        with transaction.atomic():
            unsat = self._lock_unsat()
            if unsat:
                self.delete()
        return unsat

    def _lock_unsat(self) -> bool:
        Invitation.objects.select_for_update().get(pk=self.pk)
        return not self.interviews.ended().exists()

    def _is(self, reviewer: User, questions: Sequence[Question], terms: dict[str, Any]) -> bool:
        """Whether this is what `reviewer` asked for with that, and is open."""
        return (
            self.reviewer_id == reviewer.pk
            and self.closed_at is None
            and all(getattr(self, name) == value for name, value in terms.items())
            and list(self.prepared()) == list(questions)
        )

    def _ask(self, questions: Sequence[Question]) -> None:
        InvitationQuestion.objects.bulk_create(
            InvitationQuestion(invitation=self, question=question, position=position)
            for position, question in enumerate(questions, start=1)
        )


class InvitationQuestion(models.Model):
    """A question of an invitation, at its place."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE)
    question = models.ForeignKey(Question, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "position"], name="invitation_position_unique"
            ),
            models.UniqueConstraint(
                fields=["invitation", "question"], name="invitation_question_unique"
            ),
            models.CheckConstraint(
                condition=Q(position__range=(1, MOST_QUESTIONS)),
                name="invitation_asks_at_most_30",
                violation_error_message=_("An invitation asks at most 30 questions."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question}"
