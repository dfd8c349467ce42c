"""What a script is told of a text that it sent to be saved."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from interview import clock
from interview.saving import Conflict, Full, Late, Outcome, Receipt, TooOften

ROOM = "interview/room.html"

STATUS = {Receipt: 200, Late: 200, Conflict: 409, TooOften: 429, Full: 400}


def reply(request: HttpRequest, outcome: Outcome, page: str = ROOM) -> dict[str, Any]:
    """What a script is told. `receipt` and `notice` are HTML or a sentence to be shown.

    The notice of a conflict is a partial of its page's template.
    """
    match outcome:
        case Receipt():
            return {
                "state": "saved",
                "revision": outcome.revision,
                "saved_at": outcome.saved_at,
                "words": outcome.words,
                "seconds_left": outcome.seconds_left,
                "receipt": outcome.html,
            }
        case Conflict():
            return {
                "state": "conflict",
                "revision": outcome.standing.revision,
                "text": outcome.standing.text,
                "seconds_left": outcome.seconds_left,
                "notice": render_to_string(
                    f"{page}#conflict", {"standing": outcome.standing}, request
                ),
            }
        case Late():
            return {
                "state": "late",
                "seconds_left": outcome.seconds_left,
                "notice": late_sentence(outcome),
            }
        case TooOften():
            return {
                "state": "too-often",
                "retry_after": outcome.retry_after,
                "seconds_left": outcome.seconds_left,
                "notice": sentence(outcome),
            }
        case Full():
            return refusal(sentence(outcome), outcome.seconds_left)
    raise AssertionError(outcome)


def refusal(notice: str, seconds_left: float | None) -> dict[str, Any]:
    return {"state": "refused", "seconds_left": seconds_left, "notice": notice}


def sentence(outcome: TooOften | Full) -> str:
    """Why the text was not stored, and what to do."""
    if isinstance(outcome, Full):
        return _(
            "Many other versions of this answer are kept already, so this one was not. Copy it "
            "before you leave this page."
        )
    return ngettext(
        "This answer was saved too often. Save it again in %(n)d second.",
        "This answer was saved too often. Save it again in %(n)d seconds.",
        outcome.retry_after,
    ) % {"n": outcome.retry_after}


def late_sentence(late: Late) -> str:
    return _(
        "Your last text came %(delay)s after the end. It is kept, labelled as late, but it is not "
        "your answer: your reviewer may accept it."
    ) % {"delay": clock.in_words(late.late_by)}
