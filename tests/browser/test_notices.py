"""The room's notices: in plain words, with one action, and never in the way of who types."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from interview.models import Interview
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    other_text,
    receipt,
    text_area,
)
from tests.conftest import write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


LOGIN = {"login": "/accounts/login/"}
TOO_OFTEN = {"state": "too-often", "retry_after": 20, "notice": "That was a lot at once."}
REFUSED = {"state": "refused", "notice": "This text has an invisible character (NUL)."}
CONFLICT = {"state": "conflict", "revision": 3, "text": "theirs", "seconds_left": 700}

STATES = {
    "offline": (500, {}, "Try now"),
    "logged-out": (401, LOGIN, "Log in"),
    "too-often": (429, TOO_OFTEN, None),
    "forbidden": (403, {}, "Load this page again"),
    "refused": (400, REFUSED, "Go to where the interview stands"),
}


def someone_typing(page: Page) -> None:
    """In the middle of a long text, with some of it selected, on a phone."""
    page.set_viewport_size({"width": 360, "height": 640})
    text_area(page).fill("A line of the answer.\n" * 30)
    text_area(page).evaluate("area => area.setSelectionRange(300, 320)")


def state_of(page: Page) -> list[Any]:
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const area = document.activeElement;
            return [area.id, area.selectionStart, area.selectionEnd, area.scrollTop];
        }"""
    )


def assert_in_sight(page: Page, *elements: Any) -> None:
    """Between the bar and the foot, which stay."""
    top = page.locator(".room__bar").bounding_box()
    foot = page.locator(".room__foot").bounding_box()
    assert top
    assert foot
    for element in elements:
        box = element.bounding_box()
        assert box["y"] >= top["y"] + top["height"] - 1
        assert box["y"] + box["height"] <= foot["y"] + 1


@pytest.mark.parametrize("state", STATES)
def test_a_notice_leaves_the_typing_alone(still: Page, complaints: Complaints, state: str) -> None:
    status, word, action = STATES[state]
    complaints.expect(str(status))
    someone_typing(still)
    before = state_of(still)
    still.route("**/save/", lambda route: route.fulfill(status=status, json=word))
    still.clock.run_for(1_500)
    notice = still.locator(f"[data-notice={state}]")
    expect(notice).to_be_visible()
    assert state_of(still) == before
    assert before[0] == "text"
    assert_in_sight(still, text_area(still))
    expect(still.get_by_role("timer")).to_be_in_viewport(ratio=1)
    alert = notice.get_by_role("alert")
    expect(alert).to_contain_text("Your text is safe in this browser.", use_inner_text=True)
    expect(still.get_by_role("dialog")).to_have_count(0)
    actions = notice.locator("a, button")
    expect(actions).to_have_count(1 if action else 0)
    if action:
        expect(actions).to_have_text(action)
        expect(actions).to_have_class(re.compile("button--primary"))


def test_while_a_notice_asks_for_something_no_other_button_is_filled(
    still: Page, complaints: Complaints
) -> None:
    complaints.expect("500")
    following = still.get_by_role("button", name="Next")
    filled = following.evaluate("button => getComputedStyle(button).backgroundColor")
    still.route("**/save/", lambda route: route.fulfill(status=500))
    text_area(still).press_sequentially("x")
    still.clock.run_for(1_500)
    expect(still.get_by_role("button", name="Try now")).to_have_css("background-color", filled)
    expect(following).not_to_have_css("background-color", filled)


def test_a_failure_that_goes_on_is_announced_once(still: Page, complaints: Complaints) -> None:
    complaints.expect("500")
    still.evaluate(
        """() => {
            globalThis.announced = 0;
            new MutationObserver((changes) => {
                for (const { addedNodes, target } of changes)
                    for (const node of addedNodes)
                        if (target.closest("[role=alert]") || node.querySelector?.("[role=alert]"))
                            announced++;
            }).observe(document.getElementById("notices"), { childList: true, subtree: true });
        }"""
    )
    still.route("**/save/", lambda route: route.fulfill(status=500))
    text_area(still).press_sequentially("patience")
    for wait in (1_500, 1_500, 3_000, 6_000):
        with still.expect_response("**/save/"):
            still.clock.run_for(wait)
        expect(receipt(still)).to_have_text("Not saved yet")
    assert still.evaluate("announced") == 1


def test_a_conflict_leaves_the_typing_alone_and_both_texts_in_sight(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("409")
    someone_typing(still)
    before = state_of(still)
    write(running_interview, 1, "Another line.\n" * 40)
    still.clock.run_for(1_500)
    expect(still.get_by_role("alert")).to_contain_text("Both texts are safe.")
    assert state_of(still) == before
    assert_in_sight(still, text_area(still), other_text(still))
    # The other text is there to be read, not to be read out.
    expect(still.get_by_role("alert")).not_to_contain_text("Another line.")


def test_a_notice_that_goes_away_gives_the_focus_back(still: Page, complaints: Complaints) -> None:
    complaints.expect("500")
    still.route("**/save/", lambda route: route.fulfill(status=500), times=1)
    text_area(still).press_sequentially("patience")
    still.clock.run_for(1_500)
    still.get_by_role("button", name="Try now").click()
    expect(receipt(still)).to_contain_text("revision 1")
    expect(text_area(still)).to_be_focused()


def test_of_what_hinders_saving_only_the_last_is_told(still: Page, complaints: Complaints) -> None:
    complaints.expect("429", "500")
    still.route("**/save/", lambda route: route.fulfill(status=429, json=TOO_OFTEN))
    text_area(still).fill("an answer")
    still.clock.run_for(1_500)
    expect(still.locator("[data-notice=too-often]")).to_be_visible()
    still.route("**/save/", lambda route: route.fulfill(status=500, json={}))
    still.clock.run_for(25_000)
    expect(still.locator("[data-notice=offline]")).to_be_visible()
    expect(still.get_by_role("alert")).to_have_count(1)


def test_a_text_that_is_put_back_needs_no_notice(still: Page, complaints: Complaints) -> None:
    complaints.expect("429")
    text_area(still).press_sequentially("former")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 1")
    still.route("**/save/", lambda route: route.fulfill(status=429, json=TOO_OFTEN))
    text_area(still).fill("regretted")
    still.clock.run_for(1_500)
    expect(still.get_by_role("alert")).to_be_visible()
    text_area(still).fill("former")
    expect(still.get_by_role("alert")).to_have_count(0)
    expect(receipt(still)).to_contain_text("revision 1")
