"""Pages hold in German, and in a language that is 40 % longer than English."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db.models.functions import Length
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from interview.models import Interview, Review
from questions.models import Question, QuestionSet
from tests import pseudo
from tests.browser.budgets.looking import HEIGHT, WHAT_IS_TOO_WIDE
from tests.conftest import start_interview, write
from tests.interview.reviewing import fill_queue, grade, pass_a_minute, token_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("library", "pseudo_language"),
]

WIDTHS = (320, 360, 1280)
LANGUAGES = ["de", pseudo.CODE]
SET = "k8s-networking-health-storage"
# What shows less than it says, but for what is hidden or shortened on purpose.
WHAT_IS_CUT_OFF = """() => [...document.body.querySelectorAll("*")]
    .filter((element) => {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const style = getComputedStyle(element);
        return own && style.overflowX !== "visible" && style.overflowX !== "auto"
            && style.overflowX !== "scroll" && style.textOverflow !== "ellipsis"
            && style.clipPath === "none"
            && !element.matches(".visually-hidden, input, textarea, select")
            && element.checkVisibility() && element.scrollWidth > element.clientWidth + 1;
    })
    .map((element) => `${element.tagName} ${element.className} “${element.textContent.trim()}”`)"""
# Buttons and the like whose words stand out of them.
WHAT_STANDS_OUT = """() => [
        ...document.body.querySelectorAll("button, .button, .badge, th, label, summary, nav a")
    ]
    .filter((element) => element.checkVisibility() && !element.matches(".visually-hidden")
        && element.clientWidth && element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.tagName} ${element.className} “${element.textContent.trim()}”`)"""


@pytest.fixture
def pseudo_language(tmp_path: Path) -> Iterator[None]:
    with pseudo.spoken(tmp_path):
        yield


@pytest.fixture
def question_set(library: None) -> QuestionSet:
    return QuestionSet.objects.get(slug=SET)


def speak(context: BrowserContext, language: str, server: LiveServer) -> Page:
    context.add_cookies([{"name": "django_language", "value": language, "url": server.url}])
    page = context.new_page()
    page.set_default_timeout(15_000)
    return page


def holds(page: Page, paths: list[str], language: str) -> None:
    """Every page in all widths: nothing is too wide, cut off, or stands out of its button."""
    wrong: list[str] = []
    for path in paths:
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            found = [page.evaluate(WHAT_IS_TOO_WIDE)]
            found += page.evaluate(WHAT_IS_CUT_OFF) + page.evaluate(WHAT_STANDS_OUT)
            wrong += [f"{path} at {width}: {what}" for what in found if what]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_everybody_can_read(
    browser_of: Callable[..., BrowserContext],
    live_server: LiveServer,
    candidate: User,
    language: str,
) -> None:
    question = Question.objects.order_by(Length("answer").desc())[0]
    context = browser_of(candidate)
    context.clear_cookies()
    page = speak(context, language, live_server)

    holds(
        page,
        [
            "/",
            "/sets/",
            f"/sets/{SET}/",
            question.get_absolute_url(),
            "/stories/",
            "/notes/",
            "/topics/",
            "/search/?q=pod&topic=networking",
            "/search/?q=iptabels",
            "/accounts/signup/",
            "/accounts/login/",
            "/accounts/password/reset/",
        ],
        language,
    )


@pytest.fixture
def graded_interview(candidate: User, reviewer: User, question_set: QuestionSet) -> Interview:
    interview = start_interview(candidate, question_set)
    write(interview, 1, "A readiness probe takes the Pod out of its Services.")
    interview.finish()
    interview.ask_for_review()
    interview.reveal()
    review = interview.assignments.get().claim(reviewer)
    grade(review, "half")
    review.publish(token_of(review))
    pass_a_minute(review)
    return interview


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_candidate(
    browser_of: Callable[..., BrowserContext],
    live_server: LiveServer,
    candidate: User,
    graded_interview: Interview,
    question_set: QuestionSet,
    language: str,
) -> None:
    ended = start_interview(candidate, question_set)
    ended.finish()
    running = start_interview(candidate, question_set)
    page = speak(browser_of(candidate), language, live_server)

    holds(
        page,
        [
            "/",
            f"/interviews/{running.pk}/answers/1/",
            f"/interviews/{running.pk}/answers/1/history/",
            f"/interviews/{running.pk}/finish/",
            f"/interviews/{ended.pk}/self-score/",
            f"/interviews/{graded_interview.pk}/feedback/",
            "/interviews/",
            "/interviews/new/",
            "/interviews/new/mixed/",
            "/interviews/compare/",
            "/progress/",
            "/profile/",
            "/profile/delete/",
        ],
        language,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_reviewer(
    browser_of: Callable[..., BrowserContext],
    live_server: LiveServer,
    person: Callable[..., User],
    reviewer: User,
    question_set: QuestionSet,
    language: str,
) -> None:
    held, *_waiting = fill_queue(person, question_set, 3)
    write_into(held.interview)
    review: Review = held.claim(reviewer)
    page = speak(browser_of(reviewer), language, live_server)

    holds(
        page,
        [
            "/queue/",
            f"/reviews/{review.pk}/",
            f"/reviews/{review.pk}/summary/",
            "/reviews/",
            "/comment-bank/",
            "/invitations/",
            "/invitations/new/",
        ],
        language,
    )


def write_into(interview: Interview) -> None:
    """Something to read in its first answer, as if it had been written in time."""
    interview.answers.filter(position=1).update(text="A Service finds Pods by their labels. " * 20)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_head_of_a_page_takes_two_lines_on_a_phone(
    stranger: Page, live_server: LiveServer, language: str
) -> None:
    """The name beside the ways in, then the links."""
    page = speak(stranger.context, language, live_server)
    page.set_viewport_size({"width": 360, "height": HEIGHT})
    page.goto("/topics/")
    box = page.locator(".site-header").bounding_box()
    assert box
    assert box["height"] < 100


def test_the_switch_works_without_scripts(
    browser_of: Callable[..., BrowserContext], candidate: User
) -> None:
    page = browser_of(candidate, java_script_enabled=False, locale="en-GB").new_page()
    page.goto("/sets/")
    page.get_by_role("button", name="Deutsch").click()

    expect(page).to_have_url("/sets/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Fragensets")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    candidate.refresh_from_db()
    assert candidate.language == "de"


def test_a_receipt_and_the_time_left_are_in_german(
    browser_of: Callable[..., BrowserContext],
    candidate: User,
    question_set: QuestionSet,
) -> None:
    User.objects.update(language="de")
    interview = start_interview(candidate, question_set)
    page = browser_of(candidate, locale="en-GB").new_page()
    page.goto(f"/interviews/{interview.pk}/answers/1/")
    page.locator("textarea").fill("eins zwei drei")
    page.locator("textarea").blur()

    expect(page.locator("#receipt")).to_contain_text("Gespeichert")
    expect(page.locator("#receipt")).to_contain_text("3 Wörter")
    expect(page.get_by_role("timer", name="Restzeit")).to_be_visible()
