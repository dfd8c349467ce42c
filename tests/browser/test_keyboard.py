"""What reviewers, editors and owners of an account do, by keys alone; no shortcut is used.

`Hands` looks at each stop whether one sees where one is. Candidates: test_keyboard_sitting.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Assignment, BankedComment, Invitation, Mark, Review, SecondLook
from questions.models import Import, Question, QuestionSet, Status
from tests.browser.hands import Hands, choose, heading
from tests.conftest import PASSWORD
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


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


@pytest.fixture
def asked_again(claimed_review: Review) -> SecondLook:
    """For the first key point of a review that was read: missed, says its reviewer."""
    grade(claimed_review, Mark.Value.MISSED)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    mark = claimed_review.marks.select_related("review__assignment", "answer").get(
        answer__position=1, key="main"
    )
    return SecondLook.objects.ask(mark, "My second sentence says it.")


def test_a_second_look_is_answered_and_taken_back(
    browser_of: BrowserOf, reviewer: User, asked_again: SecondLook
) -> None:
    page = browser_of(reviewer).new_page()
    hands = Hands(page)
    page.goto("/queue/")
    hands.enter("link", "My reviews")
    heading(page, "My reviews")
    hands.enter("link", re.compile("^Answer .*question 1"))
    heading(page, "What is question 1 about?")
    hands.enter("button", "Answer", exact=True)
    expect(page.get_by_role("alert")).to_contain_text("Please check:")
    hands.enter("link", re.compile("^Your answer to the candidate"))
    expect(page.get_by_role("textbox", name="Your answer to the candidate")).to_be_focused()
    hands.type("It does.")
    hands.to("radio", "Missed", back=True)
    hands.press("ArrowLeft", "ArrowLeft")
    hands.look()
    hands.enter("button", "Answer", exact=True)
    expect(page.get_by_text("The candidate can read it in one minute")).to_be_visible()
    asked_again.refresh_from_db()
    assert asked_again.value == Mark.Value.FULL
    hands.enter("button", "Take back")
    expect(page.get_by_role("radio", name="Full")).to_be_checked()
    asked_again.refresh_from_db()
    assert asked_again.answered_at is None


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
