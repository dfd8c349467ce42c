"""The room in a browser: writing, and the buttons around it."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from interview.models import Answer, Interview
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    caught,
    enter,
    keep_in_browser,
    kept_in_browser,
    paste,
    receipt,
    stored,
    text_area,
)
from tests.conftest import move_back, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_is_typed_is_saved_and_the_receipt_says_so(
    room: Page, running_interview: Interview
) -> None:
    expect(receipt(room)).to_have_text("Nothing saved yet")
    text_area(room).press_sequentially("three short words")
    expect(receipt(room)).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d · revision 1 · 3 words"))
    assert stored(running_interview) == "three short words"
    assert kept_in_browser(room) == []


def test_a_reload_keeps_the_text(room: Page) -> None:
    text_area(room).fill("  kept,\n\n\twith its white space\n")
    room.get_by_role("button", name="Save").click()
    expect(receipt(room)).to_contain_text("revision 1")
    room.reload()
    expect(text_area(room)).to_have_value("  kept,\n\n\twith its white space\n")
    expect(receipt(room)).to_contain_text("revision 1")


def test_one_can_write_at_once(room: Page) -> None:
    expect(text_area(room)).to_be_focused()
    expect(text_area(room)).to_have_accessible_description(re.compile("What is question 1 about"))


def test_what_is_typed_before_the_script_arrives_is_saved_and_keeps_its_caret(
    chromium: BrowserContext, running_interview: Interview
) -> None:
    """As on a slow network: the field is there first."""
    page = chromium.new_page()
    held: list[Route] = []
    page.route("**/js/room*.js", lambda route: held.append(route))
    write(running_interview, 1, " and the rest")
    with page.expect_request("**/js/room*.js"):
        page.goto(f"/interviews/{running_interview.pk}/answers/1/", wait_until="commit")
    text_area(page).press_sequentially("The start")
    caught(held, page).continue_()
    expect(receipt(page)).to_contain_text("revision 2")
    assert stored(running_interview) == "The start and the rest"
    page.keyboard.type(",")
    expect(text_area(page)).to_have_value("The start, and the rest")


# The browser's database opens only when the page is told to let it.
SLOW_DATABASE = """
    const openForReal = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...name) {
        const asked = {};
        globalThis.letItOpen = () => {
            const opening = openForReal.apply(this, name);
            for (const event of ["onupgradeneeded", "onsuccess"])
                opening[event] = () => {
                    asked.result = opening.result;
                    asked[event]();
                };
        };
        return asked;
    };
"""


def test_who_went_elsewhere_before_the_page_was_ready_stays_there(
    chromium: BrowserContext, running_interview: Interview
) -> None:
    """It leads to the text once it knows what the browser kept."""
    chromium.add_init_script(SLOW_DATABASE)
    page = enter(chromium, running_interview)
    keep_in_browser(page, running_interview.answers.get(position=1), "forgotten by now", days=8)
    page.get_by_role("button", name="Flag").focus()
    page.evaluate("letItOpen()")
    page.wait_for_function("localStorage.length === 0")
    expect(page.get_by_role("button", name="Flag")).to_be_focused()


# What a save leaves alone (Rules of saving, 4).


def test_a_save_leaves_focus_caret_selection_and_undo(still: Page) -> None:
    text_area(still).press_sequentially("one two three")
    text_area(still).evaluate("area => area.setSelectionRange(4, 7, 'backward')")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(text_area(still)).to_be_focused()
    assert selection(still) == [4, 7, "backward"]
    still.keyboard.type("2")
    expect(text_area(still)).to_have_value("one 2 three")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 2")
    still.keyboard.press("Control+z")
    expect(text_area(still)).to_have_value("one two three")


def selection(page: Page) -> list[Any]:
    return text_area(page).evaluate(  # type: ignore[no-any-return]
        "area => [area.selectionStart, area.selectionEnd, area.selectionDirection]"
    )


def test_an_input_method_goes_on_composing_through_a_save_a_notice_and_an_announcement(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("500")
    still.evaluate(
        """() => {
            globalThis.ended = 0;
            document.addEventListener("compositionend", () => ended++);
        }"""
    )
    text_area(still).focus()
    compose(still, "に")
    compose(still, "にほ")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    compose(still, "にほん")
    still.route("**/save/", lambda route: route.fulfill(status=500), times=1)
    still.clock.run_for(1_500)
    expect(still.get_by_role("alert")).to_be_visible()
    move_back(running_interview, "3 minutes")
    still.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(still.locator("#announcement")).to_have_text("Less than 10 minutes left")
    compose(still, "にほんご")
    assert still.evaluate("ended") == 0
    still.context.new_cdp_session(still).send("Input.insertText", {"text": "日本語"})
    expect(text_area(still)).to_have_value("日本語")
    still.clock.run_for(3_000)
    expect(receipt(still)).to_contain_text("revision 2")
    assert stored(running_interview) == "日本語"


def compose(page: Page, text: str) -> None:
    page.context.new_cdp_session(page).send(
        "Input.imeSetComposition",
        {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
    )


# The buttons.


def test_the_next_question_opens_when_the_text_is_saved(
    room: Page, running_interview: Interview
) -> None:
    text_area(room).fill("first")
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("heading", name="What is question 2 about?")).to_be_visible()
    assert stored(running_interview) == "first"
    expect(room.get_by_role("button", name="Question 1 begun")).to_be_visible()


def test_the_map_leads_to_a_question_and_saves_first(
    room: Page, running_interview: Interview
) -> None:
    text_area(room).fill("first")
    room.get_by_role("button", name="Question 3").click()
    expect(room.get_by_role("heading", name="What is question 3 about?")).to_be_visible()
    assert stored(running_interview) == "first"


def test_a_flag_is_kept_without_leaving_the_page(room: Page, running_interview: Interview) -> None:
    text_area(room).fill("words that are not saved yet")
    flag = room.get_by_role("button", name="Flag", exact=True)
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(room.get_by_role("button", name="Question 1 begun flagged")).to_be_visible()
    assert Answer.objects.get(interview=running_interview, position=1).flagged
    expect(text_area(room)).to_have_value("words that are not saved yet")
    flag.click()
    expect(flag).to_have_attribute("aria-pressed", "false")


def test_the_room_works_by_keyboard_alone(room: Page, running_interview: Interview) -> None:
    text_area(room).focus()
    room.keyboard.type("typed")
    for name in ("Flag", "History", "Save", "Finish", "Next"):
        room.keyboard.press("Tab")
        expect(room.get_by_role("button", name=name, exact=True)).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.get_by_role("heading", name="What is question 2 about?")).to_be_visible()
    assert stored(running_interview) == "typed"


# The length (Rules of saving, 10).


def test_too_many_characters_are_told_while_typing_and_hold_the_page(
    room: Page, running_interview: Interview
) -> None:
    text_area(room).fill("🙂" * 19_999)
    expect(room.locator("#length")).to_have_text("19,999 of 20,000 characters")
    expect(receipt(room)).to_contain_text("revision 1")
    text_area(room).fill("🙂" * 20_001)
    expect(room.locator("#length")).to_contain_text("20,001 characters: 1 too many.")
    room.get_by_role("button", name="Next").click()
    expect(text_area(room)).to_be_focused()
    expect(text_area(room)).to_have_attribute("aria-invalid", "true")
    assert stored(running_interview) == "🙂" * 19_999


def test_a_paste_of_20_000_characters_is_kept_and_saved(
    still: Page, running_interview: Interview
) -> None:
    text = "Ein Satz mit 🙂.\n" * 1_250
    assert len(text) == 20_000
    paste(still, text)
    expect(text_area(still)).to_have_value(text)
    expect(still.locator("#length")).to_have_text("20,000 of 20,000 characters")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    assert stored(running_interview) == text


def test_a_paste_that_is_too_long_is_told_not_cut_and_the_last_text_that_fits_is_saved(
    still: Page, running_interview: Interview
) -> None:
    text_area(still).press_sequentially("fits")
    text_area(still).press("Home")
    paste(still, "a" * 20_000)
    expect(text_area(still)).to_have_value("a" * 20_000 + "fits")
    expect(still.locator("#length")).to_contain_text("20,004 characters: 4 too many.")
    still.clock.run_for(1_500)
    expect(receipt(still)).to_contain_text("revision 1")
    assert stored(running_interview) == "fits"
    assert kept_in_browser(still) == ["a" * 20_000 + "fits"]


@pytest.mark.parametrize("width", [320, 360, 1280, 1920])
def test_the_room_fits_its_screen(room: Page, running_interview: Interview, width: int) -> None:
    room.set_viewport_size({"width": width, "height": 640})
    text_area(room).fill("a" * 500)
    text_area(room).blur()
    expect(receipt(room)).to_contain_text("revision 1")
    assert room.evaluate("document.documentElement.scrollWidth") <= width


def test_clock_and_receipt_stay_in_sight_above_a_phone_s_keyboard(room: Page) -> None:
    """Which takes 300 of 640 pixels away, as `interactive-widget` asks it to."""
    room.set_viewport_size({"width": 360, "height": 340})
    text_area(room).press_sequentially("line\n" * 12 + "the last line")
    expect(receipt(room)).to_contain_text("revision")
    for element in (room.get_by_role("timer"), receipt(room)):
        box = element.bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 340
