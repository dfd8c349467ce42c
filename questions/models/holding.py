"""The one order in which rows of the library are locked, so that nobody waits in a circle.

Sets, then questions, stories, notes and topics, each by their ids. Key points are their question's,
and need no lock of their own. Whoever writes several of them holds all first.
"""

from typing import Any

from django.db import models

ORDER = ("questionset", "question", "story", "note", "topic")


def hold(*rows: "models.QuerySet[Any]") -> None:
    """Lock them against other writers until the transaction ends. One query for each kind.

    New links to them are let in: who inserts one may hold what would be waited for next.
    """
    for kind in sorted(rows, key=lambda kind: ORDER.index(kind.model._meta.model_name or "")):
        list(kind.order_by("pk").only("pk").select_for_update(no_key=True, of=("self",)))
