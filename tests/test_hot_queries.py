"""Each hot query finds its rows by the planned indexes, and reads no large table whole.

Beside forty thousand answers, which are enough for Postgres to choose as it does beside a million;
`bench/plans/` keeps the plans of both.
"""

import re

import pytest
from django.db import connection

from bench import hot, plans
from bench.sizes import Size, fill

FORTY_THOUSAND = Size(interviews=10_000, answers_each=4, questions=5_000)

PERSON = "accounts_user_pkey"
SESSION = "session_*"
ANSWERS = "answer_position_unique | answer_question_asked_once"
MINE = "interview_of_candidate | interview_interview_candidate_id_* | interview_interview_pkey"
REVIEWS = "interview_review_interview_id_*"
MARKS = "interview_mark_review_id_* | mark_one_per_key_point_and_review"
VERSION = "questions_questionversion_pkey"
# Of each hot query the indexes that it needs; * is what Django made up, | is one of them.
INDEXES = {
    "save": [ANSWERS, MINE, SESSION, PERSON],
    "room": [ANSWERS, MINE, VERSION, SESSION, PERSON],
    "clock": [MINE],
    "interview-list": [ANSWERS, MINE, REVIEWS],
    "queue": ["assignment_queue", "assignment_reserved_queue", "assignment_done", ANSWERS],
    "claim-next": ["assignment_queue", "assignment_reserved_queue"],
    "waits": ["assignment_done"],
    "grading-page": [ANSWERS, VERSION, MARKS],
    "feedback": [ANSWERS, VERSION, REVIEWS, MARKS],
    "home": [MINE, REVIEWS, "set_published_by_title", "questions_question_question_set_id_*"],
    "set-list": ["set_published_by_title", "questions_question_question_set_id_*"],
    "set": ["questions_question_question_set_id_*", "set_published_by_title"],
    "search": ["question_words"],
    "team": ["assignment_queue", "assignment_done", "review_latest_published"],
    "not-last-week": ["question_shuffled", MINE, ANSWERS, VERSION],
    "not-last-week-of-a-topic": ["question_shuffled", MINE, ANSWERS, VERSION],
}


def is_used(wanted: str, used: set[str]) -> bool:
    return any(
        name.startswith(one.rstrip("*")) if one.endswith("*") else name == one
        for one in wanted.split(" | ")
        for name in used
    )


@pytest.mark.django_db
def test_hot_queries_use_their_indexes_and_their_plans_are_kept(subtests: pytest.Subtests) -> None:
    fill(FORTY_THOUSAND)
    with connection.cursor() as cursor:
        # As on disks without heads: else tables of this size are a little too small for an index.
        cursor.execute("SET LOCAL random_page_cost = 1.1")
    seen = set()
    for name, statements in hot.Scene().statements():
        seen.add(name)
        with subtests.test(name, kept=True):
            # If not, `make bench ARGS="plans"` makes them anew.
            asked = [plans.fingerprint(statement) for statement in statements]
            assert asked == plans.kept("thousand", name) == plans.kept("million", name)
        with subtests.test(name):
            found = [hot.explain(statement) for statement in statements]
            used = set().union(*(plan.indexes for plan in found))
            whole = [plan.text for plan in found if plan.read_whole]
            assert whole == [], whole[0]
            missing = [wanted for wanted in INDEXES[name] if not is_used(wanted, used)]
            assert missing == [], used
    assert seen == set(INDEXES)


@pytest.mark.parametrize("size", plans.SIZES)
def test_the_kept_plans_are_those_of_the_hot_queries(size: str) -> None:
    """Made anew by `make bench ARGS="plans"` when one comes or goes."""
    assert {path.stem for path in (plans.PLANS / size).glob("*.txt")} == set(INDEXES)


def test_no_kept_plan_reads_a_large_table_whole() -> None:
    """Of a million answers, and what belongs to them; the first few rows are not the whole."""
    large = {"answer", "revision", "interview", "assignment", "review", "mark", "comment"}
    tables = {f"interview_{one}" for one in large} | {"session"}
    tables |= {f"questions_{one}" for one in ("question", "questionversion", "keypoint")}
    kept = {path.stem: path.read_text() for path in (plans.PLANS / "million").glob("*.txt")}

    scans = {
        (name, table)
        for name, plan in kept.items()
        for table, rows in re.findall(r"Seq Scan on (\w+)[^(\n]*\(actual rows=(\d+)", plan)
        if table in tables and int(rows) > 1_000
    }
    assert kept
    assert scans == set()
