"""Grading in a browser: each mark is saved at once, and what is being typed stays as it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Assignment, Interview, Review
from questions.models import Question, QuestionSet
from tests.conftest import start_interview, write
from tests.interview.reviewing import arrive_late, end_lease, first_answer, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


def grading_page(context: BrowserContext, review: Review, question: int = 1) -> Page:
    page = context.new_page()
    page.goto(f"/reviews/{review.pk}/?question={question}")
    return page


def mark(page: Page, number: int, value: str) -> None:
    """Choose a mark for the key point with that number, and wait until it is saved."""
    with page.expect_response(lambda response: response.url.endswith("/save/")):
        page.locator(".key-point").nth(number - 1).get_by_role("radio", name=value).check()


def test_each_mark_is_saved_at_once_and_what_is_typed_stays_as_it_is(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = grading_page(browser_of(reviewer), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Half a sent")
    comment.evaluate("field => { field.theSame = true; field.setSelectionRange(4, 4); }")
    mark(page, 1, "Half")
    expect(page.locator("#grading-status")).to_contain_text("1 of 6 marked")
    mark(page, 2, "Missed")
    expect(page.locator("#grading-status")).to_contain_text("2 of 6 marked · score so far 33")
    item = page.get_by_role("navigation", name="Questions").get_by_role("button").first
    expect(item).to_contain_text("all marked")
    assert comment.evaluate("field => [field.theSame, field.value, field.selectionStart]") == [
        True,
        "Half a sent",
        4,
    ]
    values = dict(claimed_review.marks.values_list("key", "value"))
    assert values == {"main": "half", "side": "missed"}
    assert claimed_review.comments.get().text == "Half a sent"


def test_a_comment_is_saved_on_leaving_its_field(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = grading_page(browser_of(reviewer), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Say how you would verify it.")
    with page.expect_response(lambda response: response.url.endswith("/save/")):
        comment.press("Tab")
    assert claimed_review.comments.get().text == "Say how you would verify it."


def test_a_comment_that_is_too_long_is_told_at_once_and_kept(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = grading_page(browser_of(reviewer), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("x" * 20_001)
    comment.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("Not saved. This text has 20,001 characters")
    page.get_by_role("button", name="Save and next").click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert len(page.get_by_label("Comment on this answer").input_value()) == 20_001
    assert not claimed_review.comments.exists()


def test_marks_made_after_somebody_else_claimed_are_told_to_be_a_draft_only(
    browser_of: BrowserOf,
    reviewer: User,
    other_reviewer: User,
    assignment: Assignment,
    claimed_review: Review,
) -> None:
    page = grading_page(browser_of(reviewer), claimed_review)
    end_lease(assignment)
    assignment.claim(other_reviewer)
    mark(page, 1, "Full")
    expect(page.locator("#grading-status")).to_contain_text("In your draft only")
    assert claimed_review.marks.get().value == "full"


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_saves_the_question_that_is_shown(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, scripts: bool
) -> None:
    page = grading_page(browser_of(reviewer, java_script_enabled=scripts), claimed_review, 2)
    radio = page.get_by_role("radio", name="Half").first
    radio.check()
    radio.press("Enter")
    page.wait_for_url("**/?question=2")
    expect(radio).to_be_checked()
    assert claimed_review.marks.get().answer.position == 2


def test_without_scripts_every_button_saves_before_it_leads_on(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = grading_page(browser_of(reviewer, java_script_enabled=False), claimed_review)
    page.get_by_label("Comment on this answer").fill("Typed before a look at the third.")
    page.get_by_role("navigation", name="Questions").get_by_role("button").nth(2).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 3")
    page.get_by_role("button", name="Summary").click()
    page.get_by_label("Comment on the whole interview").fill("Typed before a look at the first.")
    page.get_by_role("button", name="Open question 1").click()
    comment = page.get_by_label("Comment on this answer")
    expect(comment).to_have_value("Typed before a look at the third.")
    texts = set(claimed_review.comments.values_list("text", flat=True))
    assert texts == {"Typed before a look at the third.", "Typed before a look at the first."}


@pytest.mark.parametrize("scripts", [True, False])
def test_late_text_is_accepted_and_undone_and_what_was_typed_stays(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, scripts: bool
) -> None:
    arrive_late(claimed_review.interview, "What came too late.")
    page = grading_page(browser_of(reviewer, java_script_enabled=scripts), claimed_review)
    expect(page.get_by_text("Came 12 seconds after the end")).to_be_visible()
    if scripts:
        mark(page, 1, "Half")
    else:
        page.get_by_role("radio", name="Half").first.check()
    page.get_by_label("Comment on this answer").fill("Say it sooner.")
    page.get_by_role("button", name="Accept this text").click()
    expect(page.get_by_text("You count it as part of the answer.")).to_be_visible()
    assert claimed_review.accepted_texts.count() == 1
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("unless you accept it")).to_be_visible()
    assert not claimed_review.accepted_texts.exists()
    expect(page.get_by_label("Comment on this answer")).to_have_value("Say it sooner.")
    expect(page.get_by_role("radio", name="Half").first).to_be_checked()


def test_levels_are_saved_as_they_are_chosen(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = browser_of(reviewer).new_page()
    page.goto(f"/reviews/{claimed_review.pk}/summary/")
    for scale in ("Knowledge", "Reasoning", "Communication"):
        expect(page.get_by_role("link", name=scale)).to_be_visible()
        page.get_by_role("group", name=scale).get_by_role("radio", name="3 good").check()
        expect(page.get_by_role("link", name=scale)).to_have_count(0)
    expect(page.get_by_role("button", name="Publish")).to_be_disabled()
    expect(page.get_by_text("6 marks are missing.")).to_be_visible()
    claimed_review.refresh_from_db()
    assert [getattr(claimed_review, level) for level in Review.LEVELS] == [3, 3, 3]


@pytest.fixture
def long_interview(candidate: User, question_set: QuestionSet) -> Interview:
    """With seven key points of two lines, an answer of many screens, and a word without end."""
    question = Question.objects.get(slug="question-1")
    for number in range(3, 8):
        text = f"Point {number} takes two lines, since it says what happens and when and to whom."
        question.key_points.create(key=f"point-{number}", position=number, text=text)
    question.record_version()
    interview = start_interview(candidate, question_set)
    write(interview, 1, "A long answer.\n\n" * 200 + "w" * 500)
    interview.finish()
    interview.ask_for_review()
    return interview


def test_seven_key_points_comment_and_buttons_fit_on_one_screen(
    browser_of: BrowserOf, reviewer: User, long_interview: Interview
) -> None:
    review = long_interview.assignments.get().claim(reviewer)
    page = grading_page(browser_of(reviewer), review)
    assert page.locator(".key-point").count() == 7
    for part in (
        page.get_by_role("heading", level=1),
        page.locator(".key-point").first,
        page.locator(".key-point").last,
        page.get_by_text("Model answer", exact=True),
        page.get_by_label("Comment on this answer"),
        page.get_by_role("button", name="Save and next"),
        page.locator("#grading-status"),
    ):
        expect(part).to_be_in_viewport(ratio=1)
    # The long answer scrolls beside them.
    answer = page.locator("section[aria-labelledby=question]")
    assert answer.evaluate("pane => pane.scrollHeight > pane.clientHeight")


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_is_wider_than_a_telephone(
    browser_of: BrowserOf, reviewer: User, long_interview: Interview, width: int
) -> None:
    review = long_interview.assignments.get().claim(reviewer)
    with review.writing(token_of(review)):
        review.comment_on(first_answer(review), "c" * 500)
    page = browser_of(reviewer).new_page()
    page.set_viewport_size({"width": width, "height": 740})
    for path in ("/queue/", f"/reviews/{review.pk}/", f"/reviews/{review.pk}/summary/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_session_that_ended_leads_to_the_log_in_and_back_to_the_page(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    context = browser_of(reviewer)
    page = grading_page(context, claimed_review, 2)
    context.clear_cookies(name="sessionid")
    page.get_by_role("radio", name="Full").first.click()
    page.wait_for_url("**/accounts/login/**")
    assert "question%3D2" in page.url
