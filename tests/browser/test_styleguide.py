"""The style page shows every component of the style sheet, in every state that has a look."""

from collections.abc import Callable

import pytest
from django.urls import path
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from config import urls
from config.styleguide import styleguide
from tests.browser.layout import Onlooker

# It is routed in development only.
urlpatterns = [*urls.urlpatterns, path("styleguide/", styleguide, name="styleguide")]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
]

# Selectors of the layers that dress elements, which find nothing on the page.
WHAT_IS_NOT_SHOWN = r"""() => {
    const missing = [];
    const parts = (list) => {
        let depth = 0;
        const cut = (sign) => {
            depth += { "(": 1, ")": -1 }[sign] ?? 0;
            return sign === "," && depth === 0 ? "\n" : sign;
        };
        return [...list].map(cut).join("").split("\n");
    };
    const look = (rules) => {
        for (const { cssRules, selectorText } of rules) {
            if (!selectorText) {
                look(cssRules ?? []);
                continue;
            }
            for (const selector of parts(selectorText)) {
                const element = selector.replace(/::[\w-]+/g, "").trim() || "*";
                if (!document.querySelector(element)) missing.push(selector.trim());
            }
        }
    };
    const [sheet] = document.adoptedStyleSheets;
    const layers = [...sheet.cssRules].filter(({ name }) => /^(base|components)$/.test(name));
    if (layers.length !== 2) return ["the layers"];
    layers.forEach((layer) => look(layer.cssRules));
    return missing;
}"""


@pytest.fixture
def page(browser_of: Callable[..., BrowserContext], candidate: User) -> Page:
    page = browser_of(candidate, reduced_motion="reduce").new_page()
    page.goto("/styleguide/")
    page.wait_for_function("document.adoptedStyleSheets.length")
    return page


def test_every_rule_of_a_component_is_shown_with_its_states(page: Page) -> None:
    missing = page.evaluate(WHAT_IS_NOT_SHOWN)
    # The skip link leads there; the page's own one is the only one.
    assert [selector for selector in missing if not selector.startswith("main")] == []


def test_a_state_looks_as_if_a_pointer_made_it(page: Page) -> None:
    idle, hovered = (
        page.get_by_role("row", name=state).get_by_role("button", name="Default")
        for state in ("Idle", "Hovered")
    )
    colour = "element => getComputedStyle(element).backgroundColor"
    assert idle.evaluate(colour) != hovered.evaluate(colour)
    idle.hover()
    expect(idle).to_have_css("background-color", hovered.evaluate(colour))


def test_nothing_on_it_overlaps_with_the_longest_words(
    page: Page, subtests: pytest.Subtests
) -> None:
    Onlooker(page, "en", subtests).look("styleguide")
