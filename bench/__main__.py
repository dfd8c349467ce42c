"""`make bench [ARGS="start"]`: measure what is promised, print a table, keep the figures.

A time means little on a shared machine, so where there is a limit to compare with, both are
measured in turn and the ratio counts. The promises in seconds are the start's and the import's.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import importing, plans, save, search, start

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    goal: str
    limit: float
    runs: list[float]
    unit: str = ""
    at_least: bool = False
    """Whether more is better."""

    @property
    def median(self) -> float:
        return sorted(self.runs)[len(self.runs) // 2]

    @property
    def worst(self) -> float:
        return min(self.runs) if self.at_least else max(self.runs)

    @property
    def passes(self) -> bool:
        return self.median >= self.limit if self.at_least else self.median <= self.limit


def measure_start() -> list[Figure]:
    return [Figure("make run, second time, until the first page", 3, start.runs(), "s")]


def measure_saves() -> list[Figure]:
    measured = save.measure()
    return [
        Figure("saves: throughput ÷ that of L", 0.45, measured.shares, at_least=True),
        Figure("saves: p99 ÷ p50, 16 connections", 3, measured.tails),
        Figure("saves: p50 ÷ that of L, one at a time", 2, measured.slowness),
    ]


def measure_importing() -> list[Figure]:
    measured = importing.measure()
    return [
        Figure("import, 500 kB: time ÷ markdown-it-py's alone", 3, measured.slowness),
        Figure("import, 500 kB: time of work", 2, measured.seconds, "s"),
        Figure("import, 500 kB: memory of the command", 200, measured.megabytes, "MB"),
    ]


def measure_search() -> list[Figure]:
    found = search.figures()
    return [
        Figure("search page ÷ its own SQL in psql", 2, found.page_to_sql),
        Figure("search SQL's p95 ÷ a look-up by key", 25, found.sql_to_look_up),
    ]


PARTS: dict[str, Callable[[], list[Figure]]] = {
    "start": measure_start,
    "save": measure_saves,
    "import": measure_importing,
    "search": measure_search,
}


def main(names: list[str]) -> int:
    if names == ["plans"]:  # No figures, but files, in which `git diff` shows what changed.
        plans.write()
        return 0
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.stderr.write(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.\n")
        return 2
    figures = [figure for name in names or PARTS for figure in PARTS[name]()]
    print(f"{'goal':<50}{'limit':>9}{'median':>9}{'worst':>9}  ")
    for figure in figures:
        sign, unit = "≥" if figure.at_least else "≤", figure.unit or "×"
        print(
            f"{figure.goal:<50}{sign:>2}{figure.limit:>5} {unit}{figure.median:>7.2f} {unit}"
            f"{figure.worst:>7.2f} {unit}  {'pass' if figure.passes else 'MISSED'}"
        )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2))
    return 0 if all(figure.passes for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
