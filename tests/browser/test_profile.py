"""The profile in a browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from accounts.models import TimingProfile, User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_factor_is_asked_for_by_who_wants_one(
    browser_of: Callable[..., BrowserContext], candidate: User, script: bool
) -> None:
    page = browser_of(candidate, java_script_enabled=script).new_page()
    page.goto("/profile/")
    factor = page.get_by_label("Which factor")
    expect(factor).to_be_hidden()
    page.get_by_label("Another factor").check()
    factor.fill("11")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a number from 1 to 10.")
    expect(factor).to_be_visible()
    factor.fill("1.75")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(factor).to_have_value("1.75")
    assert str(TimingProfile.objects.get().factor) == "1.75"
    # What was written there and is hidden holds nothing up.
    factor.fill("11")
    page.get_by_label("No limit").check()
    expect(factor).to_be_hidden()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert TimingProfile.objects.get().untimed
