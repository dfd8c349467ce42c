"""The pages of ours in Django admin: those of the library, and those of an import."""

from pathlib import Path

from playwright.sync_api import expect

from accounts.models import User
from questions.models import Note, Question, QuestionSet, Story, Topic
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.browser.test_importing import TEXT, press
from tests.conftest import make_question

pytestmark = TOUR

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


def test_the_pages_of_the_library(visitor_of: VisitorOf, editor: User) -> None:
    visitor = visitor_of("editor", editor)
    question_set = QuestionSet.objects.all()[0]
    question = question_set.questions.all()[0]
    QuestionSet.objects.filter(pk=question_set.pk).update(checked_on=None)
    question.record_version()
    question.answer += " And more."
    question.save()
    question.record_version()
    base = "/admin/questions"
    changes = [
        f"{base}/{item._meta.model_name}/{item.pk}/change/"
        for item in (question_set, question, Story.objects.all()[0], Note.objects.all()[0])
    ]
    paths = [
        *("/admin/", f"{base}/", f"{base}/questionset/", f"{base}/question/?answer=none"),
        *(f"{base}/story/", f"{base}/note/", f"{base}/topic/", *changes),
        *(f"{base}/topic/{Topic.objects.all()[0].pk}/change/", f"{base}/question/add/"),
        *(f"{base}/questionset/add/", f"{base}/question/{question.pk}/versions/"),
        *(f"{base}/question/{question.pk}/history/", f"{base}/questionset/?checked=stale"),
        f"{base}/questionversion/{question.versions.all()[0].pk}/change/",
    ]
    for path in paths:
        visitor.visit(path, path)


def test_the_pages_of_an_import(
    visitor_of: VisitorOf, editor: User, question_set: QuestionSet, tmp_path: Path
) -> None:
    visitor = visitor_of("editor, import", editor)
    page = visitor.page

    def bring(name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        page.goto("/admin/questions/import/add/")
        page.get_by_label("File:", exact=True).set_input_files(path)
        press(page, "Look at it")

    near = make_question(question_set, 9)
    Question.objects.filter(pk=near.pk).update(prompt="How does a Pod resolve a given name?")
    page.goto("/admin/questions/import/")
    visitor.look("list, empty")
    bring("bad.md", b"a\nb\x00")
    expect(page.get_by_text("bad.md:2:")).to_be_visible()
    visitor.look("upload, refused", "400 (Bad Request)")
    bring("names.md", (TEXT + MORE).encode())
    press(page, "Merge with the next: “Who answers for a zone?”")
    expect(page.get_by_text("The next one was added")).to_be_visible()
    visitor.look("preview")
    preview = page.url.split("#")[0]
    for show in ("left", "problems", "similar"):
        page.goto(f"{preview}?show={show}")
        visitor.look(f"preview, {show}")
    page.goto(preview.replace("change/", "items/q6/"))
    visitor.look("one question")
    page.goto(preview.replace("change/", "discard/"))
    visitor.look("discard")
    page.goto(preview)
    page.get_by_label("Source").fill("nowhere")
    press(page, "Import as drafts")
    expect(page.get_by_text("Nothing was imported.")).to_be_visible()
    visitor.look("preview, refused", "400 (Bad Request)")
    page.get_by_label("Source").fill("https://example.com/names")
    press(page, "Import as drafts")
    page.goto(preview)
    expect(page.get_by_text("Undo this import")).to_be_visible()
    visitor.look("imported")
    bring("large.md", b"".join(b"%d. What is %d?\n" % (n, n) for n in range(1999)) * 5)
    expect(page.get_by_role("progressbar")).to_be_visible()
    visitor.look("waiting")
    page.goto("/admin/questions/import/")
    visitor.look("list")
    page.goto("/admin/questions/questionset/")
    for box in page.locator("[name=_selected_action]").all():
        box.check()
    page.get_by_label("Action:").select_option("Publish selected with their drafts")
    page.get_by_role("button", name="Go", exact=True).first.click()
    expect(page.get_by_text("Publish despite the licence?").first).to_be_visible()
    visitor.look("licences")
