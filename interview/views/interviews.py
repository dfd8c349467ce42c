"""A candidate's interviews: the list, and the way to where one stands."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from interview.models import Interview

PER_PAGE = 20


@require_safe
def interview_list(request: HttpRequest) -> HttpResponse:
    """All of one's own, newest first. Two queries."""
    interviews = Interview.objects.of(signed_in(request))
    paginator = Paginator(interviews.for_list(), PER_PAGE)
    # Counted without what the list shows of each.
    paginator.count = interviews.count()
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "interview/interview_list.html", {"page": page})


@require_safe
@never_cache
def interview(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    """To where it stands: the room, the self-score, or the feedback."""
    sitting = get_object_or_404(Interview.objects.of(signed_in(request)).with_now(), pk=pk)
    if sitting.revealed_at is not None:
        return redirect("feedback", pk)
    if sitting.is_over:
        return redirect("self-score", pk)
    opened = sitting.answers.opened()
    if not sitting.one_at_a_time:
        # Where the candidate wrote last.
        here = opened.order_by(F("saved_at").desc(nulls_last=True), "position").first()
        assert here is not None
        return redirect("answer", pk, here.position)
    here = opened.order_by("-position").first()
    assert here is not None
    if here.closes_at is None or here.closes_at > sitting.now:
        return redirect("answer", pk, here.position)
    if sitting.answers.filter(position=here.position + 1).exists():
        return redirect("answer", pk, here.position + 1)
    return redirect("interview-finish", pk)
