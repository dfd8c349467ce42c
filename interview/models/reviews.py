"""What is made of an interview: reviews, from the claim to the publishing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import Coalesce, JSONObject, Now, NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from interview import clock, quotes, scoring
from interview.models.answers import Answer, Revision
from interview.models.comment_bank import BankedComment
from interview.models.corrections import Correctable
from interview.models.late_texts import AcceptedText
from interview.models.marks import Comment, CommentRow, GradedAnswer, Mark, MarkRow
from interview.models.saved_text import Sent
from interview.refusals import (
    AlreadyPublished,
    AnswersSecondLook,
    CameAfterReveal,
    ClaimLost,
    Incomplete,
    NewerCorrection,
    NotMarked,
    StaleToken,
    TooLate,
    UnknownKeyPoint,
    UnknownLateText,
    UnknownWords,
)
from interview.team import MOST_PACED, Pace, paces_of
from interview.waits import PERIOD
from questions.models import KeyPoint


def forget_author(collector: Any, field: Any, reviews: Any, using: str) -> None:
    """What deleting an account does to the reviews they wrote.

    What is published belongs to the candidate and stays without a name; a draft is nobody's.
    """
    models.SET_NULL(collector, field, reviews.filter(published_at__isnull=False), using)
    models.CASCADE(collector, field, reviews.filter(published_at=None), using)


@dataclass(frozen=True)
class Missing:
    """What keeps a review from being published; false if nothing does."""

    answers: Sequence[GradedAnswer]
    levels: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.answers or self.levels)


def score_of(answers: Sequence[GradedAnswer]) -> Decimal | None:
    """Of those that are fully marked, 0 to 100; None if none is."""
    scores = [graded.score for graded in answers if graded.score is not None]
    return scoring.interview_score(scores) if scores else None


def as_json(rows: models.QuerySet[Any], *fields: str) -> models.Func:
    """A list of all of them, read at once: an array of JSON is read piece by piece."""
    found = ArraySubquery(rows.values(json=JSONObject(**{field: field for field in fields})))
    return models.Func(found, function="to_jsonb", output_field=models.JSONField())


class ReviewQuerySet(models.QuerySet["Review"]):
    def by(self, author: User) -> Self:
        """Those `author` wrote as a reviewer: no self-scores."""
        return self.filter(author=author).exclude(kind__in=Review.OWN_KINDS)

    def drafts(self) -> Self:
        return self.filter(published_at=None)

    def corrections(self) -> Self:
        return self.filter(supersedes__isnull=False)

    def for_list(self) -> Self:
        """A reviewer's list of their reviews, newest first, each with whether it `is_current`."""
        published = Review.objects.published().filter(supersedes=models.OuterRef("pk"))
        return (
            self.select_related("assignment", "interview", "second_look")
            .annotate(is_current=~models.Exists(published))
            .order_by("-id")
        )

    def lost_by(self, author: User) -> Self:
        """The reviewer's drafts of interviews they don't hold any more, newest first."""
        held = Q(assignment__holder=author, assignment__done_at=None)
        drafts = self.by(author).drafts().filter(supersedes=None)
        return drafts.exclude(held).select_related("assignment").order_by("-id")

    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def of_batch(self, token: UUID, author: User) -> Self:
        """The author's drafts of what they claim by that token, oldest first. Five queries."""
        held = self.by(author).drafts().filter(supersedes=None)
        return (
            held.filter(
                assignment__token=token, assignment__holder=author, assignment__done_at=None
            )
            .select_related("assignment")
            .with_grading()
            .order_by("assignment__asked_at", "assignment_id")
        )

    def with_batch_at(self, position: int) -> Self:
        """Each with what the others of its claim hold of the question at that position.

        `batch_answers` is how many answers, its own with them, and `newest_version` the newest
        that one of these is to. No query more.
        """
        question = Answer.objects.filter(
            interview=models.OuterRef(models.OuterRef("interview")), position=position
        ).values("question_version__question")
        of_claim = (
            Answer.objects.filter(
                interview__assignments__holder=models.OuterRef("assignment__holder"),
                interview__assignments__token=models.OuterRef("assignment__token"),
                question_version__question__in=question,
            )
            .order_by()
            .values("interview__assignments__token")
        )
        count = of_claim.annotate(n=models.Count("pk")).values("n")
        newest = of_claim.annotate(n=models.Max("question_version__number")).values("n")
        return self.annotate(
            batch_answers=models.Subquery(count), newest_version=models.Subquery(newest)
        )

    def paces(self) -> list[Pace]:
        """Who published in the last 30 days, in alphabetical order; corrections don't count.

        One query, which looks at five thousand reviews at most, the latest.
        """
        latest = self.filter(
            kind=Review.Kind.REVIEWER,
            supersedes=None,
            author__isnull=False,
            published_at__gte=Now() - PERIOD,
        ).order_by("-published_at")
        names = Coalesce(
            NullIf("author__name", models.Value("")),
            "author__email",
            output_field=models.CharField(),
        )
        rows = latest.values_list("author_id", names, F("published_at") - F("created_at"))
        return paces_of(rows[:MOST_PACED])

    def visible(self) -> Self:
        """Those the candidate may read: published, and no longer to be taken back."""
        return self.filter(visible_from__lte=Now())

    def current(self) -> Self:
        """Without those that a visible correction superseded."""
        return self.exclude(successor__visible_from__lte=Now())

    def that_count(self) -> Self:
        """What stands of a candidate's marks: the reviews they may read, and guided self-scores."""
        return self.filter(Q(visible_from__lte=Now()) | Q(kind=Review.Kind.GUIDED)).current()

    def with_grading(self) -> Self:
        """With all that `Review.graded_answers()` needs. Four queries more."""
        return self.select_related("interview").prefetch_related(
            models.Prefetch("interview__answers", Answer.objects.for_grading()),
            "marks",
            "comments",
            models.Prefetch("accepted_texts", AcceptedText.objects.select_related("revision")),
        )

    def with_own_marks_and_bank(self) -> Self:
        """Each with the candidate's `own_marks` and the author's comment `bank`. No query more."""
        own = Mark.objects.filter(
            review__kind=Review.Kind.SELF,
            review__published_at__isnull=False,
            interview=OuterRef("interview"),
        )
        bank = BankedComment.objects.filter(owner=OuterRef("author")).kept().in_order()
        late = Revision.objects.late().filter(interview=OuterRef("interview"))
        return self.select_related("assignment", "second_look", "interview").annotate(
            own_marks=as_json(own.order_by(), "answer_id", "key", "value"),
            bank=as_json(bank, "pk", "text"),
            has_late_texts=models.Exists(late),
        )

    def with_rows(self) -> Self:
        """Each with its marks and comments as rows, in no order. No query more."""
        own = Q(review=OuterRef("pk"))
        return self.annotate(
            mark_rows=as_json(Mark.objects.filter(own).order_by(), *MarkRow._fields),
            comment_rows=as_json(Comment.objects.filter(own).order_by(), *CommentRow._fields),
        )


class Review(Correctable):
    """One person's grading of one interview: made when claimed, append-only once visible.

    Its id tells when that was (UUIDv7), which its author knows; a self-score's is shown to nobody.
    """

    class Kind(models.TextChoices):
        SELF = "self", _("by yourself")
        GUIDED = "guided", _("by yourself, beside the model answers")
        REVIEWER = "reviewer", _("by a reviewer")
        PEER = "peer", _("by a peer")

    OWN_KINDS = ("self", "guided")
    """The candidate's. A guided one is for their eyes and never published."""

    class Level(models.IntegerChoices):
        WEAK = 1, _("weak")
        PARTIAL = 2, _("partial")
        GOOD = 3, _("good")
        STRONG = 4, _("strong")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    interview = models.ForeignKey(
        "interview.Interview",
        on_delete=models.CASCADE,
        related_name="reviews",
        verbose_name=_("interview"),
    )
    assignment = models.ForeignKey(
        "interview.Assignment",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("assignment"),
        help_text=_("Empty for a self-score."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=forget_author,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("author"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    knowledge = models.PositiveSmallIntegerField(
        _("knowledge"), choices=Level.choices, null=True, blank=True
    )
    reasoning = models.PositiveSmallIntegerField(
        _("reasoning"), choices=Level.choices, null=True, blank=True
    )
    communication = models.PositiveSmallIntegerField(
        _("communication"), choices=Level.choices, null=True, blank=True
    )
    # Which page sent the levels last.
    levels_writer = models.UUIDField(null=True, blank=True, editable=False)
    levels_sequence = models.PositiveIntegerField(null=True, blank=True, editable=False)
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
    mailed_at = models.DateTimeField(_("candidate mailed"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    # Given by review_to_grade().
    own_marks: list[dict[str, Any]]
    """The candidate's, each with `answer_id`, `key` and `value`."""
    bank: list[dict[str, str]]
    """The author's comments, each with `pk` and `text`."""
    has_late_texts: bool
    # Given by with_rows(), as JSON.
    mark_rows: list[dict[str, Any]]
    comment_rows: list[dict[str, Any]]
    # Given by for_list().
    is_current: bool
    # Given by with_batch_at().
    batch_answers: int | None
    newest_version: int | None

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
                    visible_from__isnull=False,
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
                condition=Q(kind__in=("self", "guided"), assignment=None)
                | (~Q(kind__in=("self", "guided")) & Q(assignment__isnull=False)),
                name="review_own_has_no_assignment",
            ),
            models.CheckConstraint(
                condition=~Q(kind="guided") | Q(published_at=None, supersedes=None),
                name="review_guided_is_not_published",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(supersedes=F("id")),
                name="review_does_not_supersede_itself",
            ),
            models.CheckConstraint(
                condition=Q(supersedes=None) | ~Q(reason=""),
                name="review_correction_has_a_reason",
                violation_error_message=_("A correction has a reason."),
            ),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(kind="self", supersedes=None),
                name="review_one_self_score_per_interview",
                violation_error_message=_("This interview has a self-score already."),
            ),
            models.UniqueConstraint(
                fields=["interview"],
                condition=Q(kind="guided"),
                name="review_one_guided_per_interview",
                violation_error_message=_("This interview has such a self-score already."),
            ),
            models.UniqueConstraint(
                fields=["assignment", "author"],
                condition=Q(supersedes=None),
                name="review_one_per_assignment_and_author",
                violation_error_message=_("You reviewed this interview already."),
            ),
        ]
        indexes = [
            # ReviewQuerySet.paces(): the latest reviews, for the team's page.
            models.Index(
                fields=["-published_at"],
                condition=Q(kind="reviewer", published_at__isnull=False),
                name="review_latest_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.interview}"

    # Reading

    def graded_answers(self) -> list[GradedAnswer]:
        """The interview's answers in their order, each with its marks and comment.

        No query for a review that was fetched `with_grading()` or by `review_to_grade()`.
        """
        marks = self.marks_by_answer()
        comments = {comment.answer_id: comment for comment in self.given_comments}
        accepted = {text.answer_id: text for text in self.accepted_texts.all()}
        return [
            GradedAnswer(
                answer,
                marks.get(answer.pk, {}),
                comments[answer.pk].text if answer.pk in comments else "",
                comments.get(answer.pk),
                accepted.get(answer.pk),
            )
            for answer in self.interview.answers.all()
        ]

    def marks_by_answer(self) -> dict[int, dict[str, Mark | MarkRow]]:
        """By the answers' ids and their key points' keys: all that a self-score says."""
        marks: dict[int, dict[str, Mark | MarkRow]] = {}
        for mark in self.given_marks:
            marks.setdefault(mark.answer_id, {})[mark.key] = mark
        return marks

    @property
    def given_marks(self) -> Iterable[Mark | MarkRow]:
        if "mark_rows" in vars(self):
            return [MarkRow(**row) for row in self.mark_rows]
        return self.marks.all()

    @property
    def given_comments(self) -> Iterable[Comment | CommentRow]:
        if "comment_rows" in vars(self):
            return [CommentRow.of(row) for row in self.comment_rows]
        return self.comments.all()

    @property
    def stored_overall_comment(self) -> Comment | CommentRow | None:
        return next((c for c in self.given_comments if c.answer_id is None), None)

    @property
    def overall_comment(self) -> str:
        stored = self.stored_overall_comment
        return stored.text if stored else ""

    def missing(self, answers: Sequence[GradedAnswer] | None = None) -> Missing:
        """The answers with unmarked key points, and the levels that are not chosen."""
        if answers is None:
            answers = self.graded_answers()
        return Missing(
            [graded for graded in answers if graded.unmarked],
            [level for level in self.LEVELS if getattr(self, level) is None],
        )

    def own_marks_on(self, graded: GradedAnswer) -> dict[str, Mark.Value]:
        """What the candidate marked for themselves, by key; nothing until all of it is marked.

        So that it sways nobody. Of a review that was fetched by `review_to_grade()`.
        """
        if graded.unmarked:
            return {}
        own = [mark for mark in self.own_marks if mark["answer_id"] == graded.answer.pk]
        return {mark["key"]: Mark.Value(mark["value"]) for mark in own}

    def score_so_far(self) -> Decimal | None:
        """The score of the answers that are fully marked, 0 to 100; None if none is."""
        return score_of(self.graded_answers())

    @property
    def standing(self) -> str:
        """Where a reviewer's review stands, for its page, by this machine's clock.

        *published*; *held* by its author, or *overdue* when the lease ran out and nobody took it;
        *waiting* for anybody's claim; *taken* by somebody else, or *done* by them. The last three
        are drafts that can't be published as they are. A draft that is a *correction* can.
        """
        assert self.assignment is not None
        if self.published_at is not None:
            return "published"
        if self.is_correction:
            return "correction"
        if self.assignment.done_at is not None:
            return "done"
        if self.assignment.holder_id is not None and self.assignment.holder_id == self.author_id:
            return "held" if self.assignment.lease_runs else "overdue"
        return "taken" if self.assignment.lease_runs else "waiting"

    @property
    def can_be_taken_back(self) -> bool:
        """By this machine's clock; for the page. `take_back()` asks the database's."""
        return self.visible_from is not None and self.visible_from > timezone.now()

    # Writing

    @contextmanager
    def writing(self, token: UUID | None) -> Iterator[bool]:
        """Guard a write to this draft: `with review.writing(token) as held: review.mark(…)`.

        Renews the claim and keeps other writes to the draft waiting until the block ends. False
        if the claim is lost: then the draft is kept, but `publish()` will refuse it. A self-score
        and a correction have no claim and need no token.

        Raises:
            StaleToken: the author has claimed anew since; nothing is written.
            AlreadyPublished: nothing is written.
        """
        with transaction.atomic():
            held = True
            if self.assignment is not None and self.author is not None and not self.is_correction:
                held = self.assignment.renew(token, by=self.author)
                if not held and self.assignment.claimed_anew(token, by=self.author):
                    raise StaleToken
            locked = Review.objects.select_for_update(no_key=True).only("published_at")
            if locked.get(pk=self.pk).published_at is not None:
                raise AlreadyPublished
            yield held

    def mark(self, answer: Answer, marks: Mapping[str, str], sent: Sent | None = None) -> None:
        """Set the marks of one answer by key; marks for other keys stay as they are.

        Saves all in one statement. Saving the same twice changes nothing. Of what a page `sent`,
        the last it made wins, in whatever order they come; of two pages, what comes last.

        Raises:
            UnknownKeyPoint: the pinned version has no such key, or the answer is of another
                interview; nothing is saved.
            ValueError: a mark is not full, half or missed; nothing is saved.
        """
        version = answer.question_version
        known = {point.key for point in version.key_points}
        if answer.interview_id != self.interview_id or not marks.keys() <= known:
            raise UnknownKeyPoint
        rows = KeyPoint.objects.filter(question=version.question_id, key__in=marks)
        ids = dict(rows.values_list("key", "pk"))
        outrun = self.marked_since(answer, sent) if sent else set()
        Mark.objects.bulk_create(
            (
                Mark(
                    review=self,
                    interview_id=self.interview_id,
                    answer=answer,
                    key=key,
                    key_point_id=ids.get(key),
                    value=Mark.Value(value),
                    writer=sent.writer if sent else None,
                    sequence=sent.sequence if sent else None,
                )
                for key, value in marks.items()
                if key not in outrun
            ),
            update_conflicts=True,
            unique_fields=["review", "answer", "key"],
            update_fields=["value", "writer", "sequence"],
        )

    def marked_since(self, answer: Answer, sent: Sent) -> set[str]:
        """The key points for which the same page has sent something later already."""
        of_page = self.marks.filter(answer=answer, writer=sent.writer)
        return set(of_page.filter(sequence__gt=sent.sequence).values_list("key", flat=True))

    def comment_on(self, answer: Answer | None, text: str) -> None:
        """Set the comment on an answer, or on the interview. Its revision counts up if it changed.

        For who knows what stands there; a page saves by `interview.saving.comments`. Call it inside
        `writing()`, which keeps two at once apart.
        """
        comments = Comment.objects.filter(review=self, answer=answer)
        changed = comments.exclude(text=text).update(
            text=text,
            revision=F("last_revision") + 1,
            last_revision=F("last_revision") + 1,
            writer=None,
            sequence=0,
            saved_at=Now(),
        )
        if text and not changed and not comments.exists():
            Comment.objects.create(
                review=self,
                interview_id=self.interview_id,
                answer=answer,
                text=text,
                revision=1,
                last_revision=1,
                saved_at=clock.database_now(),
            )

    def cite(self, answer: Answer, key: str, text_key: str, start: int, end: int) -> None:
        """Let the mark for a key point rest on words of the answer, or of its accepted late text.

        `text_key` says which text the page showed, `start` and `end` which of its code points;
        white space at both ends is left out. Call it inside `writing()`. Replaces what was cited.

        Raises:
            UnknownWords: that text isn't graded, or has no words there.
            NotMarked: the key point has no mark yet.
        """
        texts = {quotes.key_of(answer.text): (answer.revision, answer.text)}
        for accepted in AcceptedText.objects.select_related("revision").filter(
            review=self, answer=answer
        ):
            late = accepted.revision.text
            texts.setdefault(quotes.key_of(late), (accepted.number, late))
        revision, text = texts.get(text_key, (0, ""))
        if not 0 <= start < end <= len(text):
            raise UnknownWords
        start, end = quotes.trimmed(text, start, end)
        if start >= end:
            raise UnknownWords
        marks = self.marks.filter(answer=answer, key=key)
        if not marks.update(quote_revision=revision, quote_start=start, quote_end=end):
            raise NotMarked

    def cite_nothing(self, answer: Answer, key: str) -> None:
        """Let the mark for a key point rest on no words any more. Call it inside `writing()`."""
        self._drop_quotes(self.marks.filter(answer=answer, key=key))

    def _drop_quotes(self, marks: models.QuerySet[Mark]) -> None:
        marks.update(quote_revision=None, quote_start=None, quote_end=None)

    def accept(self, late: Revision) -> None:
        """Count a late text as part of its answer, instead of another one if one was accepted.

        Call it inside `writing()`.

        Raises:
            UnknownLateText: it isn't late, or is of another interview.
            CameAfterReveal: it was written with the model answers at hand.
        """
        if late.kind != Revision.Kind.LATE or late.interview_id != self.interview_id:
            raise UnknownLateText
        if self.interview.revealed_at is not None and late.saved_at > self.interview.revealed_at:
            raise CameAfterReveal
        AcceptedText.objects.update_or_create(
            review=self,
            answer_id=late.answer_id,
            defaults={"interview_id": self.interview_id, "number": late.number},
        )
        self._drop_quotes_of_late_texts(late.answer, late.number)

    def undo_accepting(self, answer: Answer) -> None:
        """Grade the answer without its late text again, and cite none of its words.

        Call it inside `writing()`.
        """
        self.accepted_texts.filter(answer=answer).delete()
        self._drop_quotes_of_late_texts(answer)

    def _drop_quotes_of_late_texts(self, answer: Answer, accepted: int | None = None) -> None:
        kept = [answer.revision, *([] if accepted is None else [accepted])]
        self._drop_quotes(self.marks.filter(answer=answer).exclude(quote_revision__in=kept))

    def set_levels(self, levels: Mapping[str, int], sent: Sent | None = None) -> None:
        """Set those of the three levels that are given; the others stay as they are.

        Of what a page `sent`, the last it made wins, as with marks.

        Raises:
            ValueError: a level is unknown or not 1 to 4.
        """
        if not levels.keys() <= set(self.LEVELS):
            raise ValueError("The levels are knowledge, reasoning and communication.")
        chosen: dict[str, Any] = {name: self.Level(level) for name, level in levels.items()}
        reviews = Review.objects.filter(pk=self.pk)
        if sent is not None:
            reviews = reviews.exclude(levels_writer=sent.writer, levels_sequence__gt=sent.sequence)
            chosen |= {"levels_writer": sent.writer, "levels_sequence": sent.sequence}
        if levels and reviews.update(**chosen):
            self.refresh_from_db(fields=[*levels])

    def publish(self, token: UUID | None) -> None:
        """Publish what is stored: the candidate can read it in a minute, and is mailed then.

        Closes the assignment; a correction's is closed. Of two at once one wins.

        Raises:
            AlreadyPublished: the other one won.
            StaleToken: the author has claimed anew since.
            ClaimLost: somebody else holds it, or nobody; the draft is kept.
            Incomplete: marks or levels are missing; the draft is kept and the claim too.
        """
        from interview import tasks  # which imports this module

        assert self.assignment is not None
        with transaction.atomic():
            if self.is_correction:
                self.assignment.lock()
                closed = True
            else:
                closed = self.assignment.close(token, by=self.author)
            locked = Review.objects.select_for_update(no_key=True, of=("self",))
            review = locked.with_grading().get(pk=self.pk)
            if review.published_at is not None:
                raise AlreadyPublished
            if not closed:
                anew = self.assignment.claimed_anew(token, by=self.author)
                raise StaleToken if anew else ClaimLost
            if review.missing():
                raise Incomplete
            review.show_in_a_minute()
            job = tasks.mail_feedback.configure(schedule_at=review.visible_from)
            job.defer(review_id=str(review.pk))
        self.refresh_from_db(fields=["score", "published_at", "visible_from"])

    def show_in_a_minute(self) -> None:
        """Store score and times of one that is complete. Only for who has locked it."""
        self.score = self.score_so_far()
        self.published_at = clock.database_now()
        self.visible_from = self.published_at + clock.TAKE_BACK
        self.save(update_fields=["score", "published_at", "visible_from"])

    def take_back(self) -> None:
        """Make a draft of it again, and of the assignment a claim. Twice is as good as once.

        This may be a fourth claim: there is a minute only, and no time to release another. A
        correction becomes its author's draft.

        Raises:
            TooLate: the candidate may have read it.
            NewerCorrection: another one was made of it since.
            AnswersSecondLook: it came with that answer, and goes with it.
        """
        assert self.assignment is not None
        with transaction.atomic():
            # In the order of publish(), so that they can't wait for each other.
            self.assignment.lock()
            published = Review.objects.published().filter(pk=self.pk)
            taken = published.filter(
                visible_from__gt=Now(), successor=None, second_look=None
            ).update(published_at=None, visible_from=None, score=None)
            if taken and not self.is_correction:
                self.assignment.reopen(by=self.author)
            elif not taken and published.visible().exists():
                raise TooLate
            elif not taken and published.filter(second_look=None).exists():
                raise NewerCorrection
            elif not taken and published.exists():
                raise AnswersSecondLook
        self.refresh_from_db(fields=["score", "published_at", "visible_from"])
