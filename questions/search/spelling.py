"""What somebody may have meant whose words are in no text, by words of prompts and titles.

Alike are words with the same groups of three letters. That takes Postgres' extension `pg_trgm` and
an index of it, which migration 0007 makes where it may; without them nothing is suggested. It costs
far more than looking words up, so it is asked only where nothing was found.
"""

import re
from difflib import get_close_matches
from functools import cache

from django.db import ProgrammingError, connection

from questions.search.asking import Asked
from questions.search.finding import PLAN

MOST_WORDS = 6
FEWEST_LETTERS = 4
LEAST_LIKENESS = 0.6
"""Between a word and its correction: `difflib`'s ratio."""

SHOWN = "item.status = 'published'"
KNOWN = """EXISTS (
    SELECT FROM {table} WHERE search @@ plainto_tsquery('english', typed.word) LIMIT 1
)"""
TABLES = ("questions_question", "questions_story", "questions_note")

# The threshold lets a word pass that has two letters in the wrong order.
ALIKE = f"""
    {PLAN}
    SET LOCAL pg_trgm.word_similarity_threshold = 0.3;
    SELECT typed.word, array_agg(alike.title)
    FROM unnest(%(words)s::text[]) AS typed (word) CROSS JOIN LATERAL (
        (
            SELECT item.prompt AS title
            FROM questions_question AS item
            JOIN questions_questionset AS home ON home.id = item.question_set_id
            WHERE typed.word <%% item.prompt AND {SHOWN} AND home.status = 'published'
            LIMIT 100
        )
        UNION ALL (
            SELECT title FROM questions_story AS item
            WHERE typed.word <%% title AND {SHOWN} LIMIT 100
        )
        UNION ALL (
            SELECT title FROM questions_note AS item
            WHERE typed.word <%% title AND {SHOWN} LIMIT 100
        )
    ) AS alike
    WHERE NOT ({" OR ".join(KNOWN.format(table=table) for table in TABLES)})
    GROUP BY typed.word
"""


@cache
def has_trigrams() -> bool:
    """Whether the database can tell which words are alike, and has the index for it.

    One query, once for each process: who adds the index later starts the web servers again.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_index WHERE indisvalid"
            " AND indexrelid = to_regclass('question_prompt_trigrams'))"
        )
        return bool(cursor.fetchone()[0])


def did_you_mean(asked: Asked) -> str:
    """The text with the words that no text has put right; "" if there is nothing to suggest.

    One query, or none without trigrams; one more for the first of a process. Words of drafts are
    never suggested.
    """
    words = [word for word in re.findall(r"\w+", asked.text) if len(word) >= FEWEST_LETTERS]
    if not (asked.can_be_found and words and has_trigrams()):
        return ""
    try:
        alike = alike_to(list(dict.fromkeys(words[:MOST_WORDS])))
    except ProgrammingError:
        # Somebody has dropped the extension: nothing is suggested, and the next asks again.
        has_trigrams.cache_clear()
        return ""
    text = asked.text
    for word, titles in alike.items():
        candidates = {found.lower() for title in titles for found in re.findall(r"\w+", title)}
        if close := get_close_matches(word.lower(), candidates, n=1, cutoff=LEAST_LIKENESS):
            text = re.sub(rf"\b{word}\b", close[0], text)
    return text if text != asked.text else ""


def alike_to(words: list[str]) -> dict[str, list[str]]:
    """Of each word that no text has, the prompts and titles with words that are like it."""
    with connection.cursor() as cursor:
        cursor.execute(ALIKE, {"words": words})
        cursor.nextset()
        cursor.nextset()
        return dict(cursor.fetchall())
