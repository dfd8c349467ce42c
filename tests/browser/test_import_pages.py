"""The pages of an import, light and dark, wide and narrow: what axe finds, and whether they fit."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import Question, QuestionSet
from tests.browser.conftest import Complaints
from tests.browser.looking import ALL_RULES, RULES_OF_COLOUR, RUN_AXE, WHAT_IS_TOO_WIDE, WIDTHS
from tests.browser.test_importing import TEXT, press
from tests.conftest import make_question

pytestmark = [
    pytest.mark.browser,
    pytest.mark.budgets,
    pytest.mark.django_db(transaction=True),
]

MORE = f"""\
7. What is question 1 about?
8. {"w" * 400}?

   {"x" * 3000}

---

# Outage stories

* [DNS again](https://example.com/dns): it was DNS, and nobody had thought of it.

# A note on caches

They remember, by somebody@example.net.
"""


def faults(page: Page, axe: str) -> list[str]:
    """What is wrong with the page as it is."""
    found = []
    page.evaluate(axe)
    for scheme, rules in (("light", ALL_RULES), ("dark", RULES_OF_COLOUR)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        # Django admin lets colours change slowly; none is judged on its way to another.
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
            found += [f"{scheme} {width}: {fault}" for fault in page.evaluate(RUN_AXE, rules)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if widest := page.evaluate(WHAT_IS_TOO_WIDE):
            found.append(f"{widest} scrolls sideways at {width}")
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def test_axe_finds_nothing_on_any_page_of_an_import(
    axe: str,
    browser_of: Callable[..., BrowserContext],
    complaints: Complaints,
    editor: User,
    question_set: QuestionSet,
    tmp_path: Path,
    subtests: pytest.Subtests,
) -> None:
    page = browser_of(editor).new_page()
    # axe copies style sheets into the page to read them, which the policy does not let it; the
    # tests of the way through an import hear everything else. One form is refused on purpose.
    complaints.expect("Applying inline style", "(reading 'href')", "400 (Bad Request)")

    def look(name: str) -> None:
        with subtests.test(name):
            assert faults(page, axe) == []

    def bring(name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        page.goto("/admin/questions/import/add/")
        page.get_by_label("File:", exact=True).set_input_files(path)
        press(page, "Look at it")

    near = make_question(question_set, 9)
    Question.objects.filter(pk=near.pk).update(prompt="How does a Pod resolve a given name?")
    page.goto("/admin/questions/import/")
    look("list, empty")
    bring("bad.md", b"a\nb\x00")
    expect(page.get_by_text("bad.md:2:")).to_be_visible()
    look("upload, refused")
    bring("names.md", (TEXT + MORE).encode())
    press(page, "Merge with the next: “Who answers for a zone?”")
    expect(page.get_by_text("The next one was added")).to_be_visible()
    look("preview")
    preview = page.url.split("#")[0]
    for show in ("left", "problems", "similar"):
        page.goto(f"{preview}?show={show}")
        look(f"preview, {show}")
    page.goto(preview.replace("change/", "items/q6/"))
    look("one question")
    page.goto(preview.replace("change/", "discard/"))
    look("discard")
    page.goto(preview)
    page.get_by_label("Source").fill("nowhere")
    press(page, "Import as drafts")
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    look("preview, refused")
    page.get_by_label("Source").fill("https://example.com/names")
    press(page, "Import as drafts")
    page.goto(preview)
    expect(page.get_by_text("Undo this import")).to_be_visible()
    look("imported")
    bring("large.md", b"".join(b"%d. What is %d?\n" % (n, n) for n in range(1999)) * 5)
    expect(page.get_by_role("progressbar")).to_be_visible()
    look("waiting")
    page.goto("/admin/questions/import/")
    look("list")
    page.goto("/admin/questions/questionset/")
    for box in page.locator("[name=_selected_action]").all():
        box.check()
    page.get_by_label("Action:").select_option("Publish selected with their drafts")
    page.get_by_role("button", name="Go", exact=True).first.click()
    expect(page.get_by_text("Publish despite the licence?").first).to_be_visible()
    look("licences")
