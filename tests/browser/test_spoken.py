"""What a screen reader finds in the room and on the grading page, and what it is told, and when."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import TimingProfile, User
from interview.models import Interview, Review
from questions.models import QuestionSet
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    UNREACHABLE,
    ask_the_server,
    enter,
    enter_with_a_stopped_clock,
    receipt,
    text_area,
)
from tests.conftest import move_back, start_interview, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]

# All that is said: the text that a live region gets, each time it changes; and where the focus was.
LISTEN = """() => {
    globalThis.said = [];
    const LIVE = "[role=status], [role=alert], [role=log], [aria-live]";
    const region = (node) => (node instanceof Element ? node : node.parentElement)?.closest(LIVE);
    new MutationObserver((changes) => {
        const changed = new Set();
        for (const { target, addedNodes } of changes) {
            if (region(target)) changed.add(region(target));
            for (const node of addedNodes)
                for (const live of node.querySelectorAll?.(LIVE) ?? []) changed.add(live);
        }
        for (const live of changed) {
            const words = live.innerText.replace(/\\s+/g, " ").trim();
            const how = live.role === "alert" ? "alert" : "politely";
            if (words && live.isConnected) said.push([how, words, document.activeElement.id]);
        }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


def said(page: Page) -> list[list[str]]:
    return page.evaluate("said")  # type: ignore[no-any-return]


# The room.


def test_the_room_has_its_parts_with_names_and_nothing_else(room: Page) -> None:
    expect(room.locator("body")).to_match_aria_snapshot("""
- link "Skip to the question"
- banner:
  - text: Basics
  - navigation "Questions":
    - list:
      - listitem:
        - button "Question 1"
      - listitem:
        - button "Question 2"
      - listitem:
        - button "Question 3"
  - button "Add 5 minutes"
  - status: possible 10 more times · only you see this
  - timer "Time left": /\\d+:\\d\\d/
- main:
  - region "What is question 1 about?":
    - paragraph: Question 1 of 3 · about 4 minutes
    - heading "What is question 1 about?" [level=1]
  - text: Your answer
  - textbox "Your answer"
  - paragraph: Nothing saved yet
  - button "Flag"
  - button "History"
  - button "Save"
  - button "Finish"
  - button "Next"
  - status
""")
    expect(room.get_by_role("button", name="Question 1")).to_have_attribute("aria-current", "step")
    expect(room.get_by_role("button", name="Flag")).to_have_attribute("aria-pressed", "false")
    expect(text_area(room)).to_have_accessible_description("What is question 1 about?")


def test_one_at_a_time_the_map_says_what_is_open_and_what_is_closed(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    write(interview, 1, "One.")
    interview.open_question(2)
    room = enter(browser_of(candidate), interview, 2)
    expect(room.get_by_role("navigation", name="Questions")).to_match_aria_snapshot("""
- navigation "Questions":
  - list:
    - listitem: Question 1 begun closed
    - listitem: Question 2
    - listitem: Question 3 not open yet
""")


def test_who_writes_hears_nothing_of_saves_that_succeed(still: Page) -> None:
    still.evaluate(LISTEN)
    for number in range(1, 4):
        text_area(still).press_sequentially("more ")
        still.clock.run_for(2_000)
        expect(receipt(still)).to_contain_text(f"revision {number}")
    assert said(still) == []


def test_a_save_that_fails_is_said_at_once_and_its_success_not_at_all(
    still: Page, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    still.evaluate(LISTEN)
    still.context.set_offline(True)
    text_area(still).press_sequentially("lost")
    still.clock.run_for(1_500)
    expect(still.get_by_role("alert")).to_be_visible()
    [[how, words, focus]] = said(still)
    assert (how, focus) == ("alert", "text")
    assert words.startswith("The server can’t be reached. Your text is safe in this browser.")
    still.context.set_offline(False)
    ask_the_server(still)
    expect(receipt(still)).to_contain_text("revision 1")
    expect(still.get_by_role("alert")).to_have_count(0)
    assert len(said(still)) == 1


def test_a_conflict_is_said_at_once_and_the_focus_stays(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect("409")
    text_area(still).press_sequentially("mine")
    write(running_interview, 1, "theirs")
    still.evaluate(LISTEN)
    still.clock.run_for(1_500)
    expect(still.get_by_role("region", name="Two texts")).to_be_visible()
    assert said(still) == [
        [
            "alert",
            (
                "This answer was changed in another tab or on another device. Both texts are safe. "
                "Yours is in the text field, this is the other: merge them there, or choose one."
            ),
            "text",
        ]
    ]


def test_ten_five_and_one_minute_are_said_politely_and_nothing_between(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set)
    still = enter_with_a_stopped_clock(browser_of(candidate), interview)
    still.evaluate(LISTEN)
    # The server's clock doesn't run ahead with the page's, so it isn't asked in between.
    still.route("**/clock/**", lambda route: route.abort())
    for minutes, left in ((2, "10 minutes"), (5, "5 minutes"), (4, "1 minute")):
        still.clock.run_for(minutes * 60_000)
        expect(still.locator("#announcement")).to_have_text(f"{left} left")
        still.clock.run_for(1_000)
    assert said(still) == [
        ["politely", f"{left} left", "text"] for left in ("10 minutes", "5 minutes", "1 minute")
    ]


def test_a_profile_without_announcements_is_silent(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet
) -> None:
    TimingProfile.objects.create(user=candidate, announcements=[])
    interview = start_interview(candidate, question_set)
    still = enter_with_a_stopped_clock(browser_of(candidate), interview)
    still.evaluate(LISTEN)
    still.clock.run_for(11 * 60_000)
    assert said(still) == []


def test_late_text_is_said_at_once(
    still: Page, running_interview: Interview, complaints: Complaints
) -> None:
    text_area(still).press_sequentially("too late")
    move_back(running_interview, "13 minutes")
    still.evaluate(LISTEN)
    still.clock.run_for(1_500)
    notice = still.locator("[data-notice=late]")
    expect(notice).to_be_visible()
    assert [how for how, words, _focus in said(still) if "The time is over." in words] == ["alert"]
    assert {focus for _how, _words, focus in said(still)} == {"text"}


# The grading page.


@pytest.fixture
def grading(browser_of: BrowserOf, reviewer: User, claimed_review: Review) -> Page:
    page = browser_of(reviewer).new_page()
    page.goto(f"/reviews/{claimed_review.pk}/")
    page.wait_for_load_state()
    return page


def test_the_grading_page_has_its_parts_with_names(grading: Page, claimed_review: Review) -> None:
    assert claimed_review.assignment
    name = claimed_review.assignment.pseudonym
    expect(grading.locator("main")).to_match_aria_snapshot(f"""
- main:
  - navigation "Breadcrumbs":
    - list:
      - listitem:
        - link "Review queue"
      - listitem: {name}
  - navigation "Questions":
    - list:
      - listitem:
        - button /Question 1.*marks missing. 2/
      - listitem:
        - button /Question 2.*marks missing. 2/
      - listitem:
        - button /Question 3.*marks missing. 2/
      - listitem:
        - button "Summary"
  - button "Keys"
  - region "What is question 1 about?":
    - paragraph: Question 1 of 3 · Basics
    - heading "What is question 1 about?" [level=1]
    - heading "Answer" [level=2]
    - text: What I know about question 1.
    - group: Cite words for a mark
  - region "Grading":
    - group "Key points":
      - list:
        - listitem:
          - group "1 Main point 1":
            - radio "Full"
            - radio "Half"
            - radio "Missed"
        - listitem:
          - group "2 Side point 1":
            - radio "Full"
            - radio "Half"
            - radio "Missed"
    - group: Model answer
    - group: Levels Knowledge not chosen · Reasoning not chosen · Communication not chosen
    - textbox "Comment on this answer"
    - paragraph: Nothing saved yet
    - link "Start a comment bank"
    - paragraph: 0 of 6 marked
    - paragraph:
      - timer
    - button "Save"
    - button "Save and next"
""")


def test_the_summary_has_its_scales_with_names(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = browser_of(reviewer).new_page()
    page.goto(f"/reviews/{claimed_review.pk}/summary/")
    expect(page.locator("main")).to_match_aria_snapshot("""
- heading "The interview as a whole" [level=1]
- group "Levels and comment":
  - group "Knowledge":
    - radio /4 strong/
    - radio /3 good/
    - radio /2 partial/
    - radio /1 weak/
  - group "Reasoning":
    - radio /4 strong/
    - radio /3 good/
    - radio /2 partial/
    - radio /1 weak/
  - group "Communication":
    - radio /4 strong/
    - radio /3 good/
    - radio /2 partial/
    - radio /1 weak/
- textbox "Comment on the whole interview"
- button "Publish" [disabled]
- complementary "Score so far":
  - heading "Score so far" [level=2]
""")


def test_a_mark_moves_no_focus_and_says_nothing_until_it_fails(
    grading: Page, complaints: Complaints
) -> None:
    broken = False

    def answer(route: Route) -> None:
        if broken:
            route.fulfill(status=500)
        else:
            route.continue_()

    # In place before the first mark: a request right after its set-up can slip past it.
    grading.route("**/save/", answer)
    grading.evaluate(LISTEN)
    full = grading.get_by_role("radio", name="Full").first
    full.focus()
    grading.keyboard.press("Space")
    expect(grading.locator("#grading-status")).to_contain_text("1 of 6 marked")
    expect(full).to_be_focused()
    assert said(grading) == []
    complaints.expect("Failed to load resource")
    broken = True
    grading.keyboard.press("ArrowRight")
    expect(grading.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    assert [how for how, *_rest in said(grading)] == ["alert"]
    expect(grading.get_by_role("radio", name="Half").first).to_be_focused()


def test_two_minutes_before_its_end_a_claim_is_said_to_end(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = browser_of(reviewer).new_page()
    page.clock.install()
    page.goto(f"/reviews/{claimed_review.pk}/")
    page.wait_for_load_state()
    page.evaluate(LISTEN)
    page.route("**/clock/**", lambda route: route.abort())
    page.clock.run_for(18 * 60_000 + 2_000)
    expect(page.get_by_text("Two minutes of your claim are left.")).to_be_attached()
    assert said(page) == [["politely", "Two minutes of your claim are left. Save to keep it.", ""]]
