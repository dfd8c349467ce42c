"""Logging out of a browser that keeps unsaved text: warned, then cleared (Rules of saving, 6)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import Session, User
from interview.models import Interview
from tests.browser.rooms import (
    keep_in_browser,
    kept_in_browser,
    receipt,
    stored,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: BrowserContext, running_interview: Interview, other_candidate: User) -> Page:
    """At home, in a browser that keeps the candidate's unsaved text, and another person's."""
    page = chromium.new_page()
    page.goto("/")
    keep_in_browser(page, running_interview.answers.get(position=1), "unsaved")
    keep_in_browser(
        page, running_interview.answers.get(position=1), "another's", person=other_candidate
    )
    page.reload()
    return page


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Account").click()
    page.locator("#account-menu").get_by_role("button", name="Log out").click()


def test_who_logs_out_is_warned_and_can_go_back_and_save(
    page: Page, running_interview: Interview
) -> None:
    log_out(page)
    expect(page.get_by_role("alert")).to_contain_text("text of yours that may not be saved")
    page.get_by_role("link", name="Go back and save it").click()
    page.get_by_role("button", name="Take this text").click()
    expect(receipt(page)).to_contain_text("revision 1")
    assert stored(running_interview) == "unsaved"
    assert kept_in_browser(page) == ["another's"]
    assert Session.objects.count() == 1


def test_who_logs_out_all_the_same_leaves_nothing_of_theirs_behind(page: Page) -> None:
    log_out(page)
    page.get_by_role("button", name="Log out and discard it").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
    assert Session.objects.count() == 0
    assert kept_in_browser(page) == ["another's"]


def test_the_page_that_asks_whether_to_log_out_warns_too(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("alert")).to_contain_text("text of yours that may not be saved")
    assert Session.objects.count() == 1


def test_the_admin_logs_out_by_the_same_page(
    browser_of: Callable[..., BrowserContext], editor: User
) -> None:
    page = browser_of(editor).new_page()
    page.goto("/admin/")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/accounts/logout/$"))
    assert Session.objects.count() == 1


def test_with_nothing_unsaved_one_click_logs_out(chromium: BrowserContext, candidate: User) -> None:
    page = chromium.new_page()
    page.goto("/")
    log_out(page)
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def test_without_a_script_nothing_is_kept_and_nothing_to_warn_of(
    browser_of: Callable[..., BrowserContext], candidate: User
) -> None:
    page = browser_of(candidate, java_script_enabled=False).new_page()
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in")).to_be_visible()
