"""Lighthouse's four figures of a page, as it is served in production.

`LIGHTHOUSE=all`, as `make budgets` sets it, asks for them on every page; `LIGHTHOUSE=six`, as CI
does, on six. Without it they are not asked for: beside other tests they would tell of these.
"""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from tests.browser.budgets.node import NodeProgram, ProgramEnded

GOALS = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3
"""A machine that does much else makes a page slower, none makes it faster: the best run counts."""

ASKED_FOR = os.environ.get("LIGHTHOUSE", "")
SIX = {
    "stranger: home",
    "stranger: question",
    "candidate: room, empty",
    "candidate: feedback, reviewed",
    "reviewer: queue, full, with claims and drafts",
    "reviewer: grading, with late text",
}


def is_wanted(page: str) -> bool:
    if page == "stranger: styleguide":  # Not there in production, from where pages are asked for.
        return False
    return ASKED_FOR == "all" or (ASKED_FOR == "six" and page in SIX)


@dataclass
class Audit:
    """The best of some runs, by category."""

    goals: dict[str, int]
    scores: dict[str, int] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)

    def add(self, run: dict[str, Any]) -> None:
        for category, found in run.items():
            if found["score"] > self.scores.get(category, -1):
                self.scores[category] = found["score"]
                self.faults[category] = found["faults"]

    @property
    def misses(self) -> list[str]:
        return [
            f"lighthouse: {category} {self.scores[category]}, at least {goal}"
            f" ({', '.join(self.faults[category])})"
            for category, goal in self.goals.items()
            if self.scores[category] < goal
        ]


@dataclass(frozen=True)
class Lighthouse:
    program: NodeProgram
    address: str
    """Of the server that is looked at."""

    def audit(self, path: str, cookies: dict[str, str], *, public: bool) -> Audit:
        """The best of three; fewer, if one has all it takes. Search engines see public pages.

        A run that ends in the middle is one of the three.
        """
        audit = Audit({name: goal for name, goal in GOALS.items() if public or name != "seo"})
        question = {
            "url": self.address + path,
            "cookies": [
                {"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}
                for name, value in cookies.items()
            ],
        }
        for _ in range(RUNS):
            with suppress(ProgramEnded):
                audit.add(self.program.ask(question))
                if not audit.misses:
                    break
        assert audit.scores, f"Lighthouse ended {RUNS} times at {path}"
        return audit
