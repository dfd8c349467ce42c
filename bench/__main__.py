"""`make bench [ARGS="start"]`: measure what is promised, print a table, keep the figures.

A time means little on a shared machine, so where there is a limit to compare with, both are
measured in turn and the ratio counts. The one promise in seconds is the start's.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import start

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    goal: str
    limit: float
    runs: list[float]
    unit: str

    @property
    def median(self) -> float:
        return sorted(self.runs)[len(self.runs) // 2]

    @property
    def passes(self) -> bool:
        return self.median <= self.limit


PARTS: dict[str, Callable[[], Figure]] = {
    "start": lambda: Figure("make run, second time, until the first page", 3, start.runs(), "s"),
}


def main(names: list[str]) -> int:
    unknown = set(names) - set(PARTS)
    if unknown:
        sys.stderr.write(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.\n")
        return 2
    figures = [PARTS[name]() for name in names or PARTS]
    print(f"{'goal':<50}{'limit':>8}{'median':>9}{'worst':>9}  ")
    for figure in figures:
        print(
            f"{figure.goal:<50}{figure.limit:>6} {figure.unit}{figure.median:>7.2f} {figure.unit}"
            f"{max(figure.runs):>7.2f} {figure.unit}  {'pass' if figure.passes else 'MISSED'}"
        )
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2))
    return 0 if all(figure.passes for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
