"""What to study next: what the library has on the topics of the points that were missed."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from interview.models import Mark
from interview.results import Results
from questions.models import SHUFFLED, Note, Question, QuestionSet, Status, Story, Topic

MOST = {"topic": 6, "question": 4, "note": 3, "story": 3}
"""How many of each kind are shown."""
MOST_QUESTIONS, MOST_SETS = 60, 5
"""Of what a large library has on these topics so many are looked at, and the sets' questions."""


class Suggestion(NamedTuple):
    kind: str
    """The name of its URL."""
    rank: int
    """0 where the library links it to a question with a missed point, else 1."""
    within: str
    """The set's slug of a question."""
    slug: str
    title: str

    @property
    def url(self) -> str:
        return reverse(self.kind, args=[self.within, self.slug] if self.within else [self.slug])


class ReadingList(NamedTuple):
    """False if there is nothing to suggest."""

    topics: Sequence[Suggestion]
    reading: Sequence[Suggestion]
    """Stories and notes, those first that are linked to what was missed."""
    questions: Sequence[Suggestion]

    @property
    def mix(self) -> str:
        """Where one sets up a mixed interview on these topics."""
        chosen = urlencode({"topics": [topic.slug for topic in self.topics]}, doseq=True)
        return f"{reverse('interview-new-mixed')}?{chosen}"


def study_next(results: Results) -> ReadingList | None:
    """By the reviewer's marks, or one's own where there are no others; None if nothing is missed.

    One query, whatever was missed and however large the library is.
    """
    asked = {result.answer.question_version.question_id: result for result in results.answers}
    missed = [
        question
        for question, result in asked.items()
        if any(is_missed(point.reviewers or point.own) for point in result.points)
    ]
    if not missed:
        return None
    told = {p.story.slug for r in results.answers for p in r.points if p.story}
    found = [Suggestion(*row) for row in rows_on(missed, asked)]
    found = [one for one in found if not (one.kind == "story" and one.slug in told)]
    found.sort(key=lambda one: (one.rank, one.title))
    of = {kind: [one for one in found if one.kind == kind][:most] for kind, most in MOST.items()}
    if not found:
        return None
    return ReadingList(of["topic"], [*of["note"], *of["story"]], of["question"])


def is_missed(mark: Mark | None) -> bool:
    return mark is not None and mark.value != Mark.Value.FULL


def rows_on(missed: Sequence[int], asked: Any) -> "QuerySet[Any, Any]":
    """Some more of each kind than are shown: a story may stand behind a point already."""
    own = Question.topics.through.objects.filter(question__in=missed).values("topic")
    of_sets = QuestionSet.topics.through.objects.filter(questionset__questions__in=missed)
    # As one list, by which an index finds the first few on these topics.
    on_topics = Q(topic__in=own.union(of_sets.values("topic")))

    def reading(model: type[Note] | type[Story], kind: str) -> "QuerySet[Any, Any]":
        linked = model.related_questions.through.objects.filter(question__in=missed).values(kind)
        about = model.topics.through.objects.filter(on_topics).values(kind)
        rank = Case(When(pk__in=linked, then=0), default=1, output_field=IntegerField())
        found = model.objects.published().filter(Q(pk__in=linked) | Q(pk__in=about))
        return row(found.annotate(rank=rank).order_by("rank", "title"), kind, F("rank"))

    # Of what may be shown, else drafts could take the place of all of it.
    about = (
        Question.topics.through.objects.filter(on_topics)
        .filter(
            question__status=Status.PUBLISHED,
            question__question_set__status=Status.PUBLISHED,
        )
        .exclude(question__in=list(asked))
        .values("question")[:MOST_QUESTIONS]
    )
    sets = (
        QuestionSet.topics.through.objects.filter(on_topics)
        .filter(questionset__status=Status.PUBLISHED)
        .values("questionset")[:MOST_SETS]
    )
    of_these = Question.objects.filter(question_set__in=sets).order_by().values("pk")
    questions = Question.objects.readable().exclude(pk__in=list(asked))
    questions = questions.filter(pk__in=about.union(of_these)).order_by(SHUFFLED)
    topics = Topic.objects.filter(Q(pk__in=own) | Q(pk__in=of_sets.values("topic")))
    return row(topics.order_by("title"), "topic").union(
        row(questions, "question", within=F("question_set__slug"), title="prompt"),
        reading(Note, "note"),
        reading(Story, "story"),
        all=True,
    )


def row(
    found: "QuerySet[Any]",
    kind: str,
    rank: Any = 1,
    *,
    within: Any = "",
    title: str = "title",
) -> "QuerySet[Any, Any]":
    rank = rank if isinstance(rank, F) else Value(rank)
    within = within if isinstance(within, F) else Value(within)
    values = found.values_list(Value(kind), rank, within, "slug", title)
    return values[: 2 * MOST[kind]]
