"""The review queue: what waits, and what the reviewer holds."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from interview import clock
from interview.forms.grading import number_in
from interview.models import Assignment, Review
from interview.refusals import Refused
from interview.views.access import reviewers_only

MOST_SHOWN = 50
MOST_DRAFTS = 10


@require_safe
@reviewers_only
def queue(request: HttpRequest) -> HttpResponse:
    """Claims, what came by one's own invitations, what else waits, and lost drafts."""
    reviewer = signed_in(request)
    open_to_me = Assignment.objects.waiting().open_to(reviewer).exclude(holder=reviewer)
    reserved = open_to_me.reserved_for(reviewer).for_queue(reviewer)
    waiting = open_to_me.exclude(reserved_for=reviewer)
    return render(
        request,
        "interview/queue.html",
        {
            "claims": Assignment.objects.claimed_by(reviewer).for_queue(reviewer),
            "most_claims": clock.MOST_CLAIMS,
            "reserved": list(reserved[:MOST_SHOWN]),
            "waiting": waiting.for_queue(reviewer)[:MOST_SHOWN],
            "waiting_count": waiting.count(),
            "most_shown": MOST_SHOWN,
            "patience_days": settings.REVIEW_PATIENCE_DAYS,
            "drafts": Review.objects.lost_by(reviewer)[:MOST_DRAFTS],
        },
    )


@require_POST
@reviewers_only
def queue_claim(request: HttpRequest) -> HttpResponse:
    """Claim the one that waits longest, and begin to grade it."""
    holding = number_in(request.POST.get("holding", ""))
    try:
        review = Assignment.objects.claim_next(signed_in(request), holding)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("queue")
    if review is None:
        messages.info(request, _("No interview waits for you now."))
        return redirect("queue")
    return redirect("review", review.pk)


@require_POST
@reviewers_only
def assignment_claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    reviewer = signed_in(request)
    assignment = get_object_or_404(Assignment.objects.open_to(reviewer), pk=pk)
    try:
        review = assignment.claim(reviewer)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("queue")
    return redirect("review", review.pk)


@require_POST
@reviewers_only
def assignment_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a claim back. One that the reviewer never claimed is a 404."""
    reviewer = signed_in(request)
    claimed_once = Assignment.objects.filter(reviews__in=Review.objects.by(reviewer))
    assignment = get_object_or_404(claimed_once, pk=pk)
    if assignment.release(reviewer):
        messages.success(
            request,
            _("%(name)s waits for another reviewer now. Your draft is kept.")
            % {"name": assignment.pseudonym},
        )
    else:
        messages.info(
            request, _("You didn't hold %(name)s any more.") % {"name": assignment.pseudonym}
        )
    return redirect("queue")
