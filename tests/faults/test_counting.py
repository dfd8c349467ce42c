"""Each kind of fault is counted, and what is right is not: the verdict on small made-up runs."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.faults.counting import (
    LOST_AFTER_RECEIPT,
    NOT_AS_PLANNED,
    UNEXPECTED,
    WRONG_TEXTS,
    WRONG_TIMES,
    Audit,
    Evidence,
    Stored,
    judge,
)
from tests.faults.network import Exchange
from tests.faults.plan import GRACE, Chances, Plan
from tests.faults.writers import Writer

CLOSE = 1000.0
WRITTEN = "first line\nsecond line\n"
PLACE = ("sitting", 1)
PLAN = Plan(
    candidates=1,
    browsers=0,
    endings=0,
    finishes=0,
    seconds=0,
    web_kills=0,
    database_kills=0,
    chances=Chances(0, 0, 0, 0, 0),
)


def stored(text: str, saved_at: float = 10) -> Stored:
    return Stored.of(
        {"text": text, "revision": 1, "saved_at": saved_at, "accepts_until": CLOSE + GRACE}
    )


def save(
    sequence: int,
    revision: int,
    at: float = 10,
    *,
    length: int = len(WRITTEN),
    state: str = "saved",
    left: float | None = None,
) -> Exchange:
    """One that took the server a tenth of a second."""
    return Exchange(
        client="candidate-1",
        method="POST",
        path="/interviews/sitting/answers/1/save/",
        sent={"text": length, "writer": "w", "sequence": sequence, "base": 0},
        sent_at=at,
        replied_at=at + 0.1,
        status=200,
        said={
            "state": state,
            "revision": revision,
            "seconds_left": max(CLOSE - at, 0) if left is None else left,
        },
    )


def evidence(*journal: Exchange, text: str = WRITTEN, promised: int = 0, **also: Any) -> Evidence:
    """A candidate who wrote `WRITTEN`, of which `text` is stored."""
    writer = Writer("candidate-1", "", "sitting", 0, random.Random(1), CLOSE, is_done=True)
    writer.texts[1] = WRITTEN
    whole = Evidence(
        PLAN,
        {"sitting": CLOSE},
        writers=[writer],
        journal=journal,
        audits=[Audit({PLACE: promised}, {PLACE: stored(text)})],
        sittings=[{"id": "sitting", "deadline": CLOSE, "ended_at": None}],
    )
    return replace(whole, **also)


RIGHT = {
    "a save": evidence(save(1, 1), promised=len(WRITTEN)),
    "an older save that learns the newer one's revision": evidence(
        save(1, 1), save(3, 2, 20), save(2, 2, 21)
    ),
    "a repeated save": evidence(save(1, 1), save(1, 1, 11)),
    "a text that was stored, sent again": evidence(save(1, 1), save(2, 1, 11)),
    "a save in the grace": evidence(save(1, 1, CLOSE + GRACE - 1)),
    "a late save": evidence(save(1, 1), save(2, 0, CLOSE + GRACE + 1, state="late")),
}


@pytest.mark.parametrize("what", RIGHT)
def test_what_is_right_is_not_counted(what: str) -> None:
    verdict = judge(RIGHT[what])
    assert verdict.is_clean, verdict.cases()


def ended(at: float) -> list[dict[str, Any]]:
    return [{"id": "sitting", "deadline": CLOSE, "ended_at": at}]


def stuck(whole: Evidence) -> Evidence:
    whole.writers[0].is_done = False
    return whole


WRONG: dict[str, tuple[str, Callable[[], Evidence]]] = {
    "less stored than promised": (
        LOST_AFTER_RECEIPT,
        lambda: evidence(
            audits=[
                Audit({PLACE: len(WRITTEN)}, {PLACE: stored(WRITTEN[:5])}),
                Audit({PLACE: len(WRITTEN)}, {PLACE: stored(WRITTEN)}),
            ]
        ),
    ),
    "a text that nobody wrote": (WRONG_TEXTS, lambda: evidence(text="third line")),
    "a text pasted twice": (WRONG_TEXTS, lambda: evidence(text=2 * WRITTEN)),
    "a last text that isn't there": (WRONG_TEXTS, lambda: evidence(text=WRITTEN[:5])),
    "an older save over a newer": (
        WRONG_TEXTS,
        lambda: evidence(save(1, 1), save(3, 2, 20), save(2, 3, 21)),
    ),
    "a save stored twice": (WRONG_TEXTS, lambda: evidence(save(1, 1), save(1, 2, 11))),
    "a revision given to two texts": (
        WRONG_TEXTS,
        lambda: evidence(save(1, 1, length=5), save(2, 1, 11)),
    ),
    "text taken after the grace": (
        WRONG_TIMES,
        lambda: evidence(save(1, 1, length=5), save(2, 2, CLOSE + GRACE + 1)),
    ),
    "text refused in the grace": (
        WRONG_TIMES,
        lambda: evidence(save(1, 1), save(2, 0, CLOSE + GRACE - 1, state="late")),
    ),
    "a clock that is two seconds slow": (
        WRONG_TIMES,
        lambda: evidence(save(1, 1, 500, left=502)),
    ),
    "an end after the deadline": (WRONG_TIMES, lambda: evidence(sittings=ended(CLOSE + 1))),
    "an end before the deadline": (WRONG_TIMES, lambda: evidence(sittings=ended(CLOSE - 1))),
    "a candidate who waits for ever": (UNEXPECTED, lambda: stuck(evidence())),
    "a kill that didn't happen": (
        NOT_AS_PLANNED,
        lambda: evidence(plan=replace(PLAN, web_kills=2), kills=Counter(web=1)),
    ),
    "a network that loses nothing": (
        NOT_AS_PLANNED,
        lambda: evidence(plan=replace(PLAN, chances=Chances())),
    ),
    "nobody who comes late": (
        NOT_AS_PLANNED,
        lambda: evidence(plan=replace(PLAN, endings=1)),
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_counted_and_nothing_else(what: str) -> None:
    kind, made = WRONG[what]
    verdict = judge(made())
    assert [found for found, cases in verdict.faults.items() if cases] == [kind]
