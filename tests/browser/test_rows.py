"""Buttons that belong together stand in one row, on a phone of 360 pixels too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, ViewportSize

from accounts.models import User
from interview.models import Review
from questions.models import QuestionSet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = ViewportSize(width=360, height=740)
SCREEN = ViewportSize(width=1280, height=800)


def opened(context: BrowserContext, path: str, size: ViewportSize) -> Page:
    page = context.new_page()
    page.set_viewport_size(size)
    page.goto(path)
    return page


def rows(page: Page, *names: str) -> int:
    """In how many rows the buttons and links of these names stand."""
    heights = set()
    for name in names:
        button = page.locator(":is(a, button):visible").get_by_text(name, exact=True)
        box = button.bounding_box()
        assert box, name
        heights.add(round(box["y"] + box["height"] / 2))
    return len(heights)


def test_what_reveals_a_question_and_prints_it(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    page = opened(browser_of(candidate), "/sets/basics/question-1/", PHONE)
    assert rows(page, "Show the next step", "Show all", "Print") == 1


def test_what_goes_back_saves_and_goes_on_while_one_grades(
    browser_of: Callable[..., BrowserContext], reviewer: User, claimed_review: Review
) -> None:
    page = opened(browser_of(reviewer), f"/reviews/{claimed_review.pk}/?question=2", PHONE)
    assert rows(page, "Previous", "Save", "Save and next") == 1


def test_the_one_thing_to_press_stands_alone_above_the_other_ways(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    page = opened(browser_of(candidate), "/", SCREEN)
    others = ("Choose what to be asked", "Study a set")
    assert rows(page, *others) == 1
    assert rows(page, "Start a mock interview", *others) == 2


def test_a_link_that_is_alone_beside_a_title_is_one_line(
    browser_of: Callable[..., BrowserContext], reviewer: User, claimed_review: Review
) -> None:
    page = opened(browser_of(reviewer), "/queue/", SCREEN)
    link = page.get_by_role("main").get_by_role("link", name="My reviews")
    lines = link.evaluate(
        "link => { const range = document.createRange(); range.selectNodeContents(link);"
        " return range.getClientRects().length; }"
    )
    assert lines == 1
