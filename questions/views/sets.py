"""Question sets and the study page of a question. Public."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from questions.models import Question, QuestionSet, Topic
from questions.pages import page_of
from questions.set_page import set_page

PER_PAGE = 48


@require_safe
@login_not_required
def set_list(request: HttpRequest) -> HttpResponse:
    """All sets, with their sizes. Two queries."""
    sets = QuestionSet.objects.visible_to(request.user)
    page = page_of(sets.for_list(), request.GET.get("page"), PER_PAGE)
    return render(request, "questions/set_list.html", {"page": page})


@require_safe
@login_not_required
def question_set(request: HttpRequest, slug: str) -> HttpResponse:
    """One set and its questions. Five queries."""
    return render(request, "questions/set.html", vars(set_page(slug, request.user)))


@require_safe
@login_not_required
def question(request: HttpRequest, set_slug: str, slug: str) -> HttpResponse:
    """One question, to think about and then to reveal step by step. Five queries.

    `?show=all` reveals everything without script.
    """
    questions = Question.objects.visible_to(request.user).filter(question_set__slug=set_slug)
    found = get_object_or_404(questions.for_page(), slug=slug)
    context = {
        "question": found,
        "set": found.question_set,
        "shown": request.GET.get("show") == "all",
        "topics": Topic.objects.of(found),
        "around": questions.around(found),
        "reading": found.reading(),
    }
    return render(request, "questions/question.html", context)
