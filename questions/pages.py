"""Pages of long lists, which cost what they show: nothing is counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

MOST_DIGITS = 6


@dataclass(frozen=True)
class Page(Generic[M]):
    """What `includes/pager.html` asks for, as Django's."""

    object_list: list[M]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[M]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1


def page_of(rows: QuerySet[M, Any], asked: str | None, size: int) -> Page[M]:
    """The page that somebody asked for; the first instead of nonsense, the last for what lies
    behind it. One query, and two more in that last case.
    """
    number = number_of(asked)
    found = page(rows, number, size)
    if not found.object_list and number > 1:
        found = page(rows, Paginator(rows, size).num_pages, size)
    return found


def number_of(asked: str | None) -> int:
    if not asked or not asked.isdecimal() or len(asked) > MOST_DIGITS:
        return 1
    return max(int(asked), 1)


def page(rows: QuerySet[M, Any], number: int, size: int) -> Page[M]:
    """Empty if it lies behind the last. One query."""
    first = (number - 1) * size
    found = list(rows[first : first + size + 1])
    return Page(found[:size], number, len(found) > size)
