"""What stands on the first screen, before anybody scrolls, in each language."""

from collections.abc import Callable

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
SCREENS = [(360, 640), (1280, 720)]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stranger_learns_at_once_what_the_interviews_are_about(
    browser: Browser, live_server: LiveServer, language: str
) -> None:
    context = browser.new_context(base_url=live_server.url, locale=language)
    page = context.new_page()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto("/")
        bottom = page.locator("main .lead").evaluate(
            """(lead) => {
                const text = lead.firstChild;
                const range = document.createRange();
                range.setStart(text, text.data.indexOf("Kubernetes"));
                range.setEnd(text, text.data.indexOf("Kubernetes") + "Kubernetes".length);
                return range.getBoundingClientRect().bottom;
            }"""
        )
        assert 0 < bottom < height
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_the_list_begins_with_one_row_of_buttons(
    browser_of: Callable[..., BrowserContext], candidate: User, language: str
) -> None:
    candidate.language = language
    candidate.save()
    page = browser_of(candidate).new_page()
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/interviews/")
    buttons = page.locator("main header a.button")
    expect(buttons).to_have_count(2)
    start, progress = (button.bounding_box() for button in buttons.all())
    assert start
    assert progress
    assert (
        start["y"]
        <= progress["y"]
        < progress["y"] + progress["height"]
        <= start["y"] + start["height"]
    )
    expect(page.locator("main header .button--primary")).to_have_count(1)
