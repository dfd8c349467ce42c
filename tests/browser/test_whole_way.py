"""The main job from end to end, as its people do it: with and without JavaScript."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db.models import F
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Answer, Interview, Review
from questions.models import Question
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ANSWER = "No.\n  kube-proxy only writes rules; <the kernel> rewrites each new connection."


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visit(
    request: pytest.FixtureRequest, open_browser: Callable[..., BrowserContext]
) -> Iterator[Callable[[], Page]]:
    """A page in a browser of its own, for each person who visits. No console says anything."""
    said: list[str] = []

    def make() -> Page:
        page = open_browser(java_script_enabled=request.param).new_page()
        page.on("console", lambda message: said.append(message.text))
        return page

    yield make
    assert said == []


def log_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "login" not in url)


def mark_everything(page: Page, mark: str) -> None:
    for radio in page.get_by_role("radio", name=mark, exact=True).all():
        radio.check()


def test_from_a_stranger_to_the_feedback(
    visit: Callable[[], Page], library: None, reviewer: User, editor: User
) -> None:
    # A stranger finds a set and starts: signing up is on the way, and the choice is kept.
    candidate = visit()
    candidate.goto("/")
    candidate.get_by_role("link", name="kube-proxy", exact=True).first.click()
    candidate.get_by_role("link", name="Start a mock interview").first.click()
    candidate.get_by_label("Email").fill("lovelace@example.com")
    candidate.get_by_label("Password").fill("a-long-enough-phrase")
    candidate.get_by_role("button", name="Sign up").click()
    expect(candidate.get_by_role("heading", name="kube-proxy", exact=True)).to_be_visible()
    expect(candidate.get_by_text("5 questions")).not_to_have_count(0)

    # The room takes text and gives a receipt.
    candidate.get_by_role("button", name="Start", exact=True).click()
    expect(candidate.get_by_text("Question 1 of 5")).to_be_visible()
    prompt = candidate.get_by_role("heading", level=1).inner_text()
    candidate.get_by_role("textbox", name="Your answer").fill(ANSWER)
    candidate.get_by_role("button", name="Save", exact=True).click()
    expect(candidate.locator("#receipt")).to_contain_text("revision 1")
    candidate.get_by_role("button", name="Next").click()
    expect(candidate.get_by_text("Question 2 of 5")).to_be_visible()
    candidate.get_by_role("textbox", name="Your answer").fill("The API server, nothing else.")

    # Meanwhile an editor rewrites the first question, in the admin.
    asked = Answer.objects.get(position=1).question_version
    desk = visit()
    log_in(desk, editor)
    desk.goto(f"/admin/questions/question/{asked.question_id}/change/")
    desk.get_by_label("Prompt", exact=False).first.fill("Rewritten by the editor?")
    desk.get_by_role("button", name="Save", exact=True).first.click()
    desk.wait_for_url("**/admin/questions/question/")
    assert Question.objects.get(pk=asked.question_id).prompt == "Rewritten by the editor?"

    # The running interview still asks what it asked; its author finishes.
    candidate.get_by_role("button", name="Question 1").click()
    expect(candidate.get_by_role("heading", level=1)).to_have_text(prompt)
    expect(candidate.get_by_role("textbox", name="Your answer")).to_have_value(ANSWER)
    candidate.get_by_role("button", name="Finish").click()
    expect(candidate.get_by_text("3 questions are unanswered")).to_be_visible()
    expect(candidate.get_by_label("Ask for a review")).to_be_checked()
    candidate.get_by_role("button", name="Finish").click()

    # Self-score first, then the model answers.
    expect(candidate.get_by_role("button", name="Keep my marks")).to_be_visible()
    expect(candidate.get_by_role("heading", name="Score yourself")).to_be_visible()
    expect(candidate.get_by_text("Model answer", exact=True)).to_have_count(0)
    mark_everything(candidate, "Half")
    candidate.get_by_role("button", name="Keep my marks").click()
    expect(candidate.get_by_text("Model answer", exact=True)).to_have_count(5)
    expect(candidate.get_by_text("Waits for a review")).to_be_visible()
    feedback = urlsplit(candidate.url).path

    # A reviewer claims it without learning whose it is, marks, and publishes.
    grading = visit()
    log_in(grading, reviewer)
    grading.get_by_role("link", name="Review queue").first.click()
    grading.get_by_role("button", name="Claim next").click()
    for position in range(1, 6):
        expect(grading.get_by_text(f"Question {position} of 5")).to_be_visible()
        assert "lovelace" not in grading.content()
        if position == 1:
            expect(grading.get_by_role("heading", level=1)).to_have_text(prompt)
            expect(grading.locator(".answer-text").first).to_have_text(ANSWER)
            grading.get_by_label("Comment on this answer").fill("Say how you would verify it.")
        expect(grading.get_by_role("button", name="Save and")).to_be_visible()  # The form's last.
        mark_everything(grading, "Full" if position == 1 else "Missed")
        grading.get_by_role("button", name="Save and").click()
    for scale, level in {"Knowledge": "3", "Reasoning": "2", "Communication": "4"}.items():
        grading.get_by_role("group", name=scale).get_by_role("radio", name=level).check()
    grading.get_by_label("Comment", exact=False).last.fill("A good start.")
    grading.get_by_role("button", name="Publish").click()
    expect(grading.get_by_role("button", name="Take back")).to_be_visible()
    assert Review.objects.get(kind=Review.Kind.REVIEWER).score == 20

    # The candidate reads it a minute later, not before.
    candidate.goto(feedback)
    expect(candidate.get_by_text("A good start.")).to_have_count(0)
    minute = timedelta(minutes=1)
    Review.objects.filter(kind=Review.Kind.REVIEWER).update(
        published_at=F("published_at") - minute, visible_from=F("visible_from") - minute
    )
    candidate.goto("/interviews/")
    candidate.get_by_role("link", name="kube-proxy").first.click()
    expect(candidate.get_by_text("A good start.")).to_be_visible()
    expect(candidate.get_by_text("Say how you would verify it.")).to_be_visible()
    expect(candidate.locator(".score__number").first).to_contain_text("20")
    expect(candidate.get_by_text(prompt)).not_to_have_count(0)
    expect(candidate.get_by_text("Rewritten by the editor?")).to_have_count(0)
    assert Interview.objects.get().ended_at is not None
    assert Path(feedback).name == "feedback"
