"""What a reviewer sees: queue, grading, summary, corrections and second looks."""

from collections.abc import Callable
from uuid import uuid4

from django.db.models import F
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import User
from interview.models import Assignment, BankedComment, Interview, Review, SecondLook
from interview.models.comment_bank import MOST_BANKED
from interview.quotes import key_of
from interview.saving import Late, Save, save_answer
from questions.models import QuestionSet, Topic
from tests.browser.budgets.scenes import ANSWER, SET, question_set, sit_through
from tests.browser.budgets.tour import TOUR, VisitorOf
from tests.interview.practising import sit_often
from tests.interview.reviewing import end_lease, fill_queue, grade, pass_a_minute, token_of

pytestmark = TOUR


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
