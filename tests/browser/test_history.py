"""From the room to the history of an answer and back with an earlier text, in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from interview.models import Answer, Interview
from tests.browser.conftest import Complaints
from tests.conftest import write

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BrowserOf = Callable[..., BrowserContext]


@pytest.fixture
def rewritten(running_interview: Interview) -> Interview:
    write(running_interview, 1, "The probe kills the Pod.")
    write(running_interview, 1, "The probe restarts the Pod.")
    return running_interview


def room(context: BrowserContext, interview: Interview) -> Page:
    page = context.new_page()
    page.goto(f"/interviews/{interview.pk}/answers/1/")
    return page


def stored(interview: Interview) -> str:
    return Answer.objects.get(interview=interview, position=1).text


@pytest.mark.parametrize("scripts", [True, False])
def test_an_earlier_text_is_found_and_taken_back_and_one_writes_on(
    browser_of: BrowserOf, rewritten: Interview, scripts: bool
) -> None:
    page = room(browser_of(rewritten.candidate, java_script_enabled=scripts), rewritten)
    text = page.get_by_label("Your answer")
    text.fill("The probe restarts the container.")
    page.get_by_role("button", name="History").click()
    page.wait_for_url("**/history/")
    assert stored(rewritten) == "The probe restarts the container."
    page.get_by_role("link", name="while typing").click()
    expect(page.get_by_text("The probe kills the Pod.", exact=True)).to_be_visible()
    expect(page.locator("del")).to_contain_text(["removed", "kills", "Pod."])
    page.get_by_role("button", name="Take this text back").click()
    page.wait_for_url("**/answers/1/")
    expect(page.get_by_text("is back. What stood before")).to_be_visible()
    expect(text).to_have_value("The probe kills the Pod.")
    expect(page.get_by_role("alert")).to_have_count(0)
    text.fill("The probe kills the Pod. It does not.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#receipt")).to_contain_text("8 words")
    assert stored(rewritten) == "The probe kills the Pod. It does not."
    kept = rewritten.answers.get(position=1).revisions.values_list("text", flat=True)
    assert "The probe restarts the container." in kept


@pytest.mark.parametrize("scripts", [True, False])
def test_what_another_device_wrote_meanwhile_is_shown_instead_of_being_overwritten(
    browser_of: BrowserOf, rewritten: Interview, scripts: bool
) -> None:
    page = room(browser_of(rewritten.candidate, java_script_enabled=scripts), rewritten)
    page.get_by_role("button", name="History").click()
    page.wait_for_url("**/history/")
    write(rewritten, 1, "Written on the phone.")
    page.get_by_role("button", name="Take this text back").click()
    expect(page.get_by_text("changed in another tab or on another device")).to_be_visible()
    assert stored(rewritten) == "Written on the phone."
    expect(page.locator("ins").last).to_contain_text("phone.")
    page.get_by_role("button", name="Take this text back").click()
    expect(page.get_by_label("Your answer")).to_have_value("The probe kills the Pod.")


def test_the_buttons_of_the_room_fit_in_one_row_on_a_telephone(
    browser_of: BrowserOf, rewritten: Interview
) -> None:
    page = room(browser_of(rewritten.candidate), rewritten)
    page.set_viewport_size({"width": 360, "height": 740})
    buttons = page.locator(".room__foot").get_by_role("button").all()
    tops = {box["y"] for button in buttons if (box := button.bounding_box())}
    assert len(buttons) == 5
    assert len(tops) == 1


def test_the_room_that_was_left_open_is_told_when_it_writes_on(
    browser_of: BrowserOf, rewritten: Interview, complaints: Complaints
) -> None:
    complaints.expect("409")
    context = browser_of(rewritten.candidate)
    left_open, page = room(context, rewritten), room(context, rewritten)
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Take this text back").click()
    expect(page.get_by_label("Your answer")).to_have_value("The probe kills the Pod.")
    left_open.get_by_label("Your answer").fill("Typed without a look at the other tab.")
    expect(left_open.get_by_role("alert")).to_contain_text("in another tab")
    assert stored(rewritten) == "The probe kills the Pod."
