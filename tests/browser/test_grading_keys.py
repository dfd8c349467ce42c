"""A whole interview is graded and published by keys alone, and no key acts while one writes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Interview, Review
from questions.models import QuestionSet
from tests.conftest import make_question, start_interview, write
from tests.interview.reviewing import grade

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def five_questions(candidate: User, question_set: QuestionSet, reviewer: User) -> Review:
    """Each with two key points and an answer."""
    for position in (4, 5):
        make_question(question_set, position)
    interview = start_interview(candidate, question_set)
    for position in range(1, 6):
        write(interview, position, f"What I know about question {position}. And why it is so.")
    interview.finish()
    interview.ask_for_review()
    return interview.assignments.get().claim(reviewer)


class Typist:
    """Counts the keys that are pressed, and the pages that are loaded."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = 0
        self.loads = 0
        page.on("framenavigated", lambda _frame: self.count())

    def count(self) -> None:
        self.loads += 1

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1


def grading_page(context: BrowserContext, review: Review) -> Page:
    page = context.new_page()
    page.goto(f"/reviews/{review.pk}/")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()  # Now they act.
    return page


def marked(page: Page, count: int) -> None:
    expect(page.locator("#grading-status")).to_contain_text(f"{count} of ")


def test_five_questions_are_graded_and_published_by_keys_alone(
    browser_of: BrowserOf,
    reviewer: User,
    five_questions: Review,
    record_property: Callable[[str, object], None],
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    typist = Typist(page)
    for position, marks in enumerate(("ff", "fh", "hm", "mf", "ff"), 1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"question {position}")
        expect(page.get_by_role("button", name="Keys")).to_be_visible()
        typist.press(*marks)
        marked(page, 2 * position)
        typist.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("The interview as a whole")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    typist.press("3", "4", "2", "Control+Enter")
    expect(page.get_by_text("The candidate can read it in one minute")).to_be_visible()
    five_questions.refresh_from_db()
    assert five_questions.published_at is not None
    assert [getattr(five_questions, level) for level in Review.LEVELS] == [3, 4, 2]
    values = list(five_questions.marks.order_by("answer__position", "key"))
    assert "".join(mark.value[0] for mark in values) == "fffhhmmfff"
    # A key for each mark and level, one to go on from each question, and one to publish.
    assert typist.keys == 10 + 5 + 3 + 1
    # A page for each next question, the summary, and what was published.
    assert typist.loads == 4 + 1 + 1
    record_property("keys and page loads", (typist.keys, typist.loads))


def test_a_blank_answer_takes_one_key(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    five_questions.interview.answers.filter(position__in=[1, 5]).update(text="")
    page = grading_page(browser_of(reviewer), five_questions)
    page.keyboard.press("m")
    marked(page, 1)
    page.keyboard.press("e")
    marked(page, 2)
    expect(page.get_by_role("radio", name="Missed", checked=True)).to_have_count(2)
    expect(page.get_by_role("button", name="Mark all points missed")).to_have_count(0)
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    page.keyboard.press("e")  # Something was written there.
    page.keyboard.press("f")
    marked(page, 3)


def test_a_comment_and_a_citation_need_no_mouse_either(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    page.keyboard.press("f")
    marked(page, 1)
    page.keyboard.press("q")
    expect(page.get_by_label("Sentence")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Cite it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".answer-text mark")).to_have_text("And why it is so.")
    page.keyboard.press("c")
    expect(page.get_by_label("Comment on this answer")).to_be_focused()
    page.keyboard.type("Name a limit, say how to find it.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")
    assert five_questions.comments.get().text == "Name a limit, say how to find it."


def test_the_levels_are_chosen_by_keys_beside_an_answer(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    page.keyboard.press("l")
    knowledge = page.get_by_role("group", name="Knowledge")
    expect(knowledge.get_by_role("radio").first).to_be_focused()
    for key in "342":
        page.keyboard.press(key)
    expect(page.locator("#chosen-levels")).to_have_text(
        "Knowledge 3 · Reasoning 4 · Communication 2"
    )
    page.keyboard.press("l")
    expect(knowledge).to_be_hidden()
    for key in "fh":
        page.keyboard.press(key)
    marked(page, 2)
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")
    five_questions.refresh_from_db()
    assert [getattr(five_questions, level) for level in Review.LEVELS] == [3, 4, 2]


def test_a_number_never_chooses_a_level_that_one_does_not_stand_in(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    page.keyboard.press("l")
    page.get_by_role("radio", name="Full").first.focus()
    for key in "ff":  # The last key point: what is next is not the levels.
        page.keyboard.press(key)
    marked(page, 2)
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="Full").first).to_be_focused()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")
    five_questions.refresh_from_db()
    assert [getattr(five_questions, level) for level in Review.LEVELS] == [None] * 3


def test_no_key_acts_while_one_writes_or_chooses_from_a_list(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    comment = page.get_by_label("Comment on this answer")
    comment.focus()
    page.keyboard.type("fhmnepsaqb?123 not")
    expect(comment).to_have_value("fhmnepsaqb?123 not")
    page.get_by_text("Cite words for a mark").click()
    page.get_by_label("Key point", exact=True).focus()
    page.keyboard.type("fn")
    expect(page.locator("#keys")).to_be_hidden()
    assert page.locator(":checked[type=radio]").count() == 0
    assert "question=2" not in page.url
    page.get_by_label("Comment on this answer").focus()
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    marked(page, 1)


@pytest.mark.parametrize("combination", ["Control+f", "Alt+n", "Meta+h"])
def test_a_key_with_another_is_the_browsers(
    browser_of: BrowserOf, reviewer: User, five_questions: Review, combination: str
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    page.keyboard.press(combination)
    page.keyboard.press("2")  # Goes to the second key point.
    expect(page.locator(".key-point").nth(1).get_by_role("radio").first).to_be_focused()
    assert page.locator(":checked[type=radio]").count() == 0
    assert "question=2" not in page.url


def test_the_question_mark_and_a_button_list_the_keys(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    page = grading_page(browser_of(reviewer), five_questions)
    keys = page.locator("#keys")
    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("f")  # Nothing acts behind it.
    page.keyboard.press("?")
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Keys").click()
    expect(keys).to_contain_text("Full, half, missed")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    assert page.locator(":checked[type=radio]").count() == 0


def test_what_is_said_after_a_take_back_keeps_clear_of_the_button_above_it(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    grade(five_questions)
    context = browser_of(reviewer)
    page = context.new_page()
    for width, height in ((1280, 800), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/reviews/{five_questions.pk}/summary/")
        page.get_by_role("button", name="Publish").click()
        page.get_by_role("button", name="Take back").click()
        said = page.locator(".messages").bounding_box()
        keys = page.get_by_role("button", name="Keys").bounding_box()
        assert said
        assert keys
        assert said["y"] - (keys["y"] + keys["height"]) >= 8


def test_single_keys_can_be_turned_off_in_the_profile(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    context = browser_of(reviewer)
    page = context.new_page()
    page.goto("/profile/")
    page.get_by_label("Single keys act on the grading page").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page = grading_page(context, five_questions)
    for key in "fn?":
        page.keyboard.press(key)
    expect(page.locator("#keys")).to_be_hidden()
    assert page.locator(":checked[type=radio]").count() == 0
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")


def test_a_candidate_is_not_asked_about_keys(
    browser_of: BrowserOf, running_interview: Interview
) -> None:
    page = browser_of(running_interview.candidate).new_page()
    page.goto("/profile/")
    expect(page.get_by_label("Name")).to_be_visible()
    expect(page.get_by_label("Single keys act on the grading page")).to_have_count(0)


def test_a_usual_answer_needs_no_scrolling(
    browser_of: BrowserOf, reviewer: User, five_questions: Review
) -> None:
    five_questions.interview.answers.filter(position=1).update(text="A usual sentence of it. " * 30)
    page = grading_page(browser_of(reviewer), five_questions)
    assert page.viewport_size == {"width": 1280, "height": 800}
    assert page.evaluate("document.documentElement.scrollHeight") <= 800
    answer = page.locator("section[aria-labelledby=question]")
    assert answer.evaluate("pane => pane.scrollHeight <= pane.clientHeight")
