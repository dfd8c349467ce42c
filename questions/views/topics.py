"""Topics, and all that is about one. Public."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from questions.models import Note, Question, QuestionSet, Story, Topic

PER_PAGE = 50


@require_safe
@login_not_required
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics that something is about. One query."""
    return render(request, "questions/topic_list.html", {"topics": Topic.objects.for_list()})


@require_safe
@login_not_required
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Sets, questions, stories and notes about one topic. Six queries."""
    found = get_object_or_404(Topic, slug=slug)
    questions = Question.objects.readable().filter(topics=found).select_related("question_set")
    questions = questions.order_by("question_set__title", "position", "id")
    sets = list(QuestionSet.objects.published().filter(topics=found).with_size())
    page = Paginator(questions, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "topic": found,
        "sets": sets,
        "page": page,
        "can_be_practised": page.paginator.count or any(one.question_count for one in sets),
        "stories": Story.objects.published().filter(topics=found),
        "notes": Note.objects.published().filter(topics=found),
    }
    return render(request, "questions/topic.html", context)
