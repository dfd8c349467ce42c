"""Grading in a browser: each mark is saved at once, and what is being typed stays as it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from interview.models import Assignment, BankedComment, Interview, Review
from questions.models import Question, QuestionSet
from tests.browser.conftest import Complaints, crash
from tests.browser.rooms import caught, offered, other_text
from tests.conftest import make_question, start_interview, write
from tests.interview.reviewing import arrive_late, end_lease, first_answer, grade, token_of

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
    expect(page.locator("#receipt")).to_contain_text("revision 1")
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
    with page.expect_response(lambda response: response.url.endswith("/comment/")):
        comment.press("Tab")
    assert claimed_review.comments.get().text == "Say how you would verify it."


def test_a_comment_that_is_too_long_is_told_while_typing_and_kept(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    page = grading_page(browser_of(reviewer), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Short.")
    comment.press("Tab")
    expect(page.locator("#receipt")).to_contain_text("revision 1")
    comment.fill("x" * 50_000)
    expect(page.locator("#length")).to_contain_text("50,000 characters: 30,000 too many")
    page.get_by_role("button", name="Save and next").click()
    expect(comment).to_be_focused()
    assert len(comment.input_value()) == 50_000
    assert claimed_review.comments.get().text == "Short."


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
    expect(page.locator("#grading-status")).to_contain_text("1 of 6 marked")
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


def test_publish_stays_under_the_pointer_when_the_last_level_is_stored(
    browser_of: BrowserOf, candidate: User, reviewer: User, question_set: QuestionSet
) -> None:
    """The page gets shorter then, and a press that ends beside the button is none."""
    for position in (4, 5):
        make_question(question_set, position)
    interview = start_interview(candidate, question_set)
    interview.finish()
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    grade(review, "half")
    Review.objects.update(knowledge=None, reasoning=None, communication=None)
    page = browser_of(reviewer).new_page()
    page.goto(f"/reviews/{review.pk}/summary/")
    for scale in ("Knowledge", "Reasoning"):
        page.get_by_role("group", name=scale).get_by_role("radio", name="3 good").check()
        expect(page.get_by_role("link", name=scale)).to_have_count(0)
    held: list[Route] = []
    page.route("**/summary/", lambda route: held.append(route))
    page.get_by_role("group", name="Communication").get_by_role("radio", name="3 good").check()
    level = caught(held, page)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.get_by_role("button", name="Publish").hover()
    page.mouse.down()
    level.continue_()
    expect(page.get_by_role("link", name="Communication")).to_have_count(0)
    page.mouse.up()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()


def test_a_question_can_be_pressed_while_a_mark_is_on_its_way(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    """The map tells of the mark when it is stored, which may be in the midst of the press."""
    page = grading_page(browser_of(reviewer), claimed_review)
    held: list[Route] = []
    page.route("**/save/", lambda route: held.append(route))
    page.get_by_role("radio", name="Half").first.check()
    marks = caught(held, page)
    page.get_by_role("button", name="Question 2").hover()
    page.mouse.down()
    marks.continue_()
    expect(page.locator("#grading-status")).to_contain_text("1 of 6 marked")
    page.mouse.up()
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 2")


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


def test_a_session_that_ended_is_told_and_loses_neither_mark_nor_comment(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, complaints: Complaints
) -> None:
    complaints.expect("401")
    context = browser_of(reviewer)
    page = grading_page(context, claimed_review, 2)
    cookies = context.cookies()
    context.clear_cookies(name="sessionid")
    page.get_by_role("radio", name="Full").first.check()
    page.get_by_label("Comment on this answer").fill("Typed after the session ended.")
    page.get_by_label("Comment on this answer").press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("You were logged out.")
    link = page.get_by_role("link", name="Log in")
    assert "question%3D2" in str(link.get_attribute("href"))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("#grading-status")).to_contain_text("1 of 6 marked")
    expect(page.locator("#receipt")).to_contain_text("revision 1")
    assert claimed_review.marks.get().value == "full"
    assert claimed_review.comments.get().text == "Typed after the session ended."


# The words that a mark rests on

SELECT = """([element, start, end]) => {
    const text = element.firstChild;
    getSelection().setBaseAndExtent(text, start, text, end);
}"""


def test_selected_words_are_cited_highlighted_and_removed(
    browser_of: BrowserOf, reviewer: User, running_interview: Interview
) -> None:
    text = "\U0001f600\U0001f1e9\U0001f1ea So: etcd keeps the state \U0001f680 of it all."
    write(running_interview, 1, text)
    running_interview.finish()
    running_interview.ask_for_review()
    review = running_interview.assignments.get().claim(reviewer)
    page = grading_page(browser_of(reviewer), review)
    answer = page.locator(".answer-text")
    words = "etcd keeps the state \U0001f680"
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    end = start + len(words.encode("utf-16-le")) // 2
    page.evaluate(SELECT, [answer.element_handle(), start, end])
    page.get_by_role("button", name="Key point 1: Main point 1").click()
    expect(page.get_by_role("alert")).to_contain_text("Mark the key point first")
    mark(page, 1, "Full")
    page.evaluate(SELECT, [answer.element_handle(), start, end])
    page.get_by_role("button", name="Key point 1: Main point 1").click()
    expect(page.locator("#said-main .quote")).to_have_text(words)
    expect(answer.locator("mark")).to_have_text(words)
    assert answer.evaluate("element => element.textContent") == text
    stored = review.marks.get()
    assert text[stored.quote_start : stored.quote_end] == words
    page.get_by_role("button", name="Remove the words cited for key point 1").click()
    expect(answer.locator("mark")).to_have_count(0)
    review.refresh_from_db()
    assert review.marks.get().quote_revision is None


@pytest.mark.parametrize("scripts", [True, False])
def test_a_sentence_is_cited_from_a_list(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, scripts: bool
) -> None:
    page = grading_page(browser_of(reviewer, java_script_enabled=scripts), claimed_review)
    page.get_by_role("radio", name="Full").first.check()
    page.get_by_text("Cite words for a mark").click()
    page.get_by_label("Sentence").select_option(label="What I know about question 1.")
    page.get_by_label("Key point", exact=True).select_option("main")
    page.get_by_role("button", name="Cite it").click()
    expect(page.locator(".answer-text mark")).to_have_text("What I know about question 1.")
    page.get_by_role("button", name="Remove the words cited for key point 1").click()
    expect(page.locator(".answer-text mark")).to_have_count(0)


# The comment bank


def test_a_few_letters_insert_a_comment_of_the_bank_where_the_caret_was(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    for text in ("Lead with the answer.", "Say how you would verify it."):
        BankedComment.objects.add(reviewer, text)
    page = grading_page(browser_of(reviewer), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Good.")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.type("verif")
    expect(page.locator("#bank-list").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(comment).to_be_focused()
    expect(comment).to_have_value("Good. Say how you would verify it.")
    page.keyboard.press("Tab")
    expect(page.locator("#receipt")).to_contain_text("7 words")
    assert claimed_review.comments.get().text == "Good. Say how you would verify it."


def test_without_scripts_a_comment_of_the_bank_is_chosen_from_a_list(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    BankedComment.objects.add(reviewer, "Lead with the answer.")
    page = grading_page(browser_of(reviewer, java_script_enabled=False), claimed_review)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Good.")
    page.get_by_label("Insert from your comment bank").select_option(label="Lead with the answer.")
    page.get_by_role("button", name="Insert").click()
    expect(comment).to_have_value("Good.\nLead with the answer.")
    assert claimed_review.comments.get().text == "Good.\nLead with the answer."


# What the browser and the server keep


def test_a_comment_survives_a_crash_offline_and_is_offered_again(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    context = browser_of(reviewer)
    page = grading_page(context, claimed_review)
    context.set_offline(True)
    comment = page.get_by_label("Comment on this answer")
    comment.fill("Typed in a tunnel.")
    comment.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    crash(page)
    context.set_offline(False)
    page = grading_page(context, claimed_review)
    expect(offered(page)).to_have_text("Typed in a tunnel.")
    page.get_by_role("button", name="Take this text").click()
    expect(page.locator("#receipt")).to_contain_text("revision 1")
    assert claimed_review.comments.get().text == "Typed in a tunnel."


def test_a_mark_made_offline_is_sent_when_the_server_is_back(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    context = browser_of(reviewer)
    page = grading_page(context, claimed_review)
    context.set_offline(True)
    page.get_by_role("radio", name="Half").first.check()
    expect(page.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    page.get_by_role("button", name="Save and next").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("question 1")
    context.set_offline(False)
    expect(page.locator("#grading-status")).to_contain_text("1 of 6 marked")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert claimed_review.marks.get().value == "half"


def test_two_tabs_of_one_reviewer_show_both_comments_and_overwrite_none(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review, complaints: Complaints
) -> None:
    complaints.expect("409")
    context = browser_of(reviewer)
    first, second = (grading_page(context, claimed_review) for _ in range(2))
    first.get_by_label("Comment on this answer").fill("From the first tab.")
    first.get_by_label("Comment on this answer").press("Tab")
    expect(first.locator("#receipt")).to_contain_text("revision 1")
    second.get_by_label("Comment on this answer").fill("From the second.")
    second.get_by_label("Comment on this answer").press("Tab")
    expect(other_text(second)).to_have_text("From the first tab.")
    assert claimed_review.comments.get().text == "From the first tab."
    second.get_by_role("button", name="Save my text").click()
    expect(other_text(second)).to_have_count(0)
    expect(second.locator("#receipt")).to_contain_text("revision 2")
    assert claimed_review.comments.get().text == "From the second."


def test_a_level_that_was_changed_in_another_tab_stays_as_one_marks_on(
    browser_of: BrowserOf, reviewer: User, claimed_review: Review
) -> None:
    context = browser_of(reviewer)
    first, second = (grading_page(context, claimed_review) for _ in range(2))
    for page, level in ((first, 2), (second, 4)):
        page.locator("summary[data-key=l]").click()
        page.locator(f"[name=knowledge][value='{level}']").check(force=True)
        expect(page.locator("#chosen-levels")).to_contain_text(f"Knowledge {level}")
    first.get_by_role("radio", name="Full").first.check(force=True)
    expect(first.locator("#grading-status")).to_contain_text("1 of ")
    expect(first.locator("#chosen-levels")).to_contain_text("Knowledge 4")
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge == 4
