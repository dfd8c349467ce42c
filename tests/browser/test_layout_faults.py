"""That the eye of test_layout.py sees what is wrong, and only that."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.layout import FIND_FAULTS, TARGET

pytestmark = pytest.mark.browser


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("overlap: p “First” and p.up “Second”", "<p>First</p><p class=up>Second</p>"),
        ("cut off by div.cut “”: p “Much text”", "<div class=cut><p>Much text</p></div>"),
        ("sticks out of div.box “”: p “wwwwwwwwww", "<div class=box><p>wwwwwwwwwwww</p></div>"),
        (
            "sticks out of div.box “”: p.kept “a wwwwwwwwww",
            "<div class=box><p class=kept>a     wwwwwwwwwwww</p></div>",
        ),
        ("left of the page: p.left “Away”", "<p class=left>Away</p>"),
        ("the page scrolls sideways: div.wide “”", "<div class=wide></div>"),
        ("scrolls sideways: div.scroll “wwwwwwwwwwww", "<div class=scroll>wwwwwwwwwwwwww</div>"),
        ("target of 10 × 10: button.small “”", "<button class=small></button>" * 2),
    ],
)
def test_a_fault_is_found(blank: Page, fault: str, body: str) -> None:
    blank.set_content(
        """<style>
            .up { margin-top: -2rem } .cut { overflow: hidden; height: .5rem; margin-top: 2rem }
            .box { border: 1px solid; width: 2rem } .left { margin-left: -5rem }
            .wide { width: 200vw; height: 1px } .scroll { overflow: auto; width: 2rem }
            .kept { white-space: pre-wrap }
            .small { width: 10px; height: 10px; padding: 0; border: 0 }
        </style>"""
        + body
    )
    assert any(found.startswith(fault) for found in blank.evaluate(FIND_FAULTS, {"target": TARGET}))


def test_what_is_meant_is_no_fault(blank: Page) -> None:
    blank.set_content(
        """<style>
            .dots { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: 5rem }
            pre { overflow: auto; width: 5rem } .bar { position: sticky; bottom: 0 }
            .box { border: 1px solid; width: 3rem } .kept { white-space: pre-wrap }
            .ears { position: absolute; left: -9rem; clip-path: inset(50%) }
            a { display: inline-block }
        </style>
        <p class=dots>So much that it ends in dots</p><pre>code that is wider</pre>
        <p>In <a href="#a">a</a> line of <a href="#b">b</a></p><p class=ears>Only spoken</p>
        <div class=box><p class=kept>a<b> b                </b>c</p></div>
        <div style="height: 200vh">Text</div><p class=bar>Sticks</p>"""
    )
    assert blank.evaluate(FIND_FAULTS, {"target": TARGET}) == []
