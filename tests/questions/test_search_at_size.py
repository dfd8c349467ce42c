"""Searching a large library: each look-up goes through its index. No stopwatch; see bench/."""

import re
from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pytest
from django.db import connection

from questions.search import MOST_COUNTED, Narrowing, ask, finding, search, showing
from questions.search.finding import PLAN, statement
from questions.search.spelling import ALIKE

SIZE = 8_000
RARE = md5(b"7345", usedforsecurity=False).hexdigest()
VALUES = """
    SELECT 'n-' || n AS slug, 'What of ' || md5(n::text) || '?', 'published', '[]'::jsonb, now(),
        'Zygote ' || md5((n %% 2000)::text) || ' and all.'
    FROM generate_series(1, %s) AS n
"""


@pytest.fixture
def large_library(db: None) -> None:
    """Questions and notes, each with a rare word in its title, and all with a common one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO questions_questionset (
                slug, title, status, license, checked_against, sources, extra, updated_at,
                summary, description, level
            )
            SELECT 's-' || n, 'Set', 'published', '', '', '[]', '', now(), '', '', ''
            FROM generate_series(0, 399) AS n
            """
        )
        cursor.execute(
            f"""
            INSERT INTO questions_question (
                slug, prompt, status, sources, updated_at, answer,
                question_set_id, position, body, difficulty, minutes, follow_ups
            )
            SELECT made.*, home.id, 1, '', 1, 5, '[]'
            FROM ({VALUES}) AS made JOIN questions_questionset AS home
                ON home.slug = 's-' || substr(made.slug, 3)::int %% 400
            """,
            [SIZE],
        )
        cursor.execute(
            f"""
            INSERT INTO questions_note (
                slug, title, status, sources, updated_at, body,
                license, checked_against, extra, summary
            )
            SELECT made.*, 'CC-BY-4.0', '', '', '' FROM ({VALUES}) AS made
            """,
            [SIZE],
        )
        cursor.execute("ANALYZE questions_questionset, questions_question, questions_note")


def parameters(text: str) -> dict[str, Any]:
    return finding.parameters(ask(text), Narrowing(), [])


def nodes(sql: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The nodes of the plan."""
    settings, _, query = sql.rpartition(";")
    with connection.cursor() as cursor:
        cursor.execute(settings)
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", parameters)
        found = [cursor.fetchone()[0][0]["Plan"]]
    while found:
        node = found.pop()
        yield node
        found += node.get("Plans", [])


@pytest.mark.usefixtures("large_library")
def test_what_has_the_words_is_looked_up_in_the_index(subtests: pytest.Subtests) -> None:
    needed = {"question_words", "question_title_words", "note_words", "note_title_words"}
    for text in (RARE[:8], RARE, f"zygote {RARE}", f"{RARE} or d41d8", f'"{RARE}"'):
        for sees_drafts in (False, True):
            with subtests.test(text, sees_drafts=sees_drafts):
                sql = PLAN + statement(Narrowing(), sees_drafts, has_closed=False)
                plan = list(nodes(sql, parameters(text)))
                assert needed <= {node.get("Index Name") for node in plan}
                scans = (node for node in plan if node["Node Type"] == "Seq Scan")
                read_whole = {node["Relation Name"] for node in scans}
                assert not {"questions_question", "questions_note"} & read_whole


@pytest.mark.usefixtures("large_library")
def test_words_that_are_alike_are_looked_up_in_the_index() -> None:
    plan = nodes(ALIKE, {"words": ["kubernets"]})
    assert "question_prompt_trigrams" in {node.get("Index Name") for node in plan}


@pytest.mark.usefixtures("large_library")
def test_of_a_word_that_most_have_no_more_is_read_than_is_counted(
    subtests: pytest.Subtests,
) -> None:
    """There Postgres may well read from the beginning, as it stops at the last that counts."""
    for text in ("zygote", "zygo", "zygote or what"):
        with subtests.test(text), connection.cursor() as cursor:
            cursor.execute(PLAN)
            sql = f"EXPLAIN (ANALYZE, COSTS OFF) {statement(Narrowing(), False, False)}"
            cursor.execute(sql, parameters(text))
            scans = [line for (line,) in cursor.fetchall() if "questions_question item" in line]
            read = [int(match[1]) for line in scans if (match := re.search(r"rows=(\d+)", line))]
            assert MOST_COUNTED < max(read) < 2 * MOST_COUNTED


@pytest.mark.usefixtures("large_library")
def test_what_is_shown_is_planned_once_and_fetched_by_ids() -> None:
    for text in ("zygote", RARE, f"{RARE} or d41d8", "zygo") * 3:
        assert search(ask(text), Narrowing()).ranked
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%question_found%%'"
        )
        # Postgres tries five before it keeps one.
        assert cursor.fetchall() == [(7, 5)]
    found = finding.find(ask("zygote"), Narrowing(), sees_drafts=False, closed=())
    plan = list(nodes(f";{showing.statement()}", showing.parameters(ask("zygote"), found)))
    scans = {node["Relation Name"] for node in plan if node["Node Type"] == "Seq Scan"}
    # There is no story, so reading them all would be right.
    assert not scans & {"questions_question", "questions_note"}


@pytest.mark.usefixtures("large_library")
def test_titles_come_first_where_more_match_than_are_counted() -> None:
    """Also what stands last in the table, and would not be among the first that match."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE questions_question SET prompt = 'Of zygotes and more ' || id"
            " WHERE id IN (SELECT id FROM questions_question ORDER BY id DESC LIMIT 7)"
        )
    hits = search(ask("zygotes"), Narrowing(kind="question")).hits
    assert sum(hit.title.startswith("Of ") for hit in hits) == 7
