"""What the room says once the time is over: whether the text is stored, and nothing untrue."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from interview.models import Answer, Interview, Revision
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    STANDS,
    STORED,
    UNREACHABLE,
    ask_the_server_about_time_alone,
    caught,
    enter,
    enter_with_a_stopped_clock,
    go_on,
    keep_in_browser,
    offered,
    paste,
    receipt,
    stored,
    text_area,
)
from tests.conftest import move_back, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


SAVING = "The time is over. Your last words are being saved. Stay on this page until that is done."
HELD_UP = (
    "The time is over. The server can’t be reached. Your text is safe in this browser."
    " It is saved by itself when the connection is back. Stay on this page until then."
)


def told(page: Page) -> list[str]:
    """What the notices say, as it is seen."""
    return [
        " ".join(notice.inner_text().split())
        for notice in page.locator(".room__notices [role=alert]").all()
    ]


def type_and_save(page: Page, text: str) -> None:
    text_area(page).press_sequentially(text)
    page.clock.run_for(2_000)
    expect(receipt(page)).to_contain_text("revision 1")


def let_time_run_out(page: Page, interview: Interview) -> None:
    move_back(interview, "12 minutes")
    ask_the_server_about_time_alone(page)
    expect(text_area(page)).not_to_be_editable()


def test_after_the_end_the_page_waits_for_its_reader(
    still: Page, running_interview: Interview
) -> None:
    """However long: a crowd whose sitting ends in one second must not go on in that second."""
    text_area(still).press_sequentially("all of it")
    text_area(still).blur()
    expect(receipt(still)).to_contain_text("revision 1")
    move_back(running_interview, "12 minutes")
    with still.expect_request("**/clock/**"):
        ask_the_server_about_time_alone(still)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    asked: list[str] = []
    still.on("request", lambda request: asked.append(request.url))
    still.clock.run_for(60_000)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert [url for url in asked if "/clock/" not in url] == []
    go_on(still)


def pressable(page: Page) -> list[str]:
    """What can be pressed in the room, in its order."""
    return page.locator(".room :is(a, button, summary):visible").all_inner_texts()


def test_after_the_end_only_what_still_works_is_offered(
    still: Page, running_interview: Interview
) -> None:
    before = pressable(still)
    assert {"Add 5 minutes", "Flag", "Save", "Finish", "Next"} < set(before)
    still.get_by_role("button", name="Flag").focus()
    let_time_run_out(still, running_interview)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert pressable(still) == ["Continue", "History"]
    expect(text_area(still)).to_be_focused()
    # It was the clock that was wrong, or there is more time by now.
    move_back(running_interview, "-12 minutes")
    ask_the_server_about_time_alone(still)
    expect(text_area(still)).to_be_editable()
    assert pressable(still) == before


def test_the_history_can_be_read_after_the_end(still: Page, running_interview: Interview) -> None:
    type_and_save(still, "all of it")
    let_time_run_out(still, running_interview)
    still.get_by_role("button", name="History").click()
    still.wait_for_url("**/history/")
    expect(still.get_by_text("all of it").first).to_be_visible()


def test_at_the_end_nobody_is_told_to_keep_writing_where_one_can_not(
    chromium: BrowserContext, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    still = enter_with_a_stopped_clock(chromium, running_interview)
    still.route("**/save/", lambda route: route.abort())
    keep_writing = still.get_by_text("Keep writing.")
    text_area(still).press_sequentially("the last words")
    still.clock.run_for(5_000)
    expect(keep_writing).to_be_visible()
    expect(still.get_by_text("The time is over.")).to_be_hidden()
    let_time_run_out(still, running_interview)
    expect(keep_writing).to_be_hidden()
    assert told(still) == [HELD_UP]


def test_at_the_end_one_notice_says_all_whenever_the_connection_was_lost(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    still.evaluate("Math.random = () => 0.9")
    text_area(still).press_sequentially("the last words")
    let_time_run_out(still, running_interview)
    assert told(still) == [SAVING]
    still.route("**/save/", lambda route: route.abort())
    still.clock.run_for(8_000)
    expect(still.get_by_text("The server can’t be reached.")).to_be_visible()
    assert told(still) == [HELD_UP]
    still.unroute("**/save/")
    still.get_by_role("button", name="Try now").click()
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "the last words"


def test_nor_where_all_was_saved_before_the_connection_was_lost(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    type_and_save(still, "all of it")
    still.route("**/flag/", lambda route: route.abort())
    still.get_by_role("button", name="Flag").click()
    expect(still.get_by_text("The server can’t be reached.")).to_be_visible()
    let_time_run_out(still, running_interview)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    go_on(still)


def test_what_is_too_long_is_not_said_to_be_stored(
    still: Page, running_interview: Interview
) -> None:
    type_and_save(still, "fits")
    text_area(still).press("End")
    paste(still, "a" * 20_000)
    let_time_run_out(still, running_interview)
    expect(still.get_by_role("alert")).to_have_text(STANDS)
    assert stored(running_interview) == "fits"
    go_on(still)


def test_nor_is_what_the_server_refused_on_a_plain_form(
    chromium: BrowserContext, running_interview: Interview, complaints: Complaints
) -> None:
    """The button was pressed before the page's script was there."""
    complaints.expect("400")
    still = enter_with_a_stopped_clock(chromium, running_interview)
    type_and_save(still, "fits")
    still.evaluate(
        """() => {
            document.getElementById("text").value = "a".repeat(20_001);
            document.getElementById("answer-form").submit();
        }"""
    )
    expect(receipt(still)).to_have_text("Not saved yet")
    let_time_run_out(still, running_interview)
    expect(still.locator("[data-notice=stands] [role=alert]")).to_have_text(STANDS)
    expect(still.get_by_text(STORED)).to_have_count(0)


def test_what_a_plain_form_brought_back_is_saved_at_a_press(
    chromium: BrowserContext, running_interview: Interview, complaints: Complaints
) -> None:
    """It stands in the text area as if it had been stored."""
    complaints.expect("409")
    page = enter(chromium, running_interview)
    write(running_interview, 1, "from the other tab")
    page.evaluate(
        """() => {
            document.getElementById("text").value = "from a plain form";
            document.getElementById("answer-form").submit();
        }"""
    )
    expect(receipt(page)).to_have_text("Not saved yet")
    page.get_by_role("button", name="Save my text").click()
    expect(receipt(page)).to_contain_text("4 words")
    assert stored(running_interview) == "from a plain form"


def test_while_words_are_on_their_way_nothing_is_said_to_be_lost(
    still: Page, running_interview: Interview
) -> None:
    """An earlier text is being saved when the time ends; what was typed since then comes after."""
    still.evaluate("Math.random = () => 0.9")
    held: list[Route] = []
    still.route("**/save/", lambda route: held.append(route))
    text_area(still).press_sequentially("first")
    still.clock.run_for(1_500)
    first = caught(held, still)
    held.clear()
    text_area(still).press_sequentially(" and last")
    let_time_run_out(still, running_interview)
    first.continue_()
    expect(receipt(still)).to_contain_text("revision 1")
    expect(still.get_by_role("alert")).to_contain_text("Your last words are being saved.")
    still.clock.run_for(8_000)
    caught(held, still).continue_()
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "first and last"


def test_what_was_refused_before_the_end_is_not_waited_for(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("404")
    still.route("**/save/", lambda route: route.fulfill(status=404))
    text_area(still).press_sequentially("nowhere to go")
    still.clock.run_for(2_000)
    expect(still.get_by_role("alert")).to_contain_text("Not saved.")
    let_time_run_out(still, running_interview)
    still.clock.run_for(8_000)
    expect(still.locator("[data-notice=stands] [role=alert]")).to_have_text(STANDS)
    expect(still.get_by_text("Your last words are being saved")).to_have_count(0)


def in_conflict(still: Page, interview: Interview) -> None:
    write(interview, 1, "from the other tab")
    text_area(still).press_sequentially("from this tab")
    still.clock.run_for(2_000)
    expect(still.get_by_role("alert")).to_contain_text("changed in another tab")


def test_who_takes_the_other_text_after_the_end_can_go_on(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("409")
    still.evaluate("Math.random = () => 0.9")
    in_conflict(still, running_interview)
    let_time_run_out(still, running_interview)
    expect(still.get_by_text("Your last words are being saved")).to_be_visible()
    still.get_by_role("link", name="Take the other text").click()
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "from the other tab"
    go_on(still)


def test_a_last_save_in_conflict_is_told_and_can_be_settled(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("409")
    still.evaluate("Math.random = () => 0")
    write(running_interview, 1, "from the other tab")
    text_area(still).press_sequentially("from this tab")
    let_time_run_out(still, running_interview)
    still.clock.run_for(1)
    expect(still.locator("#conflict")).to_contain_text("changed in another tab")
    expect(still.locator("[data-notice=stands] [role=alert]")).to_have_text(STANDS)
    still.get_by_role("button", name="Save my text").click()
    expect(still.locator("#conflict")).to_have_count(0)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "from this tab"


def test_a_kept_text_that_is_taken_after_the_end_is_late_and_nothing_else_is_said(
    still: Page, running_interview: Interview
) -> None:
    keep_in_browser(still, Answer.objects.get(interview=running_interview, position=1), "kept")
    still.reload()
    expect(offered(still)).to_have_text("kept")
    move_back(running_interview, "1 hour")
    ask_the_server_about_time_alone(still)
    expect(still.get_by_text("All that you wrote is stored.")).to_be_visible()
    still.get_by_role("button", name="Take this text").click()
    still.clock.run_for(2_000)
    expect(still.get_by_role("alert")).to_contain_text("labelled as late")
    expect(still.get_by_text("All that you wrote is stored.")).to_have_count(0)
    assert Revision.objects.late().get().text == "kept"


def test_a_kept_text_that_can_not_be_sent_after_the_end_is_not_said_to_be_stored(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    keep_in_browser(still, Answer.objects.get(interview=running_interview, position=1), "kept")
    still.reload()
    expect(offered(still)).to_have_text("kept")
    let_time_run_out(still, running_interview)
    expect(still.get_by_text("All that you wrote is stored.")).to_be_visible()
    still.route("**/save/", lambda route: route.abort())
    still.get_by_role("button", name="Take this text").click()
    expect(still.get_by_text("The server can’t be reached.")).to_be_visible()
    expect(still.get_by_text("All that you wrote is stored.")).to_have_count(0)
    assert told(still) == [HELD_UP]
    still.unroute("**/save/")
    still.get_by_role("button", name="Try now").click()
    expect(still.get_by_text("The server can’t be reached.")).to_have_count(0)
    expect(still.get_by_role("alert")).to_have_text(STORED)
    assert stored(running_interview) == "kept"
