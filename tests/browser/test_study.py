"""Studying a question in a browser: reveal it step by step, copy its code."""

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


def test_nothing_is_revealed_before_it_is_asked_for(question_page: Page) -> None:
    expect(question_page.get_by_text("Main point 1")).to_be_hidden()
    expect(question_page.get_by_text("kubectl get pods")).to_be_hidden()

    question_page.get_by_text("2 key points").click()

    expect(question_page.get_by_text("Main point 1")).to_be_visible()
    expect(question_page.get_by_text("kubectl get pods")).to_be_hidden()


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
