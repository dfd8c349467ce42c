"""Who looks at a page from every width: what overlaps, is cut off or too small to press."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override
from playwright.sync_api import Locator, Page, expect

FIND_FAULTS = Path(__file__).with_name("layout.js").read_text()
# How texts may be spaced by whoever reads them, without loss (WCAG 1.4.12).
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    const [line, letter, word] = [1.5, ".12em", ".16em"].map((size) => `${size} !important`);
    sheet.replaceSync(`
        * { line-height: ${line}; letter-spacing: ${letter}; word-spacing: ${word}; }
        p { margin-block-end: 2em !important; }
    `);
    document.adoptedStyleSheets.push(sheet);
}"""
TARGET, TARGET_IN_ROOM = 24, 44  # px
HEIGHT = 900


def breakpoints() -> set[int]:
    """The widths at which the style sheet lays out anew, in pixels."""
    sheet = (settings.BASE_DIR / "static" / "css" / "app.css").read_text()
    return {int(rem) * 16 for rem in re.findall(r"@media \(width (?:<|>=) (\d+)rem\)", sheet)}


# Phones, tablets, desks; 640 is 1280 at 200 % zoom, and 320 at 400 %. Beside the style sheet's own
# breakpoints a list of key points is laid out anew at 420, 560 and 1120.
WIDTHS = sorted(
    {320, 344, 360, 390, 412, 420, 480, 560, 600, 640, 834, 1024, 1120, 1280, 1440, 1920}
    | {width + step for width in breakpoints() for step in (-1, 0)}
)
WIDTHS_SPACED = (320, 768, 1280)


class Onlooker:
    """Looks at what a page shows, from one width after the other: without loading it again.

    What it is asked for in English it finds on a page in its `language`, too.
    """

    def __init__(self, page: Page, language: str, subtests: pytest.Subtests) -> None:
        self.page, self.language, self.subtests = page, language, subtests
        self.screen = page.context.new_cdp_session(page)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.said(label))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=self.said(name), exact=True).click()

    def submit(self, name: str) -> None:
        """Press what the page must refuse."""
        self.press(name)
        expect(self.page.locator(".error-summary")).to_be_visible()

    def open_all(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((it) => (it.open = true))")

    def said(self, text: str) -> str:
        """The same in the language of the pages."""
        with override(self.language):
            return gettext(text)

    def visit(self, path: str) -> None:
        """Open it, as somebody who may, and look."""
        response = self.page.goto(path)
        assert response
        assert response.ok, f"{path}: {response.status}"
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self.look(path)

    def look(self, name: str, least: int = TARGET) -> None:
        with self.subtests.test(name):
            found = self.faults(WIDTHS, least)
            self.page.evaluate(SPACED)
            spaced = self.faults(WIDTHS_SPACED, least)
            self.page.evaluate("() => { document.adoptedStyleSheets.pop(); }")
            found |= {f"spaced: {what}": widths for what, widths in spaced.items()}
            assert not found, "\n".join(f"{what} (at {widths})" for what, widths in found.items())

    def faults(self, widths: Sequence[int], least: int) -> dict[str, list[int]]:
        """What is wrong, and at which widths."""
        found: dict[str, list[int]] = {}
        for width in widths:
            self.be_wide(width)
            for fault in self.page.evaluate(FIND_FAULTS, {"target": least}):
                found.setdefault(fault, []).append(width)
        return found

    def be_wide(self, width: int) -> None:
        """In half the time of Playwright's `set_viewport_size`, which is most of a look's."""
        size = {"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
        self.screen.send("Emulation.setDeviceMetricsOverride", size)
        assert self.page.evaluate("innerWidth") == width
