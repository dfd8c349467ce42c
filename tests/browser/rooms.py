"""What the tests of the room look at, and what they do to its time and its network."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from interview.models import Answer, Interview
from tests.servers import wait_until

UNREACHABLE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "Failed to fetch")

RECORD_FETCHES = """
    globalThis.fetches = [];
    const fetchForReal = globalThis.fetch;
    globalThis.fetch = (url, options = {}) => {
        fetches.push({ url: String(url), at: performance.now(), keepalive: !!options.keepalive });
        return fetchForReal(url, options);
    };
"""


def enter(chromium: BrowserContext, interview: Interview, position: int = 1) -> Page:
    page = chromium.new_page()
    page.goto(f"/interviews/{interview.pk}/answers/{position}/")
    return page


def stop_clock(page: Page) -> None:
    """From now on time passes in the page only by `page.clock`, which must be installed.

    It jumps to a moment that has not come on a slow machine either: there is no way back.
    """
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 5)


def enter_with_a_stopped_clock(chromium: BrowserContext, interview: Interview) -> Page:
    """A page whose time passes only by `page.clock`; `saves` tells what it asked the server."""
    page = chromium.new_page()
    page.add_init_script(RECORD_FETCHES)
    page.clock.install()
    page.goto(f"/interviews/{interview.pk}/answers/1/")
    stop_clock(page)
    return page


def caught(routes: list[Route], page: Page) -> Route:
    """What a handler that only collects has caught: it runs after the request was reported."""
    wait_in(page, lambda: routes)
    return routes[0]


def wait_in(page: Page, condition: Callable[[], object]) -> None:
    """Ask again and again while the page's events go on, which a sleep would hold up."""

    def holds() -> bool:
        page.wait_for_timeout(20)
        return bool(condition())

    wait_until(holds)


def saves(page: Page) -> list[dict[str, Any]]:
    """The saves that the page has begun: `at` in ms of its own time, and whether `keepalive`."""
    return page.evaluate("fetches.filter(({ url }) => url.endsWith('/save/'))")  # type: ignore[no-any-return]


def now(page: Page) -> float:
    """The page's own time, in ms."""
    return page.evaluate("performance.now()")  # type: ignore[no-any-return]


def text_area(page: Page) -> Any:
    return page.get_by_label("Your answer")


def receipt(page: Page) -> Any:
    return page.locator("#receipt")


def offered(page: Page) -> Any:
    return page.get_by_role("region", name="The text that was not saved")


def other_text(page: Page) -> Any:
    return page.get_by_role("region", name="The other text")


def stored(interview: Interview, position: int = 1) -> str:
    return Answer.objects.get(interview=interview, position=position).text


def kept_in_browser(page: Page) -> list[str]:
    return page.evaluate("Object.values(localStorage).map((copy) => JSON.parse(copy).text)")  # type: ignore[no-any-return]


def ask_the_server(page: Page) -> None:
    """What the browser does when the connection is back."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def keep_in_browser(
    page: Page, answer: Answer, text: str, *, days: int = 0, person: User | None = None
) -> None:
    """As a page that was left without a receipt, so many days ago."""
    owner = person or answer.interview.candidate
    page.evaluate(
        """([name, text, back, days]) => localStorage.setItem(
            `dry-run/draft/${name}/${Math.random()}`,
            JSON.stringify({ text, back, at: Date.now() - days * 24 * 3600 * 1000 }),
        )""",
        [f"{owner.pk}/{answer.pk}", text, f"/interviews/{answer.interview_id}/", days],
    )


def ask_the_server_about_time_alone(page: Page) -> None:
    """`online` would save too."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


STORED = "The time is over. All that you wrote is stored."
STANDS = "The time is over. What was saved last stands; what you changed since then is not saved."


def go_on(page: Page) -> None:
    page.get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="Score yourself")).to_be_visible()


def paste(page: Page, text: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    text_area(page).focus()
    page.keyboard.press("Control+v")
