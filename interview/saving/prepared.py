"""One statement to Postgres and back: prepared, and nothing besides it on the wire."""

from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import OperationalError, connection

NEVER_BY_ITSELF = 1_000_000_000


def fetch_one(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The first row, in one round trip; of a statement that may safely be run twice.

    Django asks each request's connection first whether it is alive, which is a query of its own.
    Here a connection that turns out to be dead is replaced, and the statement sent once more; the
    server may have carried it out the first time and died before it could say so.

    Prepared under a name of psycopg's on each connection. PgBouncer in transaction mode can pass
    that on from 1.22, with `max_prepared_statements` above 0. `assertNumQueries` does not see it.

    Raises:
        django.db.OperationalError: the database can't be reached, also not anew; or inside a
            transaction the connection was lost, and the transaction with it.
    """
    connection.ensure_connection()
    try:
        return execute(statement, parameters)
    except OperationalError:
        if connection.in_atomic_block or not connection.connection.closed:
            raise
    connection.close()
    connection.ensure_connection()
    return execute(statement, parameters)


def execute(statement: str, parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
    raw: psycopg.Connection[Any] = connection.connection
    # Django sets None, and then psycopg prepares nothing, whatever it is asked. With a number it
    # counts every other query too, and forgets what it prepared at each rollback: so only here.
    before, raw.prepare_threshold = raw.prepare_threshold, NEVER_BY_ITSELF
    try:
        with connection.wrap_database_errors, psycopg.Cursor(raw) as cursor:
            return cursor.execute(statement.encode(), parameters, prepare=True).fetchone()
    finally:
        raw.prepare_threshold = before
