"""A bad network on loopback: it drops, delays, repeats and reorders requests, by a seed.

It speaks HTTP/1.1 on both sides, as a proxy that nobody knows of. What befalls a request depends
on the seed, on who sends it and on how many that client sent before, never on how threads take
turns. The journal keeps what the server was asked and said, whoever got to know.
"""

import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.faults.plan import LONGEST_DELAY, Chances

SERVER_PATIENCE = 20.0
"""Seconds that the network waits for a server before it cuts the connection."""

OF_ONE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Fate(StrEnum):
    PASSED = "passed"
    DROPPED = "dropped"
    REPLY_LOST = "reply lost"
    DELAYED = "delayed"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"


@dataclass(frozen=True)
class Request:
    client: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_save(self) -> bool:
        return self.method == "POST" and self.path.endswith("/save/")

    @property
    def page(self) -> tuple[str, str]:
        """Whose requests of which only saves are put out of order."""
        return self.client, self.path


@dataclass(frozen=True)
class Reply:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """What the server was asked, and what it said. Times are the machine's, as Postgres's are."""

    client: str
    method: str
    path: str
    sent: Any
    """The JSON of a save, with the length of its text in place of it."""
    sent_at: float
    replied_at: float
    status: int
    said: Any
    """The JSON of the reply; None if it was none."""

    @property
    def is_receipt(self) -> bool:
        """The server's word that this text is stored, or a newer one of the same page."""
        told = self.sent is not None and isinstance(self.said, dict) and self.status == 200
        return told and self.said.get("state") == "saved"


@dataclass
class Network:
    """Listens on `port` and passes on to the server at `server_port`."""

    server_port: int
    chances: Chances
    seed: int
    names: dict[str, str] = field(default_factory=dict)
    """Of the clients, by their session's key: a seed must not hang on random keys."""
    journal: list[Exchange] = field(default_factory=list)
    promised: dict[str, int] = field(default_factory=dict)
    """The longest text that the server called saved, by the path of its saves."""
    fates: Counter[Fate] = field(default_factory=Counter)
    newest_receipt: float | None = None
    """When the server gave it."""
    is_bad: bool = True
    port: int = 0
    """Where it listens while it runs."""

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: Counter[str] = Counter()
        self._cut_off: set[str] = set()
        self._stuck: defaultdict[tuple[str, str], list[Request]] = defaultdict(list)
        self._handler = type("Handler", (_Handler,), {"network": self})

    @contextmanager
    def running(self) -> Iterator["Network"]:
        with _Listener(("127.0.0.1", 0), self._handler) as listener:
            self.port = listener.server_port
            thread = threading.Thread(target=listener.serve_forever, args=(0.05,))
            thread.start()
            try:
                yield self
            finally:
                listener.shutdown()
                thread.join()

    def calm_down(self) -> None:
        """From now on everything passes. What is stuck still arrives after its page's next save."""
        self.is_bad = False

    @contextmanager
    def cut_off(self, client: str) -> Iterator[None]:
        """Nothing of that client's arrives, until the end of the block."""
        self._cut_off.add(client)
        try:
            yield
        finally:
            self._cut_off.discard(client)

    def carry(self, request: Request, server: HTTPConnection) -> Reply | None:
        """Bring a request to the server and its reply back; None for a cut connection."""
        luck, fate = self._draw(request)
        if request.client in self._cut_off:
            fate = Fate.DROPPED
        if fate == Fate.REORDERED:
            with self._lock:
                self._stuck[request.page].append(request)
            return None
        self._count(fate)
        if fate == Fate.DROPPED:
            return None
        late_reply = fate == Fate.DELAYED and luck.random() < 0.5
        if fate == Fate.DELAYED and not late_reply:
            time.sleep(luck.uniform(0, LONGEST_DELAY))
        reply = self._ask(request, server)
        if fate == Fate.DUPLICATED:
            self._ask(request, server)
        if reply is not None and reply.status == 200 and request.is_save:
            self._release(request, server)
        if late_reply:
            time.sleep(luck.uniform(0, LONGEST_DELAY))
        return None if fate == Fate.REPLY_LOST else reply

    def _draw(self, request: Request) -> tuple[random.Random, Fate]:
        with self._lock:
            number = self._numbers[request.client]
            self._numbers[request.client] += 1
        luck = random.Random(f"{self.seed}/{request.client}/{number}")
        draw = luck.random()
        if not self.is_bad or request.path.startswith("/static/"):
            return luck, Fate.PASSED
        for fate, chance in (
            (Fate.DROPPED, self.chances.dropped),
            (Fate.REPLY_LOST, self.chances.reply_lost),
            (Fate.DELAYED, self.chances.delayed),
            (Fate.DUPLICATED, self.chances.duplicated),
            (Fate.REORDERED, self.chances.reordered if request.is_save else 0),
        ):
            if draw < chance:
                return luck, fate
            draw -= chance
        return luck, Fate.PASSED

    def _release(self, newer: Request, server: HTTPConnection) -> None:
        """Let those arrive that were sent before `newer`, which the server has answered."""
        with self._lock:
            stuck = self._stuck.pop(newer.page, [])
        for request in stuck:
            arrived = self._ask(request, server) is not None
            self._count(Fate.REORDERED if arrived else Fate.DROPPED)

    def _count(self, fate: Fate) -> None:
        with self._lock:
            self.fates[fate] += 1

    def _ask(self, request: Request, server: HTTPConnection) -> Reply | None:
        sent_at = time.time()
        try:
            server.request(
                request.method, request.path, request.body or None, dict(request.headers)
            )
            response = server.getresponse()
            reply = Reply(response.status, response.reason, response.getheaders(), response.read())
        except (OSError, HTTPException):
            server.close()
            return None
        if response.will_close:
            server.close()
        self._note(request, reply, sent_at)
        return reply

    def _note(self, request: Request, reply: Reply, sent_at: float) -> None:
        if request.path.startswith("/static/"):
            return
        sent = _as_json(request.body) if request.is_save else None
        if isinstance(sent, dict) and isinstance(sent.get("text"), str):
            sent = {**sent, "text": len(sent["text"])}
        exchange = Exchange(
            client=request.client,
            method=request.method,
            path=request.path,
            sent=sent,
            sent_at=sent_at,
            replied_at=time.time(),
            status=reply.status,
            said=_as_json(reply.body),
        )
        with self._lock:
            self.journal.append(exchange)
            if exchange.is_receipt:
                longest = self.promised.get(request.path, 0)
                self.promised[request.path] = max(longest, exchange.sent["text"])
                self.newest_receipt = exchange.replied_at


def _as_json(content: bytes) -> Any:
    if not content.startswith(b"{"):
        return None
    with suppress(ValueError):
        return json.loads(content)
    return None


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up as they like: half of ours are killed."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client, with one of its own to the server."""

    network: Network
    protocol_version = "HTTP/1.1"
    timeout = 60
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server_side = HTTPConnection(
            "127.0.0.1", self.network.server_port, timeout=SERVER_PATIENCE
        )

    def finish(self) -> None:
        self.server_side.close()
        with suppress(OSError):
            super().finish()

    def relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        session = cookies["sessionid"].value if "sessionid" in cookies else ""
        request = Request(
            client=self.network.names.get(session, "somebody"),
            method=self.command,
            path=self.path,
            headers={
                name: value
                for name, value in self.headers.items()
                if name.lower() not in OF_ONE_CONNECTION
            },
            body=body,
        )
        reply = self.network.carry(request, self.server_side)
        if reply is None:
            self.close_connection = True
            return
        self.send_response_only(reply.status, reply.reason)
        for name, value in reply.headers:
            if name.lower() not in OF_ONE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_GET = do_POST = do_HEAD = relay  # noqa: N815 - the names are the standard library's.

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as above.
        """The journal says it better."""
