"""The candidate's feedback in a browser: read is read, and it prints without what is to press."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Review
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def review(claimed_review: Review) -> Review:
    grade(claimed_review, "half")
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    return claimed_review


def open_feedback(page: Page, review: Review) -> None:
    page.goto(f"/interviews/{review.interview_id}/feedback/")


def test_what_was_in_sight_is_no_news_any_more(
    browser_of: BrowserOf, candidate: User, review: Review
) -> None:
    page = browser_of(candidate).new_page()
    news = page.get_by_text("There is feedback to read:")
    page.goto("/")
    expect(news).to_be_visible()
    with page.expect_response("**/feedback/read/"):
        page.get_by_role("link", name="Basics").first.click()
    page.goto("/")
    expect(news).to_have_count(0)


def test_without_a_script_there_is_a_button(
    browser_of: BrowserOf, candidate: User, review: Review
) -> None:
    page = browser_of(candidate, java_script_enabled=False).new_page()
    open_feedback(page, review)
    page.goto("/")
    expect(page.get_by_text("There is feedback to read:")).to_be_visible()
    open_feedback(page, review)
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_text("New for you here:")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_text("There is feedback to read:")).to_have_count(0)


def test_a_page_that_could_not_tell_it_tells_it_next_time(
    browser_of: BrowserOf, candidate: User, review: Review
) -> None:
    page = browser_of(candidate).new_page()
    page.route("**/feedback/read/", lambda route: route.fulfill(status=200, body=""))
    open_feedback(page, review)
    expect(page.get_by_text("New for you here:")).to_be_visible()
    page.unroute("**/feedback/read/")
    with page.expect_response("**/feedback/read/"):
        open_feedback(page, review)
    page.reload()
    expect(page.get_by_text("New for you here:")).to_have_count(0)


def test_it_prints_marks_and_answers_and_nothing_to_press(
    browser_of: BrowserOf, candidate: User, review: Review
) -> None:
    page = browser_of(candidate).new_page()
    open_feedback(page, review)
    expect(page.get_by_role("link", name="Ask for a second look").first).to_be_visible()
    page.emulate_media(media="print")
    for seen in ("Model answer 1.", "What I know about question 1.", "Main point 1"):
        expect(page.get_by_text(seen).first).to_be_visible()
    for unseen in ("Ask for a second look", "I have read it", "Start another", "My interviews"):
        for element in page.get_by_text(unseen).all():
            expect(element).to_be_hidden()
