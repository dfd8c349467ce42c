"""Searching a large library: each look-up goes through its index. No stopwatch; see bench/."""

from collections.abc import Iterator, Sequence
from hashlib import md5
from typing import Any

import pytest
from django.db import connection

from accounts.prepared import fetch_prepared
from questions.models import Topic
from questions.search import MOST_COUNTED, Narrowing, ask, finding, search, showing
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


def explained(sql: str, parameters: Sequence[str | None]) -> dict[str, Any]:
    """The plan with which it ran, as on a server that has prepared it long ago."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        [row] = fetch_prepared(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        cursor.execute("RESET plan_cache_mode")
    plan: dict[str, Any] = row[0][0]["Plan"]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    found = [plan]
    while found:
        node = found.pop()
        yield node
        found += node.get("Plans", [])


def plan_of(text: str, *, sees_drafts: bool = False) -> list[dict[str, Any]]:
    given = finding.parameters(ask(text), Narrowing(), sees_drafts=sees_drafts)
    return list(nodes(explained(showing.STATEMENT, [*given, "0"])))


def read(plan: list[dict[str, Any]], index: str) -> int:
    """How many rows of the table an index gave, whether they counted or not."""
    scans = [n for n in plan if n["Node Type"] == "Bitmap Heap Scan"]
    found = [n for n in scans if any(i.get("Index Name") == index for i in nodes(n))]
    assert found
    return sum(
        n["Actual Loops"] * (n["Actual Rows"] + n.get("Rows Removed by Filter", 0)) for n in found
    )


LOOKED_UP_IN = {
    *("question_words", "question_title_words", "note_words", "note_title_words"),
    *("question_words_sample", "question_title_words_sample"),
}


@pytest.mark.usefixtures("large_library")
def test_what_has_the_words_is_looked_up_in_the_index(subtests: pytest.Subtests) -> None:
    for text in (RARE[:8], RARE, f"zygote {RARE}", f"{RARE} or d41d8", f'"{RARE}"', "zygote"):
        for sees_drafts in (False, True):
            with subtests.test(text, sees_drafts=sees_drafts):
                plan = plan_of(text, sees_drafts=sees_drafts)
                assert {node.get("Index Name") for node in plan} >= LOOKED_UP_IN
                scans = (node for node in plan if node["Node Type"] == "Seq Scan")
                read_whole = {node["Relation Name"] for node in scans}
                # There is no story, so reading them all is right.
                assert not {"questions_question", "questions_note"} & read_whole


@pytest.mark.usefixtures("large_library")
def test_words_that_are_alike_are_looked_up_in_the_index() -> None:
    plan = list(nodes(explained(ALIKE, ["zygots kubernets"])))
    assert {"question_prompt_trigrams", "question_prompt_trigrams_sample"} <= {
        node.get("Index Name") for node in plan
    }


@pytest.mark.usefixtures("large_library")
def test_a_word_that_most_have_is_looked_up_in_the_sample_alone(
    subtests: pytest.Subtests,
) -> None:
    for text in ("zygote", "zygo", "zygote or what"):
        with subtests.test(text):
            plan = plan_of(text)
            assert read(plan, "question_words") == 0
            assert MOST_COUNTED < read(plan, "question_words_sample") < 2 * MOST_COUNTED


@pytest.mark.usefixtures("large_library")
def test_a_word_that_few_have_is_found_in_the_sample_or_not() -> None:
    for n in range(SIZE // 2, SIZE // 2 + 20):
        rare = md5(str(n).encode(), usedforsecurity=False).hexdigest()
        assert [hit.kind for hit in search(ask(rare), Narrowing()).hits] == ["note", "question"]


@pytest.mark.usefixtures("large_library")
@pytest.mark.parametrize("text", ["-zygote", "the", "the or -zygote", "|||"])
def test_what_no_index_can_find_is_not_looked_for(text: str) -> None:
    plan = plan_of(text)
    assert all(node["Actual Rows"] == 0 for node in plan if node.get("Index Name") in LOOKED_UP_IN)
    assert not search(ask(text), Narrowing()).can_be_found


@pytest.mark.usefixtures("large_library")
def test_one_plan_serves_all_searches() -> None:
    topic = Topic.objects.create(slug="cells", title="Cells")
    narrowings = (Narrowing(), Narrowing(kind="note"), Narrowing(topic=topic, difficulty=1))
    for text in ("zygote", RARE, f"{RARE} or d41d8", "zygo"):
        for narrowing in narrowings:
            search(ask(text), narrowing, sees_drafts=text == RARE, closed=[1, 2])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%question_found%%'"
        )
        # Postgres tries five before it keeps one.
        assert cursor.fetchall() == [(7, 5)]


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
