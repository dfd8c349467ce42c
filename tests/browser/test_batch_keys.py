"""A batch is graded question by question, and one of its reviews published, by keys alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Assignment, Interview, Review
from questions.models import QuestionSet
from tests.conftest import start_interview, write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def waiting(person: Callable[..., User], question_set: QuestionSet) -> list[Interview]:
    """Two interviews of one set, three questions each."""
    interviews = []
    for name in ("first", "second"):
        interview = start_interview(person(name), question_set)
        for position in (1, 2, 3):
            write(interview, position, f"What the {name} knows about question {position}.")
        interview.finish()
        interview.ask_for_review()
        interviews.append(interview)
    return interviews


def go_to(page: Page, name: str, role: str = "link") -> None:
    """With Tab, as who has no mouse; then Enter."""
    target = page.get_by_role(role, name=name).first  # type: ignore[arg-type]
    expect(target).to_be_visible()
    for _ in range(60):
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no way to {name} with Tab")


def test_a_batch_is_graded_by_question_and_one_review_published_by_keys_alone(
    browser_of: BrowserOf, reviewer: User, waiting: list[Interview]
) -> None:
    page = browser_of(reviewer).new_page()
    page.goto("/queue/")
    go_to(page, "Claim a batch", "button")
    go_to(page, "Next ungraded answer")
    seen = []
    for number in range(1, 4):
        for _answer in waiting:
            expect(page.get_by_role("heading", level=1)).to_contain_text(f"question {number}")
            expect(page.get_by_text("The batch has 2 answers to this question")).to_be_visible()
            expect(page.get_by_role("button", name="Keys")).to_be_visible()
            seen.append(page.locator(".answer-text").first.inner_text())
            page.keyboard.press("f")
            page.keyboard.press("h")
            url = page.url
            page.keyboard.press("n")
            expect(page).not_to_have_url(url)
    answers = {
        f"What the {n} knows about question {q}." for n in ("first", "second") for q in "123"
    }
    assert len(seen) == 6
    assert set(seen) == answers
    expect(page.get_by_text("Every key point is marked.")).to_be_visible()
    go_to(page, "Levels and publish")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The interview as a whole")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    for key in ("3", "4", "2", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("The candidate can read it in one minute")).to_be_visible()
    published = Review.objects.published().get()
    assert [getattr(published, level) for level in Review.LEVELS] == [3, 4, 2]
    values = published.marks.order_by("answer__position", "key").values_list("value", flat=True)
    assert list(values) == ["full", "half"] * 3
    # The other is the reviewer's still, with all its marks.
    left = Assignment.objects.held_by(reviewer).get()
    assert left.pk != published.assignment_id
    assert left.reviews.get().marks.count() == 6
