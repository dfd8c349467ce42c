"""“Add 5 minutes” and the hidden clock, in a browser (Rules of time, 3 and 4)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from accounts.models import TimingProfile, User
from interview.models import Answer, Interview
from questions.models import QuestionSet
from tests.browser.conftest import Complaints
from tests.browser.rooms import enter, enter_with_a_stopped_clock
from tests.conftest import move_back, start_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

IN_17_MINUTES = re.compile(r"^1[67]:\d\d$")
IN_12_MINUTES = re.compile(r"^1[12]:\d\d$")


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Add 5 minutes")


def extensions(interview: Interview) -> int:
    return Interview.objects.get(pk=interview.pk).extensions


@pytest.fixture
def room(browser_of: Callable[..., BrowserContext], running_interview: Interview) -> Page:
    return enter(browser_of(running_interview.candidate), running_interview)


def test_a_click_adds_the_time_and_leaves_the_text_the_caret_and_the_focus(
    room: Page, running_interview: Interview
) -> None:
    text = room.get_by_label("Your answer")
    expect(room.get_by_role("timer")).to_have_text(IN_12_MINUTES)
    text.press_sequentially("one three")
    for _ in range(len("three")):
        room.keyboard.press("ArrowLeft")
    button(room).click()
    expect(room.get_by_role("timer")).to_have_text(IN_17_MINUTES)
    told = "5 minutes added, possible 9 more times. Only you see this."
    expect(room.get_by_text(told)).to_be_visible()
    expect(text).to_be_focused()
    room.keyboard.type("two ")
    expect(text).to_have_value("one two three")
    assert extensions(running_interview) == 1


def test_the_button_says_how_many_are_left_and_works_by_keyboard(
    room: Page, running_interview: Interview
) -> None:
    left = "possible 10 more times · only you see this"
    expect(button(room)).to_have_accessible_description(left)
    room.get_by_label("Your answer").focus()
    for _ in range(3):
        room.keyboard.press("Shift+Tab")
        if button(room).evaluate("button => button === document.activeElement"):
            break
    expect(button(room)).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.get_by_role("timer")).to_have_text(IN_17_MINUTES)
    expect(button(room)).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.get_by_text("5 minutes added, possible 8 more times.")).to_be_visible()
    assert extensions(running_interview) == 2


def test_a_double_click_and_a_lost_reply_add_once(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED", "Failed to fetch")

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    room.route("**/extend/", lose_the_reply, times=1)
    button(room).dblclick()
    expect(
        room.get_by_text("The server can’t be reached. Press again: it is added once.")
    ).to_be_visible()
    button(room).click()
    expect(room.get_by_text("Time was added already, possible 9 more times.")).to_be_visible()
    expect(room.get_by_role("timer")).to_have_text(IN_17_MINUTES)
    assert extensions(running_interview) == 1


def test_the_last_press_takes_the_button_away_and_leads_back_to_the_text(
    room: Page, running_interview: Interview
) -> None:
    Interview.objects.update(extensions=9)
    room.reload()
    button(room).focus()
    room.keyboard.press("Enter")
    expect(room.get_by_text("5 minutes added, for the last time.")).to_be_visible()
    expect(button(room)).to_be_hidden()
    expect(room.get_by_label("Your answer")).to_be_focused()


def test_a_second_tab_learns_of_it_by_its_next_save(
    room: Page, running_interview: Interview
) -> None:
    other = enter(room.context, running_interview, 2)
    button(room).click()
    expect(room.get_by_text("5 minutes added")).to_be_visible()
    other.get_by_label("Your answer").fill("in the other tab")
    expect(other.get_by_role("timer")).to_have_text(IN_17_MINUTES)
    button(other).click()
    expect(other.get_by_text("Time was added already, possible 9 more times.")).to_be_visible()
    assert extensions(running_interview) == 1


def test_without_a_script_the_button_brings_the_text_along(
    browser_of: Callable[..., BrowserContext], running_interview: Interview
) -> None:
    chromium = browser_of(running_interview.candidate, java_script_enabled=False)
    room = enter(chromium, running_interview)
    room.get_by_label("Your answer").fill("half a wo")
    button(room).click()
    expect(room.get_by_text("5 minutes added, possible 9 more times.")).to_be_visible()
    expect(room.get_by_label("Your answer")).to_have_value("half a wo")
    assert Answer.objects.get(interview=running_interview, position=1).text == "half a wo"


@pytest.fixture
def hiding(candidate: User, question_set: QuestionSet) -> Interview:
    """An interview of somebody who hides the clock."""
    TimingProfile.objects.create(user=candidate, show_clock=False)
    return start_interview(candidate, question_set)


@pytest.mark.parametrize("script", [True, False])
def test_a_hidden_clock_shows_on_request_and_hides_again(
    browser_of: Callable[..., BrowserContext], hiding: Interview, script: bool
) -> None:
    room = enter(browser_of(hiding.candidate, java_script_enabled=script), hiding)
    timer: Any = room.get_by_role("timer")
    room.get_by_label("Your answer").fill("words")
    room.get_by_role("button", name="Save", exact=True).click()
    expect(room.locator("#receipt")).to_contain_text("revision 1 · 1 word")
    expect(timer).to_have_count(0)
    shown = room.locator("body").inner_text()
    assert re.findall(r"\d+:\d\d", shown) == []
    room.get_by_text("Show time left").click()
    expect(timer).to_have_text(IN_12_MINUTES if script else re.compile(r"until \d\d:\d\d UTC"))
    room.get_by_text("Show time left").click()
    expect(timer).to_have_count(0)


def test_a_hidden_clock_is_announced_in_words_that_are_seen(
    browser_of: Callable[..., BrowserContext], hiding: Interview
) -> None:
    move_back(hiding, "6 minutes 30 seconds")
    still = enter_with_a_stopped_clock(browser_of(hiding.candidate), hiding)
    still.clock.run_for(40_000)
    announcement = still.locator("#announcement")
    expect(announcement).to_have_text("5 minutes left")
    expect(announcement).to_be_visible()
    assert announcement.get_attribute("role") == "status"


@pytest.mark.parametrize("path", ["answers/2/", "finish/"])
def test_the_clock_runs_before_the_next_question_and_before_the_finish(
    browser_of: Callable[..., BrowserContext],
    candidate: User,
    question_set: QuestionSet,
    path: str,
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    page = browser_of(candidate).new_page()
    page.goto(f"/interviews/{interview.pk}/{path}")
    expect(page.get_by_role("timer")).to_have_text(IN_12_MINUTES)
    button(page).click()
    expect(page.get_by_role("timer")).to_have_text(IN_17_MINUTES)
    assert page.url.endswith(path)
    move_back(interview, "1 hour")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="Score yourself")).to_be_visible()
