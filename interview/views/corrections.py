"""What a reviewer did: the list of it, and the correction of a review that is published."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people import signed_in
from interview.forms.second_thoughts import CorrectionForm
from interview.models import Review, SecondLook
from interview.refusals import CorrectedAlready, Refused
from interview.views.access import not_found_if_deleted, reviewers_only

PER_PAGE = 20
MOST_SHOWN = 50


@require_safe
@reviewers_only
def review_list(request: HttpRequest) -> HttpResponse:
    """Second looks that wait for an answer, corrections that were begun, and what is published."""
    reviewer = signed_in(request)
    reviews = Review.objects.by(reviewer)
    looks = SecondLook.objects.unanswered().open_to(reviewer)
    page = Paginator(reviews.published().for_list(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "interview/review_list.html",
        {
            "looks": looks.for_list()[:MOST_SHOWN],
            "corrections": reviews.drafts().corrections().for_list()[:MOST_SHOWN],
            "page": page,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reviewers_only
@not_found_if_deleted()
def review_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, then begin a correction with all that the review says."""
    mine = Review.objects.by(signed_in(request)).published().for_list()
    review = get_object_or_404(mine, pk=pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    begun = None
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            return redirect("review", review.correct(reason).pk)
        except CorrectedAlready as refusal:
            begun = cast("Review", refusal.correction)
            if begun.reason == reason and begun.author_id == review.author_id:
                # A second click on the button: the first one began it.
                return redirect("review", begun.pk)
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    elif request.method != "POST":
        begun = Review.objects.filter(supersedes=review).first()
    context = {"review": review, "assignment": review.assignment, "form": form, "begun": begun}
    return render(request, "interview/review_correct.html", context)


@require_POST
@reviewers_only
@not_found_if_deleted()
def review_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give up a correction. One that is published stays, and its page says so."""
    corrections = Review.objects.by(signed_in(request)).corrections()
    correction = get_object_or_404(corrections, pk=pk)
    try:
        correction.discard()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("review-summary", pk)
    messages.success(request, _("The correction is discarded. The review stays as it was."))
    return redirect("review-list")
