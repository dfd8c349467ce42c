"""SQL that is the same for everybody but for their id, built once in each process.

Django needs several times longer to build such a query than Postgres to answer it.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from accounts.models import User

M = TypeVar("M", bound=Model)

NOBODY = -1
"""An id that nobody has, and that stands for everybody's while the SQL is built."""


class ForPerson:
    """The rows that `rows` of a person gives. What else it depends on must never change."""

    def __init__(self, rows: Callable[[User], QuerySet[Any, Any]], sql: str = "{}") -> None:
        self._rows, self._around = rows, sql
        self._sql = ""
        self._parameters: tuple[Any, ...] = ()

    def fetch(self, pk: int) -> list[tuple[Any, ...]]:
        """One query."""
        if not self._sql:
            built, self._parameters = self._rows(User(pk=NOBODY)).query.sql_with_params()
            self._sql = self._around.format(built)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [pk if is_nobody(p) else p for p in self._parameters])
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def is_nobody(parameter: Any) -> bool:
    return type(parameter) is int and parameter == NOBODY


def instances(
    model: type[M], rows: Iterable[tuple[Any, ...]], annotations: Iterable[str] = ()
) -> list[M]:
    """Of rows with all columns of the model, and with what was annotated after them."""
    names = [field.attname for field in model._meta.concrete_fields]
    made = []
    for row in rows:
        instance = model.from_db(connection.alias, names, row[: len(names)])
        for name, value in zip(annotations, row[len(names) :], strict=True):
            setattr(instance, name, value)
        made.append(instance)
    return made
