"""What each request asks the database, watched with `DEBUG=1` and in every test.

Three things are told, each with its place in the code:

- *repeated*: the same statement again and again, as when a loop asks for each of its rows (N+1).
- *left behind*: a statement that changes the connection itself. A pooler such as PgBouncer gives
  the connection to somebody else next (docs/scaling.md).
- *slow*: one that took more than 50 ms. A busy machine can do that too, so no test fails by it.

What is prepared by hand (`interview/saving/prepared.py`) passes by Django, and by this; what is
kept (`accounts/kept.py`) doesn't.
"""

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.base import Node

REPEATED = logging.getLogger("config.query_watch.repeated")
LEFT_BEHIND = logging.getLogger("config.query_watch.left_behind")
SLOW = logging.getLogger("config.query_watch.slow")

MOST_ALIKE = 3
"""The next one is told. Two of a kind are a detour, many are a loop."""
LONGEST = 0.05  # seconds
MOST_SHOWN = 300
"""Characters of a statement."""

LEAVES = "leaves something on its connection"
OURS = f"{settings.BASE_DIR}/"
CHANGES_CONNECTION = re.compile(
    r"(?:^|;)\s*(?:SET\s+(?!LOCAL\b|TRANSACTION\b|CONSTRAINTS\b)|RESET\b|(?:UN)?LISTEN\b|LOAD\b"
    r"|PREPARE\s+(?!TRANSACTION\b)|CREATE\s+(?:LOCAL\s+|GLOBAL\s+)?TEMP|DECLARE\b.*\bWITH\s+HOLD\b)"
    r"|\bpg_(?:try_)?advisory_lock|\bset_config\([^()]*,\s*(?:false|'f')\s*\)",
    re.IGNORECASE | re.DOTALL,
)


def query_watch_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(QueryWatch(f"{request.method} {request.path}")):
            return get_response(request)

    return middleware


class QueryWatch:
    """A wrapper around the statements of one request (`connection.execute_wrapper`)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alike: Counter[str] = Counter()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.look_at(str(sql), time.perf_counter() - began)

    def look_at(self, sql: str, seconds: float) -> None:
        self.alike[sql] += 1
        if self.alike[sql] == MOST_ALIKE + 1:
            self.tell(REPEATED, f"asked {MOST_ALIKE + 1} times", sql)
        if CHANGES_CONNECTION.search(sql):
            self.tell(LEFT_BEHIND, LEAVES, sql)
        if seconds > LONGEST:
            self.tell(SLOW, f"took {seconds * 1000:.0f} ms", sql)

    def tell(self, log: logging.Logger, what: str, sql: str) -> None:
        statement = " ".join(sql.split())[:MOST_SHOWN]
        log.warning("%s: %s at %s: %s", self.name, what, place(), statement)


def place() -> str:
    """Where our code asks the database just now: the line, and before it that of a template."""
    places: list[str] = []
    for frame in frames_of_request():
        name, code = frame.f_code.co_filename, frame.f_code
        node = frame.f_locals.get("self") if code is Node.render_annotated.__code__ else None
        if isinstance(node, Node) and node.token and not places:
            template = Path(node.origin.name)
            places.append(f"{template.name}:{node.token.lineno}")
        elif name.startswith(OURS) and "site-packages" not in name:
            places.append(f"{name.removeprefix(OURS)}:{frame.f_lineno} in {code.co_name}()")
            break
    return ", ".join(places) or "no place of ours"


def frames_of_request() -> Iterator[FrameType]:
    """From the statement outwards, without this module's own."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame
        elif frame.f_code.co_name == "middleware":
            return
        frame = frame.f_back
