"""What every page keeps to, with the real library: the budgets are in `looking.py`.

A tour for each role, through its pages in their states. `make budgets` prints what was found.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.decorators import login_not_required
from django.core import mail
from django.db.models import F
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, resolve
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Session, TimingProfile, User
from config import urls
from config.styleguide import styleguide
from interview.groups import LEADS, REVIEWERS
from interview.models import (
    Assignment,
    BankedComment,
    Interview,
    Review,
    Revision,
    SecondLook,
)
from interview.models.comment_bank import MOST_BANKED
from interview.quotes import key_of
from interview.saving import Late, Save, save_answer
from questions.models import Note, Question, QuestionSet, Status, Story, Topic
from tests.browser.conftest import crash, log_in
from tests.browser.looking import HEIGHT, Visitor
from tests.conftest import PASSWORD, move_back, start_interview, write
from tests.interview.inviting import invite_to, let_it_be_due, sit_to_the_end
from tests.interview.practising import sit_often
from tests.interview.reviewing import end_lease, fill_queue, grade, pass_a_minute, token_of
from tests.test_access import TABLE

SET = "k8s-networking-health-storage"
ANSWER = (
    "A readiness probe takes the Pod out of its Services, a liveness probe restarts it.\n\n"
    "  kubectl get endpointslices -l kubernetes.io/service-name=shop -o yaml\n\n" + "w" * 300
)
TABLE_OF_MODES = "| Mode | Price |\n| --- | --: |\n| iptables | 1 |"
UNREACHABLE = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")

VisitorOf = Callable[..., Visitor]


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Broken to see how the page of this looks.")


# The styleguide is routed in development only.
urlpatterns = [*urls.urlpatterns, path("broken/", broken), path("styleguide/", styleguide)]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.budgets,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls(__name__),
]


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The paths of all pages that were looked at, without those of errors."""
    return set()


@pytest.fixture
def visitor_of(
    record_property: Callable[[str, object], None],
    browser: Browser,
    axe: str,
    live_server: LiveServer,
    library: None,
    subtests: pytest.Subtests,
    seen: set[str],
) -> Iterator[VisitorOf]:
    """A visitor in a browser of their own, logged in if they are somebody."""
    contexts: list[BrowserContext] = []

    def make(role: str, user: User | None = None) -> Visitor:
        context = browser.new_context(
            base_url=live_server.url,
            reduced_motion="reduce",  # No colour is judged on its way to another.
            viewport={"width": 1280, "height": HEIGHT},
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            log_in(context, user, live_server.url)
        return Visitor(role, context, axe, subtests, record_property, seen)

    yield make
    for context in contexts:
        context.close()


def question_set() -> QuestionSet:
    return QuestionSet.objects.get(slug=SET)


def sit(candidate: User, mode: str = Interview.Mode.FREE) -> Interview:
    return start_interview(candidate, question_set(), mode)


def sit_through(candidate: User) -> Interview:
    """An interview with every other question answered, and ended."""
    interview = sit(candidate)
    for position in (1, 3, 5):
        write(interview, position, ANSWER)
    interview.finish()
    return interview


def fill_history(interview: Interview) -> None:
    """Fifty versions of the third answer, of 3,000 words and one without end."""
    answer = interview.answers.get(position=3)
    interview.answers.filter(position=3).update(last_revision=51)
    # Each word another one: what compresses best weighs nothing.
    words = [f"{word.lower()}{n % 90}" for n, word in enumerate(ANSWER.split()[:20] * 150)]
    for number in range(2, 52):
        text = " ".join(["w" * 300, *words[:2800], *[f"{number}"] * (number % 9)])
        answer.revisions.create(
            interview=interview, number=number, text=text, saved_at=interview.started_at
        )
    write(interview, 3, " ".join(words[100:]))


def longest_question() -> Question:
    question = Question.objects.order_by(Length("answer").desc()).first()
    assert question
    return question


# Tours.


def test_what_everybody_can_read(visitor_of: VisitorOf) -> None:
    visitor = visitor_of("stranger")
    note = Note.objects.order_by(Length("body").desc()).first()
    story = Story.objects.order_by(Length("cause").desc()).first()
    assert note
    assert story
    visitor.visit("home", "/")
    QuestionSet.objects.filter(slug=SET).update(checked_on="2020-02-29")
    visitor.visit("sets", "/sets/")
    visitor.visit("set", f"/sets/{SET}/")
    visitor.visit("question", longest_question().get_absolute_url())
    for step in visitor.page.locator("details > summary").all():
        step.click()
    visitor.look("question, revealed")
    visitor.visit("stories", "/stories/")
    visitor.visit("story", story.get_absolute_url())
    visitor.visit("notes", "/notes/")
    visitor.visit("note", note.get_absolute_url())
    visitor.visit("topics", "/topics/")
    visitor.visit("topic", "/topics/networking/")
    visitor.visit("search", "/search/")
    visitor.visit("search, most match", "/search/?q=pod")
    visitor.visit("search, narrowed down", "/search/?q=pod&topic=networking&difficulty=2")
    visitor.visit("search, a typo", "/search/?q=iptabels")
    visitor.visit("search, nothing to look for", "/search/?q=-" + "w" * 199)
    visitor.visit("styleguide", "/styleguide/")
    Note.objects.all().delete()
    QuestionSet.objects.update(status=Status.DRAFT)
    visitor.visit("home without a set", "/")
    visitor.visit("sets without a set", "/sets/")
    visitor.visit("notes without a note", "/notes/")


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
    visitor.visit("log in", "/accounts/login/?next=/interviews/new/")
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
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
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

    move_back(interview, "8 minutes")
    visitor.visit("room, little time", room)
    page.route("**/save/", lambda route: route.abort())
    text.fill("the last words")
    move_back(interview, "4 minutes")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Your last words are being saved")).to_be_visible()
    visitor.look("room, time is over", "ERR_FAILED")
    page.goto("about:blank")
    page.unroute("**/save/")
    visitor.heard.clear()
    interview.reveal()

    TimingProfile.objects.create(user=candidate, show_clock=False)
    interview = sit(candidate)
    visitor.visit("room, no clock", f"/interviews/{interview.pk}/answers/5/")
    page.get_by_text("Show time left").click()
    page.get_by_role("button", name="Add 5 minutes").click()
    expect(page.get_by_text("5 minutes added, 9 left.")).to_be_visible()
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
    expect(page.locator(".error-summary")).to_be_visible()
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


def test_the_pages_of_a_reviewer(
    visitor_of: VisitorOf,
    candidate: User,
    reviewer: User,
    other_reviewer: User,
    person: Callable[..., User],
) -> None:
    visitor = visitor_of("reviewer", reviewer)
    page = visitor.page
    visitor.visit("queue, empty", "/queue/")

    interview = sit_through(candidate)
    late = Save(text=f"{ANSWER} Too late.", base=1, writer=uuid4(), sequence=1)
    interview.answers.update(accepts_until=F("closes_at"))
    outcome = save_answer(candidate=candidate, interview=interview.pk, position=1, save=late)
    assert isinstance(outcome, Late)
    interview.ask_for_review()
    fill_queue(person, question_set(), 54)
    review = interview.assignments.get().claim(reviewer)
    grading, summary = f"/reviews/{review.pk}/", f"/reviews/{review.pk}/summary/"
    visitor.visit("grading, with late text", grading)
    page.get_by_role("button", name="Accept this text").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    visitor.look("grading, late text accepted")
    page.locator("summary", has_text="Model answer").click()
    with page.expect_response("**/save/"):
        page.get_by_role("radio", name="Half").first.check()
    expect(page.locator("#grading-status")).to_contain_text("1 of")
    visitor.look("grading, begun, model answer open")
    page.get_by_label("Comment on this answer").fill("x" * 20_001)
    expect(page.locator("#length")).to_contain_text("1 too many")
    visitor.look("grading, comment too long")
    page.get_by_label("Comment on this answer").fill("")
    page.get_by_text("Cite words for a mark").click()
    visitor.look("grading, list of sentences")
    page.get_by_role("button", name="Cite it").click()
    expect(page.locator(".answer-text mark")).to_be_visible()
    page.get_by_role("button", name="Keys").click()
    visitor.look("grading, words cited, keys listed")
    visitor.visit("earlier versions, none", f"{grading}answers/1/versions/")
    visitor.visit("comment bank, empty", "/comment-bank/")
    for number in range(MOST_BANKED):
        BankedComment.objects.add(reviewer, f"{number}. Lead with the answer, then ground it.")
    visitor.visit("comment bank, full", "/comment-bank/")
    page.get_by_role("button", name="Delete").first.click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Add to the bank").click()
    visitor.look("comment bank, refused")
    page.get_by_role("link", name="Edit").first.click()
    visitor.look("comment bank, edit")
    visitor.go(grading)
    page.get_by_role("combobox", name="Insert from your comment bank").fill("ground")
    visitor.look("grading, bank searched")
    visitor.visit("grading, nothing written", f"{grading}?question=2")
    visitor.visit("summary, marks and levels missing", summary)
    page.get_by_label("Comment on the whole interview").fill("x" * 20_001)
    expect(page.locator("#length")).to_contain_text("1 too many")
    visitor.look("summary, comment too long")
    page.get_by_label("Comment on the whole interview").fill("")
    grade(review)
    visitor.visit("summary, complete", summary)

    overdue, lost, _held = Assignment.objects.waiting().order_by("asked_at")[:3]
    overdue.claim(reviewer)
    end_lease(overdue)
    draft = lost.claim(reviewer)
    end_lease(lost)
    visitor.visit("grading, time is up", f"/reviews/{draft.pk}/")
    lost.claim(other_reviewer)
    visitor.visit("grading, somebody else's", f"/reviews/{draft.pk}/")
    lost.release(other_reviewer)
    visitor.visit("grading, to be claimed again", f"/reviews/{draft.pk}/")
    visitor.visit("summary, to be claimed again", f"/reviews/{draft.pk}/summary/")
    visitor.visit("queue, full, with claims and drafts", "/queue/")
    visitor.visit("queue, narrowed to nothing", "/queue/?set=gone&waited=168")
    token = Assignment.objects.claim_batch(reviewer)
    visitor.visit("queue, with a batch", "/queue/")
    visitor.visit("batch of ten", f"/batches/{token}/")
    page.goto(f"/batches/{token}/next/")
    visitor.look("grading, by question")
    Assignment.objects.filter(token=token).update(token=None, holder=None, lease_ends_at=None)
    theirs = lost.claim(other_reviewer)
    grade(theirs)
    theirs.publish(token_of(theirs))
    visitor.visit("grading, done by somebody else", f"/reviews/{draft.pk}/")

    visitor.go(summary)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    visitor.look("summary, published")
    visitor.visit("grading, published", grading)
    pass_a_minute(Review.objects.get(pk=review.pk))
    visitor.visit("summary, read by the candidate", summary)
    visitor.visit("delete", "/profile/delete/")


def test_corrections_and_second_looks(
    visitor_of: VisitorOf, candidate: User, reviewer: User
) -> None:
    guest, desk = visitor_of("candidate", candidate), visitor_of("reviewer", reviewer)
    page = desk.page
    guest.visit("own marks compared, none", "/interviews/compare/")
    desk.visit("my reviews, none", "/reviews/")
    interview = sit_through(candidate)
    interview.score_yourself(
        {
            answer.position: dict.fromkeys(
                (point.key for point in answer.question_version.key_points), "full"
            )
            for answer in interview.answers.all()
        }
    )
    interview.ask_for_review()
    review = interview.assignments.get().claim(reviewer)
    first = interview.answers.get(position=1)
    key, other, *_others = [point.key for point in first.question_version.key_points]
    with review.writing(token_of(review)):
        review.mark(first, {key: "half"})
        review.cite(first, key, key_of(ANSWER), 2, 60)
    grade(review, "half")
    review.publish(token_of(review))
    pass_a_minute(review)
    feedback = f"/interviews/{interview.pk}/feedback/"
    guest.visit("home, with news", "/")
    guest.visit("interviews, with news", "/interviews/")
    guest.visit("feedback, new, with quotes", feedback)
    ask = f"/interviews/{interview.pk}/answers/1/points/{key}/second-look/"
    guest.visit("ask for a second look", ask)
    guest.page.get_by_role("button", name="Ask").click()
    expect(guest.page.locator(".error-summary")).to_be_visible()
    guest.look("ask for a second look, refused")
    guest.page.get_by_label("overlook").fill("It is in the last line. " + "w" * 300)
    guest.page.get_by_role("button", name="Ask").click()
    expect(guest.page.get_by_text("It waits for an answer")).to_be_visible()
    guest.look("feedback, a second look is asked for")
    mark = review.marks.select_related("review__assignment", "answer").get(answer=first, key=other)
    look = SecondLook.objects.ask(mark, "It is in the second sentence.")

    desk.visit("home, with second looks", "/")
    desk.visit("my reviews, with second looks", "/reviews/")
    desk.visit("second look", f"/second-looks/{look.pk}/")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator(".error-summary")).to_be_visible()
    desk.look("second look, refused")
    page.get_by_role("radio", name="Full").check()
    page.get_by_label("Your answer to the candidate").fill("You are right. " + "w" * 300)
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("button", name="Take back")).to_be_visible()
    desk.look("second look, answered")
    look.refresh_from_db()
    assert look.correction
    pass_a_minute(look.correction)
    SecondLook.objects.filter(pk=look.pk).update(visible_from=F("answered_at"))
    guest.visit("feedback, a second look is answered", feedback)
    desk.visit("second look, read", f"/second-looks/{look.pk}/")

    desk.visit("correct", f"/reviews/{look.correction_id}/correct/")
    page.get_by_role("button", name="Begin the correction").click()
    expect(page.locator(".error-summary")).to_be_visible()
    desk.look("correct, refused")
    page.get_by_label("Why do you correct it?").fill("I had misread it. " + "w" * 300)
    page.get_by_role("button", name="Begin the correction").click()
    expect(page.get_by_role("button", name="Discard the correction")).to_be_visible()
    desk.look("grading, a correction")
    correction = Review.objects.drafts().get()
    desk.visit("summary, a correction", f"/reviews/{correction.pk}/summary/")
    desk.visit("my reviews, with a correction", "/reviews/")
    desk.visit("correct, begun already", f"/reviews/{look.correction_id}/correct/")
    correction.publish(None)
    pass_a_minute(correction)
    guest.visit("feedback, corrected twice", feedback)
    guest.visit("feedback, an earlier review", f"{feedback}1/")
    guest.visit("own marks compared", "/interviews/compare/")
    guest.visit("progress, one interview", "/progress/")
    sit_often(candidate, question_set(), reviewer, 60)
    QuestionSet.objects.filter(slug=SET).update(title="Networking " + "w" * 180)
    Topic.objects.filter(slug="networking").update(title="w" * 100)
    Interview.objects.update(title="Networking " + "w" * 180, feedback_read_at=timezone.now())
    assert sit_through(candidate).score_yourself(
        {
            answer.position: dict.fromkeys(
                (point.key for point in answer.question_version.key_points), "missed"
            )
            for answer in interview.answers.all()
        }
    )
    guest.visit("progress, sixty interviews", "/progress/")
    guest.page.get_by_text("Week by week").click()
    guest.look("progress, week by week")
    guest.visit("own marks compared, twenty", "/interviews/compare/")
    guest.visit("home, with the next step", "/")


def test_invitations(
    visitor_of: VisitorOf, candidate: User, reviewer: User, person: Callable[..., User]
) -> None:
    desk = visitor_of("reviewer", reviewer)
    page = desk.page
    desk.visit("invitations, none", "/invitations/")
    desk.visit("new invitation", "/invitations/new/")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.locator(".error-summary")).to_be_visible()
    desk.look("new invitation, refused")
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


def test_the_pages_of_a_lead(visitor_of: VisitorOf, person: Callable[..., User]) -> None:
    visitor = visitor_of("lead", person("lead", LEADS, is_staff=True))
    visitor.visit("team, nothing yet", "/team/")
    assignments = fill_queue(person, question_set(), 3)
    for number, assignment in enumerate(assignments[:2]):
        review = assignment.claim(person(f"{'w' * 90}-{number}", REVIEWERS))
        grade(review)
        review.publish(token_of(review))
    visitor.visit("team", "/team/")


def test_the_pages_of_an_editor(visitor_of: VisitorOf, editor: User) -> None:
    """Their own are in Django admin, which has no budget; these show what others don't see."""
    QuestionSet.objects.filter(slug=SET).update(status=Status.DRAFT)
    Note.objects.update(status=Status.DRAFT)
    question = question_set().questions.all()[0]
    note = Note.objects.all()[0]
    visitor = visitor_of("editor", editor)
    visitor.visit("home", "/")
    visitor.visit("sets, with a draft", "/sets/")
    visitor.visit("set, a draft", f"/sets/{SET}/")
    visitor.visit("question, of a draft", question.get_absolute_url())
    visitor.visit("note, a draft", note.get_absolute_url())


WITHOUT_A_PAGE = {
    *("assignment-clock", "health", "interview-clock", "interview-new-matching"),
    *("picture", "profile-export"),
}
"""What these URLs answer is for programs."""


@pytest.mark.usefixtures("browser", "axe")
def test_no_page_was_left_out(request: pytest.FixtureRequest, seen: set[str]) -> None:
    """A page that somebody can open must be on a tour above; the access table knows them all."""
    tours = {item.name for item in request.session.items if item.path == request.path}
    if len(tours) < sum(name.startswith("test_") for name in globals()):
        pytest.skip("only after all tours")
    pages = {
        url for (url, method), answers in TABLE.items() if method == "GET" and "200" in answers
    }
    pages = {url.partition("@")[0] for url in pages} - WITHOUT_A_PAGE
    assert pages - {resolve(path).url_name for path in seen} == set()
