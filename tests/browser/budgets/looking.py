"""A visitor who measures each page: weight, axe, validity, width, console, policy, Lighthouse."""

import gzip
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, Page, Response

from tests.browser.budgets.lighthouse import GOALS, Audit, Lighthouse, is_wanted
from tests.browser.budgets.node import NodeProgram
from tests.browser.budgets.table import AUDITED, LOOK, SEEN, SHOWN, in_columns

# What a page may weigh with a cold cache and gzip, in bytes.
MOST = {"stylesheet": 14_000, "script": 30_000, "document": 20_000, "image": 50_000, "font": 0}
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
# axe would read some of Django admin's style sheets anew as inline ones, which the policy blocks.
WITHOUT_PRELOAD = {"preload": False}
# Django admin fades its colours; none is judged on its way to another.
FADED = "Promise.allSettled(document.getAnimations().map((one) => one.finished)).then(() => null)"
REPORT_WHAT_IS_BLOCKED = """
    addEventListener("securitypolicyviolation", (event) =>
        reportWhatIsBlocked(`${event.effectiveDirective} blocked ${event.blockedURI}`)
    );
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

Turn = Callable[[bool], AbstractContextManager[None]]
"""Waits until nobody is alone on the machine; with True, until it is this visitor's alone."""


@dataclass
class Look:
    """What was found on one page, in one state."""

    page: str
    weight: dict[str, int]
    """Gzipped bytes by Playwright's type of resource; none where there is no budget."""
    violations: dict[str, list[str]] = field(default_factory=dict)
    """axe's, by rule and element: where it was seen."""
    invalid: list[str] = field(default_factory=list)
    """What html-validate says of the page as it was served, and as it stands now."""
    too_wide: dict[int, str] = field(default_factory=dict)
    """By width in pixels, the element for which the page scrolls sideways."""
    heard: list[str] = field(default_factory=list)
    """From the console."""
    blocked: list[str] = field(default_factory=list)
    """By the Content-Security-Policy."""
    audit: Audit | None = None
    """Lighthouse's, if it was asked."""

    @property
    def misses(self) -> list[str]:
        return [
            *(
                f"{kind}: {weight} bytes, at most {MOST[kind]}"
                for kind, weight in self.weight.items()
                if weight > MOST[kind]
            ),
            *(f"axe: {what} ({', '.join(where)})" for what, where in self.violations.items()),
            *(f"html: {what}" for what in self.invalid),
            *(f"scrolls sideways at {width}: {what}" for width, what in self.too_wide.items()),
            *(f"console: {message}" for message in self.heard),
            *(f"policy: {what}" for what in self.blocked),
            *(self.audit.misses if self.audit else ()),
        ]

    def row(self) -> str:
        """A line of the table that `TABLE_HEAD` heads; sizes in kilobytes."""
        sizes = [f"{self.weight[kind] / 1000:.1f}" if self.weight else "" for kind in SHOWN]
        faults = [self.violations, self.invalid, self.too_wide, self.heard, self.blocked]
        scores = [str(self.audit.scores[name]) if self.audit else "" for name in GOALS]
        return in_columns(self.page, *sizes, *(str(len(found) or "-") for found in faults), *scores)


@dataclass(frozen=True)
class Tools:
    """What a visitor measures with."""

    axe: str
    """Its source."""
    validator: NodeProgram
    lighthouse: Callable[[], Lighthouse]
    """Starts it at the first call."""
    turn: Turn


class Visitor:
    """Somebody at a browser, who goes from page to page and looks at each."""

    def __init__(
        self,
        role: str,
        context: BrowserContext,
        tools: Tools,
        subtests: pytest.Subtests,
        record: Callable[[str, object], None],
    ) -> None:
        """What is seen becomes properties of the test, which `record` adds."""
        self.role, self.context, self.tools = role, context, tools
        self.subtests, self.record = subtests, record
        self.heard: list[str] = []
        self.blocked: list[str] = []
        self.responses: list[Response] = []
        self.audited: Response | None = None
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("response", self._keep)
        self.page.expose_function("reportWhatIsBlocked", lambda what: self.blocked.append(what))
        self.page.add_init_script(REPORT_WHAT_IS_BLOCKED)
        # Each page brings all it needs, as on a first visit.
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def _keep(self, response: Response) -> None:
        """Remember what belongs to the page that is shown: from its document on."""
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
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
            look = self.measure(f"{self.role}: {name}", *provoked)
            self.record(LOOK, look.row())
            assert not look.misses, "\n".join(look.misses)

    def measure(self, name: str, *provoked: str) -> Look:
        with self.tools.turn(False):
            look = self._measure(name, *provoked)
        if is_wanted(name) and self._can_be_audited:
            with self.tools.turn(True):
                look.audit = self._audit()
            self.record(AUDITED, name)
        if self.responses[0].ok:
            self.record(SEEN, urlsplit(self.page.url).path)
        return look

    def _measure(self, name: str, *provoked: str) -> Look:
        self.page.wait_for_load_state()
        look = Look(name, weight={} if self._in_admin else self._weigh())
        look.invalid = [] if self._in_admin else self._validate()
        self.page.evaluate(self.tools.axe)
        for width in LOOKED_AT_WITH_AXE:
            self._resize(width)
            for violation in self._run_axe(ALL_RULES):
                look.violations.setdefault(violation, []).append(f"light {width}")
            self.page.emulate_media(color_scheme="dark")
            for violation in self._run_axe(RULES_OF_COLOUR):
                look.violations.setdefault(violation, []).append(f"dark {width}")
            self.page.emulate_media(color_scheme="light")
        for width in WIDTHS:
            self._resize(width)
            if what := self.page.evaluate(WHAT_IS_TOO_WIDE):
                look.too_wide[width] = what
        self._resize(1280)
        look.heard = [text for text in self.heard if not any(word in text for word in provoked)]
        look.blocked = list(self.blocked)
        self.heard.clear()
        self.blocked.clear()
        return look

    @property
    def _in_admin(self) -> bool:
        """Most of what they are is Django's: they have no budget, but axe reads them too."""
        return any("/static/admin/css/" in response.url for response in self.responses)

    def _weigh(self) -> dict[str, int]:
        weight = dict.fromkeys(MOST, 0)
        for response in self.responses:
            kind = response.request.resource_type
            if kind in MOST and not 300 <= response.status < 400:
                weight[kind] += len(gzip.compress(response.body(), compresslevel=6))
        return weight

    def _validate(self) -> list[str]:
        """Each fault once: what is wrong with the page as served is so when scripts have run."""
        served, now = self.responses[0].text(), self.page.content()
        found = [fault for html in (served, now) for fault in self.tools.validator.ask(html)]
        return list(dict.fromkeys(found))

    def _run_axe(self, rules: Mapping[str, object]) -> list[str]:
        self.page.evaluate(FADED)
        options = {**rules, **(WITHOUT_PRELOAD if self._in_admin else {})}
        found: list[str] = self.page.evaluate(RUN_AXE, options)
        return found

    @property
    def _can_be_audited(self) -> bool:
        """What Lighthouse would get too: a page that is served in production, once a document."""
        document = self.responses[0]
        try:
            resolve(urlsplit(document.url).path, "config.urls")
        except Resolver404:
            return False
        plain = document.request.method == "GET" and document.status == 200
        return plain and document is not self.audited and not self._in_admin

    def _audit(self) -> Audit:
        self.audited = self.responses[0]
        url = urlsplit(self.audited.url)
        cookies = {
            cookie["name"]: cookie["value"] for cookie in self.context.cookies(self.page.url)
        }
        return self.tools.lighthouse().audit(
            url._replace(scheme="", netloc="", fragment="").geturl(),
            cookies,
            public=self.page.locator("meta[name=robots][content~=noindex]").count() == 0,
        )

    def _resize(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
