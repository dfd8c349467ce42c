"""A browser without a network: every page says so, and no form that was filled in is lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from interview.models import Interview
from questions.models import QuestionSet
from tests.browser.conftest import Complaints
from tests.browser.rooms import caught

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def profile(browser_of: BrowserOf, candidate: User, complaints: Complaints) -> Page:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = browser_of(candidate).new_page()
    page.goto("/profile/")
    return page


def test_a_page_says_so_while_it_lasts_and_leaves_the_focus(profile: Page) -> None:
    name = profile.get_by_label("Name")
    name.fill("Ada")
    profile.context.set_offline(True)
    notice = profile.get_by_role("alert")
    expect(notice).to_have_text(
        "You are offline. This page stays as it is, with what you typed in it. ",
        use_inner_text=True,
    )
    expect(name).to_be_focused()
    profile.context.set_offline(False)
    expect(notice).to_have_count(0)


def test_a_form_is_held_back_and_sent_at_a_press_when_it_is_over(
    profile: Page, candidate: User
) -> None:
    profile.get_by_label("Name").fill("Ada")
    profile.context.set_offline(True)
    profile.get_by_role("button", name="Save").click()
    notice = profile.get_by_role("alert")
    expect(notice).to_contain_text("Nothing was sent.")
    expect(notice).to_be_in_viewport()
    assert profile.url.endswith("/profile/")
    expect(profile.get_by_label("Name")).to_have_value("Ada")

    profile.context.set_offline(False)
    expect(notice).to_contain_text("You are online again.")
    candidate.refresh_from_db()
    assert candidate.name == "Candidate"
    profile.get_by_role("button", name="Send it now").click()
    expect(profile.get_by_text("Your profile is saved.")).to_be_visible()
    candidate.refresh_from_db()
    assert candidate.name == "Ada"


def test_a_connection_that_comes_back_at_once_is_not_said_to_be_gone(profile: Page) -> None:
    """Whether one is offline is asked for, and the answer may be older than the connection."""
    held: list[Route] = []
    profile.route("**/favicon*", lambda route: held.append(route))
    profile.context.set_offline(True)
    asking = caught(held, profile)
    profile.context.set_offline(False)
    profile.wait_for_function("navigator.onLine")
    with profile.expect_event("requestfailed"):
        asking.abort("internetdisconnected")
    profile.get_by_label("Name").press_sequentially("Ada")
    expect(profile.get_by_text("You are offline.")).to_have_count(0)


def test_a_server_on_the_same_computer_needs_no_network(
    browser_of: BrowserOf, candidate: User
) -> None:
    context = browser_of(candidate)
    context.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })"
    )
    page = context.new_page()
    page.goto("/profile/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_room_has_notices_of_its_own(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    room.context.set_offline(True)
    room.get_by_label("Your answer").press_sequentially("Offline")
    expect(room.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    expect(room.get_by_text("You are offline.")).to_have_count(0)


def test_a_page_that_came_out_of_the_cache_says_it_too(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    page = browser_of(candidate).new_page()
    page.goto("/sets/")
    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
