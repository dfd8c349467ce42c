"""What leads and editors see; the editors' own pages are in Django admin."""

from collections.abc import Callable

from accounts.models import User
from interview.groups import LEADS, REVIEWERS
from questions.models import Note, QuestionSet, Status
from tests.browser.budgets.scenes import SET, question_set
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.interview.reviewing import fill_queue, grade, token_of

pytestmark = TOUR


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
