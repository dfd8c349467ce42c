"""An editor imports a file, with and without JavaScript, and a candidate studies what was in it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from questions.models import Import, QuestionSet, Status
from tests.browser.hands import heading

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = """\
# Names in a cluster

Questions on DNS, as somebody asked them.

1. What is a zone?

   A part of the tree.

   What is a record?

   A line of a zone.
2. Who answers for a zone?

   An authoritative server.
3. And every zone has two of them.
4. A history of names

   First there was a file on every host.
5. What is your favourite domain?
6. How does a Pod resolve a name?

   By the cluster’s DNS service:

   ```console
   $ kubectl exec web -- cat /etc/resolv.conf
   ```
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dns questions.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def row(page: Page, title: str) -> Any:
    return page.locator(".import-list tbody tr").filter(
        has=page.locator(".import-title", has_text=title)
    )


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_a_file_to_the_candidate(
    browser_of: Callable[..., BrowserContext],
    editor: User,
    candidate: User,
    file: Path,
    has_script: bool,
) -> None:
    page = browser_of(editor, java_script_enabled=has_script).new_page()
    page.goto("/admin/")
    page.get_by_role("link", name="Imports", exact=True).first.click()
    page.get_by_role("link", name="Add import").last.click()
    page.get_by_label("File:", exact=True).set_input_files(file)
    page.get_by_label("Source").fill("https://example.com/dns")
    page.get_by_label("Licence").fill("CC-BY-SA-4.0")
    press(page, "Look at it")
    expect(page.get_by_text("1 set, 6 questions")).to_be_visible()

    press(page, "Merge with the next: “Who answers for a zone?”")
    expect(page.get_by_text("1 set, 5 questions")).to_be_visible()
    page.get_by_role("link", name="Split or reword: “What is a zone?”").click()
    page.get_by_label("The second question begins with").select_option("What is a record?")
    press(page, "Split here")
    expect(row(page, "What is a record?")).to_contain_text("A line of a zone.")
    page.get_by_role("link", name="Split or reword: “How does a Pod resolve a name?”").click()
    page.get_by_label("Prompt or title").fill("How does a Pod find the address of a name?")
    press(page, "Save the new words")
    press(page, "This is a note: “A history of names”")
    press(page, "Skip: “What is your favourite domain?”")
    expect(page.get_by_text("1 set, 4 questions, 1 note.")).to_be_visible()
    press(page, "Import as drafts")

    expect(page.get_by_text("4 questions are imported, as drafts.")).to_be_visible()
    question_set = QuestionSet.objects.get()
    assert question_set.status == Status.DRAFT
    expect(page).to_have_url(re.compile(f"/questionset/{question_set.pk}/change/$"))
    page.get_by_role("link", name="See what was written, or undo the import").click()
    expect(page.get_by_role("link", name="Names in a cluster")).to_be_visible()

    page.goto("/admin/questions/questionset/")
    page.locator("[name=_selected_action]").check()
    page.get_by_label("Action:").select_option("Publish selected with their drafts")
    page.get_by_role("button", name="Go", exact=True).first.click()
    expect(page.get_by_text("5 sets and questions are published now.")).to_be_visible()

    reader = browser_of(candidate, java_script_enabled=has_script).new_page()
    reader.goto("/sets/")
    reader.get_by_role("link", name="Names in a cluster").first.click()
    prompts = [
        *("What is a zone?", "What is a record?", "Who answers for a zone?"),
        "How does a Pod find the address of a name?",
    ]
    for prompt in prompts:
        expect(reader.get_by_role("link", name=prompt)).to_be_visible()
    expect(reader.get_by_text("favourite domain")).to_have_count(0)
    reader.get_by_role("link", name=prompts[-1]).click()
    heading(reader, prompts[-1])
    for step in reader.locator("details > summary").all():
        step.click()
    expect(reader.get_by_text("kubectl exec web")).to_be_visible()


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_large_file_shows_progress_until_its_preview_is_there(
    browser_of: Callable[..., BrowserContext],
    editor: User,
    tmp_path: Path,
    read_in_background: Callable[[], None],
    has_script: bool,
) -> None:
    text = "".join(f"{n}. What is {n}?\n\n   {'A number. ' * 40}\n" for n in range(1, 1300))
    assert len(text) > 500_000
    path = tmp_path / "large.md"
    path.write_text(text, encoding="utf-8")
    page = browser_of(editor, java_script_enabled=has_script).new_page()
    page.goto("/admin/questions/import/add/")
    page.get_by_label("File:", exact=True).set_input_files(path)
    press(page, "Look at it")
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("Your file waits for its turn to be read.")

    read_in_background()

    expect(page.get_by_text("1 set, 1299 questions")).to_be_visible()
    assert Import.objects.get().read_at
