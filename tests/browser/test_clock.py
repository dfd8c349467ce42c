"""The clock, in a room of a real server: the browser's own time is never believed."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.templatetags.static import static
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import TimingProfile, User
from interview.models import Answer, Interview, Revision
from questions.models import QuestionSet
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    STORED,
    UNREACHABLE,
    ask_the_server,
    ask_the_server_about_time_alone,
    caught,
    enter,
    enter_with_a_stopped_clock,
    go_on,
    kept_in_browser,
    receipt,
    saves,
    stored,
    text_area,
)
from tests.conftest import move_back, start_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ELEVEN = re.compile(r"^1[12]:\d\d$")
ONE_OR_TWO = re.compile(r"^[12]:\d\d$")


def clock(page: Page) -> Any:
    return page.get_by_role("timer")


def seconds(shown: str) -> int:
    minutes, rest = shown.split(":")
    return 60 * int(minutes) + int(rest)


def test_it_counts_down_each_second(still: Page) -> None:
    first = seconds(clock(still).inner_text())
    still.clock.run_for(1_000)
    assert seconds(clock(still).inner_text()) == first - 1
    still.clock.run_for(60_000)
    assert seconds(clock(still).inner_text()) == first - 61


def test_a_second_that_has_begun_counts(room: Page) -> None:
    texts = room.evaluate(
        "async (url) => [0, 0.2, 59.1, 60, 245, 3600].map((await import(url)).asText)",
        static("js/clock.js"),
    )
    assert texts == ["0:00", "0:01", "1:00", "1:00", "4:05", "1:00:00"]


def test_it_warns_of_the_last_five_minutes(room: Page, running_interview: Interview) -> None:
    expect(clock(room)).to_have_class("clock")
    move_back(running_interview, "8 minutes")
    ask_the_server_about_time_alone(room)
    expect(clock(room)).to_have_class("clock clock--low")


def test_where_each_question_has_its_own_few_minutes_it_warns_of_the_last(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    page = enter(browser_of(candidate), interview)
    expect(clock(page)).to_have_text(re.compile(r"^[34]:\d\d$"))
    expect(clock(page)).to_have_class("clock")
    move_back(interview, "195 seconds")
    ask_the_server_about_time_alone(page)
    expect(clock(page)).to_have_class("clock clock--low")


@pytest.mark.parametrize(
    "wakes",
    [
        "dispatchEvent(new Event('online'))",
        "document.dispatchEvent(new Event('visibilitychange'))",
        "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))",
    ],
    ids=["online", "visible", "shown again"],
)
def test_it_asks_the_server_when_it_may_have_stood_still(
    room: Page, running_interview: Interview, wakes: str
) -> None:
    expect(clock(room)).to_have_text(ELEVEN)
    move_back(running_interview, "10 minutes")
    room.evaluate(wakes)
    expect(clock(room)).to_have_text(ONE_OR_TWO)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_browser_clock_that_is_wrong_or_changed_is_not_believed(
    still: Page, running_interview: Interview, hours: int
) -> None:
    """As after a sleep too: then the two clocks of the browser part."""
    move_back(running_interview, "10 minutes")
    still.clock.set_system_time(still.evaluate("Date.now()") / 1000 + 3600 * hours)
    with still.expect_request("**/clock/**"):
        still.clock.run_for(1_000)
    expect(clock(still)).to_have_text(ONE_OR_TWO)
    # The next page of this browser is as right.
    still.reload()
    expect(clock(still)).to_have_text(ONE_OR_TWO)


def test_until_the_server_answers_nobody_knows_the_time(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    still.context.set_offline(True)
    ask_the_server(still)
    expect(clock(still)).to_have_text("checking")
    still.clock.run_for(90_000)
    expect(clock(still)).to_have_text("checking")
    move_back(running_interview, "10 minutes")
    still.context.set_offline(False)
    expect(clock(still)).to_have_text(ONE_OR_TWO)


def test_who_comes_back_while_a_question_is_being_lost_asks_again_at_once(
    still: Page, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    held: list[Route] = []
    still.route("**/clock/**", lambda route: held.append(route), times=1)
    ask_the_server(still)
    lost = caught(held, still)
    ask_the_server(still)
    expect(clock(still)).to_have_text("checking")
    lost.abort()
    expect(clock(still)).to_have_text(ELEVEN)


def test_a_slow_reply_gives_no_time(still: Page, running_interview: Interview) -> None:
    held: list[Route] = []
    still.route("**/save/", lambda route: held.append(route))
    text_area(still).fill("slow")
    before = seconds(clock(still).inner_text())
    text_area(still).blur()
    slow = caught(held, still)
    reply = slow.fetch()
    still.clock.run_for(12_000)
    slow.fulfill(response=reply)
    expect(receipt(still)).to_contain_text("revision 1")
    # The page's clock was a little ahead of the server's.
    assert seconds(clock(still).inner_text()) <= before - 6


def test_time_that_was_added_elsewhere_shows(still: Page, running_interview: Interview) -> None:
    first = seconds(clock(still).inner_text())
    move_back(running_interview, "-5 minutes")
    with still.expect_response("**/clock/**"):
        ask_the_server(still)
    expect(clock(still)).not_to_have_text("checking")
    assert seconds(clock(still).inner_text()) == pytest.approx(first + 300, abs=60)


# Said aloud (Rules of time, 4).


def announce(page: Page, lefts: list[float]) -> list[str]:
    """What was said, as the seconds left went by."""
    said: list[str] = page.evaluate(
        """async ([url, lefts]) => {
            const { Announcements } = await import(url);
            const region = document.createElement("p");
            const said = [];
            new MutationObserver((changes) => {
                for (const { addedNodes } of changes) said.push(addedNodes[0]?.data);
            }).observe(region, { childList: true });
            const marks = [10, 5, 1].map((minutes) => (
                { at: 60 * minutes, exactly: `${minutes} left`, less: `less than ${minutes} left` }
            ));
            const announcements = new Announcements(region, marks, lefts[0]);
            for (const left of lefts) { announcements.tick(left); await null; }
            return said.filter((words) => words);
        }""",
        [static("js/announcements.js"), lefts],
    )
    return said


def test_it_speaks_at_the_announced_minutes_and_never_each_second(room: Page) -> None:
    whole_sitting = [720 - second + 0.7 for second in range(721)]
    assert announce(room, whole_sitting) == ["10 left", "5 left", "1 left"]


def test_a_minute_that_was_slept_through_is_told_as_what_is_true_by_then(room: Page) -> None:
    assert announce(room, [700, 200, 199, 198]) == ["less than 5 left"]
    assert announce(room, [700, 20]) == ["less than 1 left"]


def test_the_end_is_no_minute(room: Page) -> None:
    assert announce(room, [700, 0]) == []


def test_minutes_are_told_again_after_more_time(room: Page) -> None:
    assert announce(room, [302, 299, 599, 300, 299]) == ["5 left", "5 left"]


def test_the_timer_is_silent_and_the_minutes_are_said_politely(
    room: Page, running_interview: Interview
) -> None:
    status = room.locator("#announcement")
    expect(status).to_have_attribute("role", "status")
    assert clock(room).get_attribute("aria-live") is None  # A timer's is off.
    move_back(running_interview, "2 minutes 30 seconds")
    ask_the_server(room)
    expect(status).to_have_text("Less than 10 minutes left")


# The end.


def test_a_hidden_clock_is_not_shown_and_still_ends_the_sitting(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, show_clock=False)
    interview = start_interview(candidate, question_set)
    still = enter_with_a_stopped_clock(browser_of(candidate), interview)
    expect(clock(still)).to_have_count(0)
    move_back(interview, "1 hour")
    ask_the_server(still)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    go_on(still)


@pytest.mark.parametrize("luck", [0, 0.5, 0.99])
def test_last_words_are_saved_within_eight_seconds_of_the_end_and_not_all_at_once(
    chromium: BrowserContext, running_interview: Interview, luck: float
) -> None:
    """The server's end comes with the page's question; typing had just begun."""
    still = enter_with_a_stopped_clock(chromium, running_interview)
    still.evaluate("(luck) => { Math.random = () => luck; }", luck)
    text_area(still).press_sequentially("the last words")
    move_back(running_interview, "12 minutes")
    ask_the_server_about_time_alone(still)
    expect(still.get_by_role("alert")).to_contain_text("The time is over.")
    wait = round(8_000 * luck)
    if wait:
        still.clock.run_for(wait - 1)
    assert saves(still) == []
    with still.expect_request("**/save/"):
        still.clock.run_for(1)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "the last words"
    assert not Revision.objects.late().exists()
    expect(text_area(still)).to_be_focused()
    go_on(still)


def test_a_laptop_that_slept_over_the_deadline_keeps_its_text_as_late_text(
    still: Page, running_interview: Interview
) -> None:
    """By the browser's two clocks, which part as they do when a computer sleeps."""
    held: list[Route] = []
    still.route("**/clock/**", lambda route: held.append(route))
    text_area(still).press_sequentially("typed before the lid was closed")
    move_back(running_interview, "1 hour")
    still.clock.set_system_time(still.evaluate("Date.now()") / 1000 + 3600)
    with still.expect_request("**/clock/**"):
        still.clock.run_for(1_000)
    expect(clock(still)).to_have_text("checking")
    expect(text_area(still)).to_be_editable()
    caught(held, still).continue_()
    expect(clock(still)).to_have_text("0:00")
    expect(text_area(still)).not_to_be_editable()
    still.clock.run_for(8_000)
    expect(still.get_by_role("alert")).to_contain_text("labelled as late")
    expect(receipt(still)).to_have_text("Kept as late text")
    assert Revision.objects.late().get().text == "typed before the lid was closed"
    assert kept_in_browser(still) == []
    still.get_by_role("link", name="Continue").click()
    expect(still.get_by_role("heading", name="Score yourself")).to_be_visible()


def test_more_time_opens_the_text_area_again(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    still.route("**/save/", lambda route: route.abort())
    text_area(still).press_sequentially("not done yet")
    move_back(running_interview, "12 minutes")
    ask_the_server(still)
    expect(clock(still)).to_have_text("0:00")
    expect(text_area(still)).not_to_be_editable()
    move_back(running_interview, "-5 minutes")
    still.unroute_all()
    ask_the_server(still)
    expect(text_area(still)).to_be_editable()
    expect(clock(still)).to_have_text(re.compile(r"^[45]:\d\d$"))
    expect(still.get_by_role("alert")).to_have_count(0)
    text_area(still).press_sequentially(", but now")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("5 words")
    still.clock.run_for(20_000)
    expect(text_area(still)).to_have_value("not done yet, but now")
    assert stored(running_interview) == "not done yet, but now"


def test_a_receipt_of_an_extended_sitting_opens_it_again_too(
    still: Page, running_interview: Interview
) -> None:
    """The page thought that time was up, and its last save learned better."""
    text_area(still).press_sequentially("the last words")
    move_back(running_interview, "12 minutes")
    ask_the_server_about_time_alone(still)
    expect(text_area(still)).not_to_be_editable()
    move_back(running_interview, "-5 minutes")
    still.clock.run_for(8_000)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(text_area(still)).to_be_editable()
    expect(still.get_by_role("alert")).to_have_count(0)


def test_without_a_limit_there_is_no_clock_and_no_end(
    chromium: BrowserContext, running_interview: Interview
) -> None:
    Interview.objects.update(deadline=None)
    Answer.objects.update(closes_at=None, accepts_until=None)
    page = enter(chromium, running_interview)
    expect(clock(page)).to_have_count(0)
    text_area(page).press_sequentially("no hurry")
    text_area(page).blur()
    expect(receipt(page)).to_contain_text("revision 1")
    ask_the_server(page)
    expect(text_area(page)).to_be_editable()
