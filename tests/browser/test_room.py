"""The room in a browser: never lose a word, never get the time wrong."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session, TimingProfile, User
from interview.models import Answer, Interview, Revision
from questions.models import QuestionSet
from tests.browser.conftest import Complaints, crash, log_in
from tests.conftest import move_back, start_interview, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNREACHABLE = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")


@pytest.fixture
def chromium(
    browser_of: Callable[..., BrowserContext], running_interview: Interview
) -> BrowserContext:
    return browser_of(running_interview.candidate)


@pytest.fixture
def room(chromium: BrowserContext, running_interview: Interview) -> Page:
    """The candidate's, at question 1 of a running interview."""
    return enter(chromium, running_interview)


def enter(chromium: BrowserContext, interview: Interview, position: int = 1) -> Page:
    page = chromium.new_page()
    page.goto(f"/interviews/{interview.pk}/answers/{position}/")
    return page


def text_area(page: Page) -> Any:
    return page.get_by_label("Your answer")


def receipt(page: Page) -> Any:
    return page.locator("#receipt")


def offered(page: Page) -> Any:
    return page.get_by_role("region", name="The text that was not saved")


def stored(interview: Interview, position: int = 1) -> str:
    return Answer.objects.get(interview=interview, position=position).text


def kept_in_browser(page: Page) -> list[str]:
    return page.evaluate("Object.values(localStorage).map((copy) => JSON.parse(copy).text)")  # type: ignore[no-any-return]


# Saving.


def test_what_is_typed_is_saved_and_the_receipt_says_so(
    room: Page, running_interview: Interview
) -> None:
    expect(receipt(room)).to_have_text("Nothing saved yet")
    text_area(room).press_sequentially("three short words")
    expect(receipt(room)).to_have_text(re.compile(r"Saved \d\d:\d\d:\d\d · revision 1 · 3 words"))
    assert stored(running_interview) == "three short words"
    assert kept_in_browser(room) == []


def test_saving_leaves_the_focus_and_the_caret(room: Page) -> None:
    text_area(room).press_sequentially("one three")
    for _ in range(len("three")):
        room.keyboard.press("ArrowLeft")
    expect(receipt(room)).to_contain_text("revision 1")
    room.keyboard.type("two ")
    expect(text_area(room)).to_have_value("one two three")
    expect(text_area(room)).to_be_focused()


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


def test_a_page_made_just_before_the_last_save_offers_what_it_saved(
    room: Page, running_interview: Interview
) -> None:
    saves: list[Route] = []

    def answer_with_the_page_of_before(route: Route) -> None:
        page = route.fetch()
        while not saves:
            room.wait_for_timeout(20)
        saves[0].fulfill(response=saves[0].fetch())
        saves[0].request.response()
        route.fulfill(response=page)

    room.route("**/save/", lambda route: saves.append(route))
    room.route("**/answers/1/", answer_with_the_page_of_before)
    text_area(room).fill("half a wo")
    room.reload()
    expect(text_area(room)).to_have_value("")
    expect(offered(room)).to_have_text("half a wo")
    room.unroute_all()
    room.get_by_role("button", name="Take this text").click()
    expect(text_area(room)).to_have_value("half a wo")
    expect(receipt(room)).to_contain_text("Saved")
    expect(room.get_by_role("alert")).to_have_count(0)


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


def test_a_page_that_is_left_at_once_still_sends_its_last_words(
    room: Page, running_interview: Interview
) -> None:
    text_area(room).fill("last words")
    room.goto("/")
    expect(room.get_by_text("You have an interview running.")).to_be_visible()
    # The request outlives its page, and no other waits for it.
    for _ in range(100):
        if stored(running_interview):
            break
        room.wait_for_timeout(50)
    assert stored(running_interview) == "last words"
    room.goto(f"/interviews/{running_interview.pk}/answers/1/")
    expect(text_area(room)).to_have_value("last words")
    expect(room.get_by_role("alert")).to_have_count(0)


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


# When it goes wrong.


def test_offline_text_is_kept_in_the_browser_and_saved_when_the_connection_is_back(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written in a tunnel")
    expect(room.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    assert kept_in_browser(room) == ["written in a tunnel"]
    assert stored(running_interview) == ""
    room.context.set_offline(False)
    expect(receipt(room)).to_contain_text("revision 1")
    expect(room.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "written in a tunnel"
    assert kept_in_browser(room) == []


def test_offline_the_buttons_lead_nowhere_and_lose_nothing(
    room: Page, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written in a tunnel")
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("alert")).to_be_visible()
    expect(text_area(room)).to_have_value("written in a tunnel")


def test_offline_no_button_leads_to_a_page_of_the_browser(
    room: Page, complaints: Complaints
) -> None:
    text_area(room).fill("written before the tunnel")
    expect(receipt(room)).to_contain_text("revision 1")
    room.context.set_offline(True)
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    room.context.set_offline(False)
    expect(room.get_by_role("alert")).to_have_count(0)
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("heading", name="What is question 2 about?")).to_be_visible()


def test_refusing_an_offered_text_that_was_stored_after_all_is_a_conflict(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE, "409")
    room.context.set_offline(True)
    text_area(room).fill("sent in the last moment")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    again = enter(room.context, running_interview)
    expect(offered(again)).to_have_text("sent in the last moment")
    write(running_interview, 1, "sent in the last moment")
    again.get_by_role("button", name="Keep what is in the text field").click()
    expect(again.get_by_role("alert")).to_contain_text("This answer was changed")
    expect(again.get_by_role("region", name="The other text")).to_have_text(
        "sent in the last moment"
    )


def test_text_of_a_page_that_crashed_offline_is_offered(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written before the crash")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    again = enter(room.context, running_interview)
    expect(offered(again)).to_have_text("written before the crash")
    again.get_by_role("button", name="Take this text").click()
    expect(text_area(again)).to_have_value("written before the crash")
    expect(receipt(again)).to_contain_text("revision 1")
    assert stored(running_interview) == "written before the crash"


def test_an_offered_text_survives_typing_and_another_crash(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written before the crash")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    second = enter(room.context, running_interview)
    expect(offered(second)).to_have_text("written before the crash")
    text_area(second).fill("typed without deciding")
    expect(receipt(second)).to_contain_text("revision 1")
    second.close()
    third = enter(room.context, running_interview)
    expect(text_area(third)).to_have_value("typed without deciding")
    expect(offered(third)).to_have_text("written before the crash")
    third.get_by_role("button", name="Keep what is in the text field").click()
    expect(third.get_by_role("alert")).to_have_count(0)
    assert kept_in_browser(third) == []


def test_the_copy_in_the_browser_is_for_the_same_person_only(
    room: Page,
    running_interview: Interview,
    other_candidate: User,
    question_set: QuestionSet,
    live_server: LiveServer,
    complaints: Complaints,
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("private words")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    log_in(room.context, other_candidate, live_server.url)
    theirs = enter(room.context, start_interview(other_candidate, question_set))
    expect(text_area(theirs)).to_have_value("")
    expect(theirs.get_by_role("alert")).to_have_count(0)


def test_a_server_with_errors_is_tried_again(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("500")
    room.route("**/save/", lambda route: route.fulfill(status=500, body="broken"))
    text_area(room).fill("patience")
    expect(room.get_by_role("alert")).to_be_visible()
    room.unroute("**/save/")
    expect(receipt(room)).to_contain_text("revision 1")
    assert stored(running_interview) == "patience"


def test_a_lost_reply_is_no_conflict(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("ERR_FAILED", "Failed to fetch")
    replies: list[int] = []

    def lose_the_reply(route: Any) -> None:
        replies.append(route.fetch().status)
        route.abort()

    room.route("**/save/", lose_the_reply, times=1)
    text_area(room).fill("stored, but nobody said so")
    expect(receipt(room)).to_contain_text("revision")
    assert replies == [200]
    text_area(room).press_sequentially(", and more")
    expect(receipt(room)).to_contain_text("7 words")
    assert stored(running_interview) == "stored, but nobody said so, and more"


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


# Two tabs.


@pytest.fixture
def stale(room: Page, running_interview: Interview, complaints: Complaints) -> Page:
    """A tab whose text conflicts with what another tab saved since."""
    complaints.expect("409")
    other = enter(room.context, running_interview)
    text_area(other).fill("from the other tab")
    expect(receipt(other)).to_contain_text("revision 1")
    text_area(room).fill("from this tab")
    expect(room.get_by_role("alert")).to_contain_text("changed in another tab")
    return room


def test_a_conflict_shows_both_texts_and_overwrites_nothing(
    stale: Page, running_interview: Interview
) -> None:
    expect(stale.get_by_role("region", name="The other text")).to_have_text("from the other tab")
    expect(text_area(stale)).to_have_value("from this tab")
    expect(text_area(stale)).to_be_focused()
    assert stored(running_interview) == "from the other tab"
    assert Revision.objects.filter(kind="conflict", text="from this tab").exists()


def test_after_a_conflict_the_own_text_can_be_saved(
    stale: Page, running_interview: Interview
) -> None:
    stale.get_by_role("button", name="Save what is in the text field").click()
    expect(receipt(stale)).to_contain_text("revision 3")
    expect(stale.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "from this tab"


def test_after_a_conflict_the_other_text_can_be_taken(
    stale: Page, running_interview: Interview
) -> None:
    stale.get_by_role("link", name="Take the other text").click()
    expect(text_area(stale)).to_have_value("from the other tab")
    expect(stale.get_by_role("alert")).to_have_count(0)
    text_area(stale).press_sequentially(", merged")
    expect(receipt(stale)).to_contain_text("5 words")
    assert stored(running_interview) == "from the other tab, merged"


def test_a_finish_in_another_tab_is_told_and_the_late_text_kept(
    room: Page, running_interview: Interview
) -> None:
    running_interview.finish()
    text_area(room).fill("did not see it coming")
    expect(room.get_by_role("alert")).to_contain_text("labelled as late")
    expect(receipt(room)).to_have_text("Kept as late text")
    assert Revision.objects.late().get().text == "did not see it coming"
    room.get_by_role("link", name="Continue").click()
    expect(room.get_by_role("heading", name="Score yourself")).to_be_visible()


# Time.


def ask_the_server(page: Page) -> None:
    """What the browser does when the connection is back."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def test_the_clock_counts_down(room: Page) -> None:
    clock = room.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^1[12]:\d\d$"))
    first = clock.inner_text()
    expect(clock).not_to_have_text(first)
    assert clock.inner_text() < first


def test_the_server_knows_the_time_better_than_the_page(
    room: Page, running_interview: Interview
) -> None:
    clock = room.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^1[12]:\d\d$"))
    move_back(running_interview, "10 minutes")
    ask_the_server(room)
    expect(clock).to_have_text(re.compile(r"^[12]:\d\d$"))


def test_a_changed_computer_clock_is_not_believed(room: Page, running_interview: Interview) -> None:
    """As after a sleep: the two clocks of the browser part, so the server is asked."""
    move_back(running_interview, "10 minutes")
    with room.expect_request("**/clock/**"):
        room.evaluate("const now = Date.now; Date.now = () => now() + 3600 * 1000")
    expect(room.get_by_role("timer")).to_have_text(re.compile(r"^[12]:\d\d$"))


def test_minutes_are_announced_once_and_politely(room: Page, running_interview: Interview) -> None:
    move_back(running_interview, "2 minutes 30 seconds")
    ask_the_server(room)
    status = room.locator("#announcement")
    expect(status).to_have_attribute("role", "status")
    expect(status).to_have_text("Less than 10 minutes left")
    move_back(running_interview, "5 minutes")
    ask_the_server(room)
    expect(status).to_have_text("Less than 5 minutes left")


def test_a_hidden_clock_is_not_shown_and_still_ends_the_sitting(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, show_clock=False)
    interview = start_interview(candidate, question_set)
    room = enter(browser_of(candidate), interview)
    expect(room.get_by_role("timer")).to_have_count(0)
    move_back(interview, "1 hour")
    ask_the_server(room)
    expect(room.get_by_role("heading", name="Score yourself")).to_be_visible()


def test_at_the_deadline_the_last_words_are_saved_and_the_page_goes_on(
    room: Page, running_interview: Interview
) -> None:
    """The last save is spread over the grace, so this may take eight seconds."""
    move_back(running_interview, "11 minutes 57 seconds")
    room.reload()
    text_area(room).fill("the last words")
    heading = room.get_by_role("heading", name="Score yourself")
    expect(heading).to_be_visible(timeout=20_000)
    assert stored(running_interview) == "the last words"
    assert not Revision.objects.late().exists()


# Other ways to work.


def test_the_room_works_by_keyboard_alone(room: Page, running_interview: Interview) -> None:
    text_area(room).focus()
    room.keyboard.type("typed")
    for name in ("Flag", "Save", "Finish", "Next"):
        room.keyboard.press("Tab")
        expect(room.get_by_role("button", name=name, exact=True)).to_be_focused()
    room.keyboard.press("Enter")
    expect(room.get_by_role("heading", name="What is question 2 about?")).to_be_visible()
    assert stored(running_interview) == "typed"


def test_without_a_script_the_room_is_a_plain_form(
    browser_of: Callable[..., BrowserContext], running_interview: Interview
) -> None:
    chromium = browser_of(running_interview.candidate, java_script_enabled=False)
    room = enter(chromium, running_interview)
    expect(room.get_by_role("timer")).to_have_text(re.compile(r"until \d\d:\d\d UTC"))
    text_area(room).fill("first\nanswer")
    room.get_by_role("button", name="Save").click()
    expect(receipt(room)).to_contain_text("revision 1 · 2 words")
    expect(text_area(room)).to_have_value("first\nanswer")
    room.get_by_role("button", name="Flag", exact=True).click()
    expect(room.get_by_role("button", name="Question 1 begun flagged")).to_be_visible()
    text_area(room).fill("first answer, changed")
    room.get_by_role("button", name="Question 3").click()
    expect(room.get_by_role("heading", name="What is question 3 about?")).to_be_visible()
    assert stored(running_interview) == "first answer, changed"
    text_area(room).fill("third")
    room.get_by_role("button", name="Finish").click()
    expect(room.get_by_text("1 question is unanswered")).to_be_visible()
    assert stored(running_interview, 3) == "third"


def test_without_a_script_a_conflict_shows_both_texts(
    browser_of: Callable[..., BrowserContext],
    running_interview: Interview,
    complaints: Complaints,
) -> None:
    complaints.expect("409")
    room = enter(
        browser_of(running_interview.candidate, java_script_enabled=False), running_interview
    )
    write(running_interview, 1, "from the phone")
    text_area(room).fill("from this page")
    room.get_by_role("button", name="Save").click()
    expect(room.get_by_role("region", name="The other text")).to_have_text("from the phone")
    expect(text_area(room)).to_have_value("from this page")
    room.get_by_role("button", name="Save what is in the text field").click()
    expect(receipt(room)).to_contain_text("revision 3")
    assert stored(running_interview) == "from this page"


@pytest.mark.parametrize("width", [320, 360, 1280, 1920])
def test_the_room_fits_its_screen(room: Page, running_interview: Interview, width: int) -> None:
    room.set_viewport_size({"width": width, "height": 640})
    text_area(room).fill("a" * 500)
    assert room.evaluate("document.documentElement.scrollWidth") <= width
