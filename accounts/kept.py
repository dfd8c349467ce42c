"""SQL that is the same each time but for a few values: built once in each process, and prepared.

Django needs several times longer to build such a query than Postgres to answer it, and Postgres
to plan it several times longer than to carry it out.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators
from django.http import Http404
from psycopg.sql import Literal
from psycopg.types.numeric import Int8

from accounts.models import User
from accounts.prepared import fetch_prepared

M = TypeVar("M", bound=Model)
Row = tuple[Any, ...]

# What stands for a value while the SQL is built. Each must be nobody's, and each another.
PERSON = User(pk=-1)
KEY = UUID(int=0xFEED)
NUMBER = 32_123
WORD = "a-word-that-nobody-says"

PLACES = re.compile("%%|%s")


class Kept(Generic[M]):
    """The rows of a query, which differs by the values that are named here.

    `build` gets the stand-ins by their names, once, and says what is asked. What else the query
    depends on must never change: not who asks, nor the time, nor the language.

        FOUND = Kept(lambda by, pk: Interview.objects.of(by).filter(pk=pk), by=PERSON, pk=KEY)
        FOUND.fetch(by=request.user, pk=pk)
    """

    def __init__(
        self, build: Callable[..., QuerySet[M, Any]], around: str = "{}", **stand_ins: Any
    ) -> None:
        self._build, self._around, self._stand_ins = build, around, stand_ins
        self._built: Built | None = None

    def rows(self, **values: Any) -> list[Row]:
        """As `values_list()`; of models, their columns. One query."""
        built = self._built
        if built is None:
            built = self._built = built_from(self._build, self._around, self._stand_ins)
        rows = fetch_prepared(built.sql, [parameter(values[name]) for name in built.names])
        return built.converted(rows) if built.converters else rows

    def fetch(self, **values: Any) -> list[M]:
        """The instances, with what was selected and annotated. Nothing is prefetched. One query."""
        rows = self.rows(**values)
        assert self._built is not None
        return [self._built.instance(row) for row in rows]

    def get_or_404(self, **values: Any) -> M:
        """The first; `Http404` if there is none. One query."""
        found = self.fetch(**values)
        if not found:
            raise Http404
        return found[0]


@dataclass(frozen=True)
class Built:
    """SQL with `$1`, `$2` and so on, what these are, and how its rows are read."""

    sql: str
    names: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Any], Any]]
    model: type[Model] | None
    """None for rows that are no instances."""
    columns: slice
    attributes: Sequence[str]
    related: Sequence[Any]
    annotations: Sequence[tuple[str, int]]

    def converted(self, rows: Iterable[Row]) -> list[Row]:
        """As Django reads what psycopg doesn't, such as JSON."""
        found = []
        for row in map(list, rows):
            for place, converters, expression in self.converters:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
            found.append(tuple(row))
        return found

    def instance(self, row: Row) -> Any:
        """As the iterator of a QuerySet makes it."""
        assert self.model is not None
        instance = self.model.from_db(connection.alias, self.attributes, row[self.columns])
        for populator in self.related:
            populator.populate(row, instance)
        for name, place in self.annotations:
            setattr(instance, name, row[place])
        return instance


def built_from(
    build: Callable[..., QuerySet[Any, Any]], around: str, stand_ins: dict[str, Any]
) -> Built:
    names_of = {key_of(stand_in): name for name, stand_in in stand_ins.items()}
    compiler = build(**stand_ins).query.get_compiler(connection.alias)
    sql, parameters = compiler.as_sql()
    names: list[str] = []
    values = iter(parameters)

    def put(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%"
        value = next(values)
        name = names_of.get(value) if isinstance(value, int | str | UUID) else None
        if name is None:
            # The planner shall know it: by a status it chooses the index.
            return Literal(value).as_string(connection.connection)
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    connection.ensure_connection()
    sql = around.strip().format(PLACES.sub(put, sql))
    assert set(names) == set(stand_ins), f"not asked for: {set(stand_ins) - set(names)}"
    selected = [expression for expression, _sql, _alias in compiler.select]
    converters = compiler.get_converters(selected).items() if around == "{}" else ()
    info = compiler.klass_info
    places = info["select_fields"] if info else []
    populators: Any = get_related_populators
    return Built(
        sql,
        names,
        [(place, functions, expression) for place, (functions, expression) in converters],
        info["model"] if info else None,
        slice(places[0], places[-1] + 1) if places else slice(0),
        [selected[place].target.attname for place in places],
        populators(info, compiler.select, connection.alias) if info else [],
        list(compiler.annotation_col_map.items()),
    )


def key_of(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def parameter(value: Any) -> Any:
    """Of one type whatever its size: each type would be prepared by itself."""
    value = key_of(value)
    return Int8(value) if isinstance(value, int) else value


def hang(instance: Model, name: str, rows: Iterable[Model]) -> None:
    """Let `instance.name.all()` be these, as `prefetch_related()` does; a filter asks anew."""
    relation: Any = instance._meta.get_field(name)
    found = relation.related_model._default_manager.all()
    found._result_cache = list(rows)
    # As Django's own: the filter is only built if somebody asks for more than these.
    found._deferred_filter = False, (), {relation.field.name: instance}
    vars(instance).setdefault("_prefetched_objects_cache", {})[name] = found
