"""What somebody may have meant whose words are in no text, by words of prompts and titles.

Alike are words with the same groups of three letters. That takes Postgres' extension `pg_trgm` and
an index of it, which migration 0007 makes where it may, and one of a sample, which 0009 makes
beside it; the README says how to make both later. Without the first nothing is suggested. It costs
far more than looking words up, so it is asked only where nothing was found.
"""

import re
from difflib import get_close_matches
from functools import cache

from django.db import ProgrammingError, connection

from accounts.prepared import fetch_prepared
from questions.search.asking import Asked

MOST_WORDS = 6
FEWEST_LETTERS = 4
LEAST_LIKENESS = 0.6
"""Between a word and its correction: `difflib`'s ratio."""
MOST_TITLES = 100
"""Of each kind, in which a correction is looked for."""
SAMPLE = "id % 16 = 0"
"""Of the prompts: many have a word that is a little alike. It has an index of its own."""

TABLES = ("questions_question", "questions_story", "questions_note")
KNOWN = " OR ".join(
    f"EXISTS (SELECT FROM {table} WHERE search @@ plainto_tsquery('english', typed.word))"
    for table in TABLES
)
OF_A_SET = """'published' = (
    SELECT status FROM questions_questionset WHERE id = item.question_set_id
)"""
PROMPTS = f"SELECT prompt FROM questions_question AS item WHERE typed.word <% prompt AND {OF_A_SET}"

# The threshold lets a word pass that has two letters in the wrong order. It holds until the end of
# the statement, or of a transaction. As words are looked up, so are those alike: in the sample
# first, and no further than there are enough.
ALIKE = f"""
    WITH typed AS MATERIALIZED (
        SELECT unnest(string_to_array((SELECT $1), ' ')) AS word,
            set_config('pg_trgm.word_similarity_threshold', '0.3', true)
    )
    SELECT typed.word, array_agg(alike.title)
    FROM typed CROSS JOIN LATERAL (
        (SELECT title FROM questions_story AS item
            WHERE typed.word <% title AND status = 'published' LIMIT {MOST_TITLES})
        UNION ALL (SELECT title FROM questions_note AS item
            WHERE typed.word <% title AND status = 'published' LIMIT {MOST_TITLES})
        UNION ALL (
            {PROMPTS} AND status = 'published' AND {SAMPLE}
            UNION ALL {PROMPTS} AND status = 'published' AND NOT {SAMPLE}
            LIMIT {MOST_TITLES}
        )
    ) AS alike
    WHERE NOT ({KNOWN})
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
    if not (words and has_trigrams()):
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
    return dict(fetch_prepared(ALIKE, [" ".join(words)]))
