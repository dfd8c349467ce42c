"""That nothing overlaps, is cut off or runs out of the page, whatever is written and how wide.

On each page with the longest that it can hold, from 320 to 1920 pixels; `layout.js` looks.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import F
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.groups import LEADS, REVIEWERS
from interview.models import Assignment, BankedComment, Interview, Review, SecondLook
from interview.quotes import key_of
from questions.models import QuestionSet
from tests.browser.conftest import answering, log_in
from tests.browser.layout import TARGET_IN_ROOM, Onlooker
from tests.browser.longest import ANSWER, NAME, WORD, longest_set
from tests.conftest import start_interview, write
from tests.interview.inviting import invite_to
from tests.interview.reviewing import arrive_late, fill_queue, grade, pass_a_minute, token_of
from tests.servers import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OnlookerOf = Callable[..., Onlooker]


@pytest.fixture(params=LANGUAGES)
def onlooker_of(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: LiveServer,
    subtests: pytest.Subtests,
) -> Iterator[OnlookerOf]:
    """Somebody who looks, in a browser of one language; logged in if they are somebody."""
    contexts: list[BrowserContext] = []

    def make(user: User | None = None) -> Onlooker:
        context = browser.new_context(
            base_url=live_server.url, locale=request.param, reduced_motion="reduce"
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            log_in(context, user, live_server.url)
        return Onlooker(context.new_page(), request.param, subtests)

    yield make
    for context in contexts:
        context.close()
    wait_until(lambda: not answering(), "the last requests are answered")


@pytest.fixture
def longest(transactional_db: None) -> QuestionSet:
    return longest_set()


def rename(user: User) -> User:
    """Give them a name and an address as long as they come."""
    user.name, user.email = NAME, f"{'w' * 64}@{user.pk}.example.com"
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def graded(assignment: Assignment, reviewer: User) -> Review:
    """With marks, levels, a quote and comments, by `reviewer`; a draft."""
    review = assignment.claim(reviewer)
    first = review.interview.answers.get(position=1)
    with review.writing(token_of(review)):
        review.mark(first, {"p1": "half"})
        review.cite(first, "p1", key_of(ANSWER), 2, 400)
        review.comment_on(first, f"{WORD} Lead with the answer. " * 3)
        review.comment_on(None, f"Right on what matters.\n\n{WORD}")
    grade(review, "half")
    return review


def test_the_library(onlooker_of: OnlookerOf, longest: QuestionSet, reviewer: User) -> None:
    onlooker = onlooker_of()
    page = onlooker.page
    for path in ("/", "/sets/", "/sets/longest/", "/stories/", "/stories/story/", "/notes/"):
        onlooker.visit(path)
    for path in (
        "/notes/note/",
        "/topics/",
        "/topics/t1/",
        "/search/?q=probe",
        f"/search/?q={'w' * 200}",
    ):
        onlooker.visit(path)
    page.goto("/sets/longest/question-1/")
    onlooker.open_all()
    onlooker.look("question, all open")
    for path in ("/accounts/login/", "/accounts/password/reset/"):
        onlooker.visit(path)
    page.goto("/accounts/signup/")
    onlooker.field("Email").fill(f"{'w' * 64}@example.com")
    onlooker.field("Password").fill("short")
    onlooker.submit("Sign up")
    onlooker.look("sign up, refused")
    page.goto("/nowhere/")
    onlooker.look("404")
    invitation = invite_to(rename(reviewer), longest, title=longest.title)
    onlooker.visit(f"/invite/{invitation.secret}/")


def test_a_candidate_s_pages(
    onlooker_of: OnlookerOf, longest: QuestionSet, candidate: User, reviewer: User
) -> None:
    onlooker = onlooker_of(rename(candidate))
    page = onlooker.page
    for path in ("/", "/interviews/", "/interviews/new/mixed/", "/interviews/quick-start/"):
        onlooker.visit(path)
    onlooker.visit("/interviews/compare/")
    page.goto("/interviews/new/?set=longest")
    onlooker.field("Minutes").fill("1")
    onlooker.open_all()
    onlooker.submit("Start")
    onlooker.open_all()
    onlooker.look("new interview, refused, all open")
    page.goto("/profile/")
    onlooker.field("Another factor").check()
    onlooker.submit("Save")
    onlooker.look("profile, refused")
    for path in ("/profile/delete/", "/accounts/email/", "/accounts/password/change/"):
        onlooker.visit(path)

    interview = start_interview(candidate, longest)
    for position in range(1, 31, 2):
        write(interview, position, ANSWER)
    address = f"/interviews/{interview.pk}/"
    onlooker.visit(f"{address}answers/1/history/")
    onlooker.visit(f"{address}finish/")
    for path in ("/", "/interviews/", "/interviews/new/"):
        onlooker.visit(path)
    interview.finish()
    arrive_late(interview, f"Too late. {WORD}")
    onlooker.visit(f"{address}self-score/")
    interview.score_yourself(
        {
            answer.position: dict.fromkeys(
                (point.key for point in answer.question_version.key_points), "full"
            )
            for answer in interview.answers.select_related("question_version")
        }
    )
    interview.ask_for_review()
    page.goto(f"{address}feedback/")
    onlooker.look("feedback, waiting")
    Assignment.objects.update(asked_at=F("asked_at") - timedelta(days=5))
    onlooker.visit(f"{address}guided-self-score/")
    review = graded(interview.assignments.get(), reviewer)
    review.publish(token_of(review))
    pass_a_minute(review)
    mark = review.marks.select_related("review__assignment", "answer").get(
        answer__position=1, key="p1"
    )
    page.goto(f"{address}answers/1/points/p1/second-look/")
    onlooker.submit("Ask")
    onlooker.look("ask for a second look, refused")
    SecondLook.objects.ask(mark, f"It is in the last line. {WORD}")
    page.goto(f"{address}feedback/")
    onlooker.open_all()
    onlooker.look("feedback, reviewed, all open")
    for path in ("/", "/interviews/", "/interviews/compare/"):
        onlooker.visit(path)


def test_the_room(onlooker_of: OnlookerOf, longest: QuestionSet, candidate: User) -> None:
    onlooker = onlooker_of(rename(candidate))
    page = onlooker.page
    text = onlooker.field("Your answer")
    interview = start_interview(candidate, longest)
    for position in range(1, 31, 2):
        write(interview, position, ANSWER)
    page.goto(f"/interviews/{interview.pk}/answers/1/")
    onlooker.look("room, written", TARGET_IN_ROOM)
    text.fill(f"{WORD} " * 67)
    expect(page.locator("#length.field__error")).to_be_visible()
    onlooker.look("room, too long", TARGET_IN_ROOM)
    write(interview, 1, f"From the phone. {WORD}")
    text.fill("From this page.")
    expect(page.locator("#conflict")).to_be_visible()
    onlooker.look("room, conflict", TARGET_IN_ROOM)
    page.evaluate("localStorage.clear()")
    interview.finish()
    interview.reveal()
    interview = start_interview(candidate, longest, Interview.Mode.ONE_AT_A_TIME)
    page.goto(f"/interviews/{interview.pk}/answers/1/")
    onlooker.look("room, one at a time", TARGET_IN_ROOM)
    page.goto(f"/interviews/{interview.pk}/answers/2/")
    onlooker.look("the next question")


def test_a_reviewer_s_pages(
    onlooker_of: OnlookerOf,
    longest: QuestionSet,
    candidate: User,
    reviewer: User,
    person: Callable[..., User],
) -> None:
    onlooker = onlooker_of(rename(reviewer))
    page = onlooker.page
    interview = start_interview(candidate, longest)
    write(interview, 1, ANSWER)
    interview.finish()
    arrive_late(interview, f"Too late. {WORD}")
    interview.ask_for_review()
    waiting = fill_queue(person, longest, 12)
    onlooker.visit("/queue/")
    review = graded(interview.assignments.get(), reviewer)
    BankedComment.objects.add(reviewer, f"{WORD} Lead with the answer.")
    waiting[0].claim(reviewer)
    token = Assignment.objects.claim_batch(reviewer)
    for path in ("/queue/", f"/batches/{token}/", "/comment-bank/"):
        onlooker.visit(path)
    page.get_by_role("link", name=onlooker.said("Edit")).first.click()
    onlooker.look("comment bank, edit")
    page.goto(f"/reviews/{review.pk}/")
    onlooker.open_all()
    onlooker.look("grading, all open")
    onlooker.press("Keys")
    onlooker.look("grading, keys listed")
    onlooker.visit(f"/reviews/{review.pk}/answers/1/versions/")
    onlooker.visit(f"/reviews/{review.pk}/summary/")
    page.goto(f"/batches/{token}/next/")
    onlooker.look("grading, by question")
    review.publish(token_of(review))
    onlooker.visit(f"/reviews/{review.pk}/summary/")
    pass_a_minute(review)
    mark = review.marks.select_related("review__assignment", "answer").get(
        answer__position=1, key="p1"
    )
    look = SecondLook.objects.ask(mark, f"It is in the last line. {WORD}")
    onlooker.visit("/reviews/")
    page.goto(f"/second-looks/{look.pk}/")
    onlooker.submit("Answer")
    onlooker.look("second look, refused")
    page.goto(f"/reviews/{review.pk}/correct/")
    onlooker.submit("Begin the correction")
    onlooker.look("correct, refused")


def test_invitations_and_the_team(
    onlooker_of: OnlookerOf, longest: QuestionSet, reviewer: User, person: Callable[..., User]
) -> None:
    onlooker = onlooker_of(rename(reviewer))
    page = onlooker.page
    invitation = invite_to(reviewer, longest, title=longest.title)
    sat = invitation.start(rename(person("sitter")))
    write(sat, 1, ANSWER)
    sat.finish()
    sat.ask_for_review()
    for path in ("", "new/", f"{invitation.pk}/", f"{invitation.pk}/edit/"):
        onlooker.visit(f"/invitations/{path}")
    onlooker.visit(f"/invite/{invitation.secret}/")
    page.goto("/invitations/new/")
    onlooker.submit("Make the invitation")
    onlooker.look("new invitation, refused")
    review = graded(sat.assignments.get(), reviewer)
    review.publish(token_of(review))
    onlooker_of(person("lead", LEADS, REVIEWERS, is_staff=True)).visit("/team/")
