"""One answer in two places: nothing is overwritten unseen, nobody's words are lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from interview.models import Interview, Revision
from tests.browser.conftest import Complaints
from tests.browser.rooms import (
    enter,
    kept_in_browser,
    offered,
    other_text,
    receipt,
    stored,
    text_area,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stale(room: Page, running_interview: Interview, complaints: Complaints) -> Page:
    """A tab whose text conflicts with what another tab saved since."""
    complaints.expect("409")
    other = enter(room.context, running_interview)
    text_area(other).fill("from the other tab")
    expect(receipt(other)).to_contain_text("revision 1")
    text_area(room).fill("from this tab")
    expect(room.get_by_role("alert")).to_contain_text("changed in another tab")
    return room


def test_a_conflict_shows_both_texts_and_overwrites_nothing(
    stale: Page, running_interview: Interview
) -> None:
    expect(other_text(stale)).to_have_text("from the other tab")
    expect(text_area(stale)).to_have_value("from this tab")
    expect(text_area(stale)).to_be_focused()
    assert stored(running_interview) == "from the other tab"
    assert Revision.objects.filter(kind="conflict", text="from this tab").exists()


def test_after_a_conflict_the_own_text_can_be_saved(
    stale: Page, running_interview: Interview
) -> None:
    stale.get_by_role("button", name="Save my text").click()
    expect(receipt(stale)).to_contain_text("revision 3")
    expect(stale.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "from this tab"


@pytest.mark.parametrize("choice", ["Save my text", "Take the other text"])
def test_who_chose_by_keyboard_writes_on_in_the_text(stale: Page, choice: str) -> None:
    stale.get_by_text(choice, exact=True).focus()
    stale.keyboard.press("Enter")
    expect(stale.get_by_role("alert")).to_have_count(0)
    expect(text_area(stale)).to_be_focused()


def test_after_a_conflict_the_other_text_can_be_taken(
    stale: Page, running_interview: Interview
) -> None:
    stale.get_by_role("link", name="Take the other text").click()
    expect(text_area(stale)).to_have_value("from the other tab")
    expect(stale.get_by_role("alert")).to_have_count(0)
    text_area(stale).press_sequentially(", merged")
    expect(receipt(stale)).to_contain_text("5 words")
    assert stored(running_interview) == "from the other tab, merged"


def test_what_is_typed_after_a_conflict_is_offered_when_the_page_is_loaded_again(
    stale: Page, running_interview: Interview
) -> None:
    text_area(stale).press_sequentially(", and on it goes")
    assert kept_in_browser(stale) == ["from this tab, and on it goes"]
    stale.reload()
    expect(text_area(stale)).to_have_value("from the other tab")
    expect(offered(stale)).to_have_text("from this tab, and on it goes")
    assert stored(running_interview) == "from the other tab"


def test_a_duplicated_tab_is_another_writer(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    """Both go on from the same text, so the second to save is told."""
    complaints.expect("409")
    text_area(room).press_sequentially("common. ")
    text_area(room).blur()
    expect(receipt(room)).to_contain_text("revision 1")
    with room.context.expect_page() as opening:
        room.evaluate("window.open(location.href)")
    twin = opening.value
    expect(text_area(twin)).to_be_focused()
    expect(text_area(twin)).to_have_value("common. ")
    text_area(twin).press_sequentially("from the twin")
    text_area(twin).blur()
    expect(receipt(twin)).to_contain_text("revision 2")
    text_area(room).press_sequentially("from the first")
    text_area(room).blur()
    expect(other_text(room)).to_have_text("common. from the twin")
    expect(text_area(room)).to_have_value("common. from the first")
    texts = set(Revision.objects.values_list("text", flat=True)) | {stored(running_interview)}
    assert {"common. from the twin", "common. from the first"} <= texts


def test_the_same_sitting_on_a_phone_has_the_same_clock_and_conflicts_are_told_there_too(
    room: Page,
    browser_of: Callable[..., BrowserContext],
    running_interview: Interview,
    complaints: Complaints,
) -> None:
    complaints.expect("409")
    phone = enter(browser_of(running_interview.candidate, is_mobile=True), running_interview)
    phone.set_viewport_size({"width": 360, "height": 640})
    text_area(room).press_sequentially("at the desk")
    text_area(room).blur()
    expect(receipt(room)).to_contain_text("revision 1")
    text_area(phone).press_sequentially("on the train")
    text_area(phone).blur()
    expect(phone.get_by_role("alert")).to_contain_text("Both texts are safe.")
    expect(other_text(phone)).to_have_text("at the desk")
    phone.get_by_role("button", name="Save my text").click()
    expect(receipt(phone)).to_contain_text("revision 3")
    assert stored(running_interview) == "on the train"
    assert Revision.objects.filter(text="at the desk").exists()
    text_area(room).press_sequentially(", again")
    text_area(room).blur()
    expect(other_text(room)).to_have_text("on the train")


def test_a_finish_in_another_tab_is_told_and_the_late_text_kept(
    room: Page, running_interview: Interview
) -> None:
    running_interview.finish()
    text_area(room).fill("did not see it coming")
    expect(room.get_by_role("alert")).to_contain_text("labelled as late")
    expect(receipt(room)).to_have_text("Kept as late text")
    assert Revision.objects.late().get().text == "did not see it coming"
    room.get_by_role("link", name="Continue").click()
    expect(room.get_by_role("heading", name="Score yourself")).to_be_visible()
