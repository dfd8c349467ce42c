"""Searching and studying by keys alone, seeing at each stop where one is."""

import re

import pytest
from playwright.sync_api import Page, expect

from questions.models import Question, QuestionSet
from tests.browser.hands import Hands, heading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def library(question_set: QuestionSet) -> QuestionSet:
    """Its third question is harder than the others."""
    question_set.questions.filter(position=3).update(difficulty=Question.Difficulty.ADVANCED)
    return question_set


def test_a_question_is_looked_for_and_narrowed_down(stranger: Page, library: QuestionSet) -> None:
    hands = Hands(stranger)
    stranger.goto("/")
    hands.to("searchbox", "Search the library")
    hands.type("question 3")
    hands.press("Enter")
    heading(stranger, "Search the library")
    expect(stranger.get_by_role("status")).to_have_text("One found.")
    box = hands.to("searchbox", "Search the library")
    hands.press("Control+a")
    hands.type("question")
    expect(stranger.get_by_role("status")).to_have_text("3 found.")
    expect(box).to_be_focused()
    hands.enter("link", re.compile("^Advanced"))
    expect(stranger.get_by_role("status")).to_have_text("One found.")
    hands.enter("link", re.compile("Remove: Advanced"))
    expect(stranger.get_by_role("status")).to_have_text("3 found.")
    hands.enter("link", re.compile("^Questions"))
    expect(stranger.get_by_role("link", name=re.compile("^Questions"))).to_have_attribute(
        "aria-current", "true"
    )
    hands.enter("link", "What is question 2 about?")
    heading(stranger, "What is question 2 about?")


def test_a_question_is_studied_step_by_step_and_the_next_opened(
    stranger: Page, library: QuestionSet
) -> None:
    hands = Hands(stranger)
    stranger.goto("/")
    hands.enter("link", "Sets")
    heading(stranger, "Question sets")
    hands.enter("link", library.title)
    heading(stranger, library.title)
    hands.enter("link", "What is question 2 about?")
    heading(stranger, "What is question 2 about?")
    hands.enter("button", "Show the next step")
    expect(stranger.get_by_text("Main point 2")).to_be_visible()
    expect(stranger.get_by_role("button", name="Show the next step")).to_be_focused()
    hands.reach(stranger.get_by_text("Key point 2 of 2"), "the second step")
    hands.press("Space")
    expect(stranger.get_by_text("Side point 2")).to_be_visible()
    hands.to("link", "Show all", back=True)
    hands.press("Enter")
    expect(stranger.get_by_text("Model answer 2.")).to_be_visible()
    hands.enter("link", re.compile("^Next"))
    heading(stranger, "What is question 3 about?")
    hands.enter("link", re.compile("^Previous"))
    heading(stranger, "What is question 2 about?")
