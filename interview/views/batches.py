"""Grading by question: claiming a batch, its overview, and the way from answer to answer.

The answers are graded on the page of the interview they are from.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from interview.batches import Batch, batch_of
from interview.forms.grading import number_in
from interview.forms.queue import QueueForm
from interview.models import Assignment, Review
from interview.refusals import Refused
from interview.views.access import reviewers_only


@require_POST
@reviewers_only
def batch_claim(request: HttpRequest) -> HttpResponse:
    """Claim up to ten that share a set, of those the address narrows to."""
    form = QueueForm(request.GET)
    holding = number_in(request.POST.get("holding", ""))
    chosen = Assignment.objects.matching(**form.filters)
    try:
        token = chosen.claim_batch(signed_in(request), holding)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(reverse("queue") + form.query)
    if token is None:
        messages.info(request, _("No interview that could make a batch waits for you now."))
        return redirect(reverse("queue") + form.query)
    return redirect("batch", token)


@require_safe
@reviewers_only
def batch(request: HttpRequest, token: UUID) -> HttpResponse:
    """Its questions with how many answers are marked, and its interviews, to be published."""
    batch = _own_batch(request, token)
    return render(
        request,
        "interview/batch.html",
        {"batch": batch, "assignment": batch.reviews[0].assignment, "next": batch.next_after("")},
    )


@require_safe
@reviewers_only
def batch_next(request: HttpRequest, token: UUID) -> HttpResponse:
    """To the next answer with a mark missing `?after=` a place; to the overview if none is.

    To the queue if nothing of the batch is held any more, whoever's it was: a page that was loaded
    before leads here after its last save.
    """
    try:
        batch = _own_batch(request, token)
    except Http404:
        messages.info(
            request,
            _("You hold nothing of that batch any more. What you had not published is kept below."),
        )
        return redirect("queue")
    answer = batch.next_after(request.GET.get("after", ""))
    if answer is None:
        messages.success(request, _("Every key point is marked. Choose the levels and publish."))
        return redirect("batch", token)
    position = answer.graded.answer.position
    return redirect(f"{reverse('review', args=[answer.review.pk])}?question={position}&by=question")


@require_POST
@reviewers_only
def batch_release(request: HttpRequest, token: UUID) -> HttpResponse:
    """Give all of it back that is not published; drafts are kept."""
    reviewer = signed_in(request)
    released = Assignment.objects.of_batch(token, reviewer).release_all()
    if not released:
        messages.info(request, _("You didn’t hold that batch any more."))
    else:
        messages.success(request, _("The batch waits for other reviewers. Your drafts are kept."))
    return redirect("queue")


def _own_batch(request: HttpRequest, token: UUID) -> Batch:
    reviews = list(Review.objects.of_batch(token, signed_in(request)))
    if not reviews:
        raise Http404
    return batch_of(token, reviews)
