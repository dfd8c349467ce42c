"""What the queue's page lists: the reviewer's claims, and what waits and is open to them.

Unless the page is narrowed its SQL differs by the reviewer's id alone, and is built once: that took
nine tenths of the page's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings

from accounts.kept import ForPerson, instances
from accounts.models import User
from interview.models import Assignment
from interview.models.assignments import FOR_QUEUE, AssignmentQuerySet

MOST_SHOWN = 50
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Waiting:
    reserved: list[Assignment]
    """What came by the reviewer's invitations."""
    others: list[Assignment]
    count: int
    """Of the others; counted up to one more than `MOST_COUNTED`."""


@dataclass(frozen=True)
class Kept:
    themes: ForPerson
    claims: ForPerson
    two_lists: ForPerson
    count: ForPerson


@cache
def kept(patience_days: int) -> Kept:
    """With that setting, which is a part of the SQL."""
    return Kept(
        themes=ForPerson(lambda reviewer: open_to(reviewer).rows_of_themes()),
        claims=ForPerson(lambda by: Assignment.objects.claimed_by(by).for_queue(by)),
        two_lists=ForPerson(lambda by: open_to(by).rows_of_two_lists(by, MOST_SHOWN)),
        count=ForPerson(
            lambda reviewer: open_to(reviewer).to_count(reviewer, MOST_COUNTED + 1).values("pk"),
            "SELECT count(*) FROM ({}) AS waiting",
        ),
    )


def open_to(reviewer: User) -> AssignmentQuerySet:
    return Assignment.objects.waiting().open_to(reviewer).exclude(holder=reviewer)


def themes(reviewer: User) -> list[tuple[str, str, str]]:
    """What the page can be narrowed to: *set* or *topic*, slug and title. One query."""
    rows = kept(settings.REVIEW_PATIENCE_DAYS).themes.fetch(reviewer.pk)
    return sorted(((k, slug, title) for k, slug, title in rows), key=lambda row: row[2].casefold())


def claims(reviewer: User) -> list[Assignment]:
    """One query."""
    rows = kept(settings.REVIEW_PATIENCE_DAYS).claims.fetch(reviewer.pk)
    return instances(Assignment, rows, FOR_QUEUE)


def waiting(reviewer: User, filters: Mapping[str, Any]) -> Waiting:
    """What waits, of that which the filters leave. Two queries."""
    if any(filters.values()):
        chosen = open_to(reviewer).matching(**filters)
        rows = list(chosen.rows_of_two_lists(reviewer, MOST_SHOWN))
        count = chosen.to_count(reviewer, MOST_COUNTED + 1).count()
    else:
        sql = kept(settings.REVIEW_PATIENCE_DAYS)
        rows = instances(Assignment, sql.two_lists.fetch(reviewer.pk), FOR_QUEUE)
        [(count,)] = sql.count.fetch(reviewer.pk)
    rows.sort(key=lambda each: (each.asked_at, each.pk))
    return Waiting(
        [each for each in rows if each.reserved_for_id == reviewer.pk],
        [each for each in rows if each.reserved_for_id != reviewer.pk],
        count,
    )
