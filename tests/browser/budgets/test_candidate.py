"""What a candidate sees: the room, and what comes before and after it."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session, TimingProfile, User
from interview.models import Assignment, Interview, Revision
from interview.saving import Late, Save, save_answer
from questions.models import Question, QuestionSet
from tests.browser.budgets.scenes import (
    ANSWER,
    SET,
    TABLE_OF_MODES,
    fill_history,
    leave_minutes,
    sit,
)
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.browser.conftest import crash, log_in
from tests.conftest import start_interview, write
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = TOUR

UNREACHABLE = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")


def test_the_room(visitor_of: VisitorOf, candidate: User, live_server: LiveServer) -> None:
    visitor = visitor_of("candidate", candidate)
    page = visitor.page
    text, alert = page.get_by_label("Your answer"), page.get_by_role("alert")
    receipt = page.locator("#receipt")
    interview = sit(candidate)
    room = f"/interviews/{interview.pk}/answers/1/"
    visitor.visit("room, empty", room)
    text.fill(ANSWER)
    page.get_by_role("button", name="Flag").click()
    expect(receipt).to_contain_text("revision 1")
    expect(page.get_by_role("button", name="Question 1 begun flagged")).to_be_visible()
    visitor.look("room, with text and a flag")
    text.fill("🙂" * 20_001)
    expect(page.locator("#length")).to_contain_text("1 too many")
    visitor.look("room, too long")
    page.evaluate("document.getElementById('answer-form').submit()")
    expect(page.locator("#text_error")).to_be_visible()
    visitor.look("room, too long, as a plain form", "400")

    visitor.go(room)
    page.context.set_offline(True)
    text.fill("written in a tunnel")
    expect(alert.filter(has_text="The server can’t be reached.")).to_be_visible()
    visitor.look("room, offline", *UNREACHABLE)
    other = page.context.new_page()
    page.context.set_offline(False)
    expect(alert).to_have_count(0)
    other.goto(room)
    page.context.set_offline(True)
    other.get_by_label("Your answer").fill("the words of a page that crashed")
    expect(other.get_by_role("alert")).to_be_visible()
    crash(other)
    page.context.set_offline(False)
    visitor.heard.clear()
    visitor.go(room)
    expect(alert.filter(has_text="text that was not saved")).to_be_visible()
    visitor.look("room, a copy is offered")
    page.get_by_role("button", name="Take this text").click()
    expect(receipt).to_contain_text("7 words")

    Session.objects.all().delete()
    text.fill("typed after the session ended")
    expect(alert.filter(has_text="You were logged out.")).to_be_visible()
    visitor.look("room, logged out", "401")
    log_in(page.context, candidate, live_server.url)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(receipt).to_contain_text("5 words")

    write(interview, 1, "from the phone")
    text.fill("from this page")
    expect(alert.filter(has_text="changed in another tab")).to_be_visible()
    visitor.look("room, conflict", "401", "409")
    page.evaluate("document.getElementById('answer-form').submit()")
    page.wait_for_url("**/save/")
    expect(alert.filter(has_text="changed in another tab")).to_be_visible()
    visitor.look("room, conflict, as a plain form", "409")

    visitor.visit("history", f"{room}history/")
    page.get_by_role("link", name="while typing").last.click()
    page.get_by_role("button", name="Take this text back").click()
    expect(page.get_by_text("is back. What stood before")).to_be_visible()
    visitor.look("room, an earlier text is back")
    visitor.visit("history, empty", f"/interviews/{interview.pk}/answers/2/history/")

    visitor.visit("finish", f"/interviews/{interview.pk}/finish/")
    visitor.visit("home", "/")
    visitor.visit("new interview, one runs", "/interviews/new/")
    visitor.visit("new interview, mixed, one runs", "/interviews/new/mixed/")
    asked = interview.answers.get(position=1).question_version.question
    assert asked
    visitor.go(asked.get_absolute_url(), to=room)
    visitor.look("room, with a message")
    page.evaluate("localStorage.clear()")

    page.route("**/save/", lambda route: route.fulfill(status=404))
    text.fill("for an answer that is gone")
    expect(alert.filter(has_text="Not saved.")).to_be_visible()
    visitor.look("room, refused", "404")
    page.unroute("**/save/")
    page.goto("about:blank")

    leave_minutes(interview, 4)
    visitor.visit("room, little time", room)
    page.route("**/save/", lambda route: route.abort())
    text.fill("the last words")
    leave_minutes(interview, 0)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Stay on this page until then.")).to_be_visible()
    visitor.look("room, time is over", "ERR_FAILED")
    leave_minutes(interview, 0)
    page.unroute("**/save/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("All that you wrote is stored.")).to_be_visible()
    visitor.look("room, time is over and all stored")
    page.goto("about:blank")
    visitor.heard.clear()
    interview.reveal()

    TimingProfile.objects.create(user=candidate, show_clock=False)
    interview = sit(candidate)
    visitor.visit("room, no clock", f"/interviews/{interview.pk}/answers/5/")
    page.get_by_text("Show time left").click()
    page.get_by_role("button", name="Add 5 minutes").click()
    expect(page.get_by_text("5 minutes added, possible 9 more times.")).to_be_visible()
    visitor.look("room, hidden clock shown, time added")
    interview.finish()
    text.fill("did not see it coming")
    expect(alert.filter(has_text="labelled as late")).to_be_visible()
    visitor.look("room, too late")
    interview.reveal()

    interview = sit(candidate, Interview.Mode.ONE_AT_A_TIME)
    visitor.visit("room, one at a time", f"/interviews/{interview.pk}/answers/1/")
    visitor.visit("open the next question", f"/interviews/{interview.pk}/answers/2/")
    visitor.visit("finish, one at a time", f"/interviews/{interview.pk}/finish/")


def test_before_and_after_an_interview(
    visitor_of: VisitorOf, candidate: User, reviewer: User
) -> None:
    visitor = visitor_of("candidate", candidate)
    page = visitor.page
    visitor.visit("interviews, none", "/interviews/")
    visitor.visit("progress, no interview", "/progress/")
    visitor.visit("new interview", f"/interviews/new/?set={SET}")
    page.get_by_text("Your time:").click()
    visitor.look("new interview, timing profile open")
    page.get_by_text("Your time:").click()
    page.get_by_label("Minutes").fill("1")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("new interview, refused")
    visitor.visit("new interview, mixed", "/interviews/new/mixed/")
    page.get_by_label("Questions", exact=True).fill("15")
    page.get_by_label("Storage").check()
    expect(page.locator("#matching")).to_contain_text("Too few to ask 15.")
    page.get_by_label("Minutes").fill("1")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_label("Minutes").fill("30")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("button", name="Ask all")).to_be_visible()
    visitor.look("new interview, mixed, too few")
    visitor.visit("quick start", "/interviews/quick-start/")
    visitor.visit("home", "/")

    interview = sit(candidate)
    for answer in interview.answers.all():
        write(interview, answer.position, ANSWER)
    fill_history(interview)
    visitor.visit("history, the longest", f"/interviews/{interview.pk}/answers/3/history/?page=2")
    visitor.visit("finish, all answered", f"/interviews/{interview.pk}/finish/")
    interview.finish()
    late = Save(text="Too late.", base=1, writer=uuid4(), sequence=1)
    interview.answers.update(accepts_until=F("closes_at"))
    outcome = save_answer(candidate=candidate, interview=interview.pk, position=1, save=late)
    assert isinstance(outcome, Late)
    visitor.visit("history, after the end", f"/interviews/{interview.pk}/answers/1/history/")
    visitor.visit("score yourself", f"/interviews/{interview.pk}/self-score/")
    page.get_by_role("button", name="Keep my marks").click()
    expect(page.locator(".error-summary")).to_be_visible()
    visitor.look("score yourself, marks missing")
    for mark in page.locator("fieldset.marks").all():
        mark.get_by_role("radio", name="Half").check()
    page.get_by_role("button", name="Keep my marks").click()
    expect(page.get_by_text("Model answer", exact=True)).to_have_count(interview.answers.count())
    visitor.look("feedback, not asked for")
    page.get_by_role("button", name="Ask for a review").click()
    expect(page.get_by_text("Waits for a review", exact=True)).to_be_visible()
    visitor.look("feedback, waiting")
    long_ago = timezone.now() - timedelta(days=5)
    Assignment.objects.filter(interview=interview).update(asked_at=long_ago)
    visitor.visit("feedback, waiting too long", f"/interviews/{interview.pk}/feedback/")
    visitor.visit("guided self-score", f"/interviews/{interview.pk}/guided-self-score/")
    review = interview.assignments.get().claim(reviewer)
    with review.writing(token_of(review)):
        for graded in review.graded_answers():
            review.comment_on(graded.answer, "Lead with the answer, then ground it. " * 5)
        review.comment_on(None, "Right on what matters.\n\n" + "w" * 300)
        review.accept(Revision.objects.late().get(interview=interview))
    grade(review, "missed")
    review.publish(token_of(review))
    pass_a_minute(review)
    visitor.visit("feedback, reviewed", f"/interviews/{interview.pk}/feedback/")

    asked_first = interview.answers.get(position=1).question_version.question
    asked_first.key_points.update(text="Another point " + "w" * 300, weight=9)
    Question.objects.filter(pk=asked_first.pk).update(answer=TABLE_OF_MODES, body="More of it.")
    asked_first.record_version()
    visitor.visit("feedback, a question changed", f"/interviews/{interview.pk}/feedback/")
    visitor.visit("what changed", f"/interviews/{interview.pk}/answers/1/changes/")
    visitor.visit("question, changed", asked_first.get_absolute_url())

    # Two answers with the same table: regions of one page would need names that differ.
    Question.objects.filter(question_set__slug="k8s-kubectl").update(answer=TABLE_OF_MODES)
    for asked in QuestionSet.objects.can_be_sat():
        interview = start_interview(candidate, asked)
        interview.finish()
        interview.reveal()
        visitor.visit(f"feedback, {asked.slug}", f"/interviews/{interview.pk}/feedback/")
    for _ in range(19):
        sit(candidate).finish()
    visitor.visit("interviews, two pages", "/interviews/")
