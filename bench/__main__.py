"""`make bench [ARGS="start"]`: measure what is promised, print one table, keep the figures.

A time means little on a shared machine, so where there is a limit to compare with, both are
measured in turn and the ratio counts. The promises in seconds are the start's, the import's and
the crowd's.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import crowd, growth, importing, memory, pages, plans, save, search, start
from bench.serving import CannotMeasure

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    goal: str
    limit: float | None
    """None for what is told beside the goals."""
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
    def to_limit(self) -> float:
        """How much of what is allowed it takes, or of what is wanted it reaches; 0 ÷ 0 is none."""
        return self.median / self.limit if self.limit else float(self.median > 0)

    @property
    def passes(self) -> bool:
        if self.limit is None:
            return True
        return self.median >= self.limit if self.at_least else self.median <= self.limit

    @property
    def shown_limit(self) -> str:
        if self.limit is None:
            return ""
        return f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit or '×'}"

    def kept(self) -> dict[str, Any]:
        return {
            "goal": self.goal,
            "limit": self.shown_limit,
            "median": round(self.median, 3),
            "runs": [round(run, 3) for run in self.runs],
            "passes": self.passes,
        }


def measure_start() -> list[Figure]:
    return [Figure("make run, second time, until the first page", 3, start.runs(), "s")]


def measure_saves() -> list[Figure]:
    measured = save.measure()
    return [
        Figure("saves: throughput ÷ that of L", 0.45, measured.shares, at_least=True),
        Figure("saves: p99 ÷ p50, 16 connections", 3, measured.tails),
        Figure("saves: p50 alone ÷ (bare WSGI's + psycopg's)", 2, measured.slowness),
        Figure("the same of Django's floor and psycopg", None, measured.slowness_of_django),
        Figure("the same of L", None, measured.slowness_of_limit),
        Figure("saves: p50 alone ÷ that of L", None, measured.slowness_to_limit),
        Figure("saves: throughput of L ÷ that of pgbench", None, measured.shares_of_postgres),
    ]


def measure_pages() -> list[Figure]:
    measured = pages.measure()
    return [
        Figure(f"{name} page: work ÷ that of Django's hello", 3, runs)
        for name, runs in measured.to_floor.items()
    ]


def measure_growth() -> list[Figure]:
    measured = growth.measure()
    return [
        Figure(f"growth: {name}, much ÷ little around it", 1.15, runs)
        for name, runs in measured.large_to_small.items()
    ]


def measure_memory() -> list[Figure]:
    measured = memory.measure()
    return [
        Figure("memory of a web process, 10,000 requests", 120, [measured.megabytes], "MB"),
        Figure("memory: then ÷ after 2,500 requests", 1.03, [measured.growth]),
    ]


def measure_crowd() -> list[Figure]:
    measured = crowd.measure()
    sys.stderr.write(measured.told())
    return [
        Figure("crowd: p99 of a save, 5,000 write at once", 250, [measured.saves["p99"]], "ms"),
        Figure("crowd: p99 of a last save, all end at once", 1000, [measured.last["p99"]], "ms"),
        Figure("crowd: errors", 0, [sum(measured.errors.values())], "n"),
        Figure("crowd: texts and marks lost after receipt", 0, [measured.lost], "n"),
        Figure("crowd: sittings over without a request", 5000, [measured.ended], "n", True),
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
    "pages": measure_pages,
    "growth": measure_growth,
    "memory": measure_memory,
    "crowd": measure_crowd,
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
    figures: list[Figure] = []
    failed: dict[str, str] = {}
    for name in names or PARTS:
        sys.stderr.write(f"Measuring {name} …\n")
        try:
            found = measured(name)
        except CannotMeasure as reason:
            failed[name] = str(reason)
        except Exception as error:
            traceback.print_exc()
            failed[name] = f"It failed: {error}"
        else:
            figures += found
    show(figures)
    for name, sentence in failed.items():
        print(f"{name}: not measured. {sentence}")
    return 0 if not failed and all(figure.passes for figure in figures) else 1


def measured(name: str) -> list[Figure]:
    """The figures of a part, which are kept as its last result."""
    begin, load = time.monotonic(), os.getloadavg()[0]
    figures = PARTS[name]()
    kept = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": os.cpu_count(),
        "load before": round(load, 1),
        "seconds": round(time.monotonic() - begin),
        "figures": [figure.kept() for figure in figures],
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept, indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(f"{text}\n")
    return figures


def show(figures: list[Figure]) -> None:
    print(f"{'goal':<50}{'limit':<10}{'median':>11}{'worst':>11}{'÷ limit':>9}")
    for figure in figures:
        unit = figure.unit or "×"
        told = f"{figure.to_limit:>9.2f}  {'pass' if figure.passes else 'MISSED'}"
        print(
            f"{figure.goal:<50}{figure.shown_limit:<10}{figure.median:>8.2f} {unit:<2}"
            f"{figure.worst:>8.2f} {unit:<2}{told if figure.shown_limit else ''}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
