"""The one statement that saves an answer, and authenticates its writer.

It tests everything by the database's clock and the answer's own row, so that of a save and a
finish exactly one wins: a save that waited for a finish tests the row again as the finish left it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg.types.numeric import Int4

from interview import clock
from interview.saving import limits, prepared
from interview.saving.outcomes import Receipt, Save

KNOWN = "%(candidate)s"
"""Somebody of whom the caller knows who they are."""

LOGGED_IN = """(
                SELECT session.user_id
                FROM session JOIN accounts_user AS person ON person.id = session.user_id
                WHERE session.session_key = %(session_key)s
                    AND session.expire_date > clock_timestamp()
                    AND person.is_active
            )"""
"""Whoever is logged in by a session, as `User.objects.of_session()` says it. A session whose
password has changed is gone: the database sees to that (accounts/migrations/0003)."""

NEW_TEXT = """text = %(text)s,
            revision = STORED.last_revision + 1,
            last_revision = STORED.last_revision + 1,
            writer = %(writer)s,
            sequence = %(sequence)s"""
FITS = """CASE
                WHEN STORED.writer = %(writer)s THEN STORED.sequence < %(sequence)s
                ELSE STORED.revision = %(base)s
            END"""
"""When a text may take the place of what is stored (Rules of saving, 2): its page knows the
current one, or wrote it itself. For every text that is saved while somebody types it."""


def as_sql(length: timedelta) -> str:
    return f"interval '{length.total_seconds()} seconds'"


# `SET (…) = (SELECT …)` reads the clock once for all columns. PostgreSQL evaluates WHERE and SET
# again on the newer row when it had to wait for another transaction's update of it.
SAVE = """
    WITH saved AS (
        UPDATE interview_answer AS answer
        SET NEW_TEXT,
            (saved_at, kept_at, busy_until) = (
                SELECT
                    reading.moment,
                    CASE
                        WHEN answer.kept_at > reading.moment - HISTORY_INTERVAL
                            AND (answer.closes_at IS NULL OR reading.moment < answer.closes_at)
                        THEN answer.kept_at
                        ELSE reading.moment
                    END,
                    greatest(answer.busy_until, reading.moment) + SAVE_INTERVAL
                FROM (SELECT clock_timestamp() AS moment) AS reading
            )
        FROM interview_interview AS interview
        WHERE answer.interview_id = %(interview)s
            AND answer.position = %(position)s
            AND interview.id = answer.interview_id
            AND interview.candidate_id = CANDIDATE
            AND answer.opened_at IS NOT NULL
            AND (answer.accepts_until IS NULL OR clock_timestamp() <= answer.accepts_until)
            AND (answer.busy_until IS NULL OR answer.busy_until <= clock_timestamp() + AHEAD)
            AND FITS
        RETURNING answer.id, answer.interview_id, answer.revision, answer.text, answer.writer,
            answer.sequence, answer.saved_at, answer.kept_at, answer.closes_at
    ), kept AS (
        INSERT INTO interview_revision
            (interview_id, answer_id, number, kind, text, writer, sequence, saved_at)
        SELECT interview_id, id, revision, 'typing', text, writer, sequence, saved_at
        FROM saved
        WHERE kept_at = saved_at
    )
    SELECT revision, saved_at, closes_at FROM saved
"""
SAVE = SAVE.replace("NEW_TEXT", NEW_TEXT).replace("FITS", FITS).replace("STORED", "answer")
# Literals: what never changes need not be sent with each save.
SAVE = (
    SAVE.replace("HISTORY_INTERVAL", as_sql(clock.HISTORY_INTERVAL))
    .replace("SAVE_INTERVAL", as_sql(limits.SAVE_INTERVAL))
    .replace("AHEAD", as_sql(limits.AHEAD))
)
SAVE_AS_KNOWN = SAVE.replace("CANDIDATE", KNOWN)
SAVE_AS_LOGGED_IN = SAVE.replace("CANDIDATE", LOGGED_IN)


def store(
    statement: str, who: dict[str, Any], interview: UUID, position: int, save: Save
) -> Receipt | None:
    """Store the text and return its receipt; None if no row fits. One query."""
    row = prepared.fetch_one(
        statement,
        {
            **who,
            "interview": interview,
            "position": position,
            "text": save.text,
            "writer": save.writer,
            # Numbers of one size: each size would be prepared as a statement of its own.
            "base": Int4(save.base),
            "sequence": Int4(save.sequence),
        },
    )
    if row is None:
        return None
    revision, saved_at, closes_at = row
    return Receipt(revision, saved_at, save.text, clock.seconds_until(closes_at, saved_at))
