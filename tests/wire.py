"""What goes to Postgres over this thread's connection, as libpq itself sees it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import close_old_connections, connection
from psycopg import pq

ASKS = ("Query", "Parse", "Bind", "Execute", "Sync", "Close")


@contextmanager
def sent_to_postgres() -> Iterator[list[str]]:
    """Every message that makes Postgres do something, whoever sends it; filled when it ends.

    Of a simple query also its first line: `Query "BEGIN"`. Begins as a request does, so that
    Django's own questions to the connection are among them. Needs `transactional_db`.
    """
    close_old_connections()
    connection.ensure_connection()
    messages: list[str] = []
    with tempfile.TemporaryFile("w+") as log:
        pgconn = connection.connection.pgconn
        pgconn.trace(log.fileno())
        pgconn.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield messages
        finally:
            pgconn.untrace()
            log.seek(0)
            for line in log:
                # From the front end: length, message, and what it holds, in lines of its own.
                if line.startswith("F\t"):
                    _f, _length, message, *held = line.rstrip("\n").split("\t", 3)
                    if message in ASKS:
                        messages.append(
                            "".join([message, *held]) if message == "Query" else message
                        )
