"""Statements that are prepared: Postgres plans them once on each connection, not each time."""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import NotSupportedError, OperationalError
from django.db.backends.postgresql import base, operations
from psycopg.errors import FeatureNotSupported
from psycopg.sql import Literal

NEVER_BY_ITSELF = 1_000_000_000


class PreparedCursor(psycopg.RawCursor[Any]):
    """Prepares what it executes, under a name of psycopg's. Parameters are `$1`, `$2` and so on.

    PgBouncer in transaction mode can pass that on from 1.22, with `max_prepared_statements` above
    0.
    """

    def execute(self, query: Any, params: Any = None, **how: Any) -> "PreparedCursor":
        raw = self.connection
        # Django sets None, and then psycopg prepares nothing, whatever it is asked. With a number
        # it counts every other query too, and forgets what it prepared at each rollback.
        before, raw.prepare_threshold = raw.prepare_threshold, NEVER_BY_ITSELF
        try:
            super().execute(query, params, **{**how, "prepare": True})
        finally:
            raw.prepare_threshold = before
        return self


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """As of any other statement, with the values in their places."""
        if not isinstance(cursor, PreparedCursor):
            return super().last_executed_query(cursor, sql, params)
        for number, value in reversed(list(enumerate(params or (), 1))):
            sql = sql.replace(f"${number}", Literal(value).as_string(cursor.connection))
        return sql


class PreparedStatements(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def fetch_prepared(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """All rows of a statement that only reads. Django counts and logs it as any other.

        Django asks a connection first whether it lives, once in each request. Here the answer
        tells: what is sent on a dead connection is sent once more, on a new one. So is what was
        prepared before a migration gave its columns another type.

        Raises:
            django.db.OperationalError: the database can't be reached, also not anew; or inside a
                transaction the connection was lost, and the transaction with it.
        """
        self.ensure_connection()
        try:
            rows = self._fetch_prepared(sql, parameters)
        except (OperationalError, NotSupportedError) as error:
            is_outdated = isinstance(error.__cause__, FeatureNotSupported)
            if self.in_atomic_block or not (self.connection.closed or is_outdated):
                raise
            self.close()
            self.ensure_connection()
            rows = self._fetch_prepared(sql, parameters)
        self.health_check_done = True
        return rows

    def _fetch_prepared(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        wrapped: Any = super()
        with wrapped._prepare_cursor(PreparedCursor(self.connection)) as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
