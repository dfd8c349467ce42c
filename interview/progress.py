"""A candidate's progress: scores over time, the weeks with practice, mastery, the next step.

Nobody is compared with anybody, and a week off is not told as a loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import mean

from django.utils import timezone

from accounts.models import User
from interview.chart import ScoreChart, bars_of, line_of
from interview.comparison import FEWEST_FOR_TREND, Comparison, comparison_in_short
from interview.mastery import Mastery, masteries_of
from interview.models import Interview
from interview.next_step import NextStep, next_step_of

MOST_SCORES = 20
WEEKS_SHOWN, WEEKS_TOLD = 12, 4


@dataclass(frozen=True)
class Halves:
    """The means of the older and of the newer half of scores, 0 to 100."""

    older: float
    newer: float


@dataclass(frozen=True)
class Scores:
    sittings: Sequence[Interview]
    """The newest that have a score, the oldest of them first."""

    @property
    def total(self) -> int:
        """How many have a score at all."""
        return self.sittings[0].scored_count if self.sittings else 0

    @property
    def chart(self) -> ScoreChart:
        return ScoreChart(
            line_of([as_number(one.self_score) for one in self.sittings]),
            line_of([as_number(one.reviewer_score) for one in self.sittings]),
            line_of([as_number(one.guided_score) for one in self.sittings]),
        )

    @property
    def reviewers_halves(self) -> Halves | None:
        return halves_of([as_number(one.reviewer_score) for one in self.sittings])

    @property
    def own_halves(self) -> Halves | None:
        return halves_of([as_number(one.self_score) for one in self.sittings])


@dataclass(frozen=True)
class Week:
    monday: date
    sittings: int


@dataclass(frozen=True)
class Practice:
    weeks: Sequence[Week]
    """The oldest first, the last one is this week."""

    @property
    def told(self) -> int:
        return WEEKS_TOLD

    @property
    def practised(self) -> int:
        """In how many of the last weeks that are `told`."""
        return sum(week.sittings > 0 for week in self.weeks[-WEEKS_TOLD:])

    @property
    def total(self) -> int:
        return sum(week.sittings for week in self.weeks)

    @property
    def bars(self) -> str:
        return bars_of([week.sittings for week in self.weeks])


@dataclass(frozen=True)
class Progress:
    step: NextStep
    scores: Scores
    comparison: Comparison
    """Without its topics."""
    practice: Practice
    masteries: Sequence[Mastery]
    """The weakest first."""


def progress_of(candidate: User) -> Progress:
    """Seven queries at most, whatever there is."""
    masteries = masteries_of(candidate)
    return Progress(
        step=next_step_of(candidate, masteries),
        scores=scores_of(candidate),
        comparison=comparison_in_short(candidate),
        practice=practice_of(candidate, timezone.localdate()),
        masteries=masteries,
    )


def scores_of(candidate: User) -> Scores:
    scored = Interview.objects.of(candidate).revealed().with_any_score().order_by("-id")
    return Scores(list(reversed(scored[:MOST_SCORES])))


def practice_of(candidate: User, today: date) -> Practice:
    """Weeks begin on Mondays, in the reader's time zone. One query."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=back) for back in reversed(range(WEEKS_SHOWN))]
    since = timezone.make_aware(datetime.combine(mondays[0], time()))
    practised = Interview.objects.of(candidate).filter(started_at__gte=since).practised().by_week()
    return Practice([Week(monday, practised.get(monday, 0)) for monday in mondays])


def halves_of(scores: Sequence[float | None]) -> Halves | None:
    """None for too few."""
    known = [score for score in scores if score is not None]
    if len(known) < FEWEST_FOR_TREND:
        return None
    half = len(known) // 2
    return Halves(mean(known[:half]), mean(known[half:]))


def as_number(score: Decimal | None) -> float | None:
    return None if score is None else float(score)
