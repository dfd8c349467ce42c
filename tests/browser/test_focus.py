"""Where one is by keyboard: at the first stop, after a swap of htmx, after a form was refused."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import QuestionSet
from tests.browser.hands import Hands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


# The first stop on every page, and where it leads.


@pytest.mark.parametrize("path", ["/", "/sets/", "/search/", "/profile/", "/interviews/new/"])
def test_the_first_stop_skips_the_navigation(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet, path: str
) -> None:
    page = browser_of(candidate).new_page()
    page.goto(path)
    hands = Hands(page)
    hands.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    hands.look()
    hands.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    hands.press("Tab")
    hands.look()
    expect(page.locator("#main :focus")).to_have_count(1)


# After a swap of htmx, or a form that came back, one goes on where a person expects to be.

SWAPS = {
    # Results come while one types in the field: tests/browser/test_search.py.
    ("search.html", "hx-get"),
    # What is ticked keeps the focus: tests/browser/test_starting.py.
    ("interview_new_mixed.html", "hx-get"),
    # Below, and tests/browser/test_invitations.py.
    ("invitation_form.html", "hx-post"),
    # The progress of a reading has nothing that one could be at.
    ("waiting.html", "hx-get"),
}


def test_every_swap_is_known_here() -> None:
    assert {
        (path.name, attribute)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for attribute in re.findall(r"\bhx-(?:get|post|put|patch|delete|boost)\b", path.read_text())
    } == SWAPS


def settled(page: Page) -> None:
    expect(
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    ).to_have_count(0)


def test_another_page_of_the_library_begins_at_its_top(
    browser_of: BrowserOf, reviewer: User, library: None
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    top = page.get_by_role("heading", name="The library")
    for _ in range(10):
        following = page.get_by_role("button", name="Next page")
        if not following.count():
            break
        hands.enter("button", "Next page")
        expect(top).to_be_focused()
        settled(page)
    else:
        raise AssertionError("the library never ended")


def test_what_was_added_or_looked_for_leaves_one_at_its_button(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    for number in (1, 2, 3):
        hands.to("checkbox", f"What is question {number} about?", back=number > 1)
        hands.press("Space")
        hands.enter("button", "Add what is ticked")
        expect(page.locator("[name=question]")).to_have_count(number)
        settled(page)
        if number < 3:
            expect(page.get_by_role("button", name="Add what is ticked")).to_be_focused()
    # Nothing is left to be added.
    expect(page.get_by_role("heading", name="What it asks")).to_be_focused()
    hands.enter("button", "Search", back=True)
    settled(page)
    expect(page.get_by_role("button", name="Search")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_is_wrong_is_where_one_is_after_a_form_was_refused(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet, script: bool
) -> None:
    page = browser_of(reviewer, java_script_enabled=script).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    hands.enter("button", "Make the invitation")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please check:")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    hands.enter("link", "Title:")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    hands.look()
