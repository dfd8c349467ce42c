"""What candidates and reviewers do in a crowd, as their pages would (static/js/room.js)."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bench.connections import Browser, Reply

RAMP = 10.0
"""Seconds over which the candidates save for the first time. They are in the middle of it: their
pages were loaded long ago."""
BETWEEN_SAVES = (3.0, 7.0)
ON_A_QUESTION = 300.0
"""Seconds in the mean until another question is opened: each is meant to take five minutes."""
SPREAD = 8.0
"""Seconds over which pages spread their last saves (Rules of time, 5)."""
BEFORE_GOING_ON = (1.0, 60.0)
"""Seconds in which a candidate reads that the text is stored, and presses *Continue*."""
BETWEEN_MARKS = (8.0, 12.0)
FIRST_RETRY = 1.0
TRIES = 6
WORDS = "The kubelet restarts a container whose probe fails, after a delay that doubles. "


@dataclass
class Tally:
    """What happened, in seconds where it is about time."""

    saves: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    results: list[float] = field(default_factory=list)
    """The pages after the end."""
    marks: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Times:
    """By the loop's clock."""

    begin: float
    end: float

    @property
    def measured_from(self) -> float:
        return self.begin + RAMP


class Sitting:
    """One candidate's. `texts` and `revisions` are what the server promised, by position; `sent`
    is what it has been sent since then.
    """

    def __init__(self, browser: Browser, interview: str, questions: int, tally: Tally) -> None:
        self.browser, self.interview, self.questions = browser, interview, questions
        self.tally = tally
        self.texts = dict.fromkeys(range(1, questions + 1), "")
        self.revisions = dict.fromkeys(range(1, questions + 1), 0)
        self.sent: dict[int, list[str]] = {position: [] for position in self.texts}
        self.position, self.typed = 1, WORDS * 10
        self.writer, self.sequence, self.base = str(uuid4()), 0, 0

    async def go_through(self, times: Times) -> None:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(times.begin + random.random() * RAMP - loop.time())
        turn = loop.time() + random.expovariate(1 / ON_A_QUESTION)
        while loop.time() + (pause := random.uniform(*BETWEEN_SAVES)) < times.end:
            await asyncio.sleep(pause)
            self.type()
            measured = loop.time() > times.measured_from
            await self.save(self.tally.saves if measured else [])
            if turn < loop.time() < times.end:
                await self.open(self.position % self.questions + 1, times)
                turn = loop.time() + random.expovariate(1 / ON_A_QUESTION)
        # The last words are typed while the time runs out, and sent a little later.
        self.type()
        await asyncio.sleep(times.end + random.random() * SPREAD - loop.time())
        await self.save(self.tally.last)
        await asyncio.sleep(random.uniform(*BEFORE_GOING_ON))
        await self.see_results()
        self.browser.close()

    def type(self) -> None:
        self.typed += random.choice(WORDS.split()) + f" {random.random()} "

    async def open(self, position: int, times: Times) -> None:
        """Load the room at a question; what was typed there before stands there."""
        path = f"/interviews/{self.interview}/answers/{position}/"
        reply = await self.browser.get(path)
        if asyncio.get_running_loop().time() > times.measured_from:
            self.tally.pages.append(reply.seconds)
        if reply.status == 302 and asyncio.get_running_loop().time() > times.end:
            return  # It ended meanwhile, and the page that was open stays.
        self.expect(200, reply, "room")
        self.position, self.typed = position, self.texts[position] or WORDS * 10
        self.writer, self.sequence, self.base = str(uuid4()), 0, self.revisions[position]

    async def save(self, into: list[float]) -> None:
        """Send what is typed until the server promises to have it."""
        self.sequence += 1
        self.sent[self.position].append(self.typed)
        path = f"/interviews/{self.interview}/answers/{self.position}/save/"
        sent = {
            "text": self.typed,
            "base": self.base,
            "writer": self.writer,
            "sequence": self.sequence,
        }
        for again in range(TRIES):
            reply = await self.browser.post(path, sent)
            into.append(reply.seconds)
            if self.expect(200, reply, "save"):
                told = reply.json()
                if told["state"] == "saved":
                    self.texts[self.position] = self.typed
                    self.revisions[self.position] = told["revision"]
                    self.sent[self.position].clear()
                else:
                    self.tally.errors[f"save: {told['state']}"] += 1
                return
            await asyncio.sleep(FIRST_RETRY * 2**again * random.uniform(0.5, 1.5))

    def is_kept(self, position: int, revision: int, text: str) -> bool:
        """Whether what is stored is what was promised, or newer: stored without its reply."""
        promised = (self.revisions[position], self.texts[position])
        return (revision, text) == promised or (
            revision > promised[0] and text in self.sent[position]
        )

    async def see_results(self) -> None:
        """Where the page leads once its last words are stored."""
        reply = await self.browser.get(f"/interviews/{self.interview}/")
        if self.expect(302, reply, "interview"):
            shown = await self.browser.get(reply.place)
            self.expect(200, shown, "self-score")
            self.tally.results.append(reply.seconds + shown.seconds)

    def expect(self, status: int, reply: Reply, what: str) -> bool:
        if reply.status != status:
            self.tally.errors[f"{what}: {reply.status or 'no reply'}"] += 1
        return reply.status == status


class Grading:
    """One reviewer's: an answer's page, its marks, and now and then the queue."""

    def __init__(self, browser: Browser, claim: dict[str, Any], tally: Tally) -> None:
        self.browser, self.review, self.token = browser, claim["review"], claim["token"]
        self.keys: dict[int, list[str]] = {int(n): keys for n, keys in claim["keys"].items()}
        self.tally = tally
        self.marked: dict[tuple[int, str], str] = {}
        """What the server promised to have, by position and key."""

    async def go_on(self, times: Times, until: float) -> None:
        loop = asyncio.get_running_loop()
        writer, sequence = str(uuid4()), 0
        while loop.time() + (pause := random.uniform(*BETWEEN_MARKS)) < until:
            await asyncio.sleep(pause)
            sequence += 1
            if sequence % 5 == 0:
                await self.see("/queue/", "queue")
            position = random.choice(list(self.keys))
            await self.see(f"/reviews/{self.review}/?question={position}", "review")
            marks = {key: random.choice(["full", "half", "missed"]) for key in self.keys[position]}
            sent = {f"mark-{key}": value for key, value in marks.items()}
            reply = await self.browser.post(
                f"/reviews/{self.review}/answers/{position}/save/",
                {**sent, "token": self.token, "writer": writer, "sequence": sequence},
            )
            self.tally.marks.append(reply.seconds)
            if reply.status == 200:
                self.marked |= {(position, key): value for key, value in marks.items()}
            else:
                self.tally.errors[f"marks: {reply.status or 'no reply'}"] += 1
        self.browser.close()

    async def see(self, path: str, what: str) -> None:
        reply = await self.browser.get(path)
        self.tally.pages.append(reply.seconds)
        if reply.status != 200:
            self.tally.errors[f"{what}: {reply.status or 'no reply'}"] += 1
