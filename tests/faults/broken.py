"""Web servers with a fault in them, for the tests which show that a run finds it.

Each function makes a WSGI application (`granian --factory`). Nothing here is ever served to people,
and nothing of it is in the product.
"""

import io
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Thread
from typing import Any

import django
import psycopg
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponseBase

BEFORE_COMMIT = 1.5
"""Seconds: a run kills the server within fewer after a receipt."""

THE_SAVE = "UPDATE interview_answer AS answer"
"""How the statement that saves is known among others."""

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]


def receipt_before_commit() -> Application:
    """A server whose replies leave before what they did is committed."""
    handler = get_wsgi_application()

    def answer(environment: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environment["REQUEST_METHOD"] != "POST":
            return handler(environment, start_response)
        content = environment["wsgi.input"].read(int(environment.get("CONTENT_LENGTH") or 0))
        request = WSGIRequest({**environment, "wsgi.input": io.BytesIO(content)})
        told: Future[HttpResponseBase] = Future()
        Thread(target=act, args=(handler, request, told), daemon=True).start()
        reply = told.result()
        start_response(f"{reply.status_code} {reply.reason_phrase}", list(reply.items()))
        return [b"".join(reply)]

    return answer


def act(handler: WSGIHandler, request: WSGIRequest, told: Future[HttpResponseBase]) -> None:
    from django.db import connection, transaction

    try:
        with transaction.atomic():
            told.set_result(handler.get_response(request))
            time.sleep(BEFORE_COMMIT)
    finally:
        connection.close()


def older_over_newer() -> Application:
    """A server that takes a save of the same page whatever its sequence number says."""
    return with_other_condition("answer.sequence < %(sequence)s", "true")


def no_end() -> Application:
    """A server that takes text for ever."""
    return with_other_condition("clock_timestamp() <= answer.accepts_until", "true")


def with_other_condition(right: str, wrong: str) -> Application:
    """The product, but for one condition of the statement that saves."""
    execute = psycopg.Cursor.execute

    def broken(self: Any, query: Any, *arguments: Any, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else query
        if isinstance(text, str) and THE_SAVE in text:
            if right not in text:
                raise AssertionError(f"the save no longer says: {right}")
            query = text.replace(right, wrong).encode()
        return execute(self, query, *arguments, **options)

    psycopg.Cursor.execute = broken  # type: ignore[method-assign]
    django.setup()
    return get_wsgi_application()
