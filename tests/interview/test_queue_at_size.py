"""The queue reads as many rows beside a hundred thousand reviewed interviews as beside a thousand.

Rows are counted, not seconds: a busy machine can't make it fail, and a scan can't pass.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.groups import LEADS
from interview.models import Assignment
from questions.models import QuestionSet, Topic
from tests.conftest import logged_in_client
from tests.interview.reviewing import fill_queue

FEW, MANY = 1_000, 100_000
OURS = ("interview_assignment", "interview_interview", "interview_review", "interview_answer")


def review_many(candidate: User, reviewer: User, question_set: QuestionSet, count: int) -> None:
    """So many more interviews of `candidate`, each reviewed within the last 25 days."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH sat AS (
                INSERT INTO interview_interview
                    (id, candidate_id, title, question_set_id, mode, "limit", started_at, ended_at,
                     revealed_at, extensions)
                SELECT gen_random_uuid(), %(candidate)s, 'Basics', %(set)s, 'free', '12 minutes',
                       at - interval '12 minutes', at, at, 0
                FROM (SELECT now() - interval '29 days' + n * interval '1 second' AS at
                      FROM generate_series(1, %(count)s) AS n) AS times
                RETURNING id, ended_at
            ), asked AS (
                INSERT INTO interview_assignment
                    (id, interview_id, slot, pseudonym, asked_at, done_at)
                SELECT gen_random_uuid(), id, 1, 'Quiet Owl', ended_at,
                       ended_at + random() * interval '3 days'
                FROM sat
                RETURNING id, interview_id, asked_at, done_at
            )
            INSERT INTO interview_review
                (id, interview_id, assignment_id, author_id, kind, reason, knowledge, reasoning,
                 communication, score, created_at, published_at, visible_from)
            SELECT gen_random_uuid(), interview_id, id, %(reviewer)s, 'reviewer', '', 3, 3, 3, 70,
                   asked_at, done_at, done_at
            FROM asked
            """,
            {
                "candidate": candidate.pk,
                "reviewer": reviewer.pk,
                "set": question_set.pk,
                "count": count,
            },
        )
        cursor.execute("ANALYZE")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def read_by(act: Callable[[], object]) -> dict[str, int]:
    """The rows of our tables that each query of `act` reads, those it throws away with them."""
    with CaptureQueriesContext(connection) as queries:
        act()
    counts = {}
    for query in queries:
        sql = query["sql"]
        if not sql.lstrip("( \n").startswith(("SELECT", "WITH")) or not any(
            table in sql for table in OURS
        ):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (answer,) = cursor.fetchone()
        plan = json.loads(answer) if isinstance(answer, str) else answer
        scans = [node for node in nodes(plan[0]["Plan"]) if node.get("Relation Name") in OURS]
        counts[sql] = sum(
            round(
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
            )
            for node in scans
        )
    assert counts
    return counts


@pytest.fixture
def acts(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> dict[str, Callable[[], object]]:
    """What is done beside the reviewed ones, with sixty interviews that wait."""
    question_set.topics.add(Topic.objects.create(slug="topic", title="Topic"))
    first, *_rest = fill_queue(person, question_set, 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interview_assignment (id, interview_id, slot, pseudonym, asked_at)"
            " SELECT gen_random_uuid(), %s, n, 'Calm Heron', now() - n * interval '1 hour'"
            " FROM generate_series(2, 58) AS n",
            [first.interview_id],
        )
    sitter = logged_in_client(first.interview.candidate)
    first.interview.reveal()
    queue = logged_in_client(reviewer)
    lead = logged_in_client(person("lead", LEADS, is_staff=True))
    narrowed = {"set": "basics", "topic": "topic", "waited": "24"}
    waiting = Assignment.objects.matching(question_set="basics", topic="topic", hours=24)
    return {
        "queue": lambda: queue.get(reverse("queue")),
        "queue, narrowed": lambda: queue.get(reverse("queue"), narrowed),
        "claim next": lambda: Assignment.objects.claim_next(reviewer),
        "claim next, narrowed": lambda: waiting.claim_next(reviewer),
        "feedback": lambda: sitter.get(reverse("feedback", args=[first.interview_id])),
        "waits": Assignment.waits,
        "team": lambda: lead.get(reverse("team")),
    }


def test_what_is_read_does_not_grow_with_what_is_reviewed(
    acts: dict[str, Callable[[], object]],
    candidate: User,
    question_set: QuestionSet,
    other_reviewer: User,
) -> None:
    review_many(candidate, other_reviewer, question_set, FEW)
    few = {name: max(read_by(act).values()) for name, act in acts.items() if name != "claim next"}
    review_many(candidate, other_reviewer, question_set, MANY - FEW)
    many = {name: read_by(act) for name, act in acts.items()}
    # The team's page reads its latest five thousand reviews, of which there were not so many.
    bounds = {**few, "team": 5_000, "claim next": max(few.values())}
    for name, counts in many.items():
        for sql, count in counts.items():
            # A few rows more or less: claims that the first round made, and how a plan joins.
            assert count <= 1.1 * bounds[name] + 300, (name, count, sql)
