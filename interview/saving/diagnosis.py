"""Why a save changed no row, and what becomes of its text: receipt, late, conflict or a refusal."""

import math
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from interview import clock
from interview.models import Answer, Revision
from interview.models.saved_text import SavedText
from interview.saving import limits
from interview.saving.outcomes import Conflict, Full, Late, Outcome, Receipt, Save, TooOften


class FitsNow(Exception):
    """What stood in the way is gone meanwhile, such as the close by an extension: save again."""


def diagnose(*, candidate: User, interview: UUID, position: int, save: Save) -> Outcome | None:
    """Find out why a save changed no row, and set its text aside where it isn't stored already.

    None if the candidate has no such answer, or may not see its question yet.

    Raises:
        FitsNow: nothing stands in its way any more.
    """
    with transaction.atomic():
        answer = (
            Answer.objects.select_for_update(of=("self",), no_key=True)
            .of(candidate)
            .opened()
            .filter(interview=interview, position=position)
            .first()
        )
        if answer is None:
            return None
        now = clock.database_now()
        seconds_left = clock.seconds_until(answer.closes_at, now)
        if is_stored(answer, save):
            # Also an empty field where nothing was ever written: that can't be late.
            return Receipt(answer.revision, answer.saved_at or now, answer.text, seconds_left)
        if answer.busy_until is not None and answer.busy_until > now + limits.AHEAD:
            wait = answer.busy_until - limits.AHEAD - now
            return TooOften(math.ceil(wait.total_seconds()), seconds_left)
        if answer.accepts_until is not None and now > answer.accepts_until:
            assert answer.closes_at is not None
            late_by = now - answer.closes_at
            if not set_aside(answer, save, Revision.Kind.LATE, now, late_by):
                return Full(seconds_left)
            return Late(answer, save.text, late_by, seconds_left)
        if fits(answer, save):
            raise FitsNow
        if not set_aside(answer, save, Revision.Kind.CONFLICT, now):
            return Full(seconds_left)
        return Conflict(answer, save.text, seconds_left)


def is_stored(standing: SavedText, save: Save) -> bool:
    """Whether there is nothing to do: the text stands, or its page has stored a newer one."""
    outrun = standing.writer == save.writer and save.sequence < standing.sequence
    return outrun or standing.text == save.text


def fits(standing: SavedText, save: Save) -> bool:
    """What the statement asks as `FITS`."""
    if standing.writer == save.writer:
        return standing.sequence < save.sequence
    return standing.revision == save.base


def set_aside(
    answer: Answer,
    save: Save,
    kind: Revision.Kind,
    now: datetime,
    late_by: timedelta | None = None,
) -> bool:
    """Keep a text that didn't become the answer: once, however often it is sent.

    False if enough is kept already. Counts as a save of the answer, which is locked.

    A plain form can send again under one sequence (back, send again), with another text or after
    the close: each is kept. The first has the sequence, the others none.
    """
    busy_until = max(answer.busy_until or now, now) + limits.SAVE_INTERVAL
    Answer.objects.filter(pk=answer.pk).update(busy_until=busy_until)
    beside = answer.revisions.set_aside()
    same = beside.filter(writer=save.writer, sequence=save.sequence)
    if (same | beside.filter(writer=None)).filter(kind=kind, text=save.text).exists():
        return True
    first = not same.exists()
    if beside.count() >= limits.MOST_SET_ASIDE:
        return False
    if kind == Revision.Kind.CONFLICT:
        # What stands may be overwritten next, so it goes to the history too.
        Revision.objects.keep(Answer.objects.filter(pk=answer.pk), Revision.Kind.TYPING, now)
    Answer.objects.filter(pk=answer.pk).update(last_revision=F("last_revision") + 1)
    answer.refresh_from_db(fields=["last_revision"])
    answer.revisions.create(
        interview_id=answer.interview_id,
        number=answer.last_revision,
        kind=kind,
        text=save.text,
        writer=save.writer if first else None,
        sequence=save.sequence if first else None,
        saved_at=now,
        late_by=late_by,
    )
    return True
