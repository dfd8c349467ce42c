"""A run is red when a promise is broken: here by servers with a fault in them (`broken.py`)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.faults.counting import (
    LOST_AFTER_RECEIPT,
    WRONG_TEXTS,
    WRONG_TIMES,
    Verdict,
)
from tests.faults.plan import Chances, Plan
from tests.faults.run import run
from tests.faults.world import World

pytestmark = pytest.mark.faults

SMALL = Plan(
    candidates=3,
    browsers=0,
    endings=0,
    finishes=0,
    web_kills=0,
    database_kills=0,
    chances=Chances(0, 0, 0, 0, 0),
)
"""Only what is needed to show the one fault."""

PLANS = {
    "receipt_before_commit": replace(SMALL, web_kills=1, seconds=6),
    "older_over_newer": replace(SMALL, chances=Chances(0, 0, 0, 0, reordered=0.4), seconds=8),
    "no_end": replace(SMALL, endings=3, seconds=18),
}


@pytest.fixture(scope="module")
def verdicts(world: World) -> dict[str, Verdict]:
    """Of all of them, run side by side: most of their time is waiting."""
    with ThreadPoolExecutor(len(PLANS)) as threads:
        runs = {
            name: threads.submit(run, world, replace(plan, broken=name))
            for name, plan in PLANS.items()
        }
        return {name: verdict.result() for name, verdict in runs.items()}


def test_a_receipt_before_the_commit_is_found(verdicts: dict[str, Verdict]) -> None:
    assert verdicts["receipt_before_commit"].faults[LOST_AFTER_RECEIPT]


def test_an_older_save_over_a_newer_one_is_found(verdicts: dict[str, Verdict]) -> None:
    faults = verdicts["older_over_newer"].faults
    assert any("overwrote" in case for case in faults[WRONG_TEXTS])


def test_text_taken_after_the_last_moment_is_found(verdicts: dict[str, Verdict]) -> None:
    faults = verdicts["no_end"].faults
    assert any("after the last moment" in case for case in faults[WRONG_TIMES])
