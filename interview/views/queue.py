"""The review queue: what waits, and what the reviewer holds."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from interview import clock
from interview import queue as listed
from interview.forms.grading import number_in
from interview.forms.queue import QueueForm
from interview.models import Assignment
from interview.refusals import Refused
from interview.views.access import reviewers_only


@require_safe
@reviewers_only
def queue(request: HttpRequest) -> HttpResponse:
    """Claims, what came by one's own invitations, what else waits, and lost drafts.

    The address narrows what is listed. However many wait, it reads as many as it shows, and counts
    up to a thousand.
    """
    reviewer = signed_in(request)
    form = QueueForm(request.GET, listed.themes(reviewer))
    lists = listed.lists(reviewer, form.filters)
    return render(
        request,
        "interview/queue.html",
        {
            "claims": lists.claims,
            "most_claims": clock.MOST_CLAIMS,
            "form": form,
            "narrowed": form.query,
            "reserved": lists.reserved,
            "waiting": lists.others,
            "waiting_count": lists.count,
            "most_counted": listed.MOST_COUNTED,
            "most_shown": listed.MOST_SHOWN,
            "patience_days": settings.REVIEW_PATIENCE_DAYS,
            "waits": Assignment.waits(),
            "drafts": listed.lost_drafts(reviewer),
        },
    )


@require_POST
@reviewers_only
def queue_claim(request: HttpRequest) -> HttpResponse:
    """Claim the one that waits longest of those the address narrows to, and begin to grade it."""
    form = QueueForm(request.GET)
    holding = number_in(request.POST.get("holding", ""))
    chosen = Assignment.objects.matching(**form.filters)
    try:
        review = chosen.claim_next(signed_in(request), holding)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _to_queue(request)
    if review is None:
        messages.info(
            request,
            _("No interview that fits your choice waits for you now.")
            if form.query
            else _("No interview waits for you now."),
        )
        return _to_queue(request)
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
        return _to_queue(request)
    return redirect("review", review.pk)


@require_POST
@reviewers_only
def assignment_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a claim back. One that the reviewer never claimed is a 404."""
    reviewer = signed_in(request)
    assignment = get_object_or_404(Assignment.objects.claimed_once_by(reviewer), pk=pk)
    if assignment.release(reviewer):
        messages.success(
            request,
            _("%(name)s waits for another reviewer now. Your draft is kept.")
            % {"name": assignment.pseudonym},
        )
    else:
        messages.info(
            request, _("You didn’t hold %(name)s any more.") % {"name": assignment.pseudonym}
        )
    return _to_queue(request)


@require_safe
@reviewers_only
def assignment_clock(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The seconds left of one's claim by the database's clock; none of one that is lost.

    Looking renews nothing.
    """
    reviewer = signed_in(request)
    claimed_once = Assignment.objects.claimed_once_by(reviewer).with_now()
    assignment = get_object_or_404(claimed_once, pk=pk)
    mine = assignment.holder_id == reviewer.pk
    ends_at = assignment.lease_ends_at if mine else assignment.now
    return JsonResponse({"seconds_left": clock.seconds_until(ends_at, assignment.now)})


def _to_queue(request: HttpRequest) -> HttpResponseRedirect:
    """Narrowed as it was: forms that lead back carry it in their address."""
    return redirect(reverse("queue") + QueueForm(request.GET).query)
