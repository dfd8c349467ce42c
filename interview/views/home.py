"""The first page, for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interview.models import Interview
from questions.models import QuestionSet


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the sets, and where one stopped. Two queries at most."""
    running = None
    if request.user.is_authenticated:
        running = Interview.objects.of(request.user).running().with_now().first()
    return render(
        request,
        "interview/home.html",
        {"sets": QuestionSet.objects.can_be_sat(), "running": running},
    )
