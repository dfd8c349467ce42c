"""The limit L: the save's one statement behind a bare WSGI function, without Django's stack.

Granian serves it as it serves the app. Nothing is checked here that the statement doesn't check.
Its two halves stand alone too: `receipt` without a database, and the statement without a server
(`python -m bench.bare PLACES SEQUENCE SECONDS` says its p50 in ms, one after the other).
"""

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
from pathlib import Path
from threading import local
from typing import Any
from uuid import UUID

import django
import psycopg
from psycopg.types.numeric import Int4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()  # For where the database is, and for the statement's limits.

from django.db import connection  # noqa: E402

from interview.saving.statement import SAVE_AS_LOGGED_IN  # noqa: E402

gc.collect()
gc.freeze()  # As config/wsgi.py does.

STATEMENT = SAVE_AS_LOGGED_IN.encode()
of_thread = local()

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Row = tuple[Any, ...] | None


def database() -> psycopg.Connection[Any]:
    if not hasattr(of_thread, "database"):
        parameters = connection.get_connection_params()
        wanted = {key: parameters[key] for key in ("host", "port", "user", "dbname")}
        of_thread.database = psycopg.connect(**wanted, autocommit=True, cursor_factory=None)
    return of_thread.database  # type: ignore[no-any-return]


def save(session_key: str, interview: UUID, sent: dict[str, Any]) -> Row:
    with database().cursor() as cursor:
        return cursor.execute(
            STATEMENT,
            {
                "session_key": session_key,
                "interview": interview,
                "position": 1,
                "text": sent["text"],
                "writer": UUID(sent["writer"]),
                "base": Int4(sent["base"]),
                "sequence": Int4(sent["sequence"]),
            },
            prepare=True,
        ).fetchone()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    cookies = SimpleCookie(environ["HTTP_COOKIE"])
    interview = environ["PATH_INFO"].split("/")[2]
    sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    row = save(cookies["sessionid"].value, UUID(interview), sent)
    status = "200 OK" if row else "409 Conflict"
    body = json.dumps({"revision": row[0], "saved_at": row[1].isoformat()} if row else {}).encode()
    return answer(start_response, status, body)


def receipt(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Takes what a save sends, and stores nothing."""
    environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    return answer(start_response, "200 OK", b'{"revision": 1}')


def answer(start_response: StartResponse, status: str, body: bytes) -> Iterable[bytes]:
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]


def statement_alone(places: Path, sequence: int, seconds: float) -> float:
    """The p50 of one save after the other, in ms."""
    people = [line.split() for line in places.read_text().splitlines()]
    sent = {"writer": "01234567-89ab-4def-8123-456789abcdef", "base": 0}
    sent["text"] = "The kubelet restarts the container when its probe fails. " * 20
    taken: list[float] = []
    ends = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < ends:
        lap, place = divmod(len(taken), len(people))
        session_key, interview = people[place]
        if save(session_key, UUID(interview), {**sent, "sequence": sequence + lap}) is None:
            raise RuntimeError("a save was not stored")
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1_000


if __name__ == "__main__":
    sys.stdout.write(str(statement_alone(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
