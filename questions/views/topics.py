"""Topics, and all that is about one. Public."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from questions.models import Note, Question, QuestionSet, Story, Topic
from questions.pages import Page, number_of, page

PER_PAGE = 50
"""Of each kind."""


@require_safe
@login_not_required
def topic_list(request: HttpRequest) -> HttpResponse:
    """All topics that something is about. One query."""
    return render(request, "questions/topic_list.html", {"topics": Topic.objects.for_list()})


@require_safe
@login_not_required
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """Sets, questions, stories and notes about one topic. Five queries,
    and two more where a further page has no question.

    A page shows some of each. What has come to its end is not on the next one.
    """
    found = get_object_or_404(Topic, slug=slug)
    number = number_of(request.GET.get("page"))
    questions = Question.objects.readable().filter(topics=found).select_related("question_set")
    # A set with another, so that an index serves the order: a topic may have thousands.
    questions = questions.order_by("question_set__title", "question_set__id", "position", "id")
    of_its_sets = Question.objects.readable().filter(question_set__topics=found)
    parts: dict[str, Page[Any]] = {
        "sets": page(
            QuestionSet.objects.published().filter(topics=found).with_size(), number, PER_PAGE
        ),
        "questions": page(questions, number, PER_PAGE),
        "stories": page(Story.objects.published().filter(topics=found), number, PER_PAGE),
        "notes": page(Note.objects.published().filter(topics=found), number, PER_PAGE),
    }
    shown = {name: part.object_list for name, part in parts.items()}
    if number > 1 and not any(shown.values()):
        return redirect(found)
    has_next = any(part.has_next for part in parts.values())
    context: dict[str, Any] = {
        "topic": found,
        **shown,
        "page": Page([], number, has_next),
        "can_be_practised": (
            bool(shown["questions"])
            or any(one.question_count for one in shown["sets"])
            # Further on there may be stories alone.
            or (number > 1 and (questions.exists() or of_its_sets.exists()))
        ),
    }
    return render(request, "questions/topic.html", context)
