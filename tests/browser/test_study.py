"""Studying a question in a browser: reveal it step by step, copy its code."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import QuestionSet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "$ kubectl get pods\nNAME   <ready>"


@pytest.fixture
def question_page(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> Page:
    question_set.questions.filter(position=1).update(answer=f"Look:\n\n```console\n{CODE}\n```")
    context = browser_of(candidate, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/sets/basics/question-1/")
    return page


def test_steps_are_revealed_one_by_one_by_keyboard(question_page: Page) -> None:
    expect(question_page.get_by_text("Main point 1")).to_be_hidden()
    expect(question_page.get_by_text("kubectl get pods")).to_be_hidden()

    question_page.get_by_text("Key point 1 of 2").focus()
    question_page.keyboard.press("Enter")

    expect(question_page.get_by_text("Main point 1")).to_be_visible()
    expect(question_page.get_by_text("Side point 1")).to_be_hidden()
    expect(question_page.get_by_text("kubectl get pods")).to_be_hidden()


def test_one_button_reveals_step_after_step(question_page: Page) -> None:
    button = question_page.get_by_role("button", name="Show the next step")
    for text in ("Main point 1", "Side point 1", "kubectl get pods"):
        expect(question_page.get_by_text(text)).to_be_hidden()
        button.press("Enter")
        expect(question_page.get_by_text(text)).to_be_visible()
    expect(button).to_be_disabled()
    expect(question_page.get_by_role("status")).to_have_text("Model answer")


def test_all_is_shown_and_hidden_at_one_press(question_page: Page) -> None:
    question_page.get_by_role("link", name="Show all").click()
    for text in ("Main point 1", "Side point 1", "kubectl get pods"):
        expect(question_page.get_by_text(text)).to_be_visible()

    question_page.get_by_role("link", name="Hide all").click()

    expect(question_page.get_by_text("Main point 1")).to_be_hidden()
    expect(question_page).to_have_url(re.compile(r"/question-1/$"))


@pytest.mark.parametrize("way", ["back", "reload"])
def test_what_was_revealed_is_there_on_the_way_back(question_page: Page, way: str) -> None:
    question_page.get_by_text("Key point 2 of 2").click()
    expect(question_page.get_by_text("Side point 1")).to_be_visible()

    if way == "back":
        question_page.goto("/sets/basics/question-2/")
        expect(question_page.get_by_text("Side point 2")).to_be_hidden()
        question_page.go_back()
    else:
        question_page.reload()

    expect(question_page.get_by_text("Side point 1")).to_be_visible()
    expect(question_page.get_by_text("Main point 1")).to_be_hidden()


def test_without_script_each_step_opens_and_one_link_shows_all(
    browser_of: Callable[..., BrowserContext], candidate: User, question_set: QuestionSet
) -> None:
    page = browser_of(candidate, java_script_enabled=False).new_page()
    page.goto("/sets/basics/question-1/")
    expect(page.get_by_role("button", name="Show the next step")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    page.get_by_text("Key point 1 of 2").click()
    expect(page.get_by_text("Main point 1")).to_be_visible()

    page.get_by_role("link", name="Show all").click()

    expect(page.get_by_text("Side point 1")).to_be_visible()
    page.get_by_role("link", name="Hide all").click()
    expect(page.get_by_text("Side point 1")).to_be_hidden()


def test_paper_shows_every_step_and_no_buttons(question_page: Page) -> None:
    question_page.emulate_media(media="print")

    for text in ("Main point 1", "Side point 1", "kubectl get pods"):
        expect(question_page.get_by_text(text)).to_be_visible()
    for name in ("Print", "Show the next step", "Copy"):
        expect(question_page.get_by_role("button", name=name)).to_have_count(0)
    expect(question_page.get_by_role("navigation")).to_have_count(0)


def test_printing_opens_what_is_folded_and_folds_it_again(question_page: Page) -> None:
    question_page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(question_page.locator("details:not([open])")).to_have_count(0)

    question_page.evaluate("dispatchEvent(new Event('afterprint'))")

    expect(question_page.locator("details[open]")).to_have_count(0)


def test_code_is_copied_as_it_was_written(question_page: Page) -> None:
    question_page.get_by_text("Model answer").click()

    question_page.get_by_role("button", name="Copy").click()

    expect(question_page.get_by_role("button", name="Copied")).to_be_visible()
    assert question_page.evaluate("navigator.clipboard.readText()") == f"{CODE}\n"
    expect(question_page.get_by_role("button", name="Copy", exact=True)).to_be_visible()


def test_next_leads_through_the_set(question_page: Page) -> None:
    question_page.get_by_role("navigation", name="Questions of this set").get_by_role(
        "link", name="Next"
    ).click()

    expect(question_page.get_by_role("heading", level=1)).to_have_text("What is question 2 about?")
