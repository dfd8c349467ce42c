"""The one statement that finds, ranks, counts and highlights.

Written by hand, as the ORM takes longer to put it together than Postgres to answer it.

Its work has bounds, however large the library and however common the words. Of each kind it looks
at `MOST_COUNTED` that match, and where there are more, at as many besides that have the words in
their title; these are ranked. Ranking all that match would read most of a large library.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from questions.models import Question
from questions.search.asking import Asked
from questions.search.results import (
    END_OF_HIT,
    GREATER,
    HIT,
    LESS,
    MOST_COUNTED,
    PER_PAGE,
    SLASH,
    Facet,
    Hit,
    Kind,
    Narrowing,
    Results,
)

MOST_TOPICS = 12
MOST_HIGHLIGHTED = 10_000
"""Characters of a text in which words are looked for to show them: a book would take seconds."""

PLAN = "SET LOCAL random_page_cost = 1.1;"
"""What is searched is in memory, or on a disk without a head. With its usual 4 Postgres would read
a twentieth of the library from its beginning rather than look into the index."""

RANK = (
    "ts_rank(item.search_title, %(query)s::tsquery) + ts_rank(item.search, %(query)s::tsquery, 1)"
)
"""The second alone, by weights and divided by the logarithm of the length, puts texts that repeat
two words often before a title that has both once."""

HEADLINE = f"StartSel={HIT}, StopSel={END_OF_HIT}"
OF_A_TITLE = f"{HEADLINE}, HighlightAll=true"
OF_A_TEXT = f'{HEADLINE}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'


@dataclass(frozen=True)
class Arm:
    """How one kind is found. In its SQL `item` is the row, and `home` a question's set."""

    kind: Kind
    rows: str
    title: str
    text: str
    on_topic: str
    has_difficulty: bool = False

    @property
    def of_home(self) -> str:
        if self.kind == Kind.QUESTION:
            return "home.slug AS set_slug, home.title AS set_title, item.difficulty"
        return "NULL AS set_slug, NULL AS set_title, NULL::smallint AS difficulty"

    @property
    def status(self) -> str:
        if self.kind == Kind.QUESTION:
            return "CASE home.status WHEN 'published' THEN item.status ELSE home.status END"
        return "item.status"


ARMS = (
    Arm(
        Kind.QUESTION,
        "questions_question AS item JOIN questions_questionset AS home"
        " ON home.id = item.question_set_id",
        title="item.prompt",
        text="concat_ws(E'\\n\\n', item.body, item.answer)",
        on_topic="""(
            EXISTS (SELECT FROM questions_question_topics AS own
                WHERE own.question_id = item.id AND own.topic_id = %(topic)s)
            OR EXISTS (SELECT FROM questions_questionset_topics AS given
                WHERE given.questionset_id = item.question_set_id AND given.topic_id = %(topic)s)
        )""",
        has_difficulty=True,
    ),
    Arm(
        Kind.STORY,
        "questions_story AS item",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.what_happened, item.cause, item.impact,"
        " item.fix, item.lessons, item.discuss)",
        on_topic="""EXISTS (SELECT FROM questions_story_topics AS own
            WHERE own.story_id = item.id AND own.topic_id = %(topic)s)""",
    ),
    Arm(
        Kind.NOTE,
        "questions_note AS item",
        title="item.title",
        text="concat_ws(E'\\n\\n', item.summary, item.body)",
        on_topic="""EXISTS (SELECT FROM questions_note_topics AS own
            WHERE own.note_id = item.id AND own.topic_id = %(topic)s)""",
    ),
)

TOPICS = """
    SELECT about.topic_id FROM question_found AS found CROSS JOIN LATERAL (
        SELECT topic_id FROM questions_question_topics WHERE question_id = found.id
        UNION SELECT topic_id FROM questions_questionset_topics
            WHERE questionset_id = found.set_id
    ) AS about
    UNION ALL SELECT topic_id FROM questions_story_topics WHERE story_id IN
        (SELECT id FROM story_found)
    UNION ALL SELECT topic_id FROM questions_note_topics WHERE note_id IN
        (SELECT id FROM note_found)
"""


def search(
    asked: Asked,
    narrowing: Narrowing,
    *,
    sees_drafts: bool = False,
    closed: Collection[int] = (),
    number: int = 1,
) -> Results:
    """Page `number` of what was asked for, the best first. One query, or none if it can't be found.

    `closed` are ids of questions that stay out of it. Beyond the last page stands the first.
    """
    if not asked.can_be_found:
        return Results()
    parameters: dict[str, Any] = {
        "query": asked.query,
        "whole": asked.whole,
        "topic": narrowing.topic.pk if narrowing.topic else None,
        "difficulty": narrowing.difficulty,
        "closed": list(closed),
        "offset": (number - 1) * PER_PAGE,
    }
    with connection.cursor() as cursor:
        # Two statements in one message; the first holds until the end of it, or of a transaction.
        cursor.execute(PLAN + statement(narrowing, sees_drafts, bool(closed)), parameters)
        cursor.nextset()
        found = json.loads(cursor.fetchone()[0])
    return Results(
        hits=tuple(Hit(*hit) for hit in found["hits"] or ()),
        number=number if parameters["offset"] < found["ranked"] else 1,
        ranked=found["ranked"],
        kinds=tuple(
            Facet(kind.value, str(kind.label), count)
            for kind, count in zip(Kind, found["kinds"], strict=True)
        ),
        topics=tuple(Facet(*topic) for topic in found["topics"] or ()),
        difficulties=tuple(
            Facet(value, str(Question.Difficulty(value).label), count)
            for value, count in found["difficulties"] or ()
        ),
    )


def statement(narrowing: Narrowing, sees_drafts: bool, has_closed: bool) -> str:
    """The SQL. Its one row is JSON, which is read sooner than rows of five shapes."""
    parts = [
        part
        for arm in ARMS
        for part in _parts(arm, _where(arm, narrowing, sees_drafts, has_closed))
    ]
    listed = [arm for arm in ARMS if narrowing.kind in ("", arm.kind)]
    return f"""
        WITH {", ".join(parts)},
        ranked AS MATERIALIZED ({_union(f"SELECT * FROM {arm.kind}_ranked" for arm in listed)}),
        page AS MATERIALIZED (
            SELECT * FROM ranked ORDER BY rank DESC, kind, id
            OFFSET CASE WHEN %(offset)s < (SELECT count(*) FROM ranked) THEN %(offset)s ELSE 0 END
            LIMIT {PER_PAGE}
        ),
        shown AS ({_union(map(_shown, listed))})
        SELECT json_build_object(
            'ranked', (SELECT count(*) FROM ranked),
            'kinds', json_build_array(
                {", ".join(f"(SELECT count(*) FROM {arm.kind}_found)" for arm in ARMS)}
            ),
            'difficulties', (
                SELECT json_agg(json_build_array(difficulty, count) ORDER BY difficulty) FROM (
                    SELECT difficulty, count(*) FROM question_found GROUP BY difficulty
                ) AS counted
            ),
            'topics', (
                SELECT json_agg(json_build_array(slug, title, count) ORDER BY count DESC, title)
                FROM (
                    SELECT topic.slug, topic.title, count(*)
                    FROM ({TOPICS}) AS about JOIN questions_topic AS topic
                        ON topic.id = about.topic_id
                    GROUP BY topic.id ORDER BY count(*) DESC, topic.title LIMIT {MOST_TOPICS}
                ) AS counted
            ),
            'hits', (
                SELECT json_agg(
                    json_build_array(
                        kind, slug, set_slug, set_title, difficulty, status,
                        marked_title, marked_text
                    )
                    ORDER BY rank DESC, kind, id
                )
                FROM shown
            )
        )::text
    """


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


def _parts(arm: Arm, where: str) -> Sequence[str]:
    kind = arm.kind.value
    more = ", item.difficulty, item.question_set_id AS set_id" if arm.has_difficulty else ""
    table = arm.rows.partition(" JOIN ")[0]
    return (
        f"""{kind}_found AS MATERIALIZED (
            SELECT item.id{more} FROM {arm.rows}
            WHERE item.search @@ %(query)s::tsquery{where} LIMIT {MOST_COUNTED + 1}
        )""",
        f"""{kind}_titled AS (
            SELECT item.id FROM {arm.rows}
            WHERE (SELECT count(*) FROM {kind}_found) > {MOST_COUNTED}
                AND item.search_title @@ %(whole)s::tsquery{where} LIMIT {MOST_COUNTED // 2}
        )""",
        f"""{kind}_ranked AS (
            SELECT '{kind}' AS kind, item.id, {RANK} AS rank
            FROM {table}
            WHERE item.id IN (SELECT id FROM {kind}_found UNION SELECT id FROM {kind}_titled)
        )""",
    )


def _shown(arm: Arm) -> str:
    text = f"left({arm.text}, {MOST_HIGHLIGHTED})"
    return f"""
        SELECT page.kind, page.id, page.rank, item.slug, {arm.of_home}, {arm.status} AS status,
            {_headline(arm.title, OF_A_TITLE)} AS marked_title,
            {_headline(text, OF_A_TEXT)} AS marked_text
        FROM page, {arm.rows} WHERE page.kind = '{arm.kind.value}' AND item.id = page.id
    """


def _headline(text: str, options: str) -> str:
    """The text with marks, made of the same words as the column; see `words` of search_columns.

    Marks that the text has of its own are dropped.
    """
    as_words = f"translate({text}, '<>/{HIT}{END_OF_HIT}', '{LESS}{GREATER}{SLASH}')"
    return f"ts_headline('english', {as_words}, %(query)s::tsquery, '{options}')"


def _union(queries: Any) -> str:
    return " UNION ALL ".join(queries)
