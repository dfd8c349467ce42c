"""What candidates do, by keys alone: from the sign-up to the feedback; no shortcut is used.

`Hands` looks at each stop whether one sees where one is.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Interview, Mark, Review, SecondLook
from questions.models import QuestionSet
from tests.browser.hands import Hands, choose, heading
from tests.conftest import write
from tests.interview.inviting import invite_to
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


def sign_up(hands: Hands) -> None:
    heading(hands.page, "Sign up")
    hands.to("textbox", "Email")
    hands.type("ada@example.com")
    hands.to("textbox", "Password")
    hands.type("a-long-enough-phrase")
    hands.enter("button", "Sign up")


def test_from_the_first_page_to_the_request_for_a_review(
    stranger: Page, question_set: QuestionSet
) -> None:
    hands = Hands(stranger)
    stranger.goto("/")
    hands.enter("link", question_set.title)
    heading(stranger, question_set.title)
    hands.enter("link", "Start a mock interview")
    sign_up(hands)
    heading(stranger, "New interview")
    hands.enter("button", "Start", exact=True)

    # The room: one writes at once; everything else is some stops away, and shows its focus.
    text = stranger.get_by_label("Your answer")
    expect(text).to_be_focused()
    hands.type("It is about the first thing.")
    hands.enter("button", "Next")
    heading(stranger, "What is question 2 about?")
    expect(text).to_be_focused()
    hands.to("button", "Flag")
    hands.press("Space")
    flag = stranger.get_by_role("button", name="Flag", exact=True)
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(flag).to_be_focused()
    hands.to("button", "Question 1", back=True)
    hands.press("Enter")
    heading(stranger, "What is question 1 about?")
    expect(text).to_have_value("It is about the first thing.")
    hands.enter("button", "History")
    expect(stranger.get_by_role("navigation", name="Versions")).to_be_visible()
    hands.enter("link", "Back to the answer")
    expect(text).to_be_focused()
    hands.to("button", "Add 5 minutes", back=True)
    hands.press("Enter")
    expect(stranger.get_by_text("5 minutes added")).to_be_visible()
    expect(stranger.get_by_role("button", name="Add 5 minutes")).to_be_focused()
    hands.enter("button", "Finish")
    heading(stranger, "Finish this interview?")
    hands.to("checkbox", "Ask for a review")
    hands.press("Space")
    expect(stranger.get_by_label("Ask for a review")).not_to_be_checked()
    hands.enter("button", "Finish")

    # The self-score: a mark by the arrows, and where one is missing its place is one press away.
    heading(stranger, "Score yourself")
    hands.enter("button", "Keep my marks")
    expect(stranger.get_by_role("alert")).to_contain_text("key points have no mark")
    hands.enter("link", "Question 1:")
    expect(stranger.get_by_role("radio").first).to_be_focused()
    stranger.wait_for_load_state()
    for number, point in enumerate(stranger.get_by_role("group").all()):
        choose(hands, point, number % 3)
    hands.enter("button", "Keep my marks")

    # The model answers, one of which is folded and unfolded, and the request.
    expect(stranger.get_by_text("Model answer 1.")).to_be_visible()
    folded = stranger.get_by_text("Model answer", exact=True).first
    hands.reach(folded, "the first model answer")
    hands.press("Enter")
    expect(stranger.get_by_text("Model answer 1.")).to_be_hidden()
    hands.press("Space")
    expect(stranger.get_by_text("Model answer 1.")).to_be_visible()
    hands.to("button", "Ask for a review", back=True)
    hands.press("Enter")
    expect(stranger.get_by_text("Waits for a review", exact=True)).to_be_visible()
    marks = Review.objects.get(kind=Review.Kind.SELF).marks
    assert {mark.value for mark in marks.all()} == set(Mark.Value)
    assert Interview.objects.get().assignments.count() == 1


def test_the_link_of_an_invitation_leads_to_its_room(
    stranger: Page, reviewer: User, question_set: QuestionSet
) -> None:
    invitation = invite_to(reviewer, question_set)
    hands = Hands(stranger)
    stranger.goto(f"/invite/{invitation.secret}/")
    hands.enter("link", "Sign up to start")
    sign_up(hands)
    heading(stranger, invitation.title)
    hands.reach(stranger.get_by_text("Your time:"), "the timing profile")
    hands.press("Enter")
    expect(stranger.get_by_label("Show the clock in an interview")).to_be_visible()
    hands.enter("button", "Start", exact=True)
    expect(stranger.get_by_label("Your answer")).to_be_focused()
    assert Interview.objects.get().invitation == invitation


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


# The room at its narrowest, and where its first stop leads.


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
