"""Candidates in Chromium: real pages of the room, in browsers that crash.

Each types on at the end of one answer. After every crash, and at the end, all that it typed must
stand in the text area or be offered from the browser's own copy (Rules of saving, 6). Then it goes
on from there, as a candidate would.
"""

import random
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Timer

from playwright.sync_api import BrowserContext, Error, Locator, Page, Playwright, sync_playwright

from tests.browser.chromium import ARGUMENTS, find_chromium, kill_browser
from tests.faults.network import Network
from tests.faults.plan import CALM, GRACE, LONGEST_DELAY
from tests.servers import processes_in, wait_until

WORDS = ("requests", "limits", "probes", "taints", "quorum", "leases", "drains")
CRASHES = ("reload", "close the tab", "crash the tab", "kill the browser")  # the hardest last
ACTS = ("go on", "rest", *CRASHES)
LONGEST_TEXT = 18_000
TO_DISK = 1000.0  # ms that a browser may take, on a machine that is busy with killing
LONGEST_CHANGE = 15.0  # seconds
SHORT = 0.3  # seconds until a page is asked for again
A_MOMENT = 1.5
"""Seconds before its end in which a candidate types no more: so it is known what was typed."""


@dataclass
class Typist:
    name: str
    session: str
    interview: str
    network: Network
    luck: random.Random
    profile: Path
    """The browser's folder, which survives it."""
    ends_at: float
    """Its deadline, by the machine's clock."""

    typed: str = ""
    lost: list[str] = field(default_factory=list)
    """What neither the server nor the browser's own copy had, in words."""
    wrong_clocks: list[str] = field(default_factory=list)
    acts: Counter[str] = field(default_factory=Counter)
    offers: int = 0
    is_done: bool = False
    context: BrowserContext = field(init=False, repr=False)
    page: Page = field(init=False, repr=False)

    def write(self, stop: Event) -> None:
        with sync_playwright() as playwright:
            self._open(playwright)
            try:
                # The hardest first, so that no run is too short for it; then each once.
                acts = [*self.luck.sample(CRASHES[:-1], k=len(CRASHES) - 1), CRASHES[-1]]
                while not stop.is_set() and not self._is_over:
                    self._type(self.luck.randint(2, 8))
                    act = acts.pop() if acts else self.luck.choice(ACTS)
                    if not stop.is_set() and not self._is_over:
                        self._do(playwright, act)
                self._save_the_rest()
                self.is_done = True
            finally:
                with suppress(Error):
                    self.context.close()

    @property
    def _is_over(self) -> bool:
        return time.time() > self.ends_at - A_MOMENT

    # What it does

    def _type(self, words: int) -> None:
        """Write some words. `typed` is what the page took of them."""
        for _ in range(words):
            self._settle_conflict()
            if self._is_over or len(self.typed) > LONGEST_TEXT:
                return
            self._area.focus()
            self.page.keyboard.press("Control+End")
            self.page.keyboard.type(f"{self.luck.choice(WORDS)} {len(self.typed)} ")
            self.typed = self._area.input_value()
            self._look_at_the_clock()
            self.page.wait_for_timeout(self.luck.uniform(50, 300))

    def _do(self, playwright: Playwright, act: str) -> None:
        self.acts[act] += 1
        if act == "rest":
            self.page.wait_for_timeout(self.luck.uniform(1500, 3000))
        if act not in CRASHES:
            return
        with self.network.cut_off(self.name):
            # Nobody but the browser has these words.
            self._type(self.luck.randint(2, 4))
            self.page.wait_for_timeout(TO_DISK)
            if act == "kill the browser":
                kill_browser(self.profile)
            elif act == "crash the tab":
                with suppress(Error):
                    self.page.goto("chrome://crash", timeout=5000)
        came = act == "reload" or (act != "kill the browser" and self._change_tab())
        if came:
            self._enter()
        else:
            with suppress(Error):
                self.context.close()
            self._open(playwright)

    def _change_tab(self) -> bool:
        """Go on in a new tab; False if the browser ended, as one without its tabs may hang."""
        waiting = Timer(LONGEST_CHANGE, self.end_browser)
        waiting.start()
        try:
            tab = self.context.new_page()
            self.page.close()
        except Error:
            self.end_browser()
            return False
        finally:
            waiting.cancel()
        self.page = tab
        return True

    def end_browser(self) -> None:
        """By `kill -9`, from any thread: what waits for it fails."""
        if processes_in(self.profile):
            kill_browser(self.profile)

    def _save_the_rest(self) -> None:
        """Until the server has all of it; after its end a page does that by itself."""
        patience = time.monotonic() + CALM + (GRACE if self._is_over else 0)
        while time.monotonic() < patience:
            if not self._is_over:
                self._settle_conflict()
                with suppress(Error):
                    self.page.get_by_role("button", name="Save", exact=True).click(timeout=1000)
            self.page.wait_for_timeout(1000)
            if self._is_stored():
                return

    def _is_stored(self) -> bool:
        if self._is_over:
            return "/answers/" not in self.page.url or self._notice("late").is_visible()
        receipt = self.page.locator("#receipt").text_content() or ""
        return receipt.strip().startswith("Saved")

    # What it sees

    @property
    def _area(self) -> Locator:
        return self.page.get_by_label("Your answer")

    def _notice(self, name: str) -> Locator:
        return self.page.locator(f'[data-notice="{name}"]')

    def _settle_conflict(self) -> None:
        """The text field holds all that the other text does: a page only ever writes on."""
        button = self.page.get_by_role("button", name="Save what is in the text field")
        with suppress(Error):
            if button.is_visible():
                button.click(timeout=1000)

    def _open(self, playwright: Playwright) -> None:
        """Start the browser that survived as a folder, and go to the room."""
        wait_until(lambda: not processes_in(self.profile), "the browser ends")
        here = f"http://127.0.0.1:{self.network.port}"
        self.context = playwright.chromium.launch_persistent_context(
            self.profile, executable_path=find_chromium(), args=ARGUMENTS, base_url=here
        )
        self.context.set_default_timeout(CALM * 1000)
        self.context.add_cookies([{"name": "sessionid", "value": self.session, "url": here}])
        self.page = self.context.pages[0]
        self._enter()

    def _enter(self) -> None:
        """Ask for the room until it is there, and look for what was typed."""
        while not self._is_over:
            try:
                self.page.goto(f"/interviews/{self.interview}/answers/1/", timeout=10_000)
                # The script runs: it has put the seconds into the clock.
                self.page.wait_for_function(
                    "/^(\\d|checking)/.test(document.querySelector('#clock')?.textContent ?? '')",
                    timeout=2000,
                )
            except Error:
                self.page.wait_for_timeout(SHORT * 1000)
                continue
            self._find_what_was_typed()
            return

    def _find_what_was_typed(self) -> None:
        if self._area.input_value() != self.typed:
            offer = self._notice("draft").locator("[data-other]")
            with suppress(Error):
                offer.wait_for(timeout=LONGEST_CHANGE * 1000)
            offered = offer.text_content() if offer.is_visible() else None
            if offered != self.typed:
                self.lost.append(
                    f"{self.name}: of {len(self.typed)} characters the page shows "
                    f"{len(self._area.input_value())} and offers {len(offered or '')}"
                )
                self.typed = self._area.input_value()
                return
            self.offers += 1
            self.page.get_by_role("button", name="Take this text").click()
            self._area.press("Control+End")
            assert self._area.input_value() == self.typed

    def _look_at_the_clock(self) -> None:
        asked_at = time.time()
        shown = self.page.locator("#clock").text_content() or ""
        if not re.fullmatch(r"[\d:]+", shown):
            return
        seconds = 0
        for part in shown.split(":"):
            seconds = 60 * seconds + int(part)
        most = self.ends_at - asked_at + LONGEST_DELAY + 1
        least = self.ends_at - time.time() - 1
        if not max(least, 0) - 1 <= seconds <= max(most, 0) + 1:
            self.wrong_clocks.append(f"{self.name}: shows {shown}, {least:.1f} to {most:.1f} left")
