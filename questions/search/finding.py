"""How words are looked up: which rows have them.

The work has bounds, however large the library and however common the words. Of each kind it looks
for up to `MOST_COUNTED`, and one more, in one place after the other, and begins none once there are
enough: first in titles, whose matches rank highest, then for the words as they were typed, then for
what the last of them may begin.

An index of words lists all that match before it gives the first. So of questions, which may be
many, each place is first looked through in a sample that has small indexes of its own: there is
enough of what is common, and what is looked up in the whole is rare. Thus one plan is good for all.
"""

from collections.abc import Collection

from accounts.prepared import fetch_prepared
from questions.search.arms import ARMS, Arm
from questions.search.asking import PARSED, Asked
from questions.search.results import MOST_COUNTED, Kind, Narrowing


def parameters(
    asked: Asked,
    narrowing: Narrowing,
    *,
    sees_drafts: bool = False,
    closed: Collection[int] = (),
) -> list[str | None]:
    """As text, all of them: of each other type psycopg would prepare one more statement."""
    return [
        asked.searched,
        asked.word,
        asked.beginning,
        narrowing.kind,
        str(narrowing.topic.pk) if narrowing.topic else None,
        str(narrowing.difficulty) if narrowing.difficulty else None,
        str(sees_drafts),
        "{" + ",".join(map(str, closed)) + "}",
    ]


def count(
    asked: Asked,
    narrowing: Narrowing,
    *,
    sees_drafts: bool = False,
    closed: Collection[int] = (),
) -> int:
    """How many a search would list. One query."""
    given = parameters(asked, narrowing, sees_drafts=sees_drafts, closed=closed)
    [row] = fetch_prepared(COUNT, given)
    return int(row[0])


ASKED = f"""
    SELECT *, $4 AS kind, $5::bigint AS topic, $6::smallint AS difficulty,
        $7::boolean AS sees_drafts, $8::bigint[] AS closed
    FROM ({PARSED}) AS parsed
"""

# A title may have no word that is to be left out, and the text have it.
IN_TITLE = "search_title @@ asked.sought_whole AND (search @@ asked.sought_whole) IS TRUE"
IN_TEXT = "search @@ asked.sought_whole"
BEGUN = "search @@ asked.sought AND asked.sought <> asked.sought_whole"
PLACES = (IN_TITLE, f"{IN_TEXT} AND NOT ({IN_TITLE})", f"{BEGUN} AND NOT {IN_TEXT}")

RANK = "ts_rank(item.search_title, asked.query) + ts_rank(item.search, asked.query, 1)"
"""The second alone, by weights and divided by the logarithm of the length, puts texts that repeat
two words often before a title that has both once."""


def found(arm: Arm) -> str:
    """The rows of a kind that have the words, and their rank if they are to be listed.

    What was asked is a row of a table, not known when the statement is planned: so one plan does.
    """
    more = ", item.difficulty, item.question_set_id" if arm.kind == Kind.QUESTION else ""
    places = [f"{place} AND {part}" for place in PLACES for part in arm.parts]
    rows = [
        f"SELECT id, status, search, search_title{more} FROM {arm.table} AS item WHERE {place}"
        for place in places
    ]
    # OFFSET keeps the condition below out of each place, where it would be planned anew.
    return f"""
        SELECT item.id{more}, CASE WHEN {is_listed(arm)} THEN {RANK} END AS rank
        FROM asked CROSS JOIN LATERAL ({" UNION ALL ".join(rows)} OFFSET 0) AS item
        WHERE {_is_asked_for(arm)}
        LIMIT {MOST_COUNTED + 1}
    """


def is_listed(arm: Arm) -> str:
    return f"asked.kind IN ('', '{arm.kind.value}')"


def _is_asked_for(arm: Arm) -> str:
    """What else must hold.

    As one CASE: Postgres takes it to hold for half of the rows. If it took it to be rare, it would
    plan for reading them all, and compile such a plan for longer than it takes.
    """
    hidden, other = "item.status <> 'published'", "asked.difficulty IS NOT NULL"
    if arm.kind == Kind.QUESTION:
        status = "(SELECT status FROM questions_questionset WHERE id = item.question_set_id)"
        hidden = f"({hidden} OR {status} <> 'published')"
        other = "item.difficulty <> asked.difficulty OR item.id = ANY (asked.closed)"
    return f"""CASE
        WHEN {other} THEN FALSE
        WHEN asked.topic IS NOT NULL AND NOT {arm.on_topic} THEN FALSE
        WHEN NOT asked.sees_drafts AND {hidden} THEN FALSE
        ELSE TRUE
    END"""


COUNT = f"""
    WITH asked AS MATERIALIZED ({ASKED}) SELECT {
    " + ".join(
        f"CASE WHEN {is_listed(arm)} THEN (SELECT count(*) FROM ({found(arm)}) AS found) ELSE 0 END"
        for arm in ARMS
    )
} FROM asked
"""
