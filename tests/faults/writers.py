"""Candidates by protocol: what a page of the room sends, without a browser around it.

Each keeps its text until there is a receipt for it, and tries again; one writer id for each load of
a page, a sequence number for each save, the base that the last receipt gave (Rules of saving, 2).
A candidate only ever writes on, so of two texts the longer is the newer, and every text that was
ever sent is the beginning of the last one.
"""

import html
import json
import random
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import UUID

from tests.faults.plan import CALM

TIMEOUT = 15.0
FIRST_RETRY, LONGEST_RETRY = 0.3, 3.0  # seconds; a page waits longer, and is killed less often
PAUSE = (0.9, 1.7)  # seconds between two saves of an answer, which may be one a second
LONGEST_TEXT = 18_000
TOKEN = "t" * 32
QUESTIONS = 3
AFTER_THE_END = 3  # saves that a candidate tries although the time is over

Position = int


@dataclass(frozen=True)
class Receipt:
    """What a candidate was promised."""

    position: Position
    length: int
    revision: int


@dataclass(frozen=True)
class Seen:
    """What a page of the room showed, at some time between two."""

    position: Position
    text: str
    promised: int
    """The length for which there was a receipt before the page was asked for."""
    seconds_left: float | None
    asked_at: float
    shown_at: float


@dataclass
class Page:
    position: Position
    writer: UUID
    base: int
    stored: str
    sequence: int = 0


@dataclass
class Writer:
    name: str
    session: str
    interview: str
    port: int
    luck: random.Random
    ends_at: float
    """Its deadline. After it no page of the room would be shown, so the one at hand is kept."""
    finishes_at: float | None = None
    """When it presses *Finish*, by the machine's clock."""

    texts: defaultdict[Position, str] = field(default_factory=lambda: defaultdict(str))
    """All it ever wrote."""
    promised: defaultdict[Position, int] = field(default_factory=lambda: defaultdict(int))
    receipts: list[Receipt] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    late: list[tuple[Position, int]] = field(default_factory=list)
    """Texts of which it was told that they came late, by their length."""
    refusals: list[str] = field(default_factory=list)
    """Replies that no page expects."""
    retries: int = 0
    waits: int = 0
    conflicts: int = 0
    is_done: bool = False
    is_over: bool = False

    def __post_init__(self) -> None:
        self.keeps_alive = self.luck.random() < 0.5
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        self._latest = 0.0

    def write(self, stop: threading.Event) -> None:
        """Until `stop` is set or the sitting is over; then once more, until all is stored."""
        try:
            page: Page | None = None
            while not stop.is_set() and not self.is_over:
                is_open = time.time() < self.ends_at
                if page is None or (is_open and self.luck.random() < 0.08):
                    page = self.load(self.luck.randint(1, QUESTIONS), stop) or page
                    continue
                self.type(page)
                self.save_until_answered(page, stop)
                if self.luck.random() < 0.1:
                    self.ask("GET", f"/interviews/{self.interview}/clock/?question={page.position}")
                if self.finishes_at is not None and time.time() >= self.finishes_at:
                    self.finish(stop)
                time.sleep(self.luck.uniform(*PAUSE))
            self.try_after_the_end(page)
            self.save_the_rest()
            self.is_done = True
        finally:
            self.connection.close()

    def type(self, page: Page) -> None:
        words = self.luck.choices(("pod", "node", "naïve", "etcd", "“drain”", "🙂"), k=6)
        text = self.texts[page.position]
        if len(text) < LONGEST_TEXT:
            line = f"{self.name} {page.position}, {len(text)}: {' '.join(words)}\n"
            self.texts[page.position] = text + line

    def load(self, position: Position, stop: threading.Event | None = None) -> Page | None:
        """As a browser would, again and again; what was not saved stands in its own copy."""
        path = f"/interviews/{self.interview}/answers/{position}/"
        patience = _Patience(self.luck, stop)
        while patience.lasts():
            promised, asked_at = self.promised[position], time.time()
            status, content = self.ask("GET", path, accept="text/html")
            if status == 302:
                self.is_over = True
                return None
            if status == 200:
                shown = content.decode()
                text = html.unescape(_between(shown, r"<textarea[^>]*>\n", "</textarea>"))
                left = _between(shown, 'data-seconds-left="', '"')
                seconds = float(left) if left else None
                self.seen.append(Seen(position, text, promised, seconds, asked_at, time.time()))
                base = int(_between(shown, 'name="base" value="', '"'))
                return Page(position, UUID(int=self.luck.getrandbits(128), version=4), base, text)
            self.note_refusal(status, content)
            patience.wait()
        return None

    def save_until_answered(self, page: Page, stop: threading.Event | None) -> None:
        """Save the newest text until there is a receipt for it, or the time is over."""
        patience = _Patience(self.luck, stop)
        while page.stored != self.texts[page.position] and not self.is_over and patience.lasts():
            if self.save(page):
                continue
            self.retries += 1
            patience.wait()
            if self.luck.random() < 0.5:
                self.type(page)  # Nobody waits with writing for the network.

    def save(self, page: Page) -> bool:
        """Send once; whether the server answered."""
        text = self.texts[page.position]
        page.sequence += 1
        body = {
            "text": text,
            "base": page.base,
            "writer": str(page.writer),
            "sequence": page.sequence,
        }
        path = f"/interviews/{self.interview}/answers/{page.position}/save/"
        status, content = self.ask("POST", path, json.dumps(body).encode())
        if status == 429:
            self.waits += 1
            time.sleep(float(json.loads(content).get("retry_after", 1)))
            return True
        if status not in {200, 409}:
            self.note_refusal(status, content)
            return False
        reply: dict[str, Any] = json.loads(content)
        if reply["state"] == "late":
            self.late.append((page.position, len(text)))
            self.is_over = True
        elif reply["state"] == "conflict":
            # As one who presses *Save what is in the text field*: it holds all that the other has.
            self.conflicts += 1
            page.base = reply["revision"]
        else:
            page.base, page.stored = reply["revision"], text
            self.receipts.append(Receipt(page.position, len(text), reply["revision"]))
            self.promised[page.position] = max(self.promised[page.position], len(text))
        return True

    def finish(self, stop: threading.Event) -> None:
        patience = _Patience(self.luck, stop)
        while patience.lasts():
            body = f"csrfmiddlewaretoken={TOKEN}".encode()
            status, content = self.ask("POST", f"/interviews/{self.interview}/finish/", body)
            if status == 302:
                self.is_over = True
                return
            self.note_refusal(status, content)
            patience.wait()

    def try_after_the_end(self, page: Page | None) -> None:
        """Where no page would: every one of these must be late."""
        if page is None or not self.is_over:
            return
        for _ in range(AFTER_THE_END):
            self.type(page)
            self.save(page)
            time.sleep(self.luck.uniform(*PAUSE))

    def save_the_rest(self) -> None:
        """What has no receipt yet, on every question, as one who comes back to it."""
        for position, text in list(self.texts.items()):
            if self.is_over or self.promised[position] == len(text):
                continue
            page = self.load(position)
            if page is not None:
                self.save_until_answered(page, None)

    def note_refusal(self, status: int, content: bytes) -> None:
        """Status 0 is a cut connection; 5xx is a server in trouble, which says so."""
        if status and status < 500:
            self.refusals.append(f"{self.name}: {status} {content[:200]!r}")

    def ask(
        self, method: str, path: str, body: bytes | None = None, accept: str = "application/json"
    ) -> tuple[int, bytes]:
        kind = "json" if body and body.startswith(b"{") else "x-www-form-urlencoded"
        headers = {
            "Accept": accept,
            "Content-Type": f"application/{kind}",
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        if not self.keeps_alive:
            self.connection.close()
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, HTTPException):
            self.connection.close()
            return 0, b""


class _Patience:
    """Waits longer after each failure, until it is stopped; then for `CALM` seconds more."""

    def __init__(self, luck: random.Random, stop: threading.Event | None) -> None:
        self.luck, self.stop = luck, stop
        self.pause = FIRST_RETRY
        self.end: float | None = None

    def lasts(self) -> bool:
        if self.end is None and (self.stop is None or self.stop.is_set()):
            self.end = time.monotonic() + CALM
        return self.end is None or time.monotonic() < self.end

    def wait(self) -> None:
        time.sleep(self.pause * self.luck.uniform(0.5, 1.5))
        self.pause = min(2 * self.pause, LONGEST_RETRY)


def _between(page: str, start: str, end: str) -> str:
    found = re.search(f"{start}(.*?){end}", page, re.DOTALL)
    assert found is not None, f"no {start} in the page"
    return found[1]
