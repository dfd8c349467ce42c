"""How the reviewing goes, for who leads it. No ranks: nobody is compared with anybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from interview import clock

MOST_IN_BACKLOG = 10_000
MOST_PACED = 5_000


@dataclass(frozen=True)
class Backlog:
    """Of the interviews that wait for a review or are being graded: how many, by their wait."""

    count: int
    held: int
    reserved: int
    """Not held back for too long: then they are anybody's."""
    under_a_day: int
    too_long: int
    """Longer than candidates are asked to have patience."""
    longest: timedelta | None

    @property
    def is_cut(self) -> bool:
        return self.count >= MOST_IN_BACKLOG

    @property
    def between(self) -> int:
        return self.count - self.under_a_day - self.too_long

    @property
    def longest_wait(self) -> str:
        return clock.in_hours_or_days(self.longest or timedelta())


@dataclass(frozen=True)
class Pace:
    """How many interviews somebody reviewed, and the median time from claim to publishing."""

    name: str
    count: int
    median: timedelta

    @property
    def in_words(self) -> str:
        return clock.in_words(self.median)


def paces_of(reviews: Iterable[tuple[int, str, timedelta]]) -> list[Pace]:
    """In alphabetical order, from the author's id and name and the time of each review.

    Here and not in the database, which would look up each of the latest reviews a second time.
    """
    names: dict[int, str] = {}
    times: dict[int, list[timedelta]] = {}
    for author, name, time in reviews:
        names[author] = name
        times.setdefault(author, []).append(time)
    paces = [
        Pace(names[author], len(own), timedelta(seconds=median(t.total_seconds() for t in own)))
        for author, own in times.items()
    ]
    return sorted(paces, key=lambda pace: pace.name.casefold())
