"""The first page, for everybody."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interview.forms.starting import possible_minutes
from interview.mixing import USUAL_NUMBER
from interview.models import Interview, SecondLook
from questions.models import QuestionSet

MOST_NEWS = 5


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What this is, a quick start, the sets, and where one stopped. Five queries at most."""
    running, news, looks = None, [], 0
    if request.user.is_authenticated:
        news = list(Interview.objects.of(request.user).news()[:MOST_NEWS])
        if request.user.has_perm("interview.review"):
            looks = SecondLook.objects.unanswered().open_to(request.user).count()
        running = Interview.objects.of(request.user).running().with_now().first()
    sets = list(QuestionSet.objects.can_be_sat())
    return render(
        request,
        "interview/home.html",
        {
            "sets": sets,
            "running": running,
            "news": news,
            "look_count": looks,
            "quick": quick_start_of(sets),
        },
    )


def quick_start_of(sets: Sequence[QuestionSet]) -> dict[str, int]:
    """How many questions a quick start asks, and about how many minutes that takes."""
    questions = sum(one.question_count for one in sets)
    minutes = sum(one.minutes for one in sets)
    number = min(USUAL_NUMBER, questions)
    return {
        "number": number,
        "minutes": possible_minutes(number * minutes / questions) if questions else 0,
    }
