"""Positions that count from 1 without a gap, whatever numbers were typed."""

from collections.abc import Mapping
from typing import Any

from django.db import models


def renumber(rows: "models.QuerySet[Any]", was: Mapping[int, int]) -> None:
    """Number `rows` from 1, in their order; two queries.

    `was` holds the positions before, by id. Of rows with one number, that which was moved there
    gets it: what came from below stands before the others, what came from above stands after them.
    """

    def place(row: Any) -> tuple[bool, int, int]:
        before = was.get(row.pk, row.position)
        moved = (row.position > before) - (row.position < before)
        return (getattr(row, "retired", False), row.position, moved)

    changed = []
    for position, row in enumerate(sorted(rows, key=place), start=1):
        if row.position != position:
            row.position = position
            changed.append(row)
    if changed:
        rows.model._default_manager.bulk_update(changed, ["position"])
