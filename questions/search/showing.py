"""The statement of a search: it finds, ranks, counts what it found in common, and shows a page.

It has the same words whatever was asked for, and is prepared: to plan it takes longer than to
answer it.
"""

import json
from collections.abc import Collection, Iterable

from django.utils.translation import get_language

from accounts.prepared import fetch_prepared
from questions.search.arms import ARMS, Arm
from questions.search.asking import Asked
from questions.search.finding import ASKED, found, parameters
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
    told,
)

MOST_TOPICS = 12
MOST_READ = 20_000
"""Characters of a text in which a place for a piece of it is looked for."""
MOST_HIGHLIGHTED = 400
"""Characters in which Postgres looks for the best piece: its parser takes most of the time of a
search."""
BEFORE_A_WORD = MOST_HIGHLIGHTED * 2 // 3
MOST_WORDS = 8
"""Of those that were typed, in choosing the characters."""

HEADLINE = f"StartSel={HIT}, StopSel={END_OF_HIT}"
OF_A_TITLE = f"{HEADLINE}, HighlightAll=true"
OF_A_TEXT = f'{HEADLINE}, MaxFragments=2, MaxWords=22, MinWords=8, FragmentDelimiter=" … "'

# A word's stem is how it begins, but for the last letter of some: `proxi` is in proxy and proxies,
# `possibl` in possibility. What is no letter or digit stands for itself.
BEGINNINGS = rf"""ARRAY(
    SELECT '\m' || regexp_replace(
        regexp_replace(stem[1], '[^[:alnum:]]', '\\\&', 'g'), '[eil]$', '[eily]'
    )
    FROM regexp_matches(querytree(sought_whole), '''([^'']+)''', 'g') AS stem LIMIT {MOST_WORDS}
)"""

# Not all of the words are in each piece of a text: any of them is marked.
ANY_WORD = "regexp_replace(querytree(query), ' (&|<[0-9-]+>) ', ' | ', 'g')::tsquery"

# Where the last of the words comes up, all of them have been, often near to each other. Of a word
# at either end there may be a part: it is left out.
PIECE = rf"""
    SELECT CASE
        WHEN length(whole.text) <= {MOST_HIGHLIGHTED} THEN whole.text
        ELSE (
            SELECT regexp_replace(
                CASE
                    WHEN place <= {BEFORE_A_WORD} THEN left(whole.text, {MOST_HIGHLIGHTED})
                    ELSE regexp_replace(
                        substr(whole.text || ' ', place - {BEFORE_A_WORD}, {MOST_HIGHLIGHTED}),
                        '^\S*\s', ''
                    )
                END,
                '\s\S*$', ''
            )
            FROM (
                SELECT coalesce(max(regexp_instr(whole.text, beginning, 1, 1, 0, 'i')), 0) AS place
                FROM unnest(asked.beginnings) AS beginning
            ) AS found
        )
    END AS text
"""

TOPICS = """
    SELECT topic_id FROM (
        SELECT question_id, topic_id FROM questions_question_topics
            WHERE question_id = ANY(ARRAY(SELECT id FROM question_found))
        UNION SELECT found.id, topic_id FROM question_found AS found
            JOIN questions_questionset_topics AS given
            ON given.questionset_id = found.question_set_id
            WHERE given.questionset_id = ANY(ARRAY(SELECT question_set_id FROM question_found))
    ) AS about
    UNION ALL SELECT topic_id FROM questions_story_topics
        WHERE story_id = ANY(ARRAY(SELECT id FROM story_found))
    UNION ALL SELECT topic_id FROM questions_note_topics
        WHERE note_id = ANY(ARRAY(SELECT id FROM note_found))
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

    One query, or none if nothing was. `closed` are ids of questions that stay out of it.
    """
    if not asked.text:
        return Results()
    offset = (number - 1) * PER_PAGE
    given = parameters(asked, narrowing, sees_drafts=sees_drafts, closed=closed)
    [row] = fetch_prepared(STATEMENT, [*given, str(offset)])
    answer = json.loads(row[0])
    return Results(
        can_be_found=answer["can_be_found"],
        hits=tuple(Hit(*hit) for hit in answer["hits"] or ()),
        number=number if offset < answer["ranked"] else 1,
        ranked=answer["ranked"],
        kinds=tuple(
            Facet(kind.value, str(kind.label), count)
            for kind, count in zip(Kind, answer["kinds"], strict=True)
        ),
        topics=tuple(Facet(*topic) for topic in answer["topics"] or ()),
        difficulties=tuple(
            Facet(value, told(get_language())[value], count)
            for value, count in answer["difficulties"] or ()
        ),
    )


def _ranked(arm: Arm) -> str:
    kind = arm.kind.value
    return f"SELECT '{kind}' AS kind, id, rank FROM {kind}_found WHERE rank IS NOT NULL"


def _shown(arm: Arm) -> str:
    return f"""
        SELECT page.kind, page.id, page.rank, item.slug, {arm.of_home}, {arm.status} AS status,
            {_headline(arm.title, "asked.query", OF_A_TITLE)} AS marked_title,
            {_headline("piece.text", "asked.any_word", OF_A_TEXT)} AS marked_text
        FROM asked, page, {arm.rows}
        CROSS JOIN LATERAL (SELECT left({arm.text}, {MOST_READ}) AS text OFFSET 0) AS whole
        CROSS JOIN LATERAL ({PIECE} OFFSET 0) AS piece
        WHERE page.kind = '{arm.kind.value}' AND item.id = page.id
    """


def _headline(text: str, query: str, options: str) -> str:
    """The text with marks, made of the same words as the column; see `words` of search_columns.

    Marks that the text has of its own are dropped.
    """
    as_words = f"translate({text}, '<>/{HIT}{END_OF_HIT}', '{LESS}{GREATER}{SLASH}')"
    return f"ts_headline('english', {as_words}, {query}, '{options}')"


def _union(queries: Iterable[str]) -> str:
    return " UNION ALL ".join(queries)


# Its row is JSON: five shapes in one answer.
STATEMENT = f"""
    WITH asked AS MATERIALIZED (
        SELECT *, {BEGINNINGS} AS beginnings, {ANY_WORD} AS any_word, $9::int AS skipped
        FROM ({ASKED}) AS asked
    ),
    {", ".join(f"{arm.kind.value}_found AS MATERIALIZED ({found(arm)})" for arm in ARMS)},
    ranked AS MATERIALIZED ({_union(map(_ranked, ARMS))}),
    page AS MATERIALIZED (
        SELECT * FROM ranked ORDER BY rank DESC, kind, id
        OFFSET CASE
            WHEN (SELECT skipped FROM asked) < (SELECT count(*) FROM ranked)
            THEN (SELECT skipped FROM asked) ELSE 0
        END
        LIMIT {PER_PAGE}
    ),
    shown AS ({_union(map(_shown, ARMS))})
    SELECT json_build_object(
        'can_be_found', (SELECT query IS NOT NULL FROM asked),
        'ranked', (SELECT count(*) FROM ranked),
        'kinds', json_build_array(
            {", ".join(f"(SELECT count(*) FROM {arm.kind.value}_found)" for arm in ARMS)}
        ),
        'difficulties', (
            SELECT json_agg(json_build_array(difficulty, count) ORDER BY difficulty) FROM (
                SELECT difficulty, count(*) FROM question_found GROUP BY difficulty
            ) AS counted
        ),
        'topics', (
            SELECT json_agg(json_build_array(slug, title, count) ORDER BY count DESC, title)
            FROM (
                SELECT topic.slug, topic.title, count FROM (
                    SELECT topic_id, count(*) FROM ({TOPICS}) AS about GROUP BY topic_id
                ) AS counted JOIN questions_topic AS topic ON topic.id = topic_id
                ORDER BY count DESC, topic.title LIMIT {MOST_TOPICS}
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
