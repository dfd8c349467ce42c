"""The statement that ranks what was found, counts what it has in common, and highlights a page.

It has the same words whatever was asked for, and is prepared: to plan it takes longer than to
answer it. So it looks nothing up but rows by their ids, for which one plan is good.
"""

import json
from collections.abc import Collection, Iterable
from functools import cache

from questions.models import Question
from questions.prepared import fetch_one
from questions.search.arms import ARMS, Arm
from questions.search.asking import Asked
from questions.search.finding import Found, find
from questions.search.results import (
    END_OF_HIT,
    GREATER,
    HIT,
    LESS,
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

RANK = (
    "ts_rank(item.search_title, %(query)s::tsquery) + ts_rank(item.search, %(query)s::tsquery, 1)"
)
"""The second alone, by weights and divided by the logarithm of the length, puts texts that repeat
two words often before a title that has both once."""

HEADLINE = f"StartSel={HIT}, StopSel={END_OF_HIT}"
OF_A_TITLE = f"{HEADLINE}, HighlightAll=true"
OF_A_TEXT = f'{HEADLINE}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'

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
    """Page `number` of what was asked for, the best first. Beyond the last page stands the first.

    Two queries, the second of which is prepared and not seen by `assertNumQueries`; one where
    nothing is found, and none if it can't be. `closed` are ids of questions that stay out of it.
    """
    if not asked.can_be_found:
        return Results()
    found = find(asked, narrowing, sees_drafts=sees_drafts, closed=closed)
    offset = (number - 1) * PER_PAGE
    row = None
    if not found.is_empty:
        row = fetch_one(statement(narrowing.kind), parameters(asked, found, offset))
    if row is None:
        kinds = (Facet(kind.value, str(kind.label), 0) for kind in Kind)
        return Results(number=1, kinds=tuple(kinds))
    shown = json.loads(row[0])
    return Results(
        hits=tuple(Hit(*hit) for hit in shown["hits"] or ()),
        number=number if offset < shown["ranked"] else 1,
        ranked=shown["ranked"],
        kinds=tuple(
            Facet(kind.value, str(kind.label), count)
            for kind, count in zip(Kind, shown["kinds"], strict=True)
        ),
        topics=tuple(Facet(*topic) for topic in shown["topics"] or ()),
        difficulties=tuple(
            Facet(value, str(Question.Difficulty(value).label), count)
            for value, count in shown["difficulties"] or ()
        ),
    )


def parameters(asked: Asked, found: Found, offset: int = 0) -> dict[str, str]:
    """As text, all of them: of each other type psycopg would prepare one more statement."""
    counted = {f"{kind.value}_found": rows for kind, rows in found.counted.items()}
    ranked = {f"{kind.value}_ranked": rows for kind, rows in found.ranked.items()}
    return {"query": asked.query, "offset": str(offset), **counted, **ranked}


@cache
def statement(kind: str = "") -> str:
    """The SQL for a list of all kinds, or of one. Its row is JSON: five shapes in one answer."""
    listed = [arm for arm in ARMS if kind in ("", arm.kind)]
    return f"""
        WITH {", ".join(map(_found, ARMS))},
        ranked AS MATERIALIZED ({_union(map(_ranked, listed))}),
        page AS MATERIALIZED (
            SELECT * FROM ranked ORDER BY rank DESC, kind, id
            OFFSET CASE
                WHEN %(offset)s::int < (SELECT count(*) FROM ranked) THEN %(offset)s::int ELSE 0
            END
            LIMIT {PER_PAGE}
        ),
        shown AS ({_union(map(_shown, listed))})
        SELECT json_build_object(
            'ranked', (SELECT count(*) FROM ranked),
            'kinds', json_build_array(
                {", ".join(f"cardinality({_ids(arm, 'found')})" for arm in ARMS)}
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


def _ids(arm: Arm, which: str) -> str:
    return f"%({arm.kind.value}_{which})s::bigint[]"


def _found(arm: Arm) -> str:
    table = arm.rows.partition(" AS ")[0]
    more = ", difficulty, question_set_id AS set_id" if arm.has_difficulty else ""
    return (
        f"{arm.kind.value}_found AS MATERIALIZED ("
        f"SELECT id{more} FROM {table} WHERE id = ANY({_ids(arm, 'found')}))"
    )


def _ranked(arm: Arm) -> str:
    table = arm.rows.partition(" JOIN ")[0]
    return (
        f"SELECT '{arm.kind.value}' AS kind, item.id, {RANK} AS rank"
        f" FROM {table} WHERE item.id = ANY({_ids(arm, 'ranked')})"
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


def _union(queries: Iterable[str]) -> str:
    return " UNION ALL ".join(queries)
