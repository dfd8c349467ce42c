"""A second look at one key point: the candidate asks, a reviewer answers."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import signed_in
from interview.forms.second_thoughts import AnswerLookForm, AskForm
from interview.models import AcceptedText, Comment, Interview, Mark, SecondLook
from interview.refusals import AskedAlready, MarkedFull, Refused, TooLateToAsk
from interview.results import AnswerResult, PointResult, results_of
from interview.views.access import not_found_if_deleted, reviewers_only


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_found_if_deleted()
def second_look_ask(request: HttpRequest, pk: UUID, position: int, key: str) -> HttpResponse:
    """Say why the mark of one key point should be looked at again; once, within 14 days."""
    mine = Interview.objects.of(signed_in(request)).revealed()
    interview = get_object_or_404(mine.for_results(), pk=pk)
    results = results_of(interview)
    answer, point = point_at(results.answers, position, key)
    back = f"{reverse('feedback', args=[pk])}#point-{position}-{key}"
    if point.reviewers is None:
        raise Http404
    if point.look is not None:
        messages.info(request, str(AskedAlready()))
        return redirect(back)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            SecondLook.objects.ask(point.reviewers, form.cleaned_data["reason"])
        except AskedAlready as refusal:
            messages.info(request, str(refusal))
            return redirect(back)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request,
                _("A reviewer looks again, and you get an email with the answer."),
            )
            return redirect(back)
    context = {
        "interview": interview,
        "answer": answer.answer,
        "point": point,
        "form": form,
        "until": results.ask_until,
        "refusal": None if point.may_be_asked else why_not(point),
    }
    return render(request, "interview/second_look_ask.html", context)


def point_at(
    answers: Sequence[AnswerResult], position: int, key: str
) -> tuple[AnswerResult, PointResult]:
    for result in answers:
        for point in result.points:
            if (result.answer.position, point.point.key) == (position, key):
                return result, point
    raise Http404


def why_not(point: PointResult) -> Refused:
    full = point.reviewers is not None and point.reviewers.value == Mark.Value.FULL
    return MarkedFull() if full else TooLateToAsk()


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@not_found_if_deleted()
def second_look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is asked beside the answer it is about; POST answers it. Blind, as grading is.

    Who comes second gets back what they wrote, and no look at the answer of somebody else.
    """
    try:
        look = get_look(request, pk)
    except Http404:
        open_to_me = SecondLook.objects.open_to(signed_in(request)).select_related("assignment")
        if request.method != "POST" or (late := open_to_me.filter(pk=pk).first()) is None:
            raise
        context = {"assignment": late.assignment, "reply": request.POST.get("reply", "")}
        return render(request, "interview/second_look_late.html", context, status=409)
    form = AnswerLookForm(
        request.POST if request.method == "POST" else None,
        initial={"value": look.value or look.mark.value, "reply": look.reply},
    )
    if form.is_valid():
        try:
            look.answer_with(**form.cleaned_data, by=signed_in(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("second-look", pk)
    review = look.mark.review
    accepted = AcceptedText.objects.filter(review=review, answer=look.answer)
    context = {
        "look": look,
        "assignment": look.assignment,
        "version": look.answer.question_version,
        "comment": Comment.objects.filter(review=review, answer=look.answer).first(),
        "accepted": accepted.select_related("revision").first(),
        "is_own": review.author_id == signed_in(request).pk,
        "form": form,
    }
    return render(request, "interview/second_look.html", context)


@require_POST
@reviewers_only
@not_found_if_deleted()
def second_look_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        get_look(request, pk).take_back(signed_in(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The candidate has not seen it."))
    return redirect("second-look", pk)


def get_look(request: HttpRequest, pk: UUID) -> SecondLook:
    """One that waits for this reviewer's answer, or has it."""
    reviewer = signed_in(request)
    looks = SecondLook.objects.unanswered().open_to(reviewer)
    looks |= SecondLook.objects.answered_by(reviewer)
    return get_object_or_404(looks.for_page(), pk=pk)
