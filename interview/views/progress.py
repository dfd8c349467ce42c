"""How a candidate gets on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from interview.progress import progress_of


@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """One's own scores, gap, practice and topics, and what to do next. Seven queries."""
    found = progress_of(signed_in(request))
    return render(request, "interview/progress.html", {"progress": found})
