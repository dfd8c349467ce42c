"""Statements that are prepared on each connection (`config/postgres_backend/prepared.py`)."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection


def fetch_prepared(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement that only reads, with `$1`, `$2` and so on. One query."""
    ours = cast("Any", connection)
    rows: list[tuple[Any, ...]] = ours.fetch_prepared(sql, parameters)
    return rows
