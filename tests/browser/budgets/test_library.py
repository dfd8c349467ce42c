"""What everybody can read, with the real library."""

from django.db.models.functions import Length

from questions.models import Note, QuestionSet, Status, Story
from tests.browser.budgets.scenes import SET, longest_question
from tests.browser.budgets.tour import TOUR, VisitorOf

pytestmark = TOUR


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
