"""Searching in a browser: as one types, and without a script."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import QuestionSet
from tests.browser.hands import heading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    for position, word in enumerate(("zygote", "zygotes", "mitosis"), start=1):
        question_set.questions.filter(position=position).update(answer=f"About the {word}.")
    return question_set


@pytest.fixture
def search_page(
    browser_of: Callable[..., BrowserContext], candidate: User, library: QuestionSet
) -> Page:
    page = browser_of(candidate).new_page()
    page.goto("/sets/")
    page.goto("/search/")
    return page


def test_results_come_while_one_types_and_their_number_is_said(search_page: Page) -> None:
    said = search_page.get_by_role("status")
    expect(said).to_be_attached()
    search_page.evaluate("region = document.querySelector('[role=status]')")
    box = search_page.get_by_role("searchbox")

    box.press_sequentially("zygo")

    expect(search_page.locator("#results h2")).to_have_count(2)
    expect(search_page.locator("#results mark").first).to_have_text("zygote")
    expect(said).to_have_text("2 found.")
    # Only a region that was there before is read out.
    assert search_page.evaluate("region.isConnected && region.textContent.includes('2 found.')")
    expect(box).to_be_focused()
    expect(box).to_have_value("zygo")


def test_the_address_can_be_shared_and_back_leads_to_the_page_before(search_page: Page) -> None:
    search_page.get_by_role("searchbox").press_sequentially("mitos")
    expect(search_page.locator("#results h2")).to_have_count(1)
    expect(search_page).to_have_url(re.compile(r"/search/\?q=mitos$"))
    shared = search_page.context.new_page()
    shared.goto(search_page.url)
    expect(shared.locator("#results h2")).to_have_count(1)

    search_page.locator("#results h2 a").click()
    expect(search_page).to_have_url(re.compile(r"/sets/basics/question-3/$"))
    search_page.go_back()

    expect(search_page.locator("#results h2")).to_have_count(1)
    expect(search_page.get_by_role("searchbox")).to_have_value("mitos")
    search_page.go_back()
    expect(search_page).to_have_url(re.compile(r"/sets/$"))


def test_one_narrows_down_and_types_on(search_page: Page) -> None:
    search_page.goto("/search/?q=zygote")
    search_page.get_by_role("link", name="Notes 0").click()
    expect(search_page.get_by_role("heading", name="Nothing here")).to_be_visible()
    search_page.get_by_role("searchbox").fill("mitosis")
    expect(search_page).to_have_url(re.compile(r"q=mitosis&kind=note$"))
    search_page.get_by_role("link", name="All 1").click()
    expect(search_page.locator("#results h2")).to_have_count(1)


def test_without_a_script_it_is_a_plain_form(
    open_browser: Callable[..., BrowserContext], library: QuestionSet
) -> None:
    page = open_browser(java_script_enabled=False).new_page()
    page.goto("/sets/")
    page.get_by_role("searchbox").fill("zygote")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#results h2")).to_have_count(2)
    page.get_by_role("searchbox").fill("mitosis")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("One found.")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("2 found.")


def test_on_a_phone_a_link_leads_to_it(
    open_browser: Callable[..., BrowserContext], library: QuestionSet
) -> None:
    page = open_browser(viewport={"width": 360, "height": 740}).new_page()
    page.goto("/sets/")
    expect(page.get_by_role("searchbox")).to_be_hidden()
    page.get_by_role("link", name="Search", exact=True).click()
    heading(page, "Search the library")
    page.get_by_role("searchbox").fill("zygote")
    expect(page.get_by_text("By difficulty and topic")).to_have_count(0)
    expect(page.locator("#results h2")).to_have_count(2)
