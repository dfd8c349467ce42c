"""All tours together leave no page out."""

from importlib import import_module
from pathlib import Path

import pytest
from django.urls import resolve

from tests.browser.budgets.lighthouse import ASKED_FOR, SIX
from tests.browser.budgets.looking import Logbook
from tests.browser.budgets.tour import TOUR
from tests.test_access import TABLE

pytestmark = TOUR

FOLDER = Path(__file__).parent
WITHOUT_A_PAGE = {
    *("assignment-clock", "health", "interview-clock", "interview-new-matching"),
    *("picture", "profile-export"),
}
"""What these URLs answer is for programs."""


def tours() -> set[str]:
    """The names of all tests beside this one."""
    modules = [import_module(f"{__package__}.{path.stem}") for path in FOLDER.glob("test_*.py")]
    return {name for module in modules for name in vars(module) if name.startswith("test_")}


@pytest.fixture
def complete(
    request: pytest.FixtureRequest, browser: object, axe: str, logbook: Logbook
) -> Logbook:
    """After all tours: pytest runs the folder's files by name, and this file's comes last."""
    items = [item for item in request.session.items if FOLDER in item.path.parents]
    names = [getattr(item, "originalname", item.name) for item in items]
    if tours() - set(names):
        pytest.skip("only after all tours")
    return logbook


def test_no_page_was_left_out(complete: Logbook) -> None:
    """A page that somebody can open must be on a tour; the access table knows them all."""
    pages = {
        url for (url, method), answers in TABLE.items() if method == "GET" and "200" in answers
    }
    pages = {url.partition("@")[0] for url in pages} - WITHOUT_A_PAGE
    assert pages - {resolve(path).url_name for path in complete.paths} == set()


@pytest.mark.skipif(not ASKED_FOR, reason="Lighthouse is asked by `make budgets` and in CI")
def test_lighthouse_was_asked_about_its_pages(complete: Logbook) -> None:
    """One whose name has changed would be left out silently."""
    assert SIX - complete.audited == set()
