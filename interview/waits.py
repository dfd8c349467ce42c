"""How long candidates waited for their reviews, told to all who ask for one or give one."""

from dataclasses import dataclass
from datetime import timedelta

from interview import clock

PERIOD = timedelta(days=30)

MOST_READ = 1000
"""Of the period's reviews the latest this many count: a busy month costs no more than a quiet."""

FEWEST = 5
"""Of fewer nothing is told: it would be guessing, and the figure would be somebody's own."""


OF_WAITS = """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY wait),
        percentile_cont(0.9) WITHIN GROUP (ORDER BY wait)
    FROM ({}) AS latest
"""
"""The fields of `Waits`, of rows with a `wait`."""


@dataclass(frozen=True)
class Waits:
    """Of the latest reviews; false where they were too few to say."""

    count: int
    median: timedelta | None
    nine_of_ten: timedelta | None

    def __bool__(self) -> bool:
        return self.count >= FEWEST

    @property
    def typical(self) -> str:
        """Half of them waited no longer."""
        return clock.in_hours_or_days(self.median or timedelta())

    @property
    def worst(self) -> str:
        """Nine of ten waited no longer."""
        return clock.in_hours_or_days(self.nine_of_ten or timedelta())
