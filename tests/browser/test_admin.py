"""The admin in a browser: preview, order, conflicts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import Question, QuestionSet
from tests.browser.conftest import Complaints

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def question(question_set: QuestionSet) -> Question:
    return question_set.questions.get(position=1)


@pytest.fixture
def desk(browser_of: Callable[..., BrowserContext], editor: User) -> Page:
    """The editor's."""
    return browser_of(editor).new_page()


def open_form(desk: Page, item: Question | QuestionSet) -> None:
    desk.goto(f"/admin/questions/{item._meta.model_name}/{item.pk}/change/")


def test_what_is_typed_is_previewed_beside_the_form(desk: Page, question: Question) -> None:
    open_form(desk, question)
    desk.get_by_label("Model answer:").fill("It **stores** state.")
    desk.get_by_role("button", name="Preview as a candidate").click()
    shown = desk.frame_locator("#preview")
    expect(shown.locator("strong", has_text="stores")).to_be_visible()

    desk.get_by_label("Model answer:").fill("It *keeps* state.")

    expect(shown.locator("em", has_text="keeps")).to_be_visible()
    # The style sheet of candidates' pages is there.
    heading = shown.get_by_role("heading", level=1)
    expect(heading).not_to_have_css("font-family", re.compile("Times"))
    assert len(desk.context.pages) == 1
    question.refresh_from_db()
    assert question.answer == "Model answer **1**."


def test_a_link_in_a_preview_opens_a_page_whose_scripts_run(desk: Page, question: Question) -> None:
    open_form(desk, question)
    desk.get_by_label("Model answer:").fill(f"See [it](../sets/{question.question_set.slug}.md).")
    desk.get_by_role("button", name="Preview as a candidate").click()

    with desk.context.expect_page() as opened:
        desk.frame_locator("#preview").get_by_role("link", name="it", exact=True).click()

    expect(opened.value.get_by_role("button", name="Print")).to_be_visible()


def test_a_preview_that_can_t_be_had_says_so(
    desk: Page, question: Question, complaints: Complaints
) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    open_form(desk, question)
    desk.context.set_offline(True)

    desk.get_by_role("button", name="Preview as a candidate").click()

    expect(desk.get_by_text("The preview can’t be shown now.")).to_be_visible()


def test_without_script_the_preview_opens_in_a_tab_and_numbers_are_typed(
    browser_of: Callable[..., BrowserContext], editor: User, question: Question
) -> None:
    context = browser_of(editor, java_script_enabled=False)
    page = context.new_page()
    open_form(page, question)
    page.get_by_label("Model answer:").fill("It **stores** state.")
    with context.expect_page() as opened:
        page.get_by_role("button", name="Preview as a candidate").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(question.prompt)
    expect(opened.value.locator("strong", has_text="stores")).to_be_attached()

    page.locator("[name=key_points-1-position]").fill("1")
    page.get_by_role("button", name="Save and continue editing").first.click()

    expect(page.locator("[name=key_points-0-text]")).to_have_value("Side point 1")
    expect(page.locator("[name=key_points-0-position]")).to_have_value("1")


def order(desk: Page) -> list[str]:
    """The prompts' last words, in the order of the rows, which must be numbered so."""
    rows = desk.locator("#questions-group tr.form-row:not(.empty-form)")
    numbers = rows.locator("input[name$=position]").evaluate_all(
        "(all) => all.map((one) => one.value)"
    )
    assert numbers == [str(number + 1) for number in range(rows.count())]
    found = rows.locator(".field-link a").all_text_contents()
    return [number for text in found for number in re.findall(r"\d", text)]


def test_questions_are_put_in_order_with_the_arrow_keys(
    desk: Page, question_set: QuestionSet
) -> None:
    open_form(desk, question_set)
    handles = desk.get_by_role("button", name="Move: drag, or press the up and down arrows")

    handles.nth(2).press("ArrowUp")
    expect(desk.get_by_text("Now at position 2.")).to_be_attached()
    desk.keyboard.press("ArrowUp")
    desk.keyboard.press("ArrowUp")

    assert order(desk) == ["3", "1", "2"]
    expect(handles.nth(0)).to_be_focused()
    desk.get_by_role("button", name="Save", exact=True).first.click()
    desk.wait_for_url("**/questionset/")
    slugs = [one.slug for one in question_set.questions.order_by("position")]
    assert slugs == ["question-3", "question-1", "question-2"]


def test_questions_are_put_in_order_by_dragging(desk: Page, question_set: QuestionSet) -> None:
    open_form(desk, question_set)
    handles = desk.get_by_role("button", name="Move: drag, or press the up and down arrows")
    handles.nth(0).scroll_into_view_if_needed()
    last = handles.nth(2).bounding_box()
    assert last

    handles.nth(0).hover()
    desk.mouse.down()
    desk.mouse.move(last["x"] + 5, last["y"] + 20, steps=8)
    desk.mouse.up()

    assert order(desk) == ["2", "3", "1"]


def test_a_new_key_point_has_a_handle_and_the_next_number(desk: Page, question: Question) -> None:
    open_form(desk, question)
    desk.get_by_role("button", name="Add another Key point").click()

    expect(desk.locator("[name=key_points-2-position]")).to_have_value("3")
    expect(desk.locator("#key_points-2 .position-handle")).to_have_count(1)
    expect(desk.locator("#key_points-2 [name=key_points-2-text]")).to_be_visible()


def test_the_second_of_two_editors_goes_on_after_looking(
    desk: Page, browser_of: Callable[..., BrowserContext], superuser: User, question: Question
) -> None:
    other = browser_of(superuser).new_page()
    open_form(desk, question)
    open_form(other, question)
    other.get_by_label("Model answer:").fill("Theirs.")
    other.get_by_role("button", name="Save and continue editing").first.click()
    expect(other.get_by_text("was changed successfully")).to_be_visible()
    desk.get_by_label("Model answer:").fill("Mine.")
    desk.get_by_role("button", name="Save and continue editing").first.click()

    notice = desk.get_by_role("alert", name="Somebody else changed this")
    expect(notice).to_contain_text("Superuser saved it")
    expect(notice.locator("ins")).to_contain_text(["added", "Theirs."])
    expect(desk.get_by_label("Model answer:")).to_have_value("Mine.")
    desk.get_by_label("I have seen this.").check()
    desk.get_by_role("button", name="Save and continue editing").first.click()

    expect(notice).to_be_hidden()
    question.refresh_from_db()
    assert question.answer == "Mine."
