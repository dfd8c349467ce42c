"""Saving an answer while it is typed: one statement, and a diagnosis only if it changed nothing.

The statement is committed before the reply is made, so a receipt is a promise (Rules of saving).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from accounts.models import User
from interview.saving.diagnosis import FitsNow, diagnose
from interview.saving.outcomes import (
    Conflict,
    Full,
    Late,
    LoggedOut,
    Outcome,
    Receipt,
    Save,
    TooOften,
)
from interview.saving.statement import SAVE_AS_KNOWN, SAVE_AS_LOGGED_IN, store

__all__ = [
    "Conflict",
    "Full",
    "Late",
    "LoggedOut",
    "Outcome",
    "Receipt",
    "Save",
    "TooOften",
    "save_answer",
    "save_as_logged_in",
]

TRIES = 3


def save_as_logged_in(
    *, session_key: str, interview: UUID, position: int, save: Save
) -> Outcome | None:
    """Store `save.text` as the answer of whoever is logged in, or say what became of it.

    One query if it is stored: nobody need look up session or person before. None if they have no
    such answer, or may not see its question yet. Expects no transaction around it: the receipt
    must come after the commit.
    """
    return settle(
        SAVE_AS_LOGGED_IN,
        {"session_key": session_key},
        lambda: User.objects.of_session(session_key).first(),
        interview,
        position,
        save,
    )


def save_answer(*, candidate: User, interview: UUID, position: int, save: Save) -> Outcome | None:
    """The same for a candidate that the caller knows; never `LoggedOut`."""
    return settle(
        SAVE_AS_KNOWN, {"candidate": candidate.pk}, lambda: candidate, interview, position, save
    )


def settle(
    statement: str,
    who: dict[str, Any],
    person: Callable[[], User | None],
    interview: UUID,
    position: int,
    save: Save,
) -> Outcome | None:
    for _try in range(TRIES):
        if receipt := store(statement, who, interview, position, save):
            return receipt
        candidate = person()
        if candidate is None:
            return LoggedOut()
        try:
            return diagnose(candidate=candidate, interview=interview, position=position, save=save)
        except FitsNow:
            continue
    # Others change the answer all the time, and each time give way again.
    return TooOften(1, None)
