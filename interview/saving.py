"""Saving an answer while it is typed: one statement, and a diagnosis only if it changed nothing.

The statement tests everything by the database's clock and the answer's own row, so that of a save
and a finish exactly one wins: a save that waited for a finish tests the row again as the finish
left it. Django commits it before the reply is made, so a receipt is a promise (Rules of saving).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from accounts.models import User
from interview import clock
from interview.models import Answer, Revision


@dataclass(frozen=True)
class Save:
    """What a page sends: a text, and from where it knows the answer (Rules of saving, 2)."""

    text: str
    base: int
    """The revision that the page last had a receipt for."""
    writer: UUID
    """Random per page load."""
    sequence: int
    """Counts the writer's saves, from 1."""


@dataclass(frozen=True)
class Receipt:
    """The server's word that a text is stored, or was already."""

    revision: int
    saved_at: datetime
    text: str
    seconds_left: float | None
    """Until the answer's close, the grace not counted; None without a limit."""

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class Conflict:
    """Somebody else wrote since `base`: nothing was overwritten, and the sent text is kept."""

    answer: Answer
    sent: str
    seconds_left: float | None


@dataclass(frozen=True)
class Late:
    """The text came after the close and its grace: kept as a late revision, not as the answer."""

    answer: Answer
    sent: str
    late_by: timedelta
    """Since the close that was shown, so never less than the grace unless the sitting was ended."""


Outcome = Receipt | Conflict | Late

# `SET (…) = (SELECT …)` reads the clock once for both columns. PostgreSQL evaluates WHERE and SET
# again on the newer row when it had to wait for another transaction's update of it.
SAVE = """
    WITH saved AS (
        UPDATE interview_answer AS answer
        SET text = %(text)s,
            revision = answer.last_revision + 1,
            last_revision = answer.last_revision + 1,
            writer = %(writer)s,
            sequence = %(sequence)s,
            (saved_at, kept_at) = (
                SELECT
                    reading.moment,
                    CASE
                        WHEN answer.kept_at > reading.moment - %(history_interval)s
                            AND (answer.closes_at IS NULL OR reading.moment < answer.closes_at)
                        THEN answer.kept_at
                        ELSE reading.moment
                    END
                FROM (SELECT clock_timestamp() AS moment) AS reading
            )
        FROM interview_interview AS interview
        WHERE answer.interview_id = %(interview)s
            AND answer.position = %(position)s
            AND interview.id = answer.interview_id
            AND interview.candidate_id = %(candidate)s
            AND answer.opened_at IS NOT NULL
            AND (answer.accepts_until IS NULL OR clock_timestamp() <= answer.accepts_until)
            AND CASE
                WHEN answer.writer = %(writer)s THEN answer.sequence < %(sequence)s
                ELSE answer.revision = %(base)s
            END
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


def save_answer(*, candidate: User, interview: UUID, position: int, save: Save) -> Outcome | None:
    """Store `save.text` as the candidate's answer, or say what became of it. One query if it is.

    None if the candidate has no such answer, or may not see its question yet. Expects no
    transaction around it: the receipt must come after the commit.
    """
    parameters: dict[str, Any] = {
        "text": save.text,
        "base": save.base,
        "writer": save.writer,
        "sequence": save.sequence,
        "candidate": candidate.pk,
        "interview": interview,
        "position": position,
        "history_interval": clock.HISTORY_INTERVAL,
    }
    with connection.cursor() as cursor:
        cursor.execute(SAVE, parameters)
        row = cursor.fetchone()
    if row is not None:
        revision, saved_at, closes_at = row
        return Receipt(revision, saved_at, save.text, clock.seconds_until(closes_at, saved_at))
    return diagnose(candidate=candidate, interview=interview, position=position, save=save)


def diagnose(*, candidate: User, interview: UUID, position: int, save: Save) -> Outcome | None:
    """Find out why a save changed no row, and set its text aside where it isn't stored already."""
    with transaction.atomic():
        answer = (
            Answer.objects.select_for_update(of=("self",), no_key=True)
            .filter(
                interview=interview,
                interview__candidate=candidate,
                position=position,
                opened_at__isnull=False,
            )
            .first()
        )
        if answer is None:
            return None
        now = clock.database_now()
        seconds_left = clock.seconds_until(answer.closes_at, now)
        outrun = answer.writer == save.writer and save.sequence < answer.sequence
        if answer.revision and (outrun or answer.text == save.text):
            assert answer.saved_at is not None
            return Receipt(answer.revision, answer.saved_at, answer.text, seconds_left)
        if answer.accepts_until is not None and now > answer.accepts_until:
            assert answer.closes_at is not None
            late_by = now - answer.closes_at
            set_aside(answer, save, Revision.Kind.LATE, now, late_by)
            return Late(answer, save.text, late_by)
        # What stands may be overwritten next, so it goes to the history too.
        Revision.objects.keep(Answer.objects.filter(pk=answer.pk), Revision.Kind.TYPING, now)
        set_aside(answer, save, Revision.Kind.CONFLICT, now)
        return Conflict(answer, save.text, seconds_left)


def set_aside(
    answer: Answer,
    save: Save,
    kind: Revision.Kind,
    now: datetime,
    late_by: timedelta | None = None,
) -> None:
    """Keep a text that didn't become the answer: once, however often it is sent.

    A plain form can send two texts under one sequence (back, edit, send again): both are kept.
    """
    same = answer.revisions.filter(kind=kind, writer=save.writer, sequence=save.sequence)
    kept = same.values_list("text", flat=True).first()
    if kept == save.text:
        return
    Answer.objects.filter(pk=answer.pk).update(last_revision=F("last_revision") + 1)
    answer.refresh_from_db(fields=["last_revision"])
    answer.revisions.create(
        interview_id=answer.interview_id,
        number=answer.last_revision,
        kind=kind,
        text=save.text,
        writer=save.writer if kept is None else None,
        sequence=save.sequence if kept is None else None,
        saved_at=now,
        late_by=late_by,
    )
