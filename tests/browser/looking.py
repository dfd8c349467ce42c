"""A visitor who measures each page: its weight, what axe finds, what the console says, how wide."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Response

# What a page may weigh with a cold cache and gzip, in bytes.
MOST = {"stylesheet": 14_000, "script": 30_000, "document": 20_000}
LOOKED_AT_WITH_AXE = (1280, 360)
WIDTHS = (320, 360, 1280, 1920)
HEIGHT = 800

# All rules that are on by default, best practices too, and the size of targets (WCAG 2.2).
ALL_RULES = {"rules": {"target-size": {"enabled": True}}}
# Dark changes colours alone, so only what judges them is asked again.
RULES_OF_COLOUR = {"runOnly": ["color-contrast", "link-in-text-block"]}
RUN_AXE = """
    (options) => axe.run({...options, resultTypes: ["violations"]}).then((found) =>
        found.violations.flatMap((rule) =>
            rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`)
        )
    )
"""
WHAT_IS_TOO_WIDE = """() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const reach = (element) => element.getBoundingClientRect().right;
    const [widest] = [...document.body.querySelectorAll("*")]
        .filter((element) => Math.ceil(reach(element)) === scrollWidth)
        .reverse();
    if (!widest) return "?";
    return `${widest.tagName} ${widest.className} “${widest.textContent.trim().slice(0, 40)}”`;
}"""


@dataclass
class Look:
    """What was found on one page, in one state."""

    page: str
    weight: dict[str, int] = field(default_factory=dict)
    """Gzipped bytes by Playwright's type of resource."""
    violations: dict[str, list[str]] = field(default_factory=dict)
    """axe's, by rule and element: where it was seen."""
    too_wide: dict[int, str] = field(default_factory=dict)
    """By width in pixels, the element for which the page scrolls sideways."""
    heard: list[str] = field(default_factory=list)
    """From the console; reports of the Content-Security-Policy arrive there too."""

    @property
    def misses(self) -> list[str]:
        return [
            *(
                f"{kind}: {self.weight[kind]} bytes, at most {most}"
                for kind, most in MOST.items()
                if self.weight[kind] > most
            ),
            *(f"axe: {what} ({', '.join(where)})" for what, where in self.violations.items()),
            *(f"scrolls sideways at {width}: {what}" for width, what in self.too_wide.items()),
            *(f"console: {message}" for message in self.heard),
        ]

    def row(self) -> str:
        """A line of the table that `TABLE_HEAD` heads; sizes in kilobytes."""
        sizes = "".join(f"{self.weight[kind] / 1000:7.1f}" for kind in MOST)
        wide = ",".join(map(str, self.too_wide))
        return (
            f"{self.page:<50}{sizes}{len(self.violations) or '-':>6}{wide or '-':>10}"
            f"{len(self.heard) or '-':>9}"
        )


LOOK = "look"
TABLE_HEAD = f"{'page':<50}{'CSS':>7}{'JS':>7}{'HTML':>7}{'axe':>6}{'too wide':>10}{'console':>9}"


class Visitor:
    """Somebody at a browser, who goes from page to page and looks at each."""

    def __init__(
        self,
        role: str,
        context: BrowserContext,
        axe: str,
        subtests: pytest.Subtests,
        record: Callable[[str, object], None],
        seen: set[str],
    ) -> None:
        """Each `LOOK` is a property that `record` adds to the test; the paths go into `seen`."""
        self.role, self.axe, self.subtests = role, axe, subtests
        self.record, self.seen = record, seen
        self.heard: list[str] = []
        self.responses: list[Response] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("response", self._keep)
        # Each page brings all it needs, as on a first visit.
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _keep(self, response: Response) -> None:
        """Remember what belongs to the page that is shown: from its document on."""
        if response.request.is_navigation_request():
            self.responses.clear()
        self.responses.append(response)

    def go(self, path: str, to: str = "") -> None:
        """Open `path`, which must lead to the path `to`, or to no other."""
        self.page.goto(path)
        assert urlsplit(self.page.url).path == (to or urlsplit(path).path)

    def visit(self, name: str, path: str, *provoked: str) -> None:
        self.go(path)
        self.look(name, *provoked)

    def look(self, name: str, *provoked: str) -> None:
        """Measure the page as it is now; fails the test, but not at once, if it misses a budget.

        The console may say what has one of the words `provoked`: the test made it.
        """
        with self.subtests.test(name):
            look = self._measure(f"{self.role}: {name}", provoked)
            self.record(LOOK, look.row())
            assert not look.misses, "\n".join(look.misses)

    def _measure(self, name: str, provoked: tuple[str, ...]) -> Look:
        self.page.wait_for_load_state()
        look = Look(name, weight=dict.fromkeys(MOST, 0))
        for response in self.responses:
            kind = response.request.resource_type
            if kind in MOST and not 300 <= response.status < 400:
                look.weight[kind] += len(gzip.compress(response.body(), compresslevel=6))
        self.page.evaluate(self.axe)
        for width in LOOKED_AT_WITH_AXE:
            self._resize(width)
            for violation in self.page.evaluate(RUN_AXE, ALL_RULES):
                look.violations.setdefault(violation, []).append(f"light {width}")
            self.page.emulate_media(color_scheme="dark")
            for violation in self.page.evaluate(RUN_AXE, RULES_OF_COLOUR):
                look.violations.setdefault(violation, []).append(f"dark {width}")
            self.page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            self._resize(width)
            if what := self.page.evaluate(WHAT_IS_TOO_WIDE):
                look.too_wide[width] = what
        self._resize(1280)
        look.heard = [text for text in self.heard if not any(word in text for word in provoked)]
        self.heard.clear()
        if self.responses[0].ok:
            self.seen.add(urlsplit(self.page.url).path)
        return look

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
