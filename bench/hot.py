"""The hot queries, in one place: what each of them is asked for, and by which indexes it is found.

`bench/plans/` keeps their plans beside a thousand and beside a million answers; `make bench
ARGS="plans"` makes these anew. `tests/test_hot_queries.py` asserts the indexes.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg import ClientCursor
from psycopg.types.numeric import Int4

from accounts.models import User
from bench.sizes import candidate_email, reviewer_email, session_key
from interview.mixing import Mix
from interview.models import Assignment, Interview
from interview.saving.statement import SAVE_AS_LOGGED_IN

MOST_READ = 250
"""Pages of 8 kB. Of a table with more a statement reads these first ones in a row at most."""
SETS_LOCALLY = re.compile(r"((?:\s*SET LOCAL [^;]*;)*)(.*)", re.DOTALL)
EXPLAINED = ("SELECT", "(SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


class Scene:
    """A database that `bench.sizes` has filled, and who asks there."""

    def __init__(self) -> None:
        self.sitting, self.resting = (
            User.objects.get(email=candidate_email(number)) for number in (2, 1)
        )
        self.reviewer = User.objects.get(email=reviewer_email(1))
        self.running = Interview.objects.of(self.sitting).unfinished().get()
        self.reviewed = Interview.objects.of(self.resting).filter(reviews__kind="reviewer")[0]

    @cached_property
    def clients(self) -> dict[User, Client]:
        clients = {}
        for who in (self.sitting, self.resting, self.reviewer):
            clients[who] = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
            clients[who].force_login(who)
        return clients

    def page(self, who: User, url: str, *arguments: Any, **query: str) -> None:
        response = self.clients[who].get(reverse(url, args=arguments), query)
        assert response.status_code == 200, (url, response.status_code)

    def of_candidate(self, url: str, *arguments: Any) -> Callable[[], None]:
        return partial(self.page, self.sitting, url, *arguments)

    def grading_page(self) -> None:
        review = Assignment.objects.claim_next(self.reviewer)
        assert review is not None
        self.page(self.reviewer, "review", review.pk)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What is asked often or of much, by the name of its plan."""
        question_set = self.running.question_set
        assert question_set is not None
        last_week, topics = Mix(), list(question_set.topics.all())
        return {
            "room": self.of_candidate("answer", self.running.pk, 1),
            "clock": self.of_candidate("interview-clock", self.running.pk),
            "interview-list": self.of_candidate("interview-list"),
            "queue": partial(self.page, self.reviewer, "queue"),
            "claim-next": partial(Assignment.objects.claim_next, self.reviewer),
            "waits": Assignment.waits,
            "grading-page": self.grading_page,
            "feedback": partial(self.page, self.resting, "feedback", self.reviewed.pk),
            "home": self.of_candidate("home"),
            "set-list": self.of_candidate("set-list"),
            "set": self.of_candidate("set", question_set.slug),
            "search": partial(self.page, self.sitting, "search", q="kubelet lease"),
            "team": partial(self.page, self.reviewer, "team"),
            "not-last-week": partial(last_week.choose, self.sitting),
            "not-last-week-of-a-topic": partial(Mix(topics).choose, self.sitting),
        }

    def save(self) -> str:
        """The statement of a save; it passes by Django, so it can't be listened to."""
        return ClientCursor(connection.connection).mogrify(
            SAVE_AS_LOGGED_IN,
            {
                "session_key": session_key(2),
                "interview": self.running.pk,
                "position": 1,
                "text": "What I know.",
                "writer": UUID(int=1),
                "base": Int4(1),
                "sequence": Int4(1),
            },
        )

    def statements(self) -> Iterator[tuple[str, list[str]]]:
        """Of each hot query what it sends to Postgres; nothing of it stays."""
        assert self.clients  # Logged in before anybody listens.
        yield "save", [self.save()]
        for name, act in self.acts().items():
            with transaction.atomic(), CaptureQueriesContext(connection) as captured:
                act()
                transaction.set_rollback(True)
            sent = [SETS_LOCALLY.fullmatch(query["sql"]) for query in captured.captured_queries]
            yield (
                name,
                [each[0] for each in sent if each and each[2].lstrip().startswith(EXPLAINED)],
            )


@dataclass
class Plan:
    """How Postgres carries out one statement, as text and as what it uses."""

    statement: str
    text: str
    indexes: set[str] = field(default_factory=set)
    read_whole: set[str] = field(default_factory=set)
    """Tables."""


def explain(statement: str) -> Plan:
    """Run it twice, so that it finds its pages in memory, and take it back."""
    plan = Plan(statement, "")
    # Both parts may be empty, so it always fits.
    settings, asked = SETS_LOCALLY.fullmatch(statement).groups()  # type: ignore[union-attr]
    with transaction.atomic(), connection.cursor() as cursor:
        if settings:
            cursor.execute(settings)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {asked}".replace("%", "%%"), [])
        (found,) = cursor.fetchone()
        for node in nodes(
            found[0]["Plan"] if isinstance(found, list) else json.loads(found)[0]["Plan"]
        ):
            plan.indexes |= {node["Index Name"]} if "Index Name" in node else set()
            # One that stops after the first few is none; what others deleted takes pages too.
            rows = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            if node["Node Type"] == "Seq Scan" and rows and pages_of(node) > MOST_READ:
                plan.read_whole.add(node["Relation Name"])
        transaction.set_rollback(True)
    with transaction.atomic(), connection.cursor() as cursor:
        if settings:
            cursor.execute(settings)
        options = "ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, SUMMARY OFF"
        cursor.execute(f"EXPLAIN ({options}) {asked}".replace("%", "%%"), [])
        plan.text = "\n".join(line for (line,) in cursor.fetchall())
        transaction.set_rollback(True)
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def pages_of(node: dict[str, Any]) -> int:
    """How many it reads itself, without its subplans."""
    parts = [node, *node.get("Plans", [])]
    own, *others = [part["Shared Hit Blocks"] + part["Shared Read Blocks"] for part in parts]
    return int(own - sum(others))
