"""What somebody typed, as Postgres' queries.

The syntax is that of web searches: words, `"an exact phrase"`, `-not`, `or`. Postgres' own parser
of it never fails. The word that is still being typed counts as the beginning of one, too.
"""

import re
from typing import NamedTuple

MOST_CHARACTERS = 200
"""More than anybody types; each word costs a look into the index."""
FEWEST_LETTERS = 2
"""Of the beginning of a word: one letter begins most of them."""
FEWEST_LETTERS_OF_A_STEM = 5
MOST_LETTERS_OF_AN_ENDING = 5

UNFINISHED = re.compile(r"(?P<before>^|.*[\s(-])?(?P<word>\w+)\Z", re.DOTALL)
NOT_WORDS = {"or", "and"}


def _by_names(query: str) -> str:
    """The same `tsquery`, which an index answers in half of the time if it has names with a hyphen.

    Of `kube-proxy` Postgres asks for the name followed by `kube` and by `proxy`; in a text it puts
    the three just so, wherever the name is.
    """
    name = r"'''([^'' ]+)-([^'' ]+)'' <-> ''\1'' <-> ''\2''(?! <)'"
    shorter = rf"regexp_replace({query}::text, {name}, '''\1-\2''', 'g')::tsquery"
    return f"CASE WHEN $1 LIKE '%-%' THEN {shorter} ELSE {query} END"


# `ts_rewrite` puts the beginning in the place of the word wherever it stands, also behind an OR.
# What can't be looked up in an index (nothing, or only words to leave out) is NULL, which finds
# nothing.
PARSED = f"""
    SELECT query, {_by_names("query")} AS sought, {_by_names("whole")} AS sought_whole
    FROM (
        SELECT
            CASE WHEN querytree(query) NOT IN ('', 'T') THEN query END AS query,
            CASE WHEN querytree(query) NOT IN ('', 'T') THEN whole END AS whole
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
            ) AS words
        ) AS rewritten
    ) AS parsed
"""
"""Of an `Asked`: a `tsquery`, in which the last word may be the beginning of one; what to look for
in an index instead; and that with whole words only, which it answers sooner."""


class Asked(NamedTuple):
    text: str
    """As it was typed, or as much of it as is looked at."""
    searched: str = ""
    """The same without what Postgres would take for markup or a path."""
    word: str = ""
    """What it ends in, if that may become another word."""
    beginning: str = ""
    """A `tsquery` for the words it may become."""


def ask(text: str) -> Asked:
    """Read what was typed; Postgres reads the rest of it, when it searches.

    NUL, which Postgres can't read, and what is longer than `MOST_CHARACTERS` are left out.
    """
    text = text.replace("\0", "").strip("\n\r")[:MOST_CHARACTERS]
    if not text.strip():
        return Asked("")
    # As in the column, `TCP/UDP` is two words, and `<port>` is one.
    searched, word = _unfinished(text.translate(str.maketrans("/<>", "   ")))
    return Asked(text.strip(), searched, word, _beginning(word))


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
