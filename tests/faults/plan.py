"""How large a run is, and what befalls it. The same seed gives each writer the same luck."""

import os
import random
from dataclasses import dataclass, field, fields
from typing import Any, Self

CALM = 30.0
"""Seconds in which every candidate must get the last receipt when the faults are over."""
GRACE = 10.0
"""Seconds after its close in which an answer still takes text (Rules of time, 5)."""
LONGEST_DELAY = 1.0
"""Seconds that the network adds to a request or to its reply."""


@dataclass(frozen=True)
class Chances:
    """Of each request that isn't for a static file. What is left over passes undisturbed."""

    dropped: float = 0.04
    """It never reaches the server."""
    reply_lost: float = 0.05
    """The server does it, and the client never learns."""
    delayed: float = 0.08
    duplicated: float = 0.05
    reordered: float = 0.05
    """A save that gets stuck, and arrives after the next one of its page."""


@dataclass(frozen=True)
class Plan:
    """The short run; `make faults` sets `FAULTS_CANDIDATES` and the others to its full size."""

    candidates: int = 12
    browsers: int = 1
    """How many of the candidates are real pages in Chromium; the others speak its protocol."""
    endings: int = 4
    """How many of those who speak its protocol have a deadline in the middle of it all."""
    finishes: int = 1
    seconds: int = 26
    """Of writing; then the faults are over and everything settles."""
    web_kills: int = 2
    database_kills: int = 1
    seed: int = 1
    chances: Chances = field(default_factory=Chances)
    broken: str | None = None
    """Of `tests/faults/broken.py`: a server with a fault that must be found."""

    @classmethod
    def from_environment(cls) -> Self:
        names = [each.name for each in fields(cls) if each.type is int]
        given = {name: os.environ.get(f"FAULTS_{name.upper()}") for name in names}
        sizes: dict[str, Any] = {name: int(value) for name, value in given.items() if value}
        return cls(**{"seed": random.randrange(1_000_000), **sizes})

    def luck(self, of: str) -> random.Random:
        """Somebody's own, so that it doesn't hang on how threads take turns."""
        return random.Random(f"{self.seed}/{of}")

    @property
    def kills(self) -> list[tuple[float, str]]:
        """When which server is killed, in seconds from the start: evenly, with a little chance."""
        luck = self.luck("kills")
        servers = ["web"] * self.web_kills + ["database"] * self.database_kills
        luck.shuffle(servers)
        pace = self.seconds / (len(servers) + 1)
        return [
            (pace * (number + luck.uniform(-0.1, 0.1)), server)
            for number, server in enumerate(servers, start=1)
        ]

    @property
    def ends(self) -> list[float]:
        """When sittings end, in seconds from the start.

        Some while a server is down, some with their grace ending then, the rest by chance; most
        early enough for somebody to come late.
        """
        luck = self.luck("ends")
        near = [time + 0.5 - grace for time, _server in self.kills for grace in (0, GRACE)]
        near = [time for time in near if time > 3]
        luck.shuffle(near)
        latest = max(self.seconds - GRACE - 4, 4)
        return [
            near.pop() if near and number % 2 else luck.uniform(3, latest)
            for number in range(self.endings)
        ]

    @property
    def finish_times(self) -> list[float]:
        luck = self.luck("finishes")
        return [luck.uniform(0.2, 0.8) * self.seconds for _ in range(self.finishes)]
