"""The statement that looks words up: which rows have them.

Its work has bounds, however large the library and however common the words. Of each kind it looks
for up to `MOST_COUNTED`, and one more, in the cheapest place that has as many: first in titles,
whose matches rank highest, then for the words as they were typed, and only where there are few for
what the last of them may begin. Postgres plans it anew each time, as it knows how common a word is:
rare ones it looks up in the index, which lists all that match, common ones it reads until there
are enough.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from questions.search.arms import ARMS, Arm
from questions.search.asking import Asked
from questions.search.results import MOST_COUNTED, Kind, Narrowing

PLAN = "SET LOCAL random_page_cost = 1.1;"
"""What is searched is in memory, or on a disk without a head. With its usual 4 Postgres would read
a twentieth of the library from its beginning rather than look into the index."""


@dataclass(frozen=True)
class Found:
    """Rows of each kind: which are counted, and which are ranked besides. As Postgres' arrays."""

    counted: dict[Kind, str]
    ranked: dict[Kind, str]

    @property
    def is_empty(self) -> bool:
        return all(rows == "{}" for rows in self.counted.values())


def find(
    asked: Asked, narrowing: Narrowing, *, sees_drafts: bool, closed: Collection[int]
) -> Found:
    """What has the words. One query."""
    with connection.cursor() as cursor:
        # Two statements in one message; the first holds until the end of it, or of a transaction.
        cursor.execute(
            PLAN + statement(narrowing, sees_drafts, bool(closed)),
            parameters(asked, narrowing, closed),
        )
        cursor.nextset()
        row = cursor.fetchone()
    kinds = [arm.kind for arm in ARMS]
    return Found(
        counted=dict(zip(kinds, row[: len(kinds)], strict=True)),
        ranked=dict(zip(kinds, row[len(kinds) :], strict=True)),
    )


def parameters(asked: Asked, narrowing: Narrowing, closed: Collection[int]) -> dict[str, Any]:
    return {
        "query": asked.query,
        "whole": asked.whole,
        "topic": narrowing.topic.pk if narrowing.topic else None,
        "difficulty": narrowing.difficulty,
        "closed": list(closed),
    }


def statement(narrowing: Narrowing, sees_drafts: bool, has_closed: bool) -> str:
    parts = [
        part
        for arm in ARMS
        for part in _parts(arm, _where(arm, narrowing, sees_drafts, has_closed))
    ]
    counted = [f"ARRAY(SELECT id FROM {arm.kind.value}_found)::text" for arm in ARMS]
    ranked = [
        f"""ARRAY(
            (SELECT id FROM {arm.kind.value}_titled LIMIT {MOST_COUNTED // 2})
            UNION SELECT id FROM {arm.kind.value}_found
        )::text"""
        if narrowing.kind in ("", arm.kind)
        else "'{}'"
        for arm in ARMS
    ]
    return f"WITH {', '.join(parts)} SELECT {', '.join([*counted, *ranked])}"


def _where(arm: Arm, narrowing: Narrowing, sees_drafts: bool, has_closed: bool) -> str:
    """What else must hold, each behind an AND."""
    conditions = []
    is_question = arm.kind == Kind.QUESTION
    if not sees_drafts:
        conditions.append("item.status = 'published'")
        if is_question:
            conditions.append("home.status = 'published'")
    if narrowing.topic:
        conditions.append(arm.on_topic)
    if narrowing.difficulty:
        conditions.append("item.difficulty = %(difficulty)s" if arm.has_difficulty else "FALSE")
    if has_closed and is_question:
        conditions.append("item.id <> ALL(%(closed)s)")
    return "".join(f" AND {condition}" for condition in conditions)


def _parts(arm: Arm, where: str) -> list[str]:
    kind = arm.kind.value

    def rows(column: str, query: str, *before: str) -> str:
        """Those that match, unless one of the steps before has found enough."""
        few = "".join(f" AND {_count(kind, step)} <= {MOST_COUNTED}" for step in before)
        return (
            f"SELECT item.id FROM {arm.rows}"
            f" WHERE item.{column} @@ %({query})s::tsquery{few}{where} LIMIT {MOST_COUNTED + 1}"
        )

    def enough(step: str) -> str:
        return f"SELECT id FROM {kind}_{step} WHERE {_count(kind, step)} > {MOST_COUNTED}"

    return [
        f"{kind}_titled AS MATERIALIZED ({rows('search_title', 'whole')})",
        f"{kind}_whole AS MATERIALIZED ({rows('search', 'whole', 'titled')})",
        f"""{kind}_found AS MATERIALIZED (
            {enough("titled")} UNION ALL {enough("whole")}
            UNION ALL ({rows("search", "query", "titled", "whole")})
        )""",
    ]


def _count(kind: str, step: str) -> str:
    return f"(SELECT count(*) FROM {kind}_{step})"
