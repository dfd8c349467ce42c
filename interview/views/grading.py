"""Grading one interview: an answer at a time, the levels beside or after them, then publishing.

Every write goes through `Review.writing()`. A write after the claim was lost is kept in the
reviewer's own draft, and the page says so (Rules of grading, 4). What is deleted at that moment, as
a correction that is discarded in another tab, is a 404 as it is a moment later.
"""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.paths import path_to
from accounts.people import signed_in
from interview.forms.grading import (
    AnswerForm,
    ClaimForm,
    SummaryForm,
    number_in,
    sent_choices,
)
from interview.forms.sittings import sent_save
from interview.grading import (
    chosen_levels,
    map_of,
    place_of,
    points_of,
    progress_of,
    scales_of,
    sentences_of,
    title_of,
    words_of,
)
from interview.models import Comment, GradedAnswer, Review
from interview.models.marks import CommentRow
from interview.models.reviews import score_of
from interview.models.saved_text import MOST_CHARACTERS
from interview.refusals import Incomplete, Refused, StaleToken
from interview.saving import Conflict, Receipt
from interview.saving.comments import save_comment
from interview.to_grade import review_to_grade
from interview.views.access import not_found_if_deleted, reviewers_only
from interview.views.replies import STATUS, refusal, reply
from interview.views.unsaved import asks_for_json

CAN_BE_PUBLISHED = {"held", "overdue", "correction"}


@require_safe
@reviewers_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The grading page at `?question=`, else at the first question with a mark missing.

    With `by=question` it leads on to the next answer of the batch, not of the interview.
    """
    review = _own_review(request, pk)
    answers = review.graded_answers()
    if asked := request.GET.get("question", ""):
        graded = _at(answers, number_in(asked))
    else:
        graded = next((graded for graded in answers if graded.unmarked), answers[0])
    return _answer_page(request, review, answers, graded)


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("Accept")
@not_found_if_deleted()
def review_answer_save(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """Save marks and comment of one answer; its late text is accepted by the same form, and the
    levels of the interview are chosen in it.

    A plain form goes on to the question that its button names in `go`, or to the summary. A script
    sends what was chosen on its page and gets the state of the work, never the fields: what is
    being typed stays as it is. A visit leads to the question: this address stays in the browser
    when a form was refused.
    """
    review = _own_review(request, pk)
    if request.method != "POST":
        return redirect(_next_page(review, "", position))
    form = AnswerForm(review, _at(review.graded_answers(), position), sent_choices(request))
    outcome, refused = _save(review, form)
    if asks_for_json(request):
        return _tell(request, pk, position, form, refused)
    if form.errors or isinstance(outcome, Conflict):
        review = _own_review(request, pk, position)
        answers = review.graded_answers()
        return _answer_page(request, review, answers, _at(answers, position), form, outcome)
    go, token = request.POST.get("go", ""), form.cleaned_data["token"]
    return redirect(_next_page(review, go, position, by=_by(request.POST), token=token))


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("Accept")
@not_found_if_deleted()
def review_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The levels and the last comment; what is missing; after publishing, what was said."""
    review = _own_review(request, pk)
    if request.method != "POST":
        return _summary_page(request, review, SummaryForm(review))
    form = SummaryForm(review, sent_choices(request))
    outcome, refused = _save(review, form)
    if asks_for_json(request):
        return _tell(request, pk, None, form, refused)
    if form.errors or isinstance(outcome, Conflict):
        return _summary_page(request, _own_review(request, pk), form, outcome)
    return redirect(_next_page(review, request.POST.get("go", "")))


@require_POST
@reviewers_only
@not_found_if_deleted()
def review_comment_save(
    request: HttpRequest, pk: UUID, position: int | None = None
) -> JsonResponse:
    """Store a comment while it is typed, as an answer is: for a script, with a receipt.

    Without a position it is the comment on the interview as a whole.
    """
    review = _own_review(request, pk)
    graded = None if position is None else _at(review.graded_answers(), position)
    form, claim = sent_save(request), ClaimForm(sent_choices(request))
    claim.full_clean()
    if not form.is_valid():
        return JsonResponse(refusal(" ".join(form.complaints), None), status=400)
    try:
        with review.writing(claim.cleaned_data["token"]):
            outcome = save_comment(review, graded.answer if graded else None, form.save)
    except Refused as refused:
        told = {**refusal(str(refused), None), **_new_token(request, pk, refused)}
        return JsonResponse(told, status=409)
    told = reply(request, outcome, "interview/includes/comment.html")
    told["work"] = _work(request, _own_review(request, pk), position, None)
    return JsonResponse(told, status=STATUS[type(outcome)])


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@not_found_if_deleted()
def review_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the summary as it was sent, then publish; what was sent is kept if that is refused.

    A visit leads to the summary: this address stays in the browser when publishing was refused.
    """
    review = _own_review(request, pk)
    if request.method != "POST":
        return redirect("review-summary", review.pk)
    form = SummaryForm(review, request.POST)
    outcome, _refused = _save(review, form)
    saved = not form.errors
    if saved and not isinstance(outcome, Conflict):
        try:
            review.publish(form.cleaned_data["token"])
        except Incomplete as incomplete:
            form.complain_of(review.missing(), str(incomplete))
        except Refused as refused:
            form.add_error(None, str(refused))
    review = _own_review(request, pk)
    if review.standing == "published":
        # Also after a second click on the button: then the first one did it.
        return redirect("review-summary", review.pk)
    return _summary_page(request, review, form, outcome, saved=saved)


@require_POST
@reviewers_only
@not_found_if_deleted()
def review_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    review = _own_review(request, pk)
    try:
        review.take_back()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The candidate has not seen it."))
    return redirect("review-summary", review.pk)


def _own_review(request: HttpRequest, pk: UUID, position: int | None = None) -> Review:
    """With what its batch holds of the question at that position, where one grades by question."""
    data = request.POST if request.method == "POST" else request.GET
    position = position or number_in(request.GET.get("question", ""))
    return review_to_grade(pk, signed_in(request), position if _by(data) else None)


def _at(answers: list[GradedAnswer], position: int | None) -> GradedAnswer:
    for graded in answers:
        if graded.answer.position == position:
            return graded
    raise Http404


def _by(data: QueryDict) -> str:
    """Whether one grades by question, as the page's address or its form says."""
    return "question" if data.get("by") == "question" else ""


def _next_page(
    review: Review,
    go: str,
    position: int | None = None,
    by: str = "",
    token: UUID | None = None,
) -> str:
    """Where the pressed button leads: a question by number, the summary, or nowhere else.

    Or to the next answer of the batch that the page was loaded in, by its `token`: of that
    something may be left when the claim on this interview is lost.
    """
    if go == "batch":
        if token is None:
            return reverse("queue")
        after = urlencode({"after": f"{review.pk}.{position}"})
        return f"{reverse('batch-next', args=[token])}?{after}"
    question = number_in(go) or position
    if go == "summary" or question is None:
        return reverse("review-summary", args=[review.pk])
    query = {"question": question, **({"by": by} if by and question == position else {})}
    return f"{reverse('review', args=[review.pk])}?{urlencode(query)}"


def _save(
    review: Review, form: AnswerForm | SummaryForm
) -> tuple[Receipt | Conflict | None, Refused | None]:
    """Write all of a form behind its token. What became of the comment; what was refused."""
    if not form.is_valid():
        return None, None
    try:
        with review.writing(form.cleaned_data["token"]):
            return form.save(review), None
    except Refused as refused:
        form.add_error(None, str(refused))
        return None, refused


def _tell(
    request: HttpRequest,
    pk: UUID,
    position: int | None,
    form: AnswerForm | SummaryForm,
    refused: Refused | None,
) -> JsonResponse:
    """What became of the choices that a script sent, and how the work stands."""
    work = {"work": _work(request, _own_review(request, pk), position, form)}
    if not form.errors:
        return JsonResponse({"state": "saved", **work})
    sentences = " ".join(str(error) for errors in form.errors.values() for error in errors)
    told = {**refusal(sentences, None), **work, **_new_token(request, pk, refused)}
    return JsonResponse(told, status=409 if refused else 400)


def _new_token(request: HttpRequest, pk: UUID, refused: Refused | None) -> dict[str, str]:
    """The claim's own, for a page of an earlier one: its next save is made knowing of that."""
    if not isinstance(refused, StaleToken):
        return {}
    assignment = _own_review(request, pk).assignment
    assert assignment is not None
    return {"token": str(assignment.token or "")}


def _work(
    request: HttpRequest,
    review: Review,
    position: int | None,
    form: AnswerForm | SummaryForm | None,
) -> str:
    """The parts of a page that change as one works, each with its id."""
    if position is None:
        context = _summary_context(review, SummaryForm(review), None)
        return render_to_string("interview/grade_summary.html#work", context, request)
    answers = review.graded_answers()
    shown = form if isinstance(form, AnswerForm) else None
    context = _answer_context(review, answers, _at(answers, position), shown, None)
    return render_to_string("interview/grade.html#work", context, request)


def _state_of_work(review: Review, answers: list[GradedAnswer]) -> dict[str, Any]:
    points = sum(len(graded.points) for graded in answers)
    unmarked = sum(len(graded.unmarked) for graded in answers)
    return {
        "review": review,
        "assignment": review.assignment,
        "standing": review.standing,
        "answers": answers,
        "point_count": points,
        "marked_count": points - unmarked,
        "unmarked_count": unmarked,
        "missing": review.missing(answers),
        "levels": chosen_levels(review),
        "score": review.score if review.score is not None else score_of(answers),
        "bank": review.bank,
        "writer": uuid4(),
        "most_characters": MOST_CHARACTERS,
    }


def _comment(
    form: AnswerForm | SummaryForm | None,
    outcome: Receipt | Conflict | None,
    stored: Comment | CommentRow | None,
) -> dict[str, Any]:
    """The comment's field: what was sent stays in it, and on what the next save is based."""
    conflict = outcome if isinstance(outcome, Conflict) else None
    text, revision = (stored.text, stored.revision) if stored else ("", 0)
    base: Any = revision
    if form is not None and form.is_bound and not conflict:
        text, base = form["comment"].value(), form.data.get("base", revision)
    receipt = None
    if stored is not None and stored.saved_at is not None:
        receipt = Receipt(revision, stored.saved_at, stored.text, None)
    return {
        "form": form,
        "conflict": conflict,
        "standing_comment": conflict.standing if conflict else None,
        "text": conflict.sent if conflict else text,
        "base": base,
        "receipt": receipt,
        "comment_errors": form["comment"].errors if form is not None else (),
    }


def _answer_context(
    review: Review,
    answers: list[GradedAnswer],
    graded: GradedAnswer,
    form: AnswerForm | None,
    outcome: Receipt | Conflict | None,
) -> dict[str, Any]:
    position = graded.answer.position
    points = points_of(graded, form, review.own_marks_on(graded))
    work = _state_of_work(review, answers)
    return {
        **work,
        "title": title_of(review, graded),
        "place": place_of(review, graded, len(answers)),
        "words": words_of(graded),
        "progress": progress_of(
            work["marked_count"],
            work["point_count"],
            work["score"],
            published=work["standing"] == "published",
        ),
        **_comment(form, outcome, graded.stored_comment),
        "comment_label": _("Comment on this answer"),
        "graded": graded,
        "version": graded.answer.question_version,
        "here": path_to("review", review.pk),
        "map": map_of(answers, position),
        "points": points,
        "scales": scales_of(review, form),
        "sentences": sentences_of(graded),
        "previous": position - 1,
        "next": position + 1 if position < len(answers) else "summary",
    }


def _answer_page(
    request: HttpRequest,
    review: Review,
    answers: list[GradedAnswer],
    graded: GradedAnswer,
    form: AnswerForm | None = None,
    outcome: Receipt | Conflict | None = None,
) -> HttpResponse:
    by = _by(request.POST if request.method == "POST" else request.GET)
    context = {**_answer_context(review, answers, graded, form, outcome), "by": by}
    status = 409 if isinstance(outcome, Conflict) else 200
    return render(request, "interview/grade.html", context, status=status)


def _summary_context(
    review: Review, form: SummaryForm, outcome: Receipt | Conflict | None
) -> dict[str, Any]:
    work = _state_of_work(review, review.graded_answers())
    # Marks must be there; the levels are chosen on this page and come with the button.
    may_publish = not work["missing"].answers and work["standing"] in CAN_BE_PUBLISHED
    comment = _comment(form, outcome, review.stored_overall_comment)
    label = _("Comment on the whole interview")
    return {
        **work,
        **comment,
        "comment_label": label,
        "scales": scales_of(review, form),
        "may_publish": may_publish,
    }


def _summary_page(
    request: HttpRequest,
    review: Review,
    form: SummaryForm,
    outcome: Receipt | Conflict | None = None,
    *,
    saved: bool = False,
) -> HttpResponse:
    context = {**_summary_context(review, form, outcome), "saved": saved}
    status = 409 if isinstance(outcome, Conflict) else 200
    return render(request, "interview/grade_summary.html", context, status=status)
