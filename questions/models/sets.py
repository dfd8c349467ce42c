"""Question sets and their questions: the live content, edited in the admin."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import MD5, Cast, Coalesce
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from questions.models.holding import hold
from questions.models.key_points import KeyPoint
from questions.models.published import (
    LibraryQuerySet,
    Published,
    Status,
    is_editor,
    validate_sources,
)
from questions.models.reading import Note, Reading, Story, read_about
from questions.models.search_columns import column, vector_of
from questions.models.versions import QuestionVersion
from questions.ordering import renumber

if TYPE_CHECKING:
    from questions.models.topics import Topic

SHUFFLED = MD5(Cast("id", models.TextField()))
"""Orders rows by chance, but always in the same way, so that an index can serve it."""

SEARCHED_FIRST = models.Q(Exact(models.F("id") % 8, 0))
"""An eighth, in which what many have is found; see questions/search/finding.py."""


@lru_cache(maxsize=1_000)
def set_path(slug: str) -> str:
    """The address of a set's page, kept for the last thousand: to look one up is dear in a list."""
    return reverse("set", args=[slug])


def question_path(set_slug: str, slug: str) -> str:
    """The address of a question's page, which begins as its set's."""
    return f"{set_path(set_slug)}{slug}/"


class QuestionSetQuerySet(LibraryQuerySet["QuestionSet"]):
    def with_size(self) -> Self:
        """Each with the `question_count` and the `minutes` of its published questions.

        In the usual order, so that a page of them reads its own and their questions only.
        """

        def of_published(value: models.Aggregate) -> Coalesce:
            questions = Question.objects.published().filter(question_set=models.OuterRef("pk"))
            values = questions.order_by().values("question_set").annotate(value=value)
            return Coalesce(models.Subquery(values.values("value")), 0)

        return self.annotate(
            question_count=of_published(models.Count("pk")),
            minutes=of_published(models.Sum("minutes")),
        ).order_by("title", "pk")

    def publish_with_questions(self) -> int:
        """Publish them, and their drafts with them; how many sets and questions were not published.

        A set that is kept back for its licence keeps its questions back.
        """
        with transaction.atomic():
            keys = list(self.values_list("pk", flat=True))
            sets = QuestionSet.objects.filter(pk__in=keys)
            hold(sets)
            count = sets.publish()
            drafts = Question.objects.filter(status=Status.DRAFT, question_set__in=sets.published())
            hold(drafts)
            return count + drafts.publish()

    def can_be_sat(self) -> Self:
        """The published that have a published question, with their size."""
        questions = Question.objects.published().filter(question_set=models.OuterRef("pk"))
        return self.published().filter(models.Exists(questions)).with_size()

    def for_list(self) -> Self:
        """What a list of sets shows: their sizes and topics. Two queries."""
        return self.with_size().prefetch_related("topics")


class QuestionSet(Published):
    """An ordered list of questions on one theme."""

    class Level(models.TextChoices):
        BASIC = "basic", _("basic")
        INTERMEDIATE = "intermediate", _("intermediate")
        ADVANCED = "advanced", _("advanced")

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)

    objects = QuestionSetQuerySet.as_manager()

    # Given by with_size().
    question_count: int
    minutes: int

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")
        indexes: ClassVar[list[models.Index]] = [
            # QuestionSetQuerySet.published() in the usual order: the first page, and lists of sets.
            models.Index(
                fields=["title", "id"],
                condition=models.Q(status=Status.PUBLISHED),
                name="set_published_by_title",
            ),
        ]

    def get_absolute_url(self) -> str:
        return set_path(self.slug)

    def reading(self) -> list[Reading]:
        """The published stories and notes linked to its questions. One query."""
        return read_about(models.Q(related_questions__question_set=self))

    def renumber(self, was: Mapping[int, int]) -> None:
        """Give its questions the positions 1 to n again after some were moved.

        `was` holds the positions before, by id. Whoever calls it holds the set's row.
        """
        renumber(self.questions.order_by("position", "id"), was)


@dataclass(frozen=True)
class PoolSize:
    """How many questions there are to choose from, and how long they take."""

    count: int
    mean_minutes: float


class QuestionQuerySet(LibraryQuerySet["Question"]):
    in_order_of, named_by = "position", "prompt"
    checked_on = "question_set__checked_on"
    # Its set's: a question is seen when its set is published.
    licence_in = ""

    def readable(self) -> Self:
        """The published in sets that are published."""
        return self.published().filter(question_set__status=Status.PUBLISHED)

    def without_answer(self) -> Self:
        return self.filter(answer="")

    def with_few_key_points(self, enough: int) -> Self:
        """Those with fewer than `enough` that are current."""
        current = models.Count(
            "key_points", filter=models.Q(key_points__retired=False), distinct=True
        )
        return self.alias(current=current).filter(current__lt=enough)

    def on_topics(self, topics: "Collection[Topic]") -> Self:
        """Those on any of the topics, themselves or by their set; without topics, all."""
        if not topics:
            return self
        own = Question.topics.through.objects.filter(topic__in=topics)
        of_set = QuestionSet.topics.through.objects.filter(topic__in=topics)
        return self.filter(
            models.Q(pk__in=own.values("question"))
            | models.Q(question_set__in=of_set.values("questionset"))
        )

    def of_difficulty(self, difficulties: Collection[int]) -> Self:
        """Those of any of the difficulties; without any, all."""
        return self.filter(difficulty__in=difficulties) if difficulties else self

    def pool_size(self, most: int) -> PoolSize:
        """How many there are, counted up to `most`, and their mean minutes. One query."""
        size = self.order_by()[:most].aggregate(
            count=models.Count("pk"), mean=models.Avg("minutes")
        )
        return PoolSize(size["count"], float(size["mean"] or 0))

    def with_topics_of(self, topics: "Collection[Topic]") -> Self:
        """Each with the ids of those of `topics` that it is on: `own_topics` and `set_topics`."""

        def among(through: type[models.Model], **on: models.OuterRef) -> ArraySubquery:
            rows = through._default_manager.filter(topic__in=topics, **on)
            return ArraySubquery(rows.values("topic"))

        return self.annotate(
            own_topics=among(Question.topics.through, question=models.OuterRef("pk")),
            set_topics=among(
                QuestionSet.topics.through, questionset=models.OuterRef("question_set")
            ),
        )

    def for_choice(self) -> Self:
        """With what choosing among them needs and nothing else: minutes, difficulty and set."""
        return self.only("minutes", "difficulty", "question_set_id").order_by()

    def sample(self, most: int, chance: Random) -> "list[Question]":
        """All, or where there are more than `most`, as many from a random place on.

        They stand in an order that has nothing to do with what they are, so that any of them can
        come. One query, which reads no more than it must however large the library is.
        """
        start = f"{chance.getrandbits(128):032x}"
        shuffled = self.alias(place=SHUFFLED).order_by("place")
        after, before = shuffled.filter(place__gte=start), shuffled.filter(place__lt=start)
        return list(after[:most].union(before[:most], all=True)[:most])

    def once_published(self) -> Self:
        """The published and those retired since: no drafts, and none in a set that is a draft."""
        drafts = models.Q(status=Status.DRAFT) | models.Q(question_set__status=Status.DRAFT)
        return self.exclude(drafts)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if is_editor(user) else self.readable()

    def about(self, item: Story | Note) -> Self:
        """The readable ones that a story or note is linked to, with their sets. One query."""
        linked = models.Q(stories=item) if isinstance(item, Story) else models.Q(notes=item)
        if isinstance(item, Story):
            linked |= models.Q(key_points__story=item, key_points__retired=False)
        # Their own ordering would sort by joined columns, which distinct() does not allow for.
        found = self.readable().filter(linked).distinct().select_related("question_set")
        return found.order_by("question_set__title", "position", "id")

    def for_list(self) -> Self:
        """What a list of questions shows of each, and nothing that is long."""
        return self.only("question_set_id", "slug", "status", "prompt", "minutes", "difficulty")

    def for_page(self) -> Self:
        """What the study page shows of a question itself. Two queries."""
        points = KeyPoint.objects.current().select_related("story")
        return self.select_related("question_set").prefetch_related(
            models.Prefetch("key_points", points, to_attr="current_points")
        )

    def for_export(self) -> Self:
        """All that a question says, set by set. Three queries."""
        points = models.Prefetch("key_points", KeyPoint.objects.current(), to_attr="current_points")
        return (
            self.select_related("question_set")
            .prefetch_related(points, "topics")
            .order_by("question_set__title", "question_set", "position", "pk")
        )


class Question(models.Model):
    """One prompt in one set. Its key in files and links is `set-slug/question-slug`."""

    class Difficulty(models.IntegerChoices):
        BASIC = 1, _("basic")
        INTERMEDIATE = 2, _("intermediate")
        ADVANCED = 3, _("advanced")

    question_set = models.ForeignKey(
        QuestionSet, on_delete=models.PROTECT, related_name="questions", verbose_name=_("set")
    )
    slug = models.SlugField(_("slug"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PUBLISHED
    )
    prompt = models.CharField(_("prompt"), max_length=500)
    body = models.TextField(
        _("more of the prompt"), blank=True, help_text=_("Markdown: what one line can't hold.")
    )
    answer = models.TextField(_("model answer"), blank=True, help_text=_("Markdown."))
    difficulty = models.PositiveSmallIntegerField(
        _("difficulty"), choices=Difficulty.choices, default=Difficulty.INTERMEDIATE
    )
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=5, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    topics = models.ManyToManyField(
        "questions.Topic",
        verbose_name=_("topics"),
        blank=True,
        help_text=_("Besides those of the set."),
    )
    follow_ups = models.JSONField(_("follow-ups"), default=list, blank=True)
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    search_title = column(vector_of("prompt", weight="A"))
    search = column(
        vector_of("prompt", weight="A")
        + vector_of("body", weight="B")
        + vector_of("answer", weight="C")
        + vector_of(Cast("follow_ups", models.TextField()), weight="D")
    )

    objects = QuestionQuerySet.as_manager()

    # Given by with_topics_of().
    own_topics: list[int]
    set_topics: list[int]
    # Given by for_page() and for_export().
    current_points: list[KeyPoint]

    class Meta:
        ordering: ClassVar[list[str]] = ["question_set", "position", "id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "slug"],
                name="question_slug_unique_in_set",
                violation_error_message=_("Another question of this set has that slug."),
            ),
            models.CheckConstraint(
                condition=models.Q(difficulty__range=(1, 3)),
                name="question_difficulty_1_to_3",
                violation_error_message=_("The difficulty is 1, 2 or 3."),
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__range=(1, 120)),
                name="question_minutes_1_to_120",
                violation_error_message=_("A question takes 1 to 120 minutes."),
            ),
        ]
        indexes = [
            # QuestionQuerySet.sample(): some of many, by chance.
            models.Index(SHUFFLED, name="question_shuffled"),
            # questions/search: what has the words, and what has them in its prompt.
            GinIndex("search", name="question_words", fastupdate=False),
            GinIndex("search_title", name="question_title_words", fastupdate=False),
            GinIndex(
                "search", name="question_words_sample", fastupdate=False, condition=SEARCHED_FIRST
            ),
            GinIndex(
                "search_title",
                name="question_title_words_sample",
                fastupdate=False,
                condition=SEARCHED_FIRST,
            ),
        ]

    def __str__(self) -> str:
        return self.prompt

    def get_absolute_url(self) -> str:
        return question_path(self.question_set.slug, self.slug)

    @property
    def difficulty_told(self) -> str:
        """What `get_difficulty_display()` says, which looks all choices through."""
        return str(self.Difficulty(self.difficulty).label)

    @property
    def minutes_told(self) -> str:
        minutes = self.minutes
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes}

    @property
    def is_to_be_revealed(self) -> bool:
        """Whether its page has more than the question; for those of `for_page()`."""
        return bool(self.current_points or self.answer or self.follow_ups)

    def reading(self) -> list[Reading]:
        """The published stories and notes linked to it. One query."""
        return read_about(models.Q(related_questions=self))

    def content(self) -> dict[str, Any]:
        """What a version keeps of this question: all that an interview and its grading show."""
        return {
            "prompt": self.prompt,
            "body": self.body,
            "answer": self.answer,
            "key_points": [
                {"key": point.key, "text": point.text, "weight": point.weight}
                for point in self.key_points.current()
            ],
        }

    def record_version(self, by: User | None = None) -> QuestionVersion:
        """The version that says what the question says now; made if there is none yet.

        Call it after every change of the question or its key points. Two at once make one
        version: the question's row is locked meanwhile.
        """
        with transaction.atomic():
            content = Question.objects.select_for_update(no_key=True).get(pk=self.pk).content()
            digest = QuestionVersion.digest_of(content)
            latest = self.versions.order_by("-number").first()
            if latest is not None and latest.digest == digest:
                return latest
            return self.versions.create(
                number=latest.number + 1 if latest else 1,
                digest=digest,
                content=content,
                created_by=by,
            )

    def renumber_key_points(self, was: Mapping[int, int]) -> None:
        """Give its key points the positions 1 to n again, the retired last.

        `was` holds the positions before, by id. Whoever calls it holds the question's row.
        """
        renumber(self.key_points.order_by("retired", "position", "id"), was)

    def revert_to(
        self, version: QuestionVersion, *, seen: int, by: User | None = None
    ) -> QuestionVersion | None:
        """Say again what `version` said; the version that this makes, or the latest if it says so.

        Key points are known by their keys: they come back, and those that the version had not are
        retired. None, and nothing is changed, if version `seen` is not the latest any more.
        """
        with transaction.atomic():
            question = Question.objects.select_for_update(no_key=True).get(pk=self.pk)
            # What was never recorded could not be brought back.
            if question.record_version(by).number != seen:
                return None
            question.prompt, question.body = version.prompt, version.body
            question.answer = version.answer
            question.save(update_fields=["prompt", "body", "answer", "updated_at"])
            keys = [point["key"] for point in version.content["key_points"]]
            question.key_points.exclude(key__in=keys).update(retired=True)
            for position, point in enumerate(version.content["key_points"], start=1):
                question.key_points.update_or_create(
                    key=point["key"],
                    defaults={
                        "text": point["text"],
                        "weight": point["weight"],
                        "position": position,
                        "retired": False,
                    },
                )
            question.renumber_key_points({})
            return question.record_version(by)
