"""The room with JavaScript off: plain forms that do the same (Rules of saving, 8)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from interview.models import Interview
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    enter,
    other_text,
    receipt,
    stored,
    text_area,
)
from tests.conftest import write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_without_a_script_the_room_is_a_plain_form(
    browser_of: Callable[..., BrowserContext], running_interview: Interview
) -> None:
    chromium = browser_of(running_interview.candidate, java_script_enabled=False)
    room = enter(chromium, running_interview)
    expect(room.get_by_role("timer")).to_have_text(re.compile(r"until \d\d:\d\d UTC"))
    text_area(room).fill("first\nanswer")
    room.get_by_role("button", name="Save").click()
    expect(receipt(room)).to_contain_text("revision 1 · 2 words")
    expect(text_area(room)).to_have_value("first\nanswer")
    room.get_by_role("button", name="Flag", exact=True).click()
    expect(room.get_by_role("button", name="Question 1 begun flagged")).to_be_visible()
    text_area(room).fill("first answer, changed")
    room.get_by_role("button", name="Question 3").click()
    expect(room.get_by_role("heading", name="What is question 3 about?")).to_be_visible()
    assert stored(running_interview) == "first answer, changed"
    text_area(room).fill("third")
    room.get_by_role("button", name="Finish").click()
    expect(room.get_by_text("1 question is unanswered")).to_be_visible()
    assert stored(running_interview, 3) == "third"


def test_without_a_script_a_conflict_shows_both_texts(
    browser_of: Callable[..., BrowserContext],
    running_interview: Interview,
    complaints: Complaints,
) -> None:
    complaints.expect("409")
    room = enter(
        browser_of(running_interview.candidate, java_script_enabled=False), running_interview
    )
    write(running_interview, 1, "from the phone")
    text_area(room).fill("from this page")
    room.get_by_role("button", name="Save").click()
    expect(other_text(room)).to_have_text("from the phone")
    expect(text_area(room)).to_have_value("from this page")
    room.get_by_role("button", name="Save my text").click()
    expect(receipt(room)).to_contain_text("revision 3")
    assert stored(running_interview) == "from this page"
