"""HTTP for many at once: one connection each, one request at a time, as cheap as it gets."""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
PLACE = re.compile(rb"\r\nlocation: ([^\r]+)\r\n", re.IGNORECASE)
PATIENCE = 15.0
"""After so many seconds a page gives up and tries again (static/js/saving.js)."""
TOKEN = "t" * 32


@dataclass(frozen=True)
class Reply:
    status: int
    """0 if none came."""
    seconds: float
    body: bytes = b""
    place: str = ""

    def json(self) -> Any:
        return json.loads(self.body)


class Wire(asyncio.Protocol):
    """Gathers one response after another."""

    def __init__(self) -> None:
        self.got = b""
        self.transport: asyncio.Transport | None = None
        self.waiting: asyncio.Future[bytes] | None = None
        self.whole = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.got += data
        if not self.whole:
            head = self.got.find(b"\r\n\r\n")
            if head < 0:
                return
            length = LENGTH.search(self.got, 0, head + 2)
            self.whole = head + 4 + (int(length[1]) if length else 0)
        if len(self.got) >= self.whole and self.waiting and not self.waiting.done():
            self.waiting.set_result(self.got)
            self.got, self.whole = b"", 0

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(ConnectionError("the server closed the connection"))


class Browser:
    """Somebody's connection to the server, made anew when it was lost."""

    def __init__(self, port: int, session: str) -> None:
        self.port = port
        self.head = (
            f"Host: 127.0.0.1\r\nCookie: sessionid={session}; csrftoken={TOKEN}\r\n"
            f"X-CSRFToken: {TOKEN}\r\n"
        )
        self.wire: Wire | None = None

    async def get(self, path: str) -> Reply:
        return await self._ask(f"GET {path} HTTP/1.1\r\n{self.head}\r\n".encode())

    async def post(self, path: str, data: dict[str, Any]) -> Reply:
        body = json.dumps(data)
        return await self._ask(
            (
                f"POST {path} HTTP/1.1\r\n{self.head}Accept: application/json\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )

    async def _ask(self, request: bytes) -> Reply:
        begin = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                wire = await self._connected()
                assert wire.transport is not None
                wire.waiting = asyncio.get_running_loop().create_future()
                wire.transport.write(request)
                got = await wire.waiting
        except (OSError, TimeoutError):
            self.close()
            return Reply(0, time.perf_counter() - begin)
        head, _blank, body = got.partition(b"\r\n\r\n")
        place = PLACE.search(head + b"\r\n")
        seconds = time.perf_counter() - begin
        return Reply(int(got[9:12]), seconds, body, place[1].decode() if place else "")

    async def _connected(self) -> Wire:
        if self.wire is None or self.wire.transport is None:
            loop = asyncio.get_running_loop()
            _transport, self.wire = await loop.create_connection(Wire, "127.0.0.1", self.port)
        return self.wire

    def close(self) -> None:
        if self.wire is not None and self.wire.transport is not None:
            self.wire.transport.abort()
        self.wire = None
