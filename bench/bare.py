"""The limit L: the save's one statement behind a bare WSGI function, without Django's stack.

Granian serves it as it serves the app. Nothing is checked here that the statement doesn't check.
"""

import json
import os
from collections.abc import Callable, Iterable
from http.cookies import SimpleCookie
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

STATEMENT = SAVE_AS_LOGGED_IN.encode()
of_thread = local()


def database() -> psycopg.Connection[Any]:
    if not hasattr(of_thread, "database"):
        parameters = connection.get_connection_params()
        wanted = {key: parameters[key] for key in ("host", "port", "user", "dbname")}
        of_thread.database = psycopg.connect(**wanted, autocommit=True, cursor_factory=None)
    return of_thread.database  # type: ignore[no-any-return]


def application(
    environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], Any]
) -> Iterable[bytes]:
    cookies = SimpleCookie(environ["HTTP_COOKIE"])
    interview = environ["PATH_INFO"].split("/")[2]
    sent = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    with database().cursor() as cursor:
        row = cursor.execute(
            STATEMENT,
            {
                "session_key": cookies["sessionid"].value,
                "interview": UUID(interview),
                "position": 1,
                "text": sent["text"],
                "writer": UUID(sent["writer"]),
                "base": Int4(sent["base"]),
                "sequence": Int4(sent["sequence"]),
            },
            prepare=True,
        ).fetchone()
    status = "200 OK" if row else "409 Conflict"
    body = json.dumps({"revision": row[0], "saved_at": row[1].isoformat()} if row else {}).encode()
    start_response(
        status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    )
    return [body]
