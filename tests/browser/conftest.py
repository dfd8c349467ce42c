"""Chromium for the browser tests, and pages that fail a test when their console complains."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.models import Interview
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.rooms import enter, enter_with_a_stopped_clock
from tests.conftest import logged_in_client
from tests.reporting import LEFT_OUT
from tests.servers import wait_until

HOW_TO_GET_IT = "install Debian's chromium, or set CHROMIUM to a browser's path"

PATIENCE = 15_000  # ms; what is waited for comes sooner, but not on a machine that does much else
expect.set_options(timeout=PATIENCE)

# Playwright's event loop runs in the thread of the tests; nothing here is asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How to launch it. Without one the tests are skipped, but in CI they fail."""
    path = find_chromium()
    if path is None:
        leave_out("the browser tests", "no Chromium was found", HOW_TO_GET_IT)
    return {"executable_path": path, "args": ARGUMENTS}


def leave_out(tests: str, reason: str, remedy: str) -> NoReturn:
    """Skip a test for want of a tool, and say so once at the very end; in CI fail it."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}: {remedy}")
    pytest.skip(f"{LEFT_OUT}{tests}, as {reason}; {remedy}.")


NODE_MODULES = settings.BASE_DIR / "node_modules"


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's source. Without all tools these tests are skipped, but in CI they fail."""
    tools = [NODE_MODULES / name for name in ("axe-core", "html-validate", "lighthouse")]
    if shutil.which("node") is None or not all(tool.exists() for tool in tools):
        remedy = "run `make budgets` where there is npm"
        leave_out("the budgets of the pages", "the tools that check them aren't installed", remedy)
    return (NODE_MODULES / "axe-core" / "axe.min.js").read_text()


class Complaints:
    """What the consoles of a test's pages complained of."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.expected: list[str] = []

    def expect(self, *words: str) -> None:
        """Don't fail for complaints with one of these words: the test provokes them."""
        self.expected += words

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on(
            "console",
            lambda message: self.heard.append(message.text) if message.type == "error" else None,
        )

    @property
    def unexpected(self) -> list[str]:
        return [c for c in self.heard if not any(word in c for word in self.expected)]


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    complaints = Complaints()
    yield complaints
    assert complaints.unexpected == []


@pytest.fixture
def open_browser(
    browser: Browser, live_server: LiveServer, complaints: Complaints
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser in which nobody is logged in; options are Playwright's."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        size = {"width": 1280, "height": 800}
        context = browser.new_context(**{"base_url": live_server.url, "viewport": size, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", complaints.listen)
        return context

    yield make
    for context in contexts:
        context.close()
    wait_until(lambda: not answering(), "the last requests are answered")


@pytest.fixture
def browser_of(
    open_browser: Callable[..., BrowserContext], live_server: LiveServer
) -> Callable[..., BrowserContext]:
    """The same, in which somebody is logged in."""

    def make(user: User, **options: Any) -> BrowserContext:
        context = open_browser(**options)
        log_in(context, user, live_server.url)
        return context

    return make


@pytest.fixture
def stranger(open_browser: Callable[..., BrowserContext]) -> Page:
    """The page of somebody who is not logged in."""
    return open_browser().new_page()


def answering() -> list[str]:
    """The threads in which the server has a browser's connection.

    What a closing page still asks for would meet the emptying of the tables, and both fail.
    """
    names = (thread.name for thread in threading.enumerate())
    return [name for name in names if "process_request_thread" in name]


@pytest.fixture
def chromium(
    browser_of: Callable[..., BrowserContext], running_interview: Interview
) -> BrowserContext:
    """The candidate's browser."""
    return browser_of(running_interview.candidate)


@pytest.fixture
def room(chromium: BrowserContext, running_interview: Interview) -> Page:
    """The candidate's, at question 1 of a running interview."""
    return enter(chromium, running_interview)


@pytest.fixture
def still(chromium: BrowserContext, running_interview: Interview) -> Page:
    """The same, but time passes in it only by `still.clock`."""
    return enter_with_a_stopped_clock(chromium, running_interview)


@pytest.fixture
def library(transactional_db: None) -> None:
    """The real one, from the content folder."""
    call_command("library", "import", settings.CONTENT_DIR, verbosity=0)


def log_in(context: BrowserContext, user: User, url: str) -> None:
    """By cookie: the log-in page has its own tests."""
    cookie = logged_in_client(user).cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": url}])


def crash(page: Page) -> None:
    """Close the page as a crash does: without a last word to the server.

    Chromium lets a closing page online again for a moment, in which its next try would get out.
    """
    page.evaluate(
        """() => {
          globalThis.fetch = () => new Promise(() => {});
          for (const type of ["beforeunload", "pagehide", "visibilitychange"])
            addEventListener(type, (event) => event.stopImmediatePropagation(), true);
        }"""
    )
    page.close()
