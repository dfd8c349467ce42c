"""A candidate's own marks beside the reviewers', by interview and by topic (Rules of grading, 1).

Three queries, over the newest interviews that have both.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean
from uuid import UUID

from django.db.models import Avg, Case, DecimalField, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from interview.models import Interview, Mark, Review
from interview.scoring import WORTH
from questions.models import Question, QuestionSet, Topic

MOST_SITTINGS = 20
ALIKE = 5
"""Points of 100 within which two scores are called alike."""
FEWEST_FOR_TREND = 4


@dataclass(frozen=True)
class Pair:
    """One's own score and the reviewers', 0 to 100."""

    own: float
    reviewers: float

    @property
    def gap(self) -> int:
        """By how much the own score is higher; negative if it is lower."""
        return round(self.own) - round(self.reviewers)

    @property
    def words(self) -> Promise:
        if abs(self.gap) <= ALIKE:
            return _("You see it as your reviewers do.")
        if self.gap > 0:
            return _("You were more generous: reviewers count only what stands in the answer.")
        return _("You were stricter: you did better than you thought.")


@dataclass(frozen=True)
class Sitting(Pair):
    interview: Interview


@dataclass(frozen=True)
class TopicPair(Pair):
    topic: Topic
    questions: int
    trend: Promise | None


@dataclass(frozen=True)
class Comparison:
    sittings: Sequence[Sitting]
    """The oldest first."""
    topics: Sequence[TopicPair]
    """The widest gap first."""

    @property
    def pair(self) -> Pair:
        """The means of all."""
        return mean_of(self.sittings)

    @property
    def trend(self) -> Promise | None:
        return trend_of(self.sittings)

    @property
    def interviews(self) -> list[Interview]:
        return [sitting.interview for sitting in self.sittings]


def comparison_of(candidate: User) -> Comparison:
    sittings = sittings_of(candidate)
    return Comparison(sittings, topic_pairs([sitting.interview for sitting in sittings]))


def comparison_in_short(candidate: User) -> Comparison:
    """The same without the topics. One query."""
    return Comparison(sittings_of(candidate), ())


def sittings_of(candidate: User) -> list[Sitting]:
    both = Interview.objects.of(candidate).revealed().with_both_scores().order_by("-id")
    return [
        Sitting(float(one.self_score or 0), float(one.reviewer_score or 0), one)
        for one in reversed(both[:MOST_SITTINGS])
    ]


def topic_pairs(interviews: Sequence[Interview]) -> list[TopicPair]:
    asked = pairs_by_question(interviews) if interviews else {}
    topics = topics_of({question for _interview, question in asked})
    found = []
    for topic, questions in topics.items():
        # In the order of the sittings: what came first stands first.
        pairs = [pair for (_interview, question), pair in asked.items() if question in questions]
        whole = mean_of(pairs)
        found.append(TopicPair(whole.own, whole.reviewers, topic, len(pairs), trend_of(pairs)))
    return sorted(found, key=lambda pair: (-abs(pair.gap), pair.topic.title))


def pairs_by_question(interviews: Sequence[Interview]) -> dict[tuple[UUID, int], Pair]:
    """Both means of each answer's marks, by interview and question, in the interviews' order."""
    worth = Case(
        *(When(value=value, then=Value(worth * 100)) for value, worth in WORTH.items()),
        output_field=DecimalField(),
    )
    current = Review.objects.visible().current().filter(interview__in=interviews)
    rows = (
        Mark.objects.filter(review__in=current)
        .order_by()
        .values_list("interview", "answer__question_version__question", "review__kind")
        .annotate(mean=Avg(worth))
    )
    means: dict[tuple[UUID, int], dict[str, float]] = defaultdict(dict)
    for interview, question, kind, value in rows:
        side = "own" if kind == Review.Kind.SELF else "reviewers"
        means[interview, question][side] = float(value)
    order = {interview.pk: place for place, interview in enumerate(interviews)}
    keys = sorted((key for key in means if len(means[key]) == 2), key=lambda key: order[key[0]])
    return {key: Pair(**means[key]) for key in keys}


def topics_of(questions: Iterable[int]) -> dict[Topic, set[int]]:
    """The topics of each question and of its set, with which of these questions they are of."""
    own = Question.topics.through.objects.filter(question__in=list(questions))
    of_set = QuestionSet.topics.through.objects.filter(questionset__questions__in=list(questions))
    columns = ("topic", "topic__slug", "topic__title")
    rows = own.values_list(*columns, "question").union(
        of_set.values_list(*columns, "questionset__questions")
    )
    wanted = set(questions)
    found: dict[Topic, set[int]] = defaultdict(set)
    for pk, slug, title, question in rows:
        if question in wanted:
            found[Topic(pk=pk, slug=slug, title=title)].add(question)
    return found


def mean_of(pairs: Sequence[Pair]) -> Pair:
    return Pair(mean(pair.own for pair in pairs), mean(pair.reviewers for pair in pairs))


def trend_of(pairs: Sequence[Pair]) -> Promise | None:
    """Whether the newer half is nearer to the reviewers than the older; None for too few."""
    if len(pairs) < FEWEST_FOR_TREND:
        return None
    half = len(pairs) // 2
    older, newer = (mean(abs(p.gap) for p in part) for part in (pairs[:half], pairs[half:]))
    if abs(older - newer) < 1:
        return _("about as near as before")
    return _("coming nearer") if newer < older else _("further apart lately")
