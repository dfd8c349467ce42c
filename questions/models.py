"""The library: question sets with their questions, failure stories, notes and topics.

`Question` and `KeyPoint` rows are the live content; a `QuestionVersion` is what a question said at
one time, and never changes. What was asked or marked is retired, not deleted.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from random import Random
from typing import Any, ClassVar, NamedTuple, Self, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models, transaction
from django.db.models.functions import MD5, Cast, Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User

M = TypeVar("M", bound=models.Model)

SHUFFLED = MD5(Cast("id", models.TextField()))
"""Orders rows by chance, but always in the same way, so that an index can serve it."""


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


def validate_sources(value: Any) -> None:
    """Sources are a list of `{"title": …, "url": …}` with web addresses."""
    if not isinstance(value, list):
        raise ValidationError(_("Sources are a list."))
    check_url = URLValidator(schemes=["http", "https"])
    for source in value:
        if not isinstance(source, dict) or set(source) != {"title", "url"} or not source["title"]:
            raise ValidationError(_("Each source has a title and a url, and nothing else."))
        check_url(source["url"])


class TopicQuerySet(models.QuerySet["Topic"]):
    def of(self, question: "Question") -> Self:
        """The question's own and those of its set. One query."""
        on = models.Q(question=question) | models.Q(questionset=question.question_set_id)
        return self.filter(on).distinct()

    def for_list(self) -> Self:
        """Those that something published is about, and whether that is a set, a question, a story
        or a note. One query.
        """

        def something(published: models.QuerySet[Any]) -> models.Exists:
            return models.Exists(published.filter(topics=models.OuterRef("pk")))

        return self.annotate(
            has_sets=something(QuestionSet.objects.published()),
            has_questions=something(Question.objects.readable()),
            has_stories=something(Story.objects.published()),
            has_notes=something(Note.objects.published()),
        ).filter(
            models.Q(has_sets=True)
            | models.Q(has_questions=True)
            | models.Q(has_stories=True)
            | models.Q(has_notes=True)
        )

    def with_questions(self) -> Self:
        """Those that some readable question is about, itself or by its set. One query."""
        questions = Question.objects.readable().order_by()
        return self.filter(
            models.Exists(questions.filter(topics=models.OuterRef("pk")))
            | models.Exists(questions.filter(question_set__topics=models.OuterRef("pk")))
        )


class Topic(models.Model):
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=100)

    objects = TopicQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])


class Published(models.Model):
    """What sets, stories and notes have in common: a name, a state, and where they come from."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True)
    license = models.CharField(
        _("licence"), max_length=100, help_text=_("An SPDX name such as CC-BY-4.0.")
    )
    checked_against = models.CharField(
        _("checked against"), max_length=100, blank=True, help_text=_("Such as Kubernetes 1.36.")
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )
    extra = models.TextField(
        _("other front matter"),
        blank=True,
        help_text=_("YAML: keys of the file that mean nothing here, kept as written for export."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


def is_editor(user: User | AnonymousUser) -> bool:
    """Whether `user` sees drafts and the retired, too."""
    return user.has_perm("questions.change_questionset")


class Neighbour(NamedTuple):
    slug: str
    name: str


class Neighbours(NamedTuple):
    previous: Neighbour | None = None
    next: Neighbour | None = None


class Reading(NamedTuple):
    """A story or note to read on with; `kind` is the name of its URL."""

    kind: str
    slug: str
    title: str


class LibraryQuerySet(models.QuerySet[M]):
    """Vocabulary of everything that has a status."""

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What `user` may read: the published, and for editors drafts and the retired too."""
        return self if is_editor(user) else self.published()

    def publish(self) -> int:
        """Show them to everybody; how many were not published."""
        return self._become(Status.PUBLISHED)

    def retire(self) -> int:
        """Take them out of sight, for good or until they are published again; how many were."""
        return self._become(Status.RETIRED)

    def _become(self, status: Status) -> int:
        return self.exclude(status=status).update(status=status, updated_at=Now())

    def around(self, item: M) -> "Neighbours":
        """What stands before and after `item`, where these are in order. One query."""
        by = "position" if isinstance(item, Question) else "title"
        name = "prompt" if isinstance(item, Question) else "title"
        value = getattr(item, by)

        def nearest(side: str, comparison: str, sign: str) -> models.QuerySet[Any, Any]:
            beyond = models.Q(**{f"{by}__{comparison}": value})
            beside = models.Q(**{by: value, f"pk__{comparison}": item.pk})
            found = self.filter(beyond | beside).order_by(f"{sign}{by}", f"{sign}pk")
            return found.values_list(models.Value(side), "slug", name)[:1]

        found = nearest("previous", "lt", "-").union(nearest("next", "gt", ""), all=True)
        return Neighbours(**{side: Neighbour(slug, text) for side, slug, text in found})


class QuestionSetQuerySet(LibraryQuerySet["QuestionSet"]):
    def with_size(self) -> Self:
        """Each with the `question_count` and the `minutes` of its published questions."""
        published = models.Q(questions__status=Status.PUBLISHED)
        return self.annotate(
            question_count=models.Count("questions", filter=published),
            minutes=Coalesce(models.Sum("questions__minutes", filter=published), 0),
            # Django forgets the usual order when it groups.
        ).order_by("title", "pk")

    def can_be_sat(self) -> Self:
        """The published that have a published question, with their size."""
        return self.published().with_size().filter(question_count__gt=0)

    def for_list(self) -> Self:
        """What a list of sets shows: their sizes and topics. Two queries."""
        return self.with_size().prefetch_related("topics")

    def for_page(self, user: User | AnonymousUser) -> Self:
        """A set's page, with the `listed` questions that `user` may see. Three queries."""
        questions = Question.objects.all()
        if not is_editor(user):
            questions = questions.published()
        return self.prefetch_related(
            "topics", models.Prefetch("questions", questions, to_attr="listed")
        )


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
    # Given by for_page().
    listed: "list[Question]"

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")

    def get_absolute_url(self) -> str:
        return reverse("set", args=[self.slug])

    def reading(self) -> list[Reading]:
        """The published stories and notes linked to its questions. One query."""
        return read_about(models.Q(related_questions__question_set=self))


class VersionKeyPoint(NamedTuple):
    """A key point as a question version says it."""

    key: str
    text: str
    weight: int


@dataclass(frozen=True)
class PoolSize:
    """How many questions there are to choose from, and how long they take."""

    count: int
    mean_minutes: float


class QuestionQuerySet(LibraryQuerySet["Question"]):
    def readable(self) -> Self:
        """The published in sets that are published."""
        return self.published().filter(question_set__status=Status.PUBLISHED)

    def on_topics(self, topics: Collection[Topic]) -> Self:
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

    def with_topics_of(self, topics: Collection[Topic]) -> Self:
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

    def about(self, item: "Story | Note") -> Self:
        """The readable ones that a story or note is linked to, with their sets. One query."""
        linked = models.Q(stories=item) if isinstance(item, Story) else models.Q(notes=item)
        if isinstance(item, Story):
            linked |= models.Q(key_points__story=item, key_points__retired=False)
        # Their own ordering would sort by joined columns, which distinct() does not allow for.
        found = self.readable().filter(linked).distinct().select_related("question_set")
        return found.order_by("question_set__title", "position", "id")

    def for_page(self) -> Self:
        """What the study page shows of a question itself. Two queries."""
        points = KeyPoint.objects.current().select_related("story")
        return self.select_related("question_set").prefetch_related(
            models.Prefetch("key_points", points, to_attr="current_points")
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
        Topic, verbose_name=_("topics"), blank=True, help_text=_("Besides those of the set.")
    )
    follow_ups = models.JSONField(_("follow-ups"), default=list, blank=True)
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = QuestionQuerySet.as_manager()

    # Given by with_topics_of().
    own_topics: list[int]
    set_topics: list[int]

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
        ]

    def __str__(self) -> str:
        return self.prompt

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.question_set.slug, self.slug])

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

    def record_version(self, by: User | None = None) -> "QuestionVersion":
        """The version that says what the question says now; made if there is none yet.

        Call it after every change of the question or its key points. Two at once make one
        version: the question's row is locked meanwhile.
        """
        with transaction.atomic():
            content = Question.objects.select_for_update().get(pk=self.pk).content()
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


class KeyPointQuerySet(models.QuerySet["KeyPoint"]):
    def current(self) -> Self:
        """Those that are part of the question today, in their order."""
        return self.filter(retired=False).order_by("position", "id")


class KeyPoint(models.Model):
    """One thing a good answer must say: the unit of grading."""

    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="key_points", verbose_name=_("question")
    )
    key = models.SlugField(
        _("key"), max_length=60, help_text=_("Stays the same when the text is reworded.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.CharField(_("text"), max_length=500, help_text=_("Markdown, one line."))
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    story = models.ForeignKey(
        "Story",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="key_points",
        verbose_name=_("failure story"),
        help_text=_("What happens to those who miss this point."),
    )
    retired = models.BooleanField(_("retired"), default=False)

    objects = KeyPointQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        verbose_name = _("key point")
        verbose_name_plural = _("key points")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="key_point_key_unique_in_question",
                violation_error_message=_("Another key point of this question has that key."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, 10)),
                name="key_point_weight_1_to_10",
                violation_error_message=_("The weight is a number from 1 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class QuestionVersion(models.Model):
    """What a question said at one time.

    A trigger refuses every update but forgetting who made it (migration 0002).
    """

    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="versions", verbose_name=_("question")
    )
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("digest"), max_length=64)
    content = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["question", "-number"]
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="question_version_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return gettext("version %(number)s of “%(prompt)s”") % {
            "number": self.number,
            "prompt": self.prompt,
        }

    @staticmethod
    def digest_of(content: dict[str, Any]) -> str:
        """SHA-256 of the content in one canonical spelling, as hexadecimal digits."""
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def prompt(self) -> str:
        return cast("str", self.content["prompt"])

    @property
    def body(self) -> str:
        return cast("str", self.content["body"])

    @property
    def answer(self) -> str:
        return cast("str", self.content["answer"])

    @property
    def key_points(self) -> list[VersionKeyPoint]:
        """What the answer is graded on; a question without key points is graded on one."""
        points = [VersionKeyPoint(**point) for point in self.content["key_points"]]
        return points or [VersionKeyPoint("answers", gettext("Answers the question"), 1)]


class StoryQuerySet(LibraryQuerySet["Story"]):
    pass


class Story(Published):
    """A failure story: a post-mortem in fixed sections, told in our words."""

    technologies = models.JSONField(_("technologies"), default=list, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    what_happened = models.TextField(_("what happened"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    impact = models.TextField(_("impact"), blank=True)
    fix = models.TextField(_("fix"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True)
    discuss = models.TextField(_("discuss"), blank=True)
    related_questions = models.ManyToManyField(
        Question, verbose_name=_("related questions"), blank=True, related_name="stories"
    )

    objects = StoryQuerySet.as_manager()

    SECTIONS: ClassVar[tuple[str, ...]] = (
        "summary",
        "what_happened",
        "cause",
        "impact",
        "fix",
        "lessons",
        "discuss",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("failure story")
        verbose_name_plural = _("failure stories")

    def get_absolute_url(self) -> str:
        return reverse("story", args=[self.slug])


class NoteQuerySet(LibraryQuerySet["Note"]):
    pass


class Note(Published):
    """Reading on a topic."""

    summary = models.CharField(_("summary"), max_length=300, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    related_questions = models.ManyToManyField(
        Question, verbose_name=_("related questions"), blank=True, related_name="notes"
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["title"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def get_absolute_url(self) -> str:
        return reverse("note", args=[self.slug])


def read_about(linked: models.Q) -> list[Reading]:
    """The published stories and notes for which `linked` holds, stories first. One query."""
    found: list[models.QuerySet[Any, Any]] = [
        model.objects.published()
        .filter(linked)
        .order_by()
        .values_list(models.Value(kind), "slug", "title")
        for model, kind in ((Story, "story"), (Note, "note"))
    ]
    return sorted(
        (Reading(*row) for row in found[0].union(found[1])),
        key=lambda reading: (reading.kind == "note", reading.title),
    )


class LoadedDocument(models.Model):
    """What a file of the library said when it was last loaded.

    A document that still says the same is not loaded again, so what editors change here stays.
    """

    key = models.CharField(max_length=220, primary_key=True)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
