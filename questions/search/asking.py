"""What somebody typed, as Postgres' queries.

The syntax is that of web searches: words, `"an exact phrase"`, `-not`, `or`. Postgres' own parser
of it never fails. The word that is still being typed counts as the beginning of one, too.
"""

import re
from typing import NamedTuple

from accounts.prepared import fetch_prepared

MOST_CHARACTERS = 200
"""More than anybody types; each word costs a look into the index."""
FEWEST_LETTERS = 2
"""Of the beginning of a word: one letter begins most of them."""
FEWEST_LETTERS_OF_A_STEM = 5
MOST_LETTERS_OF_AN_ENDING = 5

UNFINISHED = re.compile(r"(?P<before>^|.*[\s(-])?(?P<word>\w+)\Z", re.DOTALL)
NOT_WORDS = {"or", "and"}

# `ts_rewrite` puts the beginning in the place of the word wherever it stands, also behind an OR.
# What can't be looked up in an index (nothing, or only words to leave out) has no query tree.
PARSE = """
    SELECT query::text, whole::text, querytree(query) NOT IN ('', 'T')
    FROM (
        SELECT
            whole,
            CASE
                WHEN $3 = '' THEN whole
                ELSE ts_rewrite(whole, word, word || to_tsquery('simple', $3))
            END AS query
        FROM (
            SELECT
                websearch_to_tsquery('english', $1) AS whole,
                plainto_tsquery('english', $2) AS word
        ) AS parsed
    ) AS asked
"""


class Asked(NamedTuple):
    text: str
    """As it was typed, or as much of it as is looked at."""
    query: str = ""
    """A `tsquery`; the last word in it may be the beginning of one."""
    whole: str = ""
    """The same for whole words only, which an index answers sooner."""
    can_be_found: bool = False
    """Whether there is a word to look for: not with `-this` alone, nor with `the`."""


def ask(text: str) -> Asked:
    """Read what was typed. One query, or none for nothing.

    NUL, which Postgres can't read, and what is longer than `MOST_CHARACTERS` are left out.
    """
    text = text.replace("\0", "").strip("\n\r")[:MOST_CHARACTERS]
    if not text.strip():
        return Asked("")
    # As in the column, `TCP/UDP` is two words, and `<port>` is one.
    searched = text.translate(str.maketrans("/<>", "   "))
    searched, word = _unfinished(searched)
    [row] = fetch_prepared(PARSE, [searched, word, _beginning(word)])
    return Asked(text.strip(), *row)


def _unfinished(text: str) -> tuple[str, str]:
    """The text and the word it ends in, if that may become another one; else "".

    Not a word behind a blank, in an open or closed phrase, or to leave out: `-serv` would leave out
    all services before it becomes `-server`. Of `kube-pro` it is `pro`, which then stands alone.
    """
    match = UNFINISHED.match(text)
    if match is None or text.count('"') % 2:
        return text, ""
    before, word = match["before"] or "", match["word"]
    is_short = len(word) < FEWEST_LETTERS and not before.endswith("-")
    if is_short or word.lower() in NOT_WORDS or re.search(r"(^|\s)-\S*$", before):
        return text, ""
    return f"{before.removesuffix('-')} {word}", word


def _beginning(word: str) -> str:
    """A `tsquery` for words that begin with `word`; "" for none.

    Indexed are stems: `deploym` begins no word of the index, as `deployment` is in it as `deploy`.
    So what could be the stem of a longer word counts as well.
    """
    if not word:
        return ""
    shortest = max(FEWEST_LETTERS_OF_A_STEM, len(word) - MOST_LETTERS_OF_AN_ENDING)
    stems = [word[:length] for length in range(len(word) - 1, shortest - 1, -1)]
    return " | ".join([f"'{word}':*", *(f"'{stem}'" for stem in stems)])
