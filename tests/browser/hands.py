"""Somebody without a mouse: they go by Tab, and must see where they are (WCAG 2.4.7, 2.4.11)."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

FURTHEST = 150  # stops on the longest page

# Whether one sees what has the focus. A radio button that its label draws is seen there, and a link
# that covers a card around the card.
SEEN = """() => {
    const it = document.querySelector(":focus");
    if (!it) return null;  // Past the last stop the focus is in the browser's own bars.
    const shown = it.matches(".marks input, .levels input") ? it.closest("label") : it;
    const isDrawn = ({ outlineStyle: style, outlineWidth: width }) =>
        style === "auto" || (style !== "none" && parseFloat(width) >= 2);
    const label = it.labels?.[0];
    const name = `${it.tagName} “${(label ?? it).textContent.trim().slice(0, 40) || it.name}”`;
    const marked = isDrawn(getComputedStyle(shown)) || isDrawn(getComputedStyle(shown, "::after"));
    const box = [...shown.getClientRects()].find(({ width, height }) => width && height);
    const shares = [0.1, 0.5, 0.9];
    const uncovered = box && shares.some((right) => shares.some((down) => {
        const top = document.elementFromPoint(box.x + box.width * right, box.y + box.height * down);
        return shown.contains(top) || label?.contains(top);
    }));
    return { name, marked, uncovered };
}"""


class Hands:
    """Keys alone. Every stop on the way is looked at: a focus that nobody sees fails the test."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(
        self, role: Any, name: str | re.Pattern[str], *, exact: bool = False, back: bool = False
    ) -> Locator:
        """Tab on until that is reached, from where one is; `back` with Shift."""
        target = self.page.get_by_role(role, name=name, exact=exact).first
        expect(target).to_be_attached()
        return self.reach(target, f"{role} “{name}”", back=back)

    def reach(self, target: Locator, what: str, *, back: bool = False) -> Locator:
        for _ in range(FURTHEST):
            if target.evaluate("it => it === document.activeElement"):
                return target
            self.press("Shift+Tab" if back else "Tab")
            self.look()
        raise AssertionError(f"Tab never came to {what} on {self.page.url}")

    def enter(self, role: Any, name: str | re.Pattern[str], **options: bool) -> None:
        """Go there, and press Enter."""
        self.to(role, name, **options)
        self.press("Enter")

    def look(self) -> None:
        """Whether one sees where one is."""
        seen = self.page.evaluate(SEEN)  # In one step: what is shown may be replaced any time.
        if seen is None:
            return
        assert seen["marked"], f"no focus to be seen at {seen['name']} on {self.page.url}"
        assert seen["uncovered"], f"something lies over {seen['name']} on {self.page.url}"


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """That page is there, with its scripts."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    page.wait_for_load_state()


def choose(hands: Hands, group: str | Locator, steps: int = 1) -> None:
    """The radio button that is so many after the one that Tab leads to."""
    found = hands.page.get_by_role("group", name=group) if isinstance(group, str) else group
    radios = found.get_by_role("radio")
    chosen = radios.and_(hands.page.locator(":checked"))
    hands.reach(chosen if chosen.count() else radios.first, f"the group “{group}”")
    hands.press("Space", *["ArrowRight"] * steps)
    hands.look()
