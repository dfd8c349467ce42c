"""Starting an interview: a stranger at one press, by keyboard alone, and where too few match."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.models import Answer, Interview
from tests.browser.conftest import log_in
from tests.conftest import PASSWORD
from tests.interview.test_mixed_interview import make_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, open_browser: Callable[..., BrowserContext]) -> Page:
    """A stranger's."""
    return open_browser(java_script_enabled=request.param).new_page()


@pytest.fixture
def keyboard(browser_of: Callable[..., BrowserContext], candidate: User) -> Page:
    """The candidate's, with JavaScript."""
    return browser_of(candidate).new_page()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what has that label or these words."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.evaluate("(it) => it.labels?.[0]?.innerText.trim() || it.innerText") == name:
            return
    raise AssertionError(f"Tab never came to {name}")


def sign_up(page: Page) -> None:
    page.get_by_label("Email").fill("ada@example.com")
    page.get_by_label("Password").fill("a-long-enough-phrase")
    page.get_by_role("button", name="Sign up").click()


def test_a_stranger_starts_with_two_presses_and_the_sign_up(page: Page, db: None) -> None:
    make_set("storage", 6)
    page.goto("/")
    page.get_by_role("link", name="Start a mock interview").click()
    sign_up(page)
    expect(page.get_by_text("5 mixed questions in any order, about 20 minutes")).to_be_visible()
    assert not Interview.objects.exists()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Question 1 of 5")).to_be_visible()
    page.goto("/")
    page.get_by_role("link", name="Continue your interview").click()
    expect(page.get_by_text("Question 1 of 5")).to_be_visible()
    assert Interview.objects.count() == 1


def test_a_stranger_who_chose_a_set_has_it_kept_over_the_sign_up(page: Page, db: None) -> None:
    """Two presses until the sign-up, one after it; nothing is asked again."""
    make_set("storage", 6)
    chosen = make_set("dns", 4)
    page.goto("/")
    page.get_by_role("link", name=chosen.title, exact=True).click()
    page.get_by_role("link", name="Start a mock interview").click()
    sign_up(page)
    expect(page.get_by_role("heading", name=chosen.title, exact=True)).to_be_visible()
    assert not Interview.objects.exists()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    assert Interview.objects.get().question_set == chosen


def test_a_stranger_who_chose_a_theme_has_it_kept_too(page: Page, db: None) -> None:
    make_set("storage", 6, "storage")
    make_set("dns", 4, "dns")
    page.goto("/")
    page.get_by_role("link", name="Dns", exact=True).first.click()
    page.get_by_role("link", name="Sit questions on this topic").click()
    sign_up(page)
    expect(page.get_by_label("Dns")).to_be_checked()
    expect(page.get_by_label("Storage")).not_to_be_checked()
    page.get_by_label("Questions", exact=True).fill("3")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Question 1 of 3")).to_be_visible()
    asked = Answer.objects.values_list("question_version__question__question_set__slug", flat=True)
    assert set(asked) == {"dns"}


def test_who_has_an_account_keeps_what_they_chose_as_well(
    page: Page, candidate: User, db: None
) -> None:
    chosen = make_set("dns", 4)
    page.goto("/")
    page.get_by_role("link", name=chosen.title, exact=True).click()
    page.get_by_role("link", name="Start a mock interview").click()
    page.get_by_role("main").get_by_role("link", name="Log in").click()
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name=chosen.title, exact=True)).to_be_visible()


def test_too_few_are_counted_and_one_press_asks_them(
    page: Page, candidate: User, live_server: LiveServer
) -> None:
    make_set("storage", 4, "storage")
    make_set("dns", 9, "dns")
    log_in(page.context, candidate, live_server.url)
    page.goto("/interviews/new/mixed/")
    expect(page.get_by_text("13 questions match.")).to_be_visible()
    page.get_by_label("Storage").check()
    again = page.get_by_role("button", name="Count again")
    if again.count():
        again.click()
    expect(page.get_by_text("4 questions match. Too few to ask 5.")).to_be_visible()
    page.get_by_label("One at a time").check()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Only 4 questions match.").first).to_be_visible()
    expect(page.get_by_label("Storage")).to_be_checked()
    expect(page.get_by_label("One at a time")).to_be_checked()
    page.get_by_role("button", name="Ask all 4").click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    assert Interview.objects.get().one_at_a_time


def test_a_mix_is_chosen_and_started_by_keyboard_alone(keyboard: Page) -> None:
    make_set("storage", 6, "storage")
    make_set("dns", 9, "dns", difficulty=3)
    keyboard.goto("/interviews/new/mixed/")
    tab_to(keyboard, "Storage")
    keyboard.keyboard.press("Space")
    expect(keyboard.locator("#matching")).to_contain_text("6 questions match.")
    expect(keyboard.get_by_label("Storage")).to_be_focused()
    tab_to(keyboard, "Questions")
    keyboard.keyboard.type("6")
    expect(keyboard.locator("#matching")).to_contain_text("6 of them are asked, in about 24")
    tab_to(keyboard, "Start")
    keyboard.keyboard.press("Enter")
    expect(keyboard.get_by_text("Question 1 of 6")).to_be_visible()


def test_enter_in_a_field_starts_and_takes_no_remedy(keyboard: Page) -> None:
    make_set("storage", 4)
    keyboard.goto("/interviews/new/mixed/")
    number = keyboard.get_by_label("Questions")
    number.press("Enter")
    expect(keyboard.get_by_role("button", name="Ask all 4")).to_be_visible()
    number.fill("6")
    number.press("Enter")
    expect(keyboard.get_by_text("Too few to ask 6.")).to_be_visible()
    keyboard.wait_for_load_state()
    assert not Interview.objects.exists()
    number.fill("3")
    number.press("Enter")
    expect(keyboard.get_by_text("Question 1 of 3")).to_be_visible()


def test_a_double_click_starts_one(keyboard: Page) -> None:
    make_set("storage", 6)
    keyboard.goto("/")
    keyboard.get_by_role("button", name="Start a mock interview").dblclick()
    expect(keyboard.get_by_text("Question 1 of 5")).to_be_visible()
    assert Interview.objects.count() == 1
