"""A request of htmx that gets no answer: said at once, with what is safe and a way on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.models import Invitation
from questions.models import QuestionSet
from tests.browser.conftest import Complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]

OF_HTMX = ("htmx", "Response Status Error Code", "Failed to load resource", "net::ERR")
ANSWERS: dict[str, dict[str, Any] | None] = {
    "The server can’t be reached. What you typed is still here.": None,
    "That was very often in a short time. What you typed is still here. Try again in 7 seconds.": {
        "status": 429,
        "headers": {"Retry-After": "7"},
    },
    "That was very often in a short time. What you typed is still here. Try again in 2 minutes.": {
        "status": 429,
        "headers": {"Retry-After": "120"},
    },
    "Something broke on our side. It is our fault, not yours, and it has been written down. "
    "What you typed is still here.": {"status": 500},
    "The server didn’t recognise this page. What you typed is still here. "
    "Try again. If that does not help, copy it and load the page again.": {"status": 403},
}


def lose(page: Page, answer: dict[str, Any] | None = None) -> None:
    """From now on htmx's requests don't arrive; something between here and there answers."""

    def handle(route: Route) -> None:
        if "hx-request" not in route.request.headers:
            route.fallback()
        elif answer is None:
            route.abort()
        else:
            route.fulfill(**answer)

    page.route("**/*", handle)


def settled(page: Page) -> None:
    expect(
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    ).to_have_count(0)


@pytest.fixture
def search_page(browser_of: BrowserOf, candidate: User, question_set: QuestionSet) -> Page:
    page = browser_of(candidate).new_page()
    page.goto("/search/")
    return page


@pytest.mark.parametrize(("words", "answer"), ANSWERS.items())
def test_it_says_what_is_safe_and_asks_again_at_a_press(
    search_page: Page, complaints: Complaints, words: str, answer: dict[str, Any] | None
) -> None:
    complaints.expect(*OF_HTMX)
    box = search_page.get_by_role("searchbox")
    lose(search_page, answer)
    box.fill("question")
    notice = search_page.get_by_role("alert")
    expect(notice).to_have_text(words)
    expect(notice).to_be_in_viewport()
    expect(box).to_be_focused()
    expect(box).to_have_value("question")
    assert search_page.locator("#results h2").count() == 0

    search_page.unroute_all()
    search_page.get_by_role("button", name="Try again").focus()
    search_page.keyboard.press("Enter")
    expect(search_page.locator("#results h2")).to_have_count(3)
    expect(notice).to_have_count(0)
    # Who pressed it types on.
    expect(box).to_be_focused()
    search_page.keyboard.press("End")
    search_page.keyboard.type(" 2")
    expect(search_page.locator("#results h2")).to_have_count(1)


def test_one_that_goes_on_is_announced_once_and_the_newest_is_told(
    search_page: Page, complaints: Complaints
) -> None:
    complaints.expect(*OF_HTMX)
    box = search_page.get_by_role("searchbox")
    lose(search_page)
    with search_page.expect_event("requestfailed"):
        box.fill("question")
    expect(search_page.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    search_page.evaluate("said = document.querySelector('[role=alert]')")
    with search_page.expect_event("requestfailed"):
        box.press_sequentially("s")
    settled(search_page)
    assert search_page.evaluate("said.isConnected")
    expect(search_page.get_by_role("alert")).to_have_count(1)
    search_page.unroute_all()
    lose(search_page, {"status": 500})
    box.press_sequentially("x")
    expect(search_page.get_by_role("alert")).to_contain_text("Something broke on our side.")
    expect(search_page.get_by_role("alert")).to_have_count(1)


def test_what_is_gone_can_only_be_loaded_again(search_page: Page, complaints: Complaints) -> None:
    complaints.expect(*OF_HTMX)
    lose(search_page, {"status": 404})
    search_page.get_by_role("searchbox").fill("question")
    expect(search_page.get_by_role("alert")).to_contain_text("There is nothing here any more.")
    expect(search_page.get_by_role("button", name="Try again")).to_have_count(0)
    search_page.unroute_all()
    with search_page.expect_navigation():
        search_page.get_by_role("button", name="Load this page again").click()


def test_a_form_is_asked_for_again_when_the_connection_is_back_but_never_stored_by_itself(
    search_page: Page,
    browser_of: BrowserOf,
    reviewer: User,
    complaints: Complaints,
) -> None:
    complaints.expect(*OF_HTMX)
    search_page.context.set_offline(True)
    search_page.get_by_role("searchbox").fill("question")
    expect(search_page.get_by_text("The server can’t be reached.")).to_be_visible()
    expect(search_page.get_by_text("You are offline.")).to_be_visible()
    search_page.context.set_offline(False)
    expect(search_page.locator("#results h2")).to_have_count(3)
    expect(search_page.get_by_role("alert")).to_have_count(0)

    desk = invitation_form(browser_of(reviewer))
    desk.context.set_offline(True)
    desk.get_by_role("button", name="Make the invitation").click()
    expect(desk.get_by_text("The server can’t be reached.")).to_be_visible()
    desk.context.set_offline(False)
    expect(desk.get_by_text("You are offline.")).to_have_count(0)
    assert not Invitation.objects.exists()
    expect(desk.get_by_text("The server can’t be reached.")).to_be_visible()
    desk.get_by_role("button", name="Try again").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Round one")


def invitation_form(context: BrowserContext) -> Page:
    """Filled in, with a question chosen."""
    page = context.new_page()
    page.goto("/invitations/new/")
    page.get_by_label("What is question 1 about?").check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.locator("[name=question]")).to_have_count(1)
    settled(page)
    page.get_by_label("Title").fill("Round one")
    return page


def test_the_same_button_is_pressed_again(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet, complaints: Complaints
) -> None:
    complaints.expect(*OF_HTMX)
    page = invitation_form(browser_of(reviewer))
    lose(page, {"status": 500})
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("Something broke on our side.")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Make the invitation")).to_be_focused()
    assert not Invitation.objects.exists()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Round one")
    assert Invitation.objects.get().title == "Round one"


def test_a_form_of_an_earlier_log_in_is_taken_at_the_second_try(
    browser_of: BrowserOf,
    reviewer: User,
    question_set: QuestionSet,
    complaints: Complaints,
    live_server: LiveServer,
) -> None:
    complaints.expect(*OF_HTMX)
    page = invitation_form(browser_of(reviewer))
    # As a log-in in another tab does.
    page.context.add_cookies([{"name": "csrftoken", "value": "x" * 32, "url": live_server.url}])
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("The server didn’t recognise this page.")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Round one")


def test_a_double_click_makes_one_invitation(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet
) -> None:
    page = invitation_form(browser_of(reviewer))
    page.get_by_role("button", name="Make the invitation").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Round one")
    page.wait_for_load_state("networkidle")
    assert Invitation.objects.count() == 1


def test_a_reading_that_could_not_be_asked_for_is_asked_for_again_by_itself(
    browser_of: BrowserOf,
    editor: User,
    complaints: Complaints,
    read_in_background: Callable[[], None],
    tmp_path: Path,
) -> None:
    complaints.expect(*OF_HTMX)
    path = tmp_path / "large.md"
    path.write_text("".join(f"{n}. What is {n}?\n\n   {'Long. ' * 70}\n" for n in range(1, 1300)))
    page = browser_of(editor).new_page()
    page.goto("/admin/questions/import/add/")
    page.get_by_label("File:", exact=True).set_input_files(path)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    lose(page)
    expect(page.get_by_role("alert")).to_have_text(
        "The server can’t be reached. The file is read all the same, and this page asks again by "
        "itself."
    )
    read_in_background()
    page.unroute_all()
    expect(page.get_by_text("1 set, 1299 questions")).to_be_visible()
