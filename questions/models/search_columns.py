"""The stored columns that full-text search reads.

Postgres makes them from the row itself at each write, so that they are never stale. That is why
key points are not in them, which have a table of their own; the model answer says what they say.
"""

from typing import Any

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models

CONFIG = "english"
"""Explicit, since the database's usual one may change, and with it what the columns hold."""

Compiled = tuple[str, Any]


class UnreadVectorField(SearchVectorField[Any, Any]):
    """A vector that is searched and never fetched: what is read of it in Python is None.

    An answer's vector is as long as the answer, and every page that shows a question, or joins one
    with `select_related()`, would carry it along.
    """

    def select_format(self, compiler: Any, sql: str, params: Any) -> Compiled:
        return "NULL::tsvector", ()

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        # For a migration it is the column that counts.
        return name, "django.contrib.postgres.search.SearchVectorField", list(args), dict(kwargs)


def words(text: str | models.Func) -> models.Func:
    """The text as it is indexed: without addresses, and `TCP/UDP` and `<port>` as words.

    Postgres' parser takes the first for the path of a file, and the second for a tag to leave out.
    """
    address, everywhere = models.Value("https?://[^[:space:])]+"), models.Value("g")
    without = models.Func(text, address, models.Value(" "), everywhere, function="regexp_replace")
    return models.Func(
        without,
        models.Value("/<>"),
        models.Value("   "),
        function="translate",
        output_field=models.TextField(),
    )


def vector_of(*texts: str | models.Func, weight: str) -> SearchVector:
    return SearchVector(*map(words, texts), config=CONFIG, weight=weight)


def column(expression: Any) -> models.GeneratedField:
    return models.GeneratedField(
        expression=expression, output_field=UnreadVectorField(), db_persist=True
    )
