"""The room on a phone of 360 × 640 pixels, whose keyboard leaves half of its height."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from accounts.models import User
from interview.models import Interview
from questions.models import Question, QuestionSet
from tests.browser.longest import MARKDOWN, WORD, filled
from tests.browser.rooms import enter, receipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WITHOUT_KEYBOARD = ViewportSize(width=360, height=640)
WITH_KEYBOARD = ViewportSize(width=360, height=320)


@pytest.fixture
def question_set(question_set: QuestionSet) -> QuestionSet:
    """Its first question is as long as one can be."""
    question = question_set.questions.get(position=1)
    Question.objects.filter(pk=question.pk).update(
        prompt=filled(500, "What happens when nobody answers?"), body=MARKDOWN
    )
    question.refresh_from_db()
    question.record_version()
    return question_set


@pytest.fixture
def phone(browser_of: Callable[..., BrowserContext], running_interview: Interview) -> Page:
    context = browser_of(running_interview.candidate, has_touch=True, is_mobile=True)
    page = enter(context, running_interview)
    page.set_viewport_size(WITHOUT_KEYBOARD)
    return page


def open_keyboard(phone: Page) -> None:
    """The page learns of it by and by."""
    phone.set_viewport_size(WITH_KEYBOARD)
    phone.wait_for_function("(height) => innerHeight === height", arg=WITH_KEYBOARD["height"])


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES])
def spoken(request: pytest.FixtureRequest, candidate: User) -> None:
    """The candidate's language is one of ours after the other."""
    candidate.language = request.param
    candidate.save()


def text_area(page: Page) -> Locator:
    """By its place: what it is called depends on the language."""
    return page.locator("#text")


@dataclass
class Seen:
    """What of an element can be seen: its part of the screen."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


def seen(element: Locator) -> Seen:
    """From where to where it is on the screen, and not below something else."""
    top, bottom = element.evaluate(
        """(element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            const x = (left + right) / 2;
            const rows = [];
            for (let y = Math.max(0, Math.ceil(top)); y < Math.min(innerHeight, bottom); y++)
                if (element.contains(document.elementFromPoint(x, y))) rows.push(y);
            return [rows[0] ?? 0, (rows.at(-1) ?? -1) + 1];
        }"""
    )
    return Seen(top, bottom)


def assert_all_in_sight(page: Page) -> None:
    """Clock, question, text and receipt, in this order and none over another."""
    clock = seen(page.get_by_role("timer"))
    question = seen(page.locator(".room__question"))
    text = seen(text_area(page))
    last = seen(receipt(page))
    assert clock.height >= 16
    assert question.height >= 60
    assert text.height >= 76  # three lines, even where the buttons are scrolled into sight
    assert last.height >= 16
    assert clock.bottom <= question.top < question.bottom <= text.top < text.bottom <= last.top
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate("scrollX") == 0


def lines_below(page: Page) -> float:
    """How many lines of the text are below what its field shows."""
    return text_area(page).evaluate(  # type: ignore[no-any-return]
        """(area) => (area.scrollHeight - area.clientHeight - area.scrollTop)
            / parseFloat(getComputedStyle(area).lineHeight)"""
    )


@pytest.mark.usefixtures("spoken")
def test_a_tap_on_the_text_leaves_all_in_sight(phone: Page) -> None:
    text_area(phone).tap()
    open_keyboard(phone)
    phone.keyboard.type("The first words")
    expect(receipt(phone)).to_contain_text(re.compile("(revision|Fassung) 1 "))
    assert_all_in_sight(phone)


@pytest.mark.parametrize("word", ["wort ", WORD], ids=["words", "one word"])
def test_at_the_end_of_the_longest_text_all_is_in_sight(phone: Page, word: str) -> None:
    text_area(phone).fill((word * 4000)[:20_000])
    text_area(phone).tap()
    open_keyboard(phone)
    phone.keyboard.press("Control+End")
    phone.keyboard.press("Backspace")
    phone.keyboard.type("x")
    expect(receipt(phone)).to_contain_text("revision")
    assert_all_in_sight(phone)
    assert lines_below(phone) < 2
    phone.keyboard.press("Control+Home")
    phone.keyboard.type("x")
    assert_all_in_sight(phone)


@pytest.mark.parametrize("width", [320, 344, 360])
@pytest.mark.usefixtures("spoken")
def test_the_foot_is_the_receipt_and_one_row_of_buttons(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 640})
    text_area(phone).scroll_into_view_if_needed()
    buttons = [seen(button) for button in phone.locator(".room__foot button").all()]
    assert {button.height for button in buttons} == {44}
    assert len({button.top for button in buttons}) == 1
    assert phone.evaluate("document.documentElement.scrollWidth") == width
    assert phone.evaluate(
        """[...document.querySelectorAll(".room__foot button:not(#flag)")]
            .every((button) => button.scrollWidth <= button.clientWidth)"""
    )


@pytest.mark.usefixtures("spoken")
def test_the_title_is_there_to_its_end(phone: Page, running_interview: Interview) -> None:
    title = "Networking, health checks and storage " * 3
    Interview.objects.filter(pk=running_interview.pk).update(title=title)
    narrow, wide = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)
    for size in (narrow, WITHOUT_KEYBOARD, wide):
        phone.set_viewport_size(size)
        phone.reload()
        (shown,) = phone.locator(f"text={title.strip()} >> visible=true").all()
        # Its last word is inside of each box around it that could cut it off.
        cut_by = shown.evaluate(
            """title => {
                const words = document.createRange();
                words.selectNodeContents(title);
                const { right, bottom } = [...words.getClientRects()].at(-1);
                const cutting = [];
                for (let box = title; box; box = box.parentElement) {
                    const edge = box.getBoundingClientRect();
                    if (getComputedStyle(box).overflow === "visible") continue;
                    const cuts = right > edge.right + 1 || bottom > edge.bottom + 1;
                    if (cuts) cutting.push(box.className);
                }
                return cutting;
            }"""
        )
        assert cut_by == [], size


def test_the_question_can_be_read_to_its_end(phone: Page) -> None:
    open_keyboard(phone)
    question = phone.locator(".room__question")
    question.focus()
    phone.keyboard.press("End")
    expect(question.locator("blockquote")).to_be_in_viewport()


def test_every_button_can_be_reached_with_the_keyboard_open(phone: Page) -> None:
    open_keyboard(phone)
    for button in phone.locator(".room__foot button").all():
        button.focus()
        assert seen(button).height >= 44


def test_every_target_is_as_large_as_a_fingertip(phone: Page) -> None:
    targets = phone.locator(".room button:visible, .room summary:visible")
    assert targets.count() >= 9  # three questions, five buttons, five minutes more
    for target in targets.all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, target.inner_text()
