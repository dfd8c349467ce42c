"""Text that only the browser has when the interview is over: offered where one lands."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session, User
from interview.models import Interview, Revision
from questions.models import QuestionSet
from tests.browser.conftest import Complaints, log_in
from tests.browser.rooms import (
    UNREACHABLE,
    keep_in_browser,
    kept_in_browser,
    offered,
    stored,
)
from tests.conftest import start_interview

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium: BrowserContext, ended_interview: Interview) -> Page:
    """The candidate's browser, which keeps text of questions 1 and 2 of the ended interview."""
    page = chromium.new_page()
    page.goto("/")
    for position in (1, 2):
        answer = ended_interview.answers.get(position=position)
        keep_in_browser(page, answer, f"unsaved text {position}")
    page.goto(f"/interviews/{ended_interview.pk}/")
    expect(page.get_by_role("heading", name="Score yourself")).to_be_visible()
    return page


def notice(page: Page, position: int) -> Any:
    return page.get_by_role("region", name="Text that was not saved", exact=True).filter(
        has_text=f"for question {position} that was not saved"
    )


def late_texts() -> dict[int, str]:
    return dict(Revision.objects.late().values_list("answer__position", "text"))


def test_each_text_is_offered_and_sent_as_late_text(page: Page, ended_interview: Interview) -> None:
    expect(offered(page)).to_have_text(["unsaved text 1", "unsaved text 2"])
    notice(page, 2).get_by_role("button", name="Send it as late text").click()
    expect(page.get_by_role("status").filter(visible=True)).to_contain_text("labelled as late")
    assert late_texts() == {2: "unsaved text 2"}
    assert kept_in_browser(page) == ["unsaved text 1"]
    notice(page, 1).get_by_role("button", name="Send it as late text").click()
    expect(offered(page)).to_have_count(0)
    assert late_texts() == {1: "unsaved text 1", 2: "unsaved text 2"}
    assert kept_in_browser(page) == []
    assert stored(ended_interview) == "What I know about question 1."
    page.reload()
    expect(page.get_by_text("Text that came").first).to_be_visible()
    expect(offered(page)).to_have_count(0)


def test_a_text_is_forgotten_when_nobody_wants_it(page: Page) -> None:
    notice(page, 1).get_by_role("button", name="Discard it").click()
    expect(offered(page)).to_have_text(["unsaved text 2"])
    expect(page.get_by_role("button", name="Send it as late text")).to_be_focused()
    page.reload()
    expect(offered(page)).to_have_text(["unsaved text 2"])
    assert late_texts() == {}


def test_the_copy_stays_until_the_receipt(page: Page, complaints: Complaints) -> None:
    complaints.expect(*UNREACHABLE)
    page.route("**/save/", lambda route: route.abort(), times=1)
    notice(page, 1).get_by_role("button", name="Send it as late text").click()
    expect(notice(page, 1)).to_contain_text("safe in this browser", use_inner_text=True)
    assert "unsaved text 1" in kept_in_browser(page)
    expect(offered(page)).to_have_text(["unsaved text 2"])  # Tried again by itself.
    assert late_texts() == {1: "unsaved text 1"}


def test_a_text_whose_reply_was_lost_is_kept_once(page: Page, complaints: Complaints) -> None:
    complaints.expect(*UNREACHABLE)

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/save/", lose_the_reply, times=1)
    page.evaluate("() => { globalThis.setTimeout = () => 0; }")  # Not tried again on this page.
    notice(page, 1).get_by_role("button", name="Send it as late text").click()
    expect(notice(page, 1)).to_contain_text("safe in this browser", use_inner_text=True)
    page.reload()
    expect(offered(page)).to_have_text(["unsaved text 2"])
    assert kept_in_browser(page) == ["unsaved text 2"]
    assert [*Revision.objects.late().values_list("text", flat=True)] == ["unsaved text 1"]


def test_it_is_offered_beside_the_feedback_too(page: Page, ended_interview: Interview) -> None:
    ended_interview.reveal()
    page.goto(f"/interviews/{ended_interview.pk}/")
    expect(page).to_have_url(re.compile("/feedback/$"))
    notice(page, 2).get_by_role("button", name="Send it as late text").click()
    expect(page.get_by_role("status").filter(visible=True)).to_contain_text("labelled as late")
    assert late_texts() == {2: "unsaved text 2"}


def test_who_is_logged_out_is_asked_to_log_in_and_then_it_is_sent(
    page: Page, ended_interview: Interview, live_server: LiveServer, complaints: Complaints
) -> None:
    complaints.expect("401")
    Session.objects.all().delete()
    notice(page, 2).get_by_role("button", name="Send it as late text").click()
    expect(notice(page, 2).get_by_role("link", name="Log in")).to_be_visible()
    assert "unsaved text 2" in kept_in_browser(page)
    log_in(page.context, ended_interview.candidate, live_server.url)
    expect(offered(page)).to_have_text(["unsaved text 1"])
    assert late_texts() == {2: "unsaved text 2"}


def test_nobody_else_is_shown_it_or_sends_it(
    page: Page, other_candidate: User, question_set: QuestionSet, live_server: LiveServer
) -> None:
    page.context.clear_cookies()
    page.goto(page.url)
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    expect(page.get_by_text("unsaved text")).to_have_count(0)
    log_in(page.context, other_candidate, live_server.url)
    theirs = start_interview(other_candidate, question_set)
    theirs.finish()
    page.goto(f"/interviews/{theirs.pk}/")
    expect(page.get_by_role("heading", name="Score yourself")).to_be_visible()
    expect(page.get_by_text("unsaved text")).to_have_count(0)
    assert len(kept_in_browser(page)) == 2


def test_text_that_is_stored_already_is_not_offered(
    chromium: BrowserContext, ended_interview: Interview
) -> None:
    page = chromium.new_page()
    page.goto("/")
    answer = ended_interview.answers.get(position=1)
    keep_in_browser(page, answer, answer.text)
    page.goto(f"/interviews/{ended_interview.pk}/")
    page.wait_for_function("localStorage.length === 0")
    expect(offered(page)).to_have_count(0)
