"""Flows by keys alone, seeing at each stop where one is; no single-key shortcut is used."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.models import (
    Assignment,
    BankedComment,
    Interview,
    Invitation,
    Mark,
    Review,
    SecondLook,
)
from questions.models import Import, Question, QuestionSet, Status
from tests.browser.conftest import Complaints
from tests.browser.hands import Hands
from tests.conftest import PASSWORD, write
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def stranger(browser: Browser, live_server: LiveServer, complaints: Complaints) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    context.on("page", complaints.listen)
    yield context.new_page()
    context.close()


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """That page is there, with its scripts."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()


def choose(hands: Hands, group: str, steps: int = 1) -> None:
    """The radio button that is so many after the one that Tab leads to."""
    radios = hands.page.get_by_role("group", name=group).get_by_role("radio")
    chosen = radios.and_(hands.page.locator(":checked"))
    hands.reach(chosen if chosen.count() else radios.first, f"the group “{group}”")
    hands.press("Space", *["ArrowRight"] * steps)
    hands.look()


# The candidate.


def test_one_at_a_time_is_chosen_by_an_arrow_and_gone_through(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet
) -> None:
    page = browser_of(candidate).new_page()
    hands = Hands(page)
    page.goto(f"/sets/{question_set.slug}/")
    hands.enter("link", "Start a mock interview")
    heading(page, "New interview")
    hands.reach(page.get_by_role("radio").first, "the modes")
    hands.press("ArrowDown")
    hands.look()
    expect(page.get_by_label("One at a time")).to_be_checked()
    hands.enter("button", "Start", exact=True)
    text = page.get_by_label("Your answer")
    expect(text).to_be_focused()
    hands.type("One.")
    hands.enter("button", "Next")
    heading(page, "Open question 2?")
    hands.enter("link", "Back to question 1")
    expect(text).to_be_focused()
    hands.enter("button", "Next")
    heading(page, "Open question 2?")
    hands.enter("button", "Open question 2")
    expect(text).to_be_focused()
    hands.type("Two.")
    hands.enter("button", "Finish")
    heading(page, "Finish this interview?")
    hands.enter("link", "Keep writing")
    expect(text).to_have_value("Two.")
    answers = Interview.objects.get().answers.order_by("position")
    assert [answer.text for answer in answers] == ["One.", "Two.", ""]


@pytest.fixture
def published(claimed_review: Review) -> Review:
    """Everything missed, and readable."""
    grade(claimed_review, Mark.Value.MISSED)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    return claimed_review


def test_the_feedback_is_read_and_a_second_look_asked_for(
    browser_of: BrowserOf, candidate: User, published: Review
) -> None:
    page = browser_of(candidate).new_page()
    hands = Hands(page)
    page.goto("/")
    hands.enter("link", "My interviews")
    heading(page, "My interviews")
    hands.enter("link", published.interview.title)
    expect(page.get_by_role("region", name="Result")).to_be_visible()
    hands.enter("link", re.compile("Ask for a second look.*Main point 1"))
    heading(page, re.compile("Ask for a second look"))
    hands.enter("button", "Ask")
    expect(page.get_by_role("alert")).to_contain_text("Please check:")
    hands.enter("link", "What did your reviewer overlook?")
    expect(page.get_by_role("textbox", name="What did your reviewer overlook?")).to_be_focused()
    hands.type("My second sentence says it.")
    hands.enter("button", "Ask")
    expect(page.get_by_text("A reviewer looks again")).to_be_visible()
    assert SecondLook.objects.get().reason == "My second sentence says it."


# The reviewer.


def test_an_interview_is_claimed_graded_published_and_taken_back(
    browser_of: BrowserOf, reviewer: User, assignment: Assignment
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/queue/")
    hands.to("combobox", "Set")
    hands.press("ArrowDown")
    hands.enter("button", "Show", exact=True)
    expect(page).to_have_url(re.compile("set="))
    hands.enter("button", "Claim next")
    for number in (1, 2, 3):
        heading(page, f"What is question {number} about?")
        for point in ("Main", "Side"):
            choose(hands, f"{point} point {number}")
        expect(page.locator("#grading-status")).to_contain_text(f"{2 * number} of 6 marked")
        hands.to("textbox", "Comment on this answer")
        hands.type(f"Comment {number}.")
        hands.enter("button", "Save and")
    heading(page, "The interview as a whole")
    for scale in ("Knowledge", "Reasoning", "Communication"):
        choose(hands, scale)
    hands.to("textbox", "Comment on the whole interview")
    hands.type("Good.")
    expect(page.get_by_role("button", name="Publish")).to_be_enabled()
    hands.enter("button", "Publish")
    expect(page.get_by_text("The candidate can read it in one minute")).to_be_visible()
    hands.enter("button", "Take back")
    expect(page.get_by_text("Taken back.")).to_be_visible()
    hands.enter("button", "Question 2")
    heading(page, "What is question 2 about?")
    hands.to("button", "Keys", back=True)
    hands.press("Enter")
    expect(page.locator("#keys")).to_be_visible()
    hands.press("Escape")
    expect(page.get_by_role("button", name="Keys")).to_be_focused()
    hands.enter("button", "Summary")
    heading(page, "The interview as a whole")
    hands.enter("button", "Publish")
    expect(page.get_by_text("The candidate can read it in one minute")).to_be_visible()
    review = Review.objects.get()
    assert review.score == 50
    assert review.knowledge == 3
    assert list(review.comments.values_list("text", flat=True)) != []


def test_the_comment_bank_is_filled_used_and_emptied(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto(f"/reviews/{claimed_review.pk}/")
    hands.enter("link", "Start a comment bank")
    heading(page, "Comment bank")
    hands.to("textbox", "Comment")
    hands.type("Lead with the answer.")
    hands.enter("button", "Add to the bank")
    expect(page.get_by_text("The comment is in your bank.")).to_be_visible()
    hands.enter("link", re.compile("Edit.*Lead"))
    hands.to("textbox", "Comment")
    hands.press("End")
    hands.type(" Always.")
    hands.enter("button", "Save")
    expect(page.get_by_text("Changed. Comments you gave with it stay as they are.")).to_be_visible()
    page.goto(f"/reviews/{claimed_review.pk}/")
    hands.to("combobox", "Insert from your comment bank")
    hands.type("lead")
    hands.press("Enter")
    comment = page.get_by_label("Comment on this answer")
    expect(comment).to_have_value("Lead with the answer. Always.")
    expect(comment).to_be_focused()
    page.goto("/comment-bank/")
    hands.enter("button", re.compile("Delete.*Always"))
    expect(page.get_by_text("Deleted:")).to_be_visible()
    assert not BankedComment.objects.filter(deleted_at=None).exists()
    hands.enter("button", "Undo")
    expect(page.get_by_text("The comment is back.")).to_be_visible()


def test_an_invitation_is_made_closed_opened_and_deleted(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/invitations/")
    hands.enter("link", "New invitation")
    heading(page, "New invitation")
    hands.to("checkbox", "What is question 2 about?")
    hands.press("Space")
    hands.enter("button", "Add what is ticked")
    expect(page.locator("[name=question]")).to_have_count(1)
    hands.to("textbox", "Title")
    hands.type("Round one")
    hands.enter("button", "Make the invitation")
    heading(page, "Round one")
    hands.enter("button", "Close")
    expect(page.get_by_text("Closed: nobody can start it any more.")).to_be_visible()
    hands.enter("button", "Open it again")
    expect(page.get_by_text("Open again, until its due date.")).to_be_visible()
    hands.enter("link", "Delete")
    heading(page, "Delete this invitation?")
    hands.enter("button", "Delete it")
    expect(page.get_by_text("The invitation is deleted.")).to_be_visible()
    assert not Invitation.objects.exists()


# The account.


def test_one_logs_in_changes_the_profile_takes_the_data_and_logs_out(
    stranger: Page, candidate: User
) -> None:
    hands = Hands(stranger)
    stranger.goto("/")
    hands.enter("link", "Log in")
    hands.to("textbox", "Email")
    hands.type(candidate.email)
    hands.to("textbox", "Password")
    hands.type(PASSWORD)
    hands.press("Enter")
    hands.enter("button", "Account")
    hands.enter("link", "Profile")
    heading(stranger, "Profile")
    hands.to("textbox", "Name")
    hands.press("Control+a")
    hands.type("Ada")
    hands.enter("button", "Save")
    expect(stranger.get_by_text("Your profile is saved.")).to_be_visible()
    hands.to("link", "Download your data")
    with stranger.expect_download() as download:
        hands.press("Enter")
    assert download.value.suggested_filename.startswith("dry-run-")
    hands.to("button", "Account", back=True)
    hands.press("Enter")
    hands.enter("button", "Log out")
    expect(stranger.get_by_text("You are logged out.")).to_be_visible()
    candidate.refresh_from_db()
    assert candidate.name == "Ada"


def test_one_deletes_the_account(browser_of: BrowserOf, candidate: User) -> None:
    page = browser_of(candidate).new_page()
    hands = Hands(page)
    page.goto("/profile/")
    hands.enter("link", "Delete your account")
    heading(page, "Delete your account")
    hands.to("textbox", "Your password")
    hands.type(PASSWORD)
    hands.enter("button", "Delete my account")
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()
    assert not User.objects.filter(email=candidate.email).exists()


# The editor.


def test_a_list_is_imported_sorted_out_and_published(browser_of: BrowserOf, editor: User) -> None:
    page = browser_of(editor).new_page()
    hands = Hands(page)
    page.goto("/admin/questions/import/add/")
    hands.to("textbox", "Or text:")
    hands.type("1. What is a pod?\n\n   The smallest unit.\n\n2. What is your favourite colour?\n")
    hands.enter("button", "Look at it")
    expect(page.get_by_role("heading", name="What was read")).to_be_visible()
    hands.to("button", "Skip: “What is your favourite colour?”")
    hands.press("Enter")
    expect(page.get_by_text("1 set, 1 question")).to_be_visible()
    hands.enter("button", "Import as drafts")
    expect(page.get_by_text("1 question is imported, as a draft.")).to_be_visible()
    assert Import.objects.get().written
    assert Question.objects.get().status == Status.DRAFT


# The first stop on every page, and where it leads.


@pytest.mark.parametrize("path", ["/", "/sets/", "/search/", "/profile/", "/interviews/new/"])
def test_the_first_stop_skips_the_navigation(
    browser_of: BrowserOf, candidate: User, question_set: QuestionSet, path: str
) -> None:
    page = browser_of(candidate).new_page()
    page.goto(path)
    hands = Hands(page)
    hands.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    hands.look()
    hands.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    hands.press("Tab")
    hands.look()
    expect(page.locator("#main :focus")).to_have_count(1)


def test_in_the_room_the_first_stop_leads_to_the_question(room: Page) -> None:
    hands = Hands(room)
    expect(room.get_by_label("Your answer")).to_be_focused()
    hands.to("link", "Skip to the question", back=True)
    hands.press("Enter")
    expect(room.locator("#main")).to_be_focused()
    hands.press("Tab")
    # A long one is scrolled with the arrows.
    expect(room.get_by_role("region", name="What is question 1 about?")).to_be_focused()
    hands.look()
    hands.press("Tab")
    expect(room.get_by_label("Your answer")).to_be_focused()


def test_a_text_in_the_room_is_never_under_bar_or_foot(
    browser_of: BrowserOf, running_interview: Interview
) -> None:
    """At 360 px and with a long question, whatever has the focus is seen."""
    write(running_interview, 1, "A long answer.\n" * 60)
    page = browser_of(running_interview.candidate).new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"/interviews/{running_interview.pk}/answers/1/")
    hands = Hands(page)
    for _ in range(30):
        hands.press("Tab")
        hands.look()


# After a swap of htmx, or a form that came back, one goes on where a person expects to be.

SWAPS = {
    # Results come while one types in the field: tests/browser/test_search.py.
    ("search.html", "hx-get"),
    # What is ticked keeps the focus: tests/browser/test_starting.py.
    ("interview_new_mixed.html", "hx-get"),
    # Below, and tests/browser/test_invitations.py.
    ("invitation_form.html", "hx-post"),
    # The progress of a reading has nothing that one could be at.
    ("waiting.html", "hx-get"),
}


def test_every_swap_is_known_here() -> None:
    assert {
        (path.name, attribute)
        for path in (settings.BASE_DIR / "templates").rglob("*.html")
        for attribute in re.findall(r"\bhx-(?:get|post|put|patch|delete|boost)\b", path.read_text())
    } == SWAPS


def settled(page: Page) -> None:
    expect(
        page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")
    ).to_have_count(0)


def test_another_page_of_the_library_begins_at_its_top(
    browser_of: BrowserOf, reviewer: User, library: None
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    top = page.get_by_role("heading", name="The library")
    for _ in range(10):
        following = page.get_by_role("button", name="Next page")
        if not following.count():
            break
        hands.enter("button", "Next page")
        expect(top).to_be_focused()
        settled(page)
    else:
        raise AssertionError("the library never ended")


def test_what_was_added_or_looked_for_leaves_one_at_its_button(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    for number in (1, 2, 3):
        hands.to("checkbox", f"What is question {number} about?", back=number > 1)
        hands.press("Space")
        hands.enter("button", "Add what is ticked")
        expect(page.locator("[name=question]")).to_have_count(number)
        settled(page)
        if number < 3:
            expect(page.get_by_role("button", name="Add what is ticked")).to_be_focused()
    # Nothing is left to be added.
    expect(page.get_by_role("heading", name="What it asks")).to_be_focused()
    hands.enter("button", "Search", back=True)
    settled(page)
    expect(page.get_by_role("button", name="Search")).to_be_focused()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_is_wrong_is_where_one_is_after_a_form_was_refused(
    browser_of: BrowserOf, reviewer: User, question_set: QuestionSet, script: bool
) -> None:
    page = browser_of(reviewer, java_script_enabled=script).new_page()
    hands = Hands(page)
    page.goto("/invitations/new/")
    hands.enter("button", "Make the invitation")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Please check:")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    hands.enter("link", "Title:")
    expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    hands.look()
