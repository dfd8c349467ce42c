"""An invitation, as its maker and as those who got it see it."""

from collections.abc import Callable

from playwright.sync_api import expect

from accounts.models import User
from tests.browser.budgets.scenes import question_set, sit
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.interview.inviting import invite_to, let_it_be_due, sit_to_the_end

pytestmark = TOUR


def test_invitations(
    visitor_of: VisitorOf, candidate: User, reviewer: User, person: Callable[..., User]
) -> None:
    desk = visitor_of("reviewer", reviewer)
    page = desk.page
    desk.visit("invitations, none", "/invitations/")
    desk.visit("new invitation", "/invitations/new/")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.locator(".error-summary")).to_be_visible()
    # htmx moves the focus itself; Chromium says that it does not do so too.
    desk.look("new invitation, refused", "Autofocus processing was blocked")
    page.get_by_label("Words").fill("nothing has these words")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    desk.look("new invitation, nothing found")
    page.get_by_label("Words").fill("")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="Nothing found")).to_have_count(0)
    for box in page.locator("[name=add]").all()[:30]:
        box.check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.locator("[name=question]")).to_have_count(30)
    desk.look("new invitation, as many as fit")

    invitation = invite_to(reviewer, question_set(), title="Round one " + "w" * 190)
    mine, link = f"/invitations/{invitation.pk}/", f"/invite/{invitation.secret}/"
    desk.visit("invitation, nobody sat it", mine)
    desk.visit("invitation, edit", f"{mine}edit/")
    desk.visit("invitation, delete", f"{mine}delete/")
    desk.visit("invitation, its maker looks", link)
    visitor_of("stranger").visit("invitation", link)
    guest = visitor_of("candidate", candidate)
    guest.visit("invitation", link)
    other = sit(candidate)
    guest.visit("invitation, another runs", link)
    other.finish()
    for number in range(101):
        sit_to_the_end(invitation, person(f"sitter-{number}"))
    desk.visit("invitation, many sat it", mine)
    desk.visit("invitation, edit after that", f"{mine}edit/")
    page.get_by_label("Title").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_visible()
    desk.look("invitation, edit after that, refused")
    invitation.interviews.first().ask_for_review()  # type: ignore[union-attr]
    desk.visit("queue, from an invitation", "/queue/")
    let_it_be_due(invitation)
    desk.visit("invitation, over", mine)
    guest.visit("invitation, over", link)
    invitation.close()
    guest.visit("invitation, closed", link)
    for _ in range(20):
        invite_to(reviewer, question_set())
    desk.visit("invitations, two pages", "/invitations/")
