"""An invitation from end to end: prepared, followed, sat, and first in the inviter's queue."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.forms.invitations import PER_PAGE
from interview.models import Interview, Invitation
from questions.models import QuestionSet
from tests.browser.hands import Hands
from tests.interview.reviewing import fill_queue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]

IS_ON_TOP = """(it) => {
    const { left, right, top, bottom } = it.getBoundingClientRect();
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return [top + 2, y, bottom - 2].every((y) => it.contains(document.elementFromPoint(x, y)));
}"""


@pytest.fixture(autouse=True)
def _links_lead_here(settings: Settings, live_server: LiveServer) -> None:
    settings.SITE_URL = live_server.url


def settled(page: Page) -> None:
    """htmx has bound what it just put in; nobody presses a key within those 20 ms."""
    expect(
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    ).to_have_count(0)


def choose_three(page: Page) -> None:
    page.goto("/invitations/")
    page.get_by_role("link", name="New invitation").first.click()
    for number in (3, 1):
        page.get_by_label(f"What is question {number} about?").check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.locator("[name=question]")).to_have_count(2)
    page.get_by_label("What is question 2 about?").check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.locator("[name=question]")).to_have_count(3)
    expect(page.get_by_label("Minutes", exact=True)).to_have_value("12")
    settled(page)


def chosen(page: Page) -> list[str]:
    rows = page.locator("li:has([name=question]) label").all_inner_texts()
    return ["".join(re.findall(r"question (\d)", row)) for row in rows]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_invitation_to_the_top_of_the_queue(
    open_browser: BrowserOf,
    browser_of: BrowserOf,
    person: Callable[..., User],
    reviewer: User,
    question_set: QuestionSet,
    script: bool,
) -> None:
    (older,) = fill_queue(person, question_set, 1)
    context = browser_of(reviewer, java_script_enabled=script)
    if script:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk = context.new_page()
    choose_three(desk)
    assert chosen(desk) == ["1", "3", "2"]
    desk.get_by_role("button", name="Move question 3 up").click()
    expect(desk.locator("li:has([name=question])").nth(1)).to_contain_text("question 2")
    desk.get_by_label("Title").fill("Round <one>")
    desk.get_by_role("button", name="Make the invitation").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Round <one>")

    link = desk.locator(".code pre").inner_text()
    if script:
        desk.get_by_role("button", name="Copy").click()
        expect(desk.get_by_role("button", name="Copied")).to_be_visible()
        assert desk.evaluate("navigator.clipboard.readText()") == link

    # A stranger follows it: signing up is on the way back to it.
    stranger = open_browser(java_script_enabled=script)
    guest = stranger.new_page()
    guest.goto(link)
    expect(guest.get_by_text("An invitation by Reviewer")).to_be_visible()
    assert "What is question" not in guest.content()
    guest.get_by_role("link", name="Sign up to start").click()
    guest.get_by_label("Email").fill("ada@example.com")
    guest.get_by_label("Password").fill("a-long-enough-phrase")
    guest.get_by_role("button", name="Sign up").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Round <one>")
    assert urlsplit(guest.url).path == urlsplit(link).path
    assert not Interview.objects.filter(invitation__isnull=False).exists()
    guest.get_by_role("button", name="Start", exact=True).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("What is question 1 about?")
    guest.get_by_role("textbox", name="Your answer").fill("About itself.")
    guest.get_by_role("button", name="Save", exact=True).click()
    expect(guest.locator("#receipt")).to_contain_text("revision 1")
    guest.get_by_role("button", name="Question 2").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("What is question 2 about?")

    # Nobody is listed while they sit.
    desk.reload()
    expect(desk.get_by_role("heading", name="Nobody has sat it yet")).to_be_visible()
    guest.get_by_role("button", name="Finish").click()
    expect(guest.get_by_label("Ask for a review")).to_be_checked()
    guest.get_by_role("button", name="Finish").click()
    expect(guest.get_by_role("heading", name="Score yourself")).to_be_visible()
    guest.goto(link)
    expect(guest.get_by_role("heading", name="Score yourself")).to_be_visible()
    stranger.close()

    # The inviter sees who, and has it first under another name.
    desk.reload()
    expect(desk.get_by_text("ada@example.com")).to_be_visible()
    desk.get_by_role("link", name="Review queue").first.click()
    expect(desk.get_by_role("heading", name="From your invitations")).to_be_visible()
    mine = Interview.objects.get(invitation__isnull=False).assignments.get()
    expect(desk.locator("main h3")).to_have_text([mine.pseudonym, older.pseudonym])
    assert "ada@" not in desk.content()
    desk.get_by_role("button", name="Claim next").click()
    expect(desk.locator(".answer-text").first).to_have_text("About itself.")


@pytest.mark.parametrize(
    ("script", "language"), [(True, "en"), (False, "de")], ids=["JavaScript", "no JavaScript"]
)
def test_what_is_ticked_in_a_long_library_is_added_from_where_one_is(
    browser_of: BrowserOf, reviewer: User, library: None, script: bool, language: str
) -> None:
    reviewer.language = language
    reviewer.save()
    page = browser_of(reviewer, java_script_enabled=script, has_touch=True).new_page()
    page.goto("/invitations/new/")
    add, questions = page.locator("#add"), page.locator("[name=add]")
    assert questions.count() == PER_PAGE
    for number, (width, height) in enumerate([(1280, 800), (768, 1024), (320, 480), (360, 640)]):
        page.set_viewport_size({"width": width, "height": height})
        questions.nth(number * PER_PAGE // 5).check()
        expect(add).to_be_in_viewport(ratio=1)
        assert add.evaluate(IS_ON_TOP)
    add.tap()
    expect(page.locator("[name=question]")).to_have_count(4)
    expect(page.locator(".bar--above")).to_contain_text("4 ")


def test_by_keyboard_no_question_is_under_a_bar(
    browser_of: BrowserOf, reviewer: User, library: None
) -> None:
    page = browser_of(reviewer).new_page()
    page.goto("/invitations/new/")
    hands = Hands(page)
    hands.to("button", "Add what is ticked")
    hands.to("button", "Search", back=True)


def test_what_is_wrong_is_in_sight_after_a_save_at_the_end_of_a_long_page(
    browser_of: BrowserOf, reviewer: User, library: None
) -> None:
    page = browser_of(reviewer).new_page()
    page.goto("/invitations/new/")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.locator(".error-summary")).to_be_in_viewport()
    expect(page.get_by_text("Choose at least one question.")).to_be_visible()


def test_questions_are_chosen_and_ordered_by_keyboard_alone(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet
) -> None:
    page = browser_of(reviewer).new_page()
    choose_three(page)
    down = page.get_by_role("button", name="Move question 1 down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator("li:has([name=question])").nth(1)).to_contain_text("question 1")
    # The focus went along with the question, so a second press moves the same one on.
    expect(page.get_by_role("button", name="Move question 2 down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("li:has([name=question])").nth(2)).to_contain_text("question 1")
    settled(page)
    # Enter in a field stores nothing: it searches, and keeps what was typed.
    page.get_by_label("Title").fill("Round one")
    page.get_by_label("Words").focus()
    page.keyboard.type("no such words")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    settled(page)
    expect(page.get_by_label("Title")).to_have_value("Round one")
    assert chosen(page) == ["3", "2", "1"]
    assert not Invitation.objects.exists()
    page.get_by_role("button", name="Make the invitation").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Round one")
    prompts = [question.prompt for question in Invitation.objects.get().asked()]
    assert prompts == [f"What is question {number} about?" for number in (3, 2, 1)]
