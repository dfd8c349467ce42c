"""How the reviewing goes: backlog, waits, and how much each reviewer did."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interview.models import Assignment, Review
from interview.team import MOST_IN_BACKLOG
from interview.views.access import leads_only


@require_safe
@leads_only
def team(request: HttpRequest) -> HttpResponse:
    """Three queries, each over a bounded number of rows."""
    return render(
        request,
        "interview/team.html",
        {
            "backlog": Assignment.objects.backlog(),
            "most_in_backlog": MOST_IN_BACKLOG,
            "patience_days": settings.REVIEW_PATIENCE_DAYS,
            "waits": Assignment.waits(),
            "paces": Review.objects.paces(),
        },
    )
