"""All tours together leave no page out."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from django.urls import resolve

from tests.browser.budgets.lighthouse import ASKED_FOR, SIX
from tests.test_access import TABLE

WITHOUT_A_PAGE = {
    *("assignment-clock", "health", "interview-clock", "interview-new-matching"),
    *("picture", "profile-export"),
}
"""What these URLs answer is for programs."""


FOLDER = Path(__file__).parent


def tours() -> set[str]:
    """The names of all tests in this folder."""
    modules = [import_module(f"{__package__}.{path.stem}") for path in FOLDER.glob("test_*.py")]
    return {name for module in modules for name in vars(module) if name.startswith("test_")}


def left_out(seen: Collection[str], audited: Collection[str], asked: str = ASKED_FOR) -> list[str]:
    """What no tour saw. A page that somebody can open must be on one; the access table knows all.

    `seen` are paths, `audited` the names of the pages that Lighthouse was asked about, where it was
    `asked`: one whose name has changed would be left out silently.
    """
    pages = {
        url for (url, method), answers in TABLE.items() if method == "GET" and "200" in answers
    }
    pages = {url.partition("@")[0] for url in pages} - WITHOUT_A_PAGE
    pages -= {resolve(path, "tests.browser.budgets.urls").url_name for path in seen}
    not_asked = SIX.difference(audited) if asked else ()
    return [
        *(f"no tour leads to {page}" for page in sorted(pages)),
        *(f"Lighthouse was not asked about {name}" for name in sorted(not_asked)),
    ]
