"""What a candidate writes: the answers of an interview, and their history."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interview import clock
from interview.counts import NumberOf
from interview.models.saved_text import SavedText
from questions.models import Question, QuestionVersion

MOST_LATE_TEXTS = 5
"""How many of an answer's late texts are shown beside it."""

FEW_VERSIONS = 3
"""How many of an answer's earlier texts a reviewer is shown."""


class AnswerQuerySet(models.QuerySet["Answer"]):
    def close(self, now: datetime) -> None:
        """Take no more text for those still open, and keep what stands in the history."""
        still_open = self.filter(Q(accepts_until=None) | Q(accepts_until__gt=now))
        # After its deadline an answer keeps the rest of its grace: a finish can't take it away.
        still_open.filter(Q(closes_at=None) | Q(closes_at__gt=now)).update(
            closes_at=now, accepts_until=now
        )
        Revision.objects.keep(self, Revision.Kind.FINISH, now)

    def extend(self, now: datetime) -> None:
        """Close those that are open at `now` later. What is closed stays closed."""
        self.filter(closes_at__gt=now).update(
            closes_at=F("closes_at") + clock.EXTENSION,
            accepts_until=F("accepts_until") + clock.EXTENSION,
        )

    def with_now(self) -> Self:
        """Each with the database's time as `now`."""
        return self.annotate(now=Now())

    def opened(self) -> Self:
        """Those whose question the candidate may see: in free order, all."""
        return self.filter(opened_at__isnull=False)

    def of(self, candidate: User) -> Self:
        return self.filter(interview__candidate=candidate)

    def asked_within(self, time: timedelta) -> Self:
        """Those of interviews that were started less than `time` ago."""
        return self.filter(interview__started_at__gt=Now() - time)

    def questions(self) -> "models.QuerySet[Answer, int]":
        """The ids of the library's questions that they answer, for a subquery."""
        return self.order_by().values_list("question_version__question", flat=True)

    def last_asked(self) -> dict[int, datetime]:
        """When each question was asked last, by its id. One query."""
        asked = self.order_by().values_list("question_version__question")
        return dict(asked.annotate(last=models.Max("interview__started_at")))

    def to_look_back_on(self) -> Self:
        """Those whose history may be read: all after the end; before it, where one may be.

        One at a time that is the question opened last: there is no way back, not even to look.
        """
        later = Answer.objects.opened().filter(
            interview=models.OuterRef("interview"), position__gt=models.OuterRef("position")
        )
        ended = Q(interview__ended_at__isnull=False) | Q(interview__deadline__lte=Now())
        here = Q(interview__mode="free") | ~models.Exists(later)
        return self.filter(ended | Q(here, opened_at__isnull=False))

    def with_version_count(self) -> Self:
        """Each with how many other texts its history has, as `version_count`."""
        others = Revision.objects.filter(answer=models.OuterRef("pk"))
        others = others.exclude(number=models.OuterRef("revision")).order_by()
        return self.annotate(version_count=NumberOf(others.values("pk")))

    def for_reading(self) -> Self:
        """In their order, each with the question as it was asked and its `version_count`."""
        return self.with_version_count().select_related("question_version").order_by("position")

    def revealed(self) -> Self:
        """Those of interviews whose model answers were shown."""
        return self.filter(interview__revealed_at__isnull=False)

    def with_changes(self) -> Self:
        """Each with whether its question says something else today, as `is_changed`.

        Not where the question can't be read any more, nor while its candidate is being asked it
        again. By what it says, not by numbers: what was changed and changed back is the same.
        """
        question = models.OuterRef("question_version__question")
        newest = QuestionVersion.objects.filter(question=question).order_by("-number")
        asked = Answer.objects.filter(
            interview__candidate=models.OuterRef("interview__candidate"),
            interview__revealed_at=None,
            question_version__question=question,
        )
        changed = (
            ~Q(question_version__digest=models.Subquery(newest.values("digest")[:1]))
            & Q(models.Exists(Question.objects.readable().filter(pk=question)))
            & ~Q(models.Exists(asked))
        )
        return self.annotate(is_changed=models.ExpressionWrapper(changed, models.BooleanField()))

    def changed(self) -> Self:
        """Those whose question says something else today; see `with_changes()`."""
        return self.with_changes().filter(is_changed=True)

    def last_of(self, candidate: User, question: Question) -> "Answer | None":
        """The candidate's newest revealed answer to the question, `with_changes()`. One query."""
        answers = self.of(candidate).revealed().filter(question_version__question=question)
        return answers.with_changes().select_related("interview").order_by("-interview_id").first()

    def with_has_versions(self) -> Self:
        """Each with whether a reviewer finds an earlier text of it, as `has_versions`."""
        others = Revision.objects.filter(answer=models.OuterRef("pk"))
        others = others.exclude(kind=Revision.Kind.LATE).exclude(text=models.OuterRef("text"))
        return self.annotate(has_versions=models.Exists(others))

    def for_grading(self) -> Self:
        """In their order, with their versions, and of both only what is graded. One query."""
        own = ("interview", "position", "text", "revision")
        version = ("question", "number", "content")
        return (
            self.with_has_versions()
            .select_related("question_version")
            .only(*own, "question_version", *(f"question_version__{field}" for field in version))
            .order_by("position")
        )

    def begun(self) -> Self:
        """Those in which something is written, more than white space."""
        return self.filter(text__regex=r"\S")

    def count_of(self, interview: str) -> NumberOf:
        """An annotation: how many of them belong to what a row's column `interview` names."""
        of_row = self.filter(interview=models.OuterRef(interview))
        return NumberOf(of_row.order_by().values("pk"))

    def for_map(self) -> Self:
        """The map of questions, without their texts. One query."""
        return (
            self.annotate(
                begun=models.ExpressionWrapper(Q(text__regex=r"\S"), models.BooleanField())
            )
            .defer("text")
            .order_by("position")
        )


class Answer(SavedText):
    """The candidate's plain text for one asked question.

    `closes_at` is the close that is shown, `accepts_until` the last moment that the server takes
    text as the answer: the close and its grace, or the finish. A save tests only its own row, so
    these follow the interview's. Both are empty while a question is not opened, or untimed.
    `busy_until` limits how often it is saved (`interview/saving/limits.py`).
    """

    interview = models.ForeignKey(
        "interview.Interview",
        on_delete=models.CASCADE,
        db_index=False,  # The unique constraints' indexes begin with it.
        related_name="answers",
        verbose_name=_("interview"),
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
    # Never in an index: a save must stay a heap-only update.
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True, editable=False)
    flagged = models.BooleanField(_("flagged"), default=False)

    objects = AnswerQuerySet.as_manager()

    # Given by querysets: with_now(), for_map(), with_version_count(), with_changes(),
    # with_has_versions(), hang_answers(), Interview.for_results().
    now: datetime
    begun: bool
    version_count: int
    is_changed: bool
    has_versions: bool
    late_revisions: "list[Revision]"
    """The newest of each writer, newest first, a few at most."""

    class Meta(SavedText.Meta):
        abstract = False
        ordering = ["interview_id", "position"]
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
                | Q(
                    closes_at__isnull=False,
                    accepts_until__isnull=False,
                    accepts_until__gte=F("closes_at"),
                ),
                name="answer_closes_before_refusing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.question_version.prompt}"

    @property
    def words(self) -> int:
        return len(self.text.split())

    def versions(self) -> "RevisionQuerySet":
        """The other texts of its history, newest first: without the one that stands."""
        return self.revisions.exclude(number=self.revision).order_by("-number")

    def few_versions(self) -> list[str]:
        """A few of its earlier texts, the first to the last, for a reviewer. Two queries.

        All of them would tell how long somebody wrote: one is kept every 30 s. Late texts are
        shown beside the answer.
        """
        earlier = self.versions().exclude(kind=Revision.Kind.LATE).exclude(text=self.text)
        numbers = list(earlier.values_list("number", flat=True))[::-1]
        last = len(numbers) - 1
        places = {round(last * step / (FEW_VERSIONS - 1)) for step in range(FEW_VERSIONS)}
        chosen = [numbers[place] for place in sorted(places)] if numbers else []
        texts = dict(self.revisions.filter(number__in=chosen).values_list("number", "text"))
        return [texts[number] for number in chosen]

    def takes_text(self, now: datetime) -> bool:
        """By the close that is shown; saves and restoring count the grace too."""
        return self.closes_at is None or now < self.closes_at


class RevisionQuerySet(models.QuerySet["Revision"]):
    def keep(self, answers: AnswerQuerySet, kind: str, now: datetime) -> None:
        """Put what stands in `answers` into their history, unless it is there. Two queries.

        Locks the answers first: a save that came before is seen, one that comes after waits.
        Call it in a transaction.
        """
        # Never the interview's row too: a finish holds it and waits for these.
        locked = answers.filter(revision__gt=0).select_for_update(no_key=True, of=("self",))
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
                for answer in locked
            ),
            ignore_conflicts=True,
        )

    def late(self) -> Self:
        return self.filter(kind=Revision.Kind.LATE)

    def set_aside(self) -> Self:
        """Those that came too late or in conflict to become the answer."""
        return self.filter(kind__in=[Revision.Kind.LATE, Revision.Kind.CONFLICT])

    def newest_late(self) -> Self:
        """Late texts, the newest of each page that wrote some; of each answer a few, newest first.

        For a prefetch. All of them are in the history.
        """
        return self.newest_late_of_each_page()[:MOST_LATE_TEXTS]

    def newest_late_of_each_page(self) -> Self:
        """Newest first."""
        newer = Revision.objects.late().filter(
            answer=models.OuterRef("answer"),
            writer=models.OuterRef("writer"),
            number__gt=models.OuterRef("number"),
        )
        return self.late().exclude(models.Exists(newer)).order_by("-number")


class Revision(models.Model):
    """A text that an answer had, or that came too late or in conflict to become it.

    The newest text is in `Answer.text`; this is its history: at most one revision each 30 s of
    typing, and always one on conflict, late arrival, restoring and finish (Rules of saving, 7).
    """

    class Kind(models.TextChoices):
        TYPING = "typing", _("while typing")
        CONFLICT = "conflict", _("from another tab")
        LATE = "late", _("late")
        FINISH = "finish", _("at the end")
        RESTORED = "restored", _("an earlier one, taken back")

    interview = models.ForeignKey("interview.Interview", on_delete=models.CASCADE, related_name="+")
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
        ordering = ["answer_id", "number"]
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

    @property
    def lateness(self) -> str:
        """The delay of late text in words, such as “12 seconds”; empty for other text."""
        return "" if self.late_by is None else clock.in_words(self.late_by)

    @property
    def words(self) -> int:
        """Counted as receipts do."""
        return len(self.text.split())
