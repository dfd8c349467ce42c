"""Grading one interview: an answer at a time, then the levels, then publishing.

Every write goes through `Review.writing()`. A write after the claim was lost is kept in the
reviewer's own draft, and the page says so (Rules of grading, 4).
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.people import signed_in
from interview.forms.grading import AnswerForm, SummaryForm, number_in
from interview.models import GradedAnswer, Review
from interview.refusals import Incomplete, Refused
from interview.views.access import reviewers_only


@require_safe
@reviewers_only
def review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The grading page at `?question=`, else at the first question with a mark missing."""
    review = _own_review(request, pk)
    answers = review.graded_answers()
    if asked := request.GET.get("question", ""):
        graded = _at(answers, number_in(asked))
    else:
        graded = next((graded for graded in answers if graded.unmarked), answers[0])
    return _answer_page(request, review, graded, AnswerForm(graded))


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("HX-Request")
def review_answer_save(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """Save marks and comment of one answer; its late text is accepted by the same form.

    A plain form goes on to the question that its button names in `go`, or to the summary. htmx
    gets the state of the work, never the fields: what is being typed stays as it is. A visit
    leads to the question: this address stays in the browser when a form was refused.
    """
    review = _own_review(request, pk)
    if request.method != "POST":
        return redirect(_next_page(review, "", position))
    graded = _at(review.graded_answers(), position)
    form = AnswerForm(graded, request.POST)
    saved = False
    if form.is_valid():
        try:
            with review.writing(form.cleaned_data["token"]):
                form.save(review)
            saved = True
        except Refused as refusal:
            form.add_error(None, str(refusal))
    by_htmx = "HX-Request" in request.headers
    if by_htmx or not saved:
        review = _own_review(request, pk)
        graded = _at(review.graded_answers(), position)
        return _answer_page(request, review, graded, form, fragment="saved" if by_htmx else "")
    return redirect(_next_page(review, request.POST.get("go", ""), position))


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@vary_on_headers("HX-Request")
def review_summary(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The levels and the last comment; what is missing; after publishing, what was said."""
    review = _own_review(request, pk)
    if request.method != "POST":
        return _summary_page(request, review, SummaryForm(review))
    form = SummaryForm(review, request.POST)
    saved = _save_summary(review, form)
    if "HX-Request" in request.headers:
        return _summary_page(request, _own_review(request, pk), form, fragment="summary-state")
    if not saved:
        return _summary_page(request, _own_review(request, pk), form)
    return redirect(_next_page(review, request.POST.get("go", "")))


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
def review_publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save the summary as it was sent, then publish; what was sent is kept if that is refused.

    A visit leads to the summary: this address stays in the browser when publishing was refused.
    """
    review = _own_review(request, pk)
    if request.method != "POST":
        return redirect("review-summary", review.pk)
    form = SummaryForm(review, request.POST)
    saved = _save_summary(review, form)
    if saved:
        try:
            review.publish(form.cleaned_data["token"])
        except Incomplete as refusal:
            form.complain_of(review.missing(), str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    review = _own_review(request, pk)
    if review.standing == "published":
        # Also after a second click on the button: then the first one did it.
        return redirect("review-summary", review.pk)
    return _summary_page(request, review, form, saved=saved)


@require_POST
@reviewers_only
def review_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    review = _own_review(request, pk)
    try:
        review.take_back()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The candidate has not seen it."))
    return redirect("review-summary", review.pk)


def _own_review(request: HttpRequest, pk: UUID) -> Review:
    return get_object_or_404(Review.objects.by(signed_in(request)).for_grading(), pk=pk)


def _at(answers: list[GradedAnswer], position: int | None) -> GradedAnswer:
    for graded in answers:
        if graded.answer.position == position:
            return graded
    raise Http404


def _next_page(review: Review, go: str, position: int | None = None) -> str:
    """Where the pressed button leads: a question by number, the summary, or nowhere else."""
    question = number_in(go) or position
    if go == "summary" or question is None:
        return reverse("review-summary", args=[review.pk])
    return f"{reverse('review', args=[review.pk])}?question={question}"


def _save_summary(review: Review, form: SummaryForm) -> bool:
    if not form.is_valid():
        return False
    try:
        with review.writing(form.cleaned_data["token"]):
            form.save(review)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _state_of_work(review: Review) -> dict[str, Any]:
    answers = review.graded_answers()
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
        "missing": review.missing(),
        "score": review.score if review.score is not None else review.score_so_far(),
    }


def _answer_page(
    request: HttpRequest,
    review: Review,
    graded: GradedAnswer,
    form: AnswerForm,
    fragment: str = "",
) -> HttpResponse:
    position = graded.answer.position
    context = {
        **_state_of_work(review),
        "graded": graded,
        "version": graded.answer.question_version,
        "form": form,
        "previous": position - 1,
        "next": position + 1 if position < len(review.graded_answers()) else "summary",
    }
    template = "interview/grade.html" + (f"#{fragment}" if fragment else "")
    return render(request, template, context)


def _summary_page(
    request: HttpRequest,
    review: Review,
    form: SummaryForm,
    fragment: str = "",
    *,
    saved: bool = False,
) -> HttpResponse:
    work = _state_of_work(review)
    # Marks must be there; the levels are chosen on this page and come with the button.
    may_publish = not work["missing"].answers and work["standing"] in {"held", "overdue"}
    context = {**work, "form": form, "may_publish": may_publish, "saved": saved}
    template = "interview/grade_summary.html" + (f"#{fragment}" if fragment else "")
    return render(request, template, context)
