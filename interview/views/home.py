"""The first page, for everybody."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from interview.forms.starting import possible_minutes
from interview.mixing import USUAL_NUMBER
from interview.models import Interview, SecondLook
from interview.next_step import Kind, next_step_of
from questions.models import QuestionSet, Topic

MOST_NEWS = 5
MOST_SETS = 24
SAID_ANYWAY = {Kind.CONTINUE, Kind.READ, Kind.FIRST, Kind.MIX}


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What this is, a quick start, the sets by theme, and where one stopped.

    Two queries for a stranger; for others at most eight.
    """
    step, news, looks = None, [], 0
    if request.user.is_authenticated:
        news = list(Interview.objects.of(request.user).news()[:MOST_NEWS])
        if request.user.has_perm("interview.review"):
            looks = SecondLook.objects.unanswered().open_to(request.user).count()
        step = next_step_of(request.user)
    sets = list(QuestionSet.objects.can_be_sat().prefetch_related("topics")[:MOST_SETS])
    return render(
        request,
        "interview/home.html",
        {
            "sets": sets,
            "themes": themes_of(sets),
            "subject": ", ".join(topic.title for topic in subjects_of(sets)),
            "running": step if step and step.kind == Kind.CONTINUE else None,
            # What the page says anyway is not said twice.
            "step": step if step and step.kind not in SAID_ANYWAY else None,
            "news": news,
            "look_count": looks,
            "quick": quick_start_of(sets),
        },
    )


def themes_of(sets: Sequence[QuestionSet]) -> list[Topic]:
    """What the sets are about, which came with their topics."""
    themes = {topic for one in sets for topic in one.topics.all()}
    return sorted(themes, key=lambda topic: topic.title.casefold())


def subjects_of(sets: Sequence[QuestionSet]) -> list[Topic]:
    """What all of them are about; nothing where there is no such thing, or one set alone."""
    common = [set(one.topics.all()) for one in sets]
    subjects = set.intersection(*common) if len(common) > 1 else set()
    return sorted(subjects, key=lambda topic: topic.title.casefold())


def quick_start_of(sets: Sequence[QuestionSet]) -> dict[str, int]:
    """How many questions a quick start asks, and about how many minutes that takes."""
    questions = sum(one.question_count for one in sets)
    minutes = sum(one.minutes for one in sets)
    number = min(USUAL_NUMBER, questions)
    return {
        "number": number,
        "minutes": possible_minutes(number * minutes / questions) if questions else 0,
    }
