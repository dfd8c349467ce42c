"""The progress page as it is seen: at every width, by keyboard, in forced colours, on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from interview.models import Interview
from questions.models import QuestionSet, Topic
from tests.interview.practising import mark_beside_the_answers, sit, sit_often

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STROKE = "it => getComputedStyle(it).stroke"


@pytest.fixture
def page(
    browser_of: Callable[..., BrowserContext],
    candidate: User,
    reviewer: User,
    question_set: QuestionSet,
) -> Page:
    """Of somebody with sixty reviewed interviews and one marked beside the model answers."""
    question_set.topics.add(Topic.objects.create(slug="networking", title="Networking"))
    sit_often(candidate, question_set, reviewer, 60)
    mark_beside_the_answers(sit(candidate, question_set, "half"), "full")
    Interview.objects.update(feedback_read_at="2100-01-01T00:00Z")
    page = browser_of(candidate).new_page()
    page.goto("/progress/")
    return page


@pytest.mark.parametrize("width", [320, 360, 1280, 1920])
def test_charts_fit_and_their_dots_stay_apart(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    chart = page.get_by_role("img", name="Line chart: the scores of 20 interviews")
    expect(chart).to_be_visible()
    box = chart.bounding_box()
    assert box
    assert box["height"] >= 100
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    # Twenty places, each dot nine pixels wide at any width.
    assert box["width"] / 20 >= 9
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_each_chart_has_a_name_and_its_table(page: Page) -> None:
    names = [
        chart.get_attribute("aria-label") or ""
        for chart in page.get_by_role("main").get_by_role("img").all()
    ]
    assert len(names) == 2
    assert all("The numbers are in the table below." in name for name in names)
    expect(page.get_by_role("region", name="Scores by interview").get_by_role("row")).to_have_count(
        21
    )
    expect(page.get_by_role("region", name="Mastery by topic")).to_contain_text("Networking")
    expect(page.get_by_role("columnheader", name="Week of")).to_be_hidden()
    page.get_by_text("Week by week").click()
    expect(page.get_by_role("columnheader", name="Week of")).to_be_visible()


def test_all_of_it_is_reached_by_keyboard(page: Page) -> None:
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        reached.append(
            focused.evaluate("it => it.getAttribute('aria-label') ?? it.innerText.trim()")
        )
        if reached[-1] == "Week by week":
            page.keyboard.press("Enter")
            expect(page.get_by_role("columnheader", name="Week of")).to_be_visible()
        if reached[-1] == "Networking":
            break
    step = reached.index("Ask for a review")
    order = [step, reached.index("Scores by interview"), reached.index("Week by week")]
    order += [reached.index("Your marks beside the reviewers’"), reached.index("Mastery by topic")]
    assert order == sorted(order)
    assert reached[-1] == "Networking"
    page.keyboard.press("Enter")
    page.wait_for_url("**/topics/networking/")


def test_the_next_step_leads_where_it_says(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="Ask for a review").click()
    expect(page.get_by_role("button", name="Ask for a review")).to_be_visible()


def test_in_forced_colours_all_is_drawn_in_the_colour_of_text(page: Page) -> None:
    page.emulate_media(forced_colors="active")
    text = page.locator("body").evaluate("it => getComputedStyle(it).color")
    for drawn in ("polyline.chart__own", "polyline.chart__reviewers", ".chart__guided"):
        assert page.locator(drawn).first.evaluate(STROKE) == text
    fill = page.locator(".chart__bars").evaluate("it => getComputedStyle(it).fill")
    assert fill == text
    hole = page.locator(".chart__hole").evaluate(STROKE)
    assert hole == page.locator("body").evaluate("it => getComputedStyle(it).backgroundColor")


def test_in_dark_it_is_drawn_in_other_colours(page: Page) -> None:
    line = page.locator("polyline.chart__reviewers")
    light = line.evaluate(STROKE)
    page.emulate_media(color_scheme="dark")
    assert line.evaluate(STROKE) != light


def test_on_paper_the_weeks_are_told_and_nothing_is_there_to_press(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.get_by_role("columnheader", name="Week of")).to_be_visible()
    expect(page.get_by_role("img", name="Line chart")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Ask for a review")).to_be_hidden()


def test_without_script_nothing_is_missing(
    browser_of: Callable[..., BrowserContext], candidate: User, page: Page
) -> None:
    plain = browser_of(candidate, java_script_enabled=False).new_page()
    plain.goto("/progress/")
    expect(plain.get_by_role("img", name="Bar chart")).to_be_visible()
    plain.get_by_text("Week by week").click()
    expect(plain.get_by_role("columnheader", name="Week of")).to_be_visible()
