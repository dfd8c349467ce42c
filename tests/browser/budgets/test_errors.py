"""The pages of errors, and text that could not be let in."""

from django.test import Client
from playwright.sync_api import expect

from accounts.models import Session, User
from tests.browser.budgets.scenes import ANSWER, sit
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.conftest import PASSWORD

pytestmark = TOUR


def test_the_pages_of_errors(visitor_of: VisitorOf, candidate: User, editor: User) -> None:
    visitor = visitor_of("stranger")
    page = visitor.page
    visitor.visit("400", "/topics/?" + "a&" * 1001, "400")
    visitor.visit("404", "/nowhere/", "404")
    visitor.visit("500", "/broken/", "500")
    visitor.go("/accounts/login/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="This page was open too long")).to_be_visible()
    visitor.look("403 for want of a token", "403")
    for _ in range(5):
        Client().post("/accounts/password/reset/", {"email": candidate.email})
    visitor.go("/accounts/password/reset/")
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Too many tries")).to_be_visible()
    visitor.look("429", "429")
    visitor_of("candidate", candidate).visit("404", "/queue/", "404")
    visitor_of("editor", editor).visit("403", "/admin/accounts/user/", "403")


def test_text_that_could_not_be_let_in(visitor_of: VisitorOf, candidate: User) -> None:
    """As a plain form sends it. The room's script saves by itself, besides."""
    visitor = visitor_of("candidate", candidate)
    page = visitor.page
    heading = page.get_by_role("heading", name="Your text is not saved yet")
    interview = sit(candidate)
    visitor.go(f"/interviews/{interview.pk}/answers/1/")
    page.locator("[name=csrfmiddlewaretoken]").first.evaluate("field => field.value = 'stale'")
    page.locator("#text").evaluate("(field, text) => field.value = text", ANSWER)
    page.evaluate("document.getElementById('answer-form').submit()")
    expect(heading).to_be_visible()
    visitor.look("unsaved text, stale token", "403")
    Session.objects.all().delete()
    page.get_by_role("button", name="Save again").click()
    expect(page.get_by_role("link", name="Log in in a new tab")).to_be_visible()
    visitor.look("unsaved text, logged out", "401", "403")
