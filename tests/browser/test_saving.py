"""The saver, in a room of a real server: when it saves, and what the network may do to it."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session
from interview.models import Answer, Interview, Revision
from tests.browser.conftest import Complaints, log_in
from tests.browser.rooms import (
    UNREACHABLE,
    caught,
    enter_with_a_stopped_clock,
    kept_in_browser,
    now,
    offered,
    receipt,
    saves,
    stored,
    text_area,
    wait_in,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# When it saves (Rules of saving, 1).


def test_it_saves_one_and_a_half_seconds_after_typing_stops(
    still: Page, running_interview: Interview
) -> None:
    for letter in "ab":
        text_area(still).press_sequentially(letter)
        still.clock.run_for(1_499)
    assert saves(still) == []
    still.clock.run_for(1)
    assert len(saves(still)) == 1
    expect(receipt(still)).to_contain_text("revision 1")
    assert stored(running_interview) == "ab"


def test_it_saves_eight_seconds_after_the_first_unsaved_keystroke_at_most(still: Page) -> None:
    first = now(still)
    for letter in "while typing on":
        text_area(still).press_sequentially(letter)
        still.clock.run_for(1_000)
    times = [round(save["at"] - first) for save in saves(still)]
    assert times[0] == 8_000


def test_it_saves_on_leaving_the_field(still: Page) -> None:
    text_area(still).press_sequentially("a")
    text_area(still).blur()
    assert len(saves(still)) == 1


@pytest.mark.parametrize("event", ["visibilitychange", "pagehide"])
def test_it_saves_with_keepalive_when_the_page_goes_away(still: Page, event: str) -> None:
    text_area(still).press_sequentially("a")
    assert saves(still) == []
    go_away(still, event)
    assert [save["keepalive"] for save in saves(still)] == [True]


def go_away(page: Page, event: str) -> None:
    page.evaluate(
        """(type) => {
            Object.defineProperty(document, "hidden", { get: () => true });
            const target = type === "pagehide" ? window : document;
            target.dispatchEvent(new Event(type));
        }""",
        event,
    )


@pytest.mark.parametrize(("letters", "keepalive"), [(19_900, True), (19_999, False)])
def test_keepalive_is_for_less_than_60_kilobytes_of_utf_8(
    still: Page, letters: int, keepalive: bool
) -> None:
    """The euro sign has three bytes; above that browsers refuse, and the local copy stays."""
    text_area(still).fill("€" * letters)
    go_away(still, "pagehide")
    assert saves(still)[-1]["keepalive"] is keepalive
    assert kept_in_browser(still) == ["€" * letters]


def test_a_text_that_is_stored_is_not_sent_again(still: Page) -> None:
    text_area(still).press_sequentially("a")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 1")
    text_area(still).focus()
    text_area(still).blur()
    go_away(still, "pagehide")
    still.clock.run_for(20_000)
    assert len(saves(still)) == 1


def test_a_page_that_is_left_at_once_still_sends_its_last_words(
    room: Page, running_interview: Interview
) -> None:
    text_area(room).fill("last words")
    room.goto("/")
    expect(room.get_by_role("link", name="Continue your interview")).to_be_visible()
    # The request outlives its page, and no other waits for it.
    wait_in(room, lambda: stored(running_interview))
    assert stored(running_interview) == "last words"
    room.goto(f"/interviews/{running_interview.pk}/answers/1/")
    expect(text_area(room)).to_have_value("last words")
    expect(room.get_by_role("alert")).to_have_count(0)


# What the network and the server may do.


def test_a_lost_reply_is_no_conflict(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.route("**/save/", lose_the_reply, times=1)
    text_area(room).fill("stored, but nobody said so")
    expect(receipt(room)).to_contain_text("revision")
    text_area(room).press_sequentially(", and more")
    expect(receipt(room)).to_contain_text("7 words")
    assert stored(running_interview) == "stored, but nobody said so, and more"


def lose_the_reply(route: Route) -> None:
    assert route.fetch().status == 200
    route.abort()


def test_after_a_lost_reply_the_former_text_is_saved_again(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    """The server has what nobody said it has, so going back to the former text is a change."""
    complaints.expect(*UNREACHABLE)
    text_area(still).fill("former")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 1")
    still.route("**/save/", lose_the_reply, times=1)
    text_area(still).fill("regretted")
    text_area(still).blur()
    expect(still.get_by_role("alert")).to_be_visible()
    text_area(still).fill("former")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 3")
    assert stored(running_interview) == "former"


def test_a_server_that_is_too_slow_is_asked_again_and_its_late_work_does_no_harm(
    still: Page, running_interview: Interview
) -> None:
    slow: list[Route] = []
    still.route("**/save/", lambda route: slow.append(route), times=1)
    text_area(still).fill("first")
    with still.expect_request("**/save/"):
        text_area(still).blur()
    text_area(still).fill("first and second")
    still.clock.run_for(15_000)
    expect(still.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(still.get_by_role("alert")).to_have_count(0)
    # What was given up arrives at the server after all.
    assert caught(slow, still).fetch().json()["state"] == "saved"
    assert stored(running_interview) == "first and second"
    assert not Revision.objects.filter(kind="conflict").exists()


def test_replies_that_come_out_of_order_change_nothing(
    still: Page, running_interview: Interview
) -> None:
    """The first save is delayed; the page was hidden meanwhile and sent a newer text."""
    delayed: list[Route] = []
    still.route("**/save/", lambda route: delayed.append(route), times=1)
    text_area(still).fill("older")
    with still.expect_request("**/save/"):
        text_area(still).blur()
    text_area(still).fill("older, newer")
    go_away(still, "visibilitychange")
    expect(receipt(still)).to_contain_text("2 words")
    caught(delayed, still).continue_()
    text_area(still).fill("older, newer, newest")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("3 words")
    assert stored(running_interview) == "older, newer, newest"
    expect(still.get_by_role("alert")).to_have_count(0)
    assert kept_in_browser(still) == []


def test_a_reply_that_fails_after_a_newer_save_was_stored_is_no_failure(still: Page) -> None:
    delayed: list[Route] = []
    still.route("**/save/", lambda route: delayed.append(route), times=1)
    text_area(still).fill("older")
    with still.expect_request("**/save/"):
        text_area(still).blur()
    text_area(still).fill("older, newer")
    go_away(still, "visibilitychange")
    expect(receipt(still)).to_contain_text("2 words")
    with still.expect_response("**/save/"):
        caught(delayed, still).fulfill(status=200, body="not JSON")
    still.clock.run_for(2_000)
    expect(receipt(still)).to_contain_text("2 words")
    assert len(saves(still)) == 2
    expect(still.get_by_role("alert")).to_have_count(0)


def test_a_save_that_arrives_twice_is_stored_once(room: Page, running_interview: Interview) -> None:
    def deliver_twice(route: Route) -> None:
        route.fetch()
        route.fulfill(response=route.fetch())

    room.route("**/save/", deliver_twice)
    text_area(room).fill("said twice")
    expect(receipt(room)).to_contain_text("revision 1 ")
    text_area(room).press_sequentially(", and more")
    expect(receipt(room)).to_contain_text("revision 2 ")
    assert stored(running_interview) == "said twice, and more"
    assert not Revision.objects.filter(kind="conflict").exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500, "body": "broken"},
        {"status": 502, "body": "<html>Bad gateway</html>", "content_type": "text/html"},
        {"status": 200, "body": "<html>Hotel network: log in</html>", "content_type": "text/html"},
        {"status": 200, "body": "{}", "content_type": "application/json"},
    ],
    ids=["500", "502 of a proxy", "200 of somebody else", "200 without a word"],
)
def test_a_server_that_gives_no_receipt_is_tried_again(
    still: Page, running_interview: Interview, complaints: Complaints, broken: dict[str, Any]
) -> None:
    complaints.expect("500", "502")
    still.route("**/save/", lambda route: route.fulfill(**broken), times=1)
    text_area(still).fill("patience")
    text_area(still).blur()
    expect(still.get_by_role("alert")).to_contain_text("Your text is safe in this browser.")
    assert kept_in_browser(still) == ["patience"]
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(still.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "patience"


def test_each_failure_makes_the_next_try_come_later(still: Page, complaints: Complaints) -> None:
    complaints.expect(*UNREACHABLE)
    still.route("**/save/", lambda route: route.abort())
    text_area(still).fill("patience")
    text_area(still).blur()
    expect(still.get_by_role("alert")).to_be_visible()
    for most in (1_500, 3_000, 6_000, 12_000):
        begun = len(saves(still))
        with still.expect_event("requestfailed"):
            still.clock.run_for(most)
        assert len(saves(still)) == begun + 1
        expect(receipt(still)).to_have_text("Not saved yet")


def test_a_server_that_refuses_too_many_is_left_alone_as_long_as_it_says(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("429")
    word = {"state": "too-often", "retry_after": 20, "notice": "That was a lot at once."}
    still.route("**/save/", lambda route: route.fulfill(status=429, json=word), times=1)
    text_area(still).fill("much too fast")
    text_area(still).blur()
    expect(still.get_by_role("alert")).to_contain_text("Saving takes a short break.")
    text_area(still).press_sequentially(", still")
    text_area(still).blur()
    still.clock.run_for(19_000)
    assert len(saves(still)) == 1
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(still.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "much too fast, still"


def test_a_token_that_was_renewed_just_then_is_read_again(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("403")
    word = {"state": "stale-token", "notice": "Load this page again."}
    still.route("**/save/", lambda route: route.fulfill(status=403, json=word), times=1)
    text_area(still).fill("nobody notices")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 1")
    assert len(saves(still)) == 2
    expect(still.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "nobody notices"


def test_a_page_without_a_token_offers_its_text_when_it_is_loaded_again(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("403")
    room.context.clear_cookies(name="csrftoken")
    text_area(room).fill("typed without a token")
    expect(room.get_by_role("alert")).to_contain_text("The server didn’t recognise this page.")
    room.get_by_role("button", name="Load this page again").click()
    expect(offered(room)).to_have_text("typed without a token")
    room.get_by_role("button", name="Take this text").click()
    # Not always 1: the page that went may have stored it with the token that the new one brought.
    expect(receipt(room)).to_contain_text(re.compile(r"revision [12]\b"))
    assert stored(running_interview) == "typed without a token"


def test_who_was_logged_out_loses_nothing_and_goes_on_after_logging_in(
    room: Page, running_interview: Interview, live_server: LiveServer, complaints: Complaints
) -> None:
    complaints.expect("401")
    Session.objects.all().delete()
    text_area(room).fill("typed after the session ended")
    expect(room.get_by_role("alert")).to_contain_text("You were logged out.")
    link = room.get_by_role("link", name="Log in")
    assert "/accounts/login/" in (link.get_attribute("href") or "")
    expect(text_area(room)).to_have_value("typed after the session ended")
    log_in(room.context, running_interview.candidate, live_server.url)
    expect(receipt(room)).to_contain_text("revision 1")
    expect(room.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "typed after the session ended"


def test_an_answer_that_is_gone_is_told_once_and_not_tried_again(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("404")
    Answer.objects.filter(interview=running_interview, position=1).update(opened_at=None)
    text_area(still).fill("for nobody")
    text_area(still).blur()
    expect(still.get_by_role("alert")).to_contain_text("Not saved.")
    still.clock.run_for(60_000)
    assert len(saves(still)) == 1
    assert kept_in_browser(still) == ["for nobody"]


def test_an_hour_offline_loses_nothing(
    chromium: BrowserContext, running_interview: Interview, complaints: Complaints
) -> None:
    """An hour by the page's own clocks and timers; each timer fires once in each ten minutes."""
    complaints.expect(*UNREACHABLE)
    Answer.objects.update(closes_at=None, accepts_until=None)
    still = enter_with_a_stopped_clock(chromium, running_interview)
    still.context.set_offline(True)
    for number in range(1, 7):
        text_area(still).press_sequentially(f"{number} ")
        still.clock.fast_forward("10:00")
        expect(receipt(still)).to_have_text("Not saved yet")
    expect(still.get_by_role("alert")).to_have_count(1)
    assert kept_in_browser(still) == ["1 2 3 4 5 6 "]
    still.context.set_offline(False)
    expect(receipt(still)).to_contain_text("6 words")
    expect(still.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "1 2 3 4 5 6 "
    assert kept_in_browser(still) == []
