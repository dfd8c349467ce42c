"""What takes longer than a moment says so, and is not sent twice."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from accounts.models import User
from questions.models import QuestionSet
from tests.browser.rooms import caught, stop_clock, wait_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]

# Where the line at the top is so many ms after it began: its shift, and how much of it shows.
LINE = """(ms) => {
    const line = document.getAnimations().find((it) => it.animationName?.startsWith("under-way"));
    if (!line) return null;
    line.pause();
    line.currentTime = ms;
    const { translate, opacity } = getComputedStyle(document.documentElement, "::before");
    return [translate, Number(opacity)];
}"""


def never_answer(page: Page, address: str) -> list[Request]:
    """The forms that are sent there, from now on. The page stays, as with a server that is slow.

    A request that is held up would hold up Playwright too.
    """
    sent: list[Request] = []

    def handle(route: Route) -> None:
        sent.append(route.request)
        route.fulfill(status=204)

    page.route(address, handle)
    return sent


@pytest.fixture
def profile(browser_of: BrowserOf, candidate: User) -> Page:
    page = browser_of(candidate).new_page()
    page.goto("/profile/")
    return page


def test_a_form_says_that_it_is_under_way_after_a_moment(profile: Page) -> None:
    profile.clock.install()
    profile.reload()
    stop_clock(profile)
    never_answer(profile, "**/profile/")
    profile.get_by_role("button", name="Save").click()
    said = profile.locator("#under-way")
    expect(profile.locator("form[aria-busy=true]")).to_have_count(1)
    profile.clock.run_for(299)
    expect(said).to_have_text("")
    profile.clock.run_for(2)
    expect(said).to_have_text("One moment: this takes a little longer.")


def test_a_line_shows_it_from_300_ms_on_and_never_before(profile: Page) -> None:
    assert profile.evaluate(LINE, 0) is None
    never_answer(profile, "**/profile/")
    profile.get_by_role("button", name="Save").click()
    expect(profile.locator("form[aria-busy=true]")).to_have_count(1)
    assert profile.evaluate(LINE, 0) == ["-100%", 1]
    assert profile.evaluate(LINE, 299) == ["-100%", 1]
    shift, _opacity = profile.evaluate(LINE, 900)
    assert 0 < float(shift.rstrip("%")) < 250


def test_with_reduced_motion_the_line_stands_still(profile: Page) -> None:
    profile.emulate_media(reduced_motion="reduce")
    never_answer(profile, "**/profile/")
    profile.get_by_role("button", name="Save").click()
    expect(profile.locator("form[aria-busy=true]")).to_have_count(1)
    assert profile.evaluate(LINE, 299) == ["none", 0]
    assert profile.evaluate(LINE, 302) == ["none", 1]


def test_a_request_of_htmx_shows_it_too(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet
) -> None:
    page = browser_of(candidate).new_page()
    page.goto("/search/")
    held: list[Route] = []
    page.route("**/search/?*", lambda route: held.append(route))
    page.get_by_role("searchbox").fill("question")
    waiting = caught(held, page)
    assert page.evaluate(LINE, 299) == ["-100%", 1]
    waiting.continue_()
    expect(page.locator("#results h2")).to_have_count(3)
    assert page.evaluate(LINE, 0) is None


def test_a_second_press_sends_nothing_and_escape_lets_one_press_again(profile: Page) -> None:
    sent = never_answer(profile, "**/profile/")
    save = profile.get_by_role("button", name="Save")
    save.dblclick()
    save.press("Enter")
    expect(profile.locator("form[aria-busy=true]")).to_have_count(1)
    wait_in(profile, lambda: sent)
    assert len(sent) == 1
    profile.keyboard.press("Escape")
    expect(profile.locator("form[aria-busy]")).to_have_count(0)
    profile.unroute_all()
    save.click()
    expect(profile.get_by_text("Your profile is saved.")).to_be_visible()


def test_on_the_way_back_a_form_can_be_sent_again(profile: Page) -> None:
    profile.get_by_role("button", name="Save").click()
    expect(profile.get_by_text("Your profile is saved.")).to_be_visible()
    profile.goto("/sets/")
    profile.go_back()
    expect(profile.locator("form[aria-busy]")).to_have_count(0)
    profile.get_by_role("button", name="Save").click()
    expect(profile.get_by_text("Your profile is saved.")).to_be_visible()
