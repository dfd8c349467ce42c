"""The browser's own copy: kept until the receipt, offered after it, to nobody else."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Playwright, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session, User
from interview.models import Interview
from questions.models import QuestionSet
from tests.browser.chromium import ARGUMENTS
from tests.browser.conftest import Complaints, crash, log_in
from tests.browser.rooms import (
    UNREACHABLE,
    caught,
    enter,
    keep_in_browser,
    kept_in_browser,
    offered,
    receipt,
    stored,
    text_area,
)
from tests.conftest import start_interview, write
from tests.servers import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_offline_text_is_kept_in_the_browser_and_saved_when_the_connection_is_back(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written in a tunnel")
    expect(room.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    assert kept_in_browser(room) == ["written in a tunnel"]
    assert stored(running_interview) == ""
    room.context.set_offline(False)
    expect(receipt(room)).to_contain_text("revision 1")
    expect(room.get_by_role("alert")).to_have_count(0)
    assert stored(running_interview) == "written in a tunnel"
    assert kept_in_browser(room) == []


def test_offline_the_buttons_lead_nowhere_and_lose_nothing(
    room: Page, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written in a tunnel")
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("alert")).to_be_visible()
    expect(text_area(room)).to_have_value("written in a tunnel")


def test_offline_no_button_leads_to_a_page_of_the_browser(
    room: Page, complaints: Complaints
) -> None:
    text_area(room).fill("written before the tunnel")
    expect(receipt(room)).to_contain_text("revision 1")
    room.context.set_offline(True)
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("alert")).to_contain_text("The server can’t be reached.")
    room.context.set_offline(False)
    expect(room.get_by_role("alert")).to_have_count(0)
    room.get_by_role("button", name="Next").click()
    expect(room.get_by_role("heading", name="What is question 2 about?")).to_be_visible()


def test_a_page_made_just_before_the_last_save_offers_what_it_saved(
    room: Page, running_interview: Interview
) -> None:
    saves: list[Route] = []

    def answer_with_the_page_of_before(route: Route) -> None:
        page = route.fetch()
        save = caught(saves, room)
        save.fulfill(response=save.fetch())
        save.request.response()
        route.fulfill(response=page)

    room.route("**/save/", lambda route: saves.append(route))
    room.route("**/answers/1/", answer_with_the_page_of_before)
    text_area(room).fill("half a wo")
    room.reload()
    expect(text_area(room)).to_have_value("")
    expect(offered(room)).to_have_text("half a wo")
    room.unroute_all()
    room.get_by_role("button", name="Take this text").click()
    expect(text_area(room)).to_have_value("half a wo")
    expect(receipt(room)).to_contain_text("Saved")
    expect(room.get_by_role("alert")).to_have_count(0)


def test_text_of_a_page_that_crashed_offline_is_offered(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written before the crash")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    again = enter(room.context, running_interview)
    expect(offered(again)).to_have_text("written before the crash")
    again.get_by_role("button", name="Take this text").click()
    expect(text_area(again)).to_have_value("written before the crash")
    expect(receipt(again)).to_contain_text("revision 1")
    assert stored(running_interview) == "written before the crash"


def test_an_offered_text_survives_typing_and_another_crash(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("written before the crash")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    second = enter(room.context, running_interview)
    expect(offered(second)).to_have_text("written before the crash")
    text_area(second).fill("typed without deciding")
    expect(receipt(second)).to_contain_text("revision 1")
    second.close()
    third = enter(room.context, running_interview)
    expect(text_area(third)).to_have_value("typed without deciding")
    expect(offered(third)).to_have_text("written before the crash")
    third.get_by_role("button", name="Keep what is in the text field").click()
    expect(third.get_by_role("alert")).to_have_count(0)
    assert kept_in_browser(third) == []


def test_refusing_an_offered_text_that_was_stored_after_all_is_a_conflict(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    complaints.expect(*UNREACHABLE, "409")
    room.context.set_offline(True)
    text_area(room).fill("sent in the last moment")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    again = enter(room.context, running_interview)
    expect(offered(again)).to_have_text("sent in the last moment")
    write(running_interview, 1, "sent in the last moment")
    again.get_by_role("button", name="Keep what is in the text field").click()
    expect(again.get_by_role("alert")).to_contain_text("This answer was changed")
    expect(again.get_by_role("region", name="The other text")).to_have_text(
        "sent in the last moment"
    )


@contextmanager
def chromium_on(profile: Path, path: str, playwright: Playwright) -> Iterator[BrowserContext]:
    """A browser with a profile of its own, which is killed at the end, with all its processes."""
    browser = subprocess.Popen(
        [path, *ARGUMENTS, "--headless", "--remote-debugging-port=0", f"--user-data-dir={profile}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = profile / "DevToolsActivePort"
        wait_until(lambda: port.exists() and port.read_text().count("\n") > 0, "it listens", 20)
        address = f"http://127.0.0.1:{port.read_text().splitlines()[0]}"
        context = playwright.chromium.connect_over_cdp(address).contexts[0]
        context.set_default_timeout(10_000)
        yield context
    finally:
        os.killpg(browser.pid, signal.SIGKILL)
        browser.wait()
        (profile / "DevToolsActivePort").unlink(missing_ok=True)


def test_a_browser_that_was_killed_offers_its_copy(
    running_interview: Interview,
    live_server: LiveServer,
    browser_type_launch_args: dict[str, Any],  # First: without a Chromium it skips the test.
    playwright: Playwright,
    tmp_path: Path,
) -> None:
    """With `kill -9`. Chromium writes localStorage to disk up to a minute late."""
    path, address = browser_type_launch_args["executable_path"], live_server.url
    room = f"{address}/interviews/{running_interview.pk}/answers/1/"
    with chromium_on(tmp_path, path, playwright) as context:
        log_in(context, running_interview.candidate, address)
        page = context.new_page()
        page.route("**/save/", lambda route: route.abort())
        page.goto(room)
        text_area(page).fill("written before the kill")
        wait_until(lambda: is_crash_proof(page, "written before the kill"), "it is on disk")
    assert stored(running_interview) == ""
    with chromium_on(tmp_path, path, playwright) as context:
        log_in(context, running_interview.candidate, address)
        page = context.new_page()
        page.goto(room)
        expect(offered(page)).to_have_text("written before the kill")
        page.get_by_role("button", name="Take this text").click()
        expect(receipt(page)).to_contain_text("revision 1")
    assert stored(running_interview) == "written before the kill"


def is_crash_proof(page: Page, text: str) -> bool:
    """Whether the text is there for a transaction that waits for those that write.

    Its bytes alone, in the browser's log, may still be taken back when it starts again.
    """
    return page.evaluate(  # type: ignore[no-any-return]
        """text => new Promise((resolve) => {
          const opening = indexedDB.open("dry-run");
          opening.onsuccess = () => {
            const store = opening.result.transaction("copies").objectStore("copies");
            store.getAll().onsuccess = ({ target }) => {
              opening.result.close();
              resolve(target.result.some((copy) => JSON.parse(copy).text === text));
            };
          };
        })""",
        text,
    )


def test_text_of_another_question_is_offered_there(
    room: Page, running_interview: Interview, complaints: Complaints
) -> None:
    """One lands where one saved last, which needn't be where the crash was."""
    keep_in_browser(room, running_interview.answers.get(position=2), "of question 2")
    room.reload()
    expect(room.get_by_role("alert")).to_contain_text("This browser has text for question 2")
    expect(text_area(room)).to_have_value("")
    room.get_by_role("button", name="Go to question 2").click()
    expect(offered(room)).to_have_text("of question 2")


def test_the_copy_in_the_browser_is_for_the_same_person_only(
    room: Page,
    running_interview: Interview,
    other_candidate: User,
    question_set: QuestionSet,
    live_server: LiveServer,
    complaints: Complaints,
) -> None:
    complaints.expect(*UNREACHABLE)
    room.context.set_offline(True)
    text_area(room).fill("private words")
    expect(room.get_by_role("alert")).to_be_visible()
    crash(room)
    room.context.set_offline(False)
    log_in(room.context, other_candidate, live_server.url)
    theirs = enter(room.context, start_interview(other_candidate, question_set))
    expect(text_area(theirs)).to_have_value("")
    expect(theirs.get_by_role("alert")).to_have_count(0)


def test_an_expired_session_keeps_the_copy_seven_days_for_the_same_person(
    room: Page, running_interview: Interview, live_server: LiveServer
) -> None:
    answer = running_interview.answers.get(position=1)
    keep_in_browser(room, answer, "of six days ago", days=6)
    keep_in_browser(room, answer, "of eight days ago", days=8)
    Session.objects.all().delete()
    room.reload()
    expect(room.get_by_role("heading", name="Log in")).to_be_visible()
    assert "of six days ago" in kept_in_browser(room)
    log_in(room.context, running_interview.candidate, live_server.url)
    enter(room.context, running_interview)
    again = enter(room.context, running_interview)
    expect(offered(again)).to_have_text("of six days ago")
    assert kept_in_browser(again) == ["of six days ago"]


# A browser that keeps nothing.

FULL = """
    for (let size = 2 ** 23; size >= 1; size /= 2)
        try {
            for (let n = 0; ; n++) localStorage.setItem(`${size}/${n}`, "x".repeat(size));
        } catch {}
"""
FORBIDDEN = """
    Object.defineProperty(globalThis, "localStorage", {
        get() { throw new DOMException("Access is denied.", "SecurityError"); },
    });
"""


@pytest.mark.parametrize("script", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_without_storage_saving_works_and_leaving_with_unsaved_text_asks(
    chromium: BrowserContext, running_interview: Interview, complaints: Complaints, script: str
) -> None:
    complaints.expect(*UNREACHABLE)
    chromium.add_init_script(script)
    room = enter(chromium, running_interview)
    text_area(room).press_sequentially("saved")
    text_area(room).blur()
    expect(receipt(room)).to_contain_text("revision 1")
    room.route("**/save/", lambda route: route.abort())
    text_area(room).press_sequentially(", not saved")
    text_area(room).blur()
    alert = room.get_by_role("alert")
    expect(alert).to_contain_text("Your text is only on this page", use_inner_text=True)
    expect(alert).not_to_contain_text("safe in this browser", use_inner_text=True)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    room.on("dialog", stay)
    with room.expect_event("dialog"):
        room.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    expect(text_area(room)).to_have_value("saved, not saved")
    room.unroute_all()
    expect(receipt(room)).to_contain_text("revision 2", timeout=20_000)  # Tried again by itself.
    assert stored(running_interview) == "saved, not saved"


def test_with_storage_leaving_asks_nothing(room: Page, complaints: Complaints) -> None:
    """A dialog would be dismissed, and the page would stay."""
    complaints.expect(*UNREACHABLE)
    room.route("**/save/", lambda route: route.abort())
    text_area(room).press_sequentially("kept in this browser")
    room.goto("/")
    expect(room.get_by_role("link", name="Continue your interview")).to_be_visible()
    assert kept_in_browser(room) == ["kept in this browser"]
