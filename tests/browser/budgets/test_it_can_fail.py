"""Each check finds what it is for, on a page that has every fault."""

from dataclasses import replace

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.browser.budgets.lighthouse import GOALS, Lighthouse
from tests.browser.budgets.looking import Turn
from tests.browser.budgets.node import ProgramEnded
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.browser.budgets.whole_tour import left_out

pytestmark = TOUR

FAULTS = [
    *("stylesheet: ", "script: ", "document: ", "image: ", "font: "),
    *("axe: image-alt", "html: element-name", "html: no-inline-style", "html: wcag/h37"),
    *("scrolls sideways at 1920", "console: A word", "policy: style-src"),
]


def test_a_visitor_finds_every_fault(visitor_of: VisitorOf) -> None:
    visitor = visitor_of("stranger")
    visitor.go("/faulty/")

    misses = visitor.measure("a faulty page").misses

    missing = [fault for fault in FAULTS if not any(miss.startswith(fault) for miss in misses)]
    assert missing == [], misses


def test_a_page_that_no_tour_saw_is_told() -> None:
    told = left_out(["/"], ["stranger: home"], asked="six")

    assert "no tour leads to home" not in told
    assert "no tour leads to queue" in told
    assert "Lighthouse was not asked about stranger: home" not in told
    assert "Lighthouse was not asked about candidate: feedback, reviewed" in told
    assert not any("Lighthouse" in each for each in left_out([], [], asked=""))


def test_lighthouse_finds_a_fault_in_each_of_its_categories(
    lighthouse: Lighthouse, live_server: LiveServer, turn: Turn
) -> None:
    with turn(True):
        audit = replace(lighthouse, address=live_server.url).audit("/faulty/", {}, public=True)

    assert [miss.split()[1] for miss in audit.misses] == list(GOALS)


def test_lighthouse_that_gets_no_page_is_a_miss(
    lighthouse: Lighthouse, live_server: LiveServer, turn: Turn
) -> None:
    with turn(True):
        audit = replace(lighthouse, address=live_server.url).audit("/nowhere/", {}, public=False)

    assert audit.scores["performance"] == 0


def test_lighthouse_that_ended_is_started_anew(lighthouse: Lighthouse) -> None:
    for _ in range(2):
        with pytest.raises(ProgramEnded):
            lighthouse.program.ask("no page to look at")
