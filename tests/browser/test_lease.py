"""A reviewer's claim counts down in the browser, and says so when it is over."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Assignment, Review
from tests.interview.reviewing import end_lease

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


def open_with_a_stopped_clock(browser_of: BrowserOf, reviewer: User, path: str) -> Page:
    page = browser_of(reviewer).new_page()
    page.clock.install()
    page.goto(path)
    return page


def test_it_counts_down_by_the_second(
    browser_of: BrowserOf, claimed_review: Review, reviewer: User
) -> None:
    for path in ("/queue/", f"/reviews/{claimed_review.pk}/"):
        page = open_with_a_stopped_clock(browser_of, reviewer, path)
        left = page.locator("[data-left]")
        expect(left).to_have_text(re.compile(r"^(20:00|19:\d\d)$"))
        page.clock.run_for(60_000)
        expect(left).to_have_text(re.compile(r"^(19:00|18:\d\d)$"))
        page.context.close()


def test_it_is_said_aloud_before_the_end_and_shown_at_the_end(
    browser_of: BrowserOf, claimed_review: Review, reviewer: User
) -> None:
    page = open_with_a_stopped_clock(browser_of, reviewer, f"/reviews/{claimed_review.pk}/")
    said = page.locator("[data-soon]")
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"\d+:\d\d"))
    expect(said).to_have_text("")
    page.clock.run_for(18 * 60_000 + 5_000)
    expect(said).to_have_text("Two minutes of your claim are left. Save to keep it.")
    page.clock.run_for(2 * 60_000)
    expect(page.get_by_text("Time is up. Saving renews it")).to_be_visible()
    expect(page.locator("[data-running]")).to_be_hidden()


def test_a_save_starts_it_anew(
    browser_of: BrowserOf, claimed_review: Review, reviewer: User
) -> None:
    page = open_with_a_stopped_clock(browser_of, reviewer, f"/reviews/{claimed_review.pk}/")
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"\d+:\d\d"))
    page.clock.run_for(20 * 60_000 + 5_000)
    expect(page.get_by_text("Time is up. Saving renews it")).to_be_visible()
    with page.expect_response("**/save/"):
        page.get_by_role("radio", name="Half").first.check()
    page.clock.run_for(2_000)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^(20:00|19:\d\d)$"))


def test_after_a_pause_the_server_is_asked(
    browser_of: BrowserOf, claimed_review: Review, assignment: Assignment, reviewer: User
) -> None:
    """Somebody else may have it by now, or the computer slept."""
    page = open_with_a_stopped_clock(browser_of, reviewer, "/queue/")
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"\d+:\d\d"))
    end_lease(assignment)
    with page.expect_response("**/clock/"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(2_000)
    expect(page.get_by_text("Time is up. Saving renews it")).to_be_visible()
