"""The way in, and what one manages about oneself."""

import re

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.budgets.tour import TOUR, VisitorOf

pytestmark = TOUR


def test_the_way_in(visitor_of: VisitorOf, candidate: User) -> None:
    visitor = visitor_of("stranger")
    page = visitor.page
    address = EmailAddress.objects.create(user=candidate, email=candidate.email, primary=True)
    visitor.visit("sign up", "/accounts/signup/")
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("sign up, refused")
    visitor.visit("log in", "/accounts/login/")
    visitor.visit("log in, to come back", "/accounts/login/?next=/interviews/new/")
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("log in, refused")
    visitor.visit("look in your mail", "/accounts/confirm-email/")
    key = EmailConfirmationHMAC(address).key
    visitor.visit("confirm the address", f"/accounts/confirm-email/{key}/")
    visitor.visit("confirm the address, stale", "/accounts/confirm-email/stale/")
    visitor.visit("account closed", "/accounts/inactive/")
    EmailAddress.objects.update(verified=True)
    visitor.visit("reset password", "/accounts/password/reset/")
    page.get_by_label("Email").fill(candidate.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    visitor.look("reset password, mailed")
    visitor.visit("reset password, stale link", "/accounts/password/reset/key/1-spoilt/")
    link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    assert link
    page.goto(link[0])
    visitor.look("choose a new password")
    for field in page.locator("input[type=password]").all():
        field.fill("short")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("choose a new password, refused")
    visitor.visit("password changed", "/accounts/password/reset/key/done/")


def test_what_one_manages_about_oneself(visitor_of: VisitorOf, candidate: User) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, primary=True, verified=True)
    visitor = visitor_of("candidate", candidate)
    page = visitor.page
    visitor.visit("profile", "/profile/")
    page.get_by_label("Another factor").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("profile, refused")
    page.get_by_label("The usual time").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.get_by_role("button", name="Account").click()
    visitor.look("profile, saved, with the menu")
    visitor.visit("delete", "/profile/delete/")
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("delete, refused")
    visitor.visit("email address", "/accounts/email/")
    visitor.visit("change password", "/accounts/password/change/")
    for number, field in enumerate(page.locator("input[type=password]").all()):
        field.fill(f"wrong {number}")
    page.get_by_role("button", name="Change password").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("change password, refused")
    visitor.visit("is it still you", "/accounts/reauthenticate/")
    visitor.visit("log out", "/accounts/logout/")
