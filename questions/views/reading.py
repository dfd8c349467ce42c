"""Failure stories and notes. Public."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from questions.models import Note, Question, Story

PER_PAGE = 48


@require_safe
@login_not_required
def story_list(request: HttpRequest) -> HttpResponse:
    """All failure stories. Three queries."""
    stories = Story.objects.visible_to(request.user).prefetch_related("topics")
    page = Paginator(stories, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "questions/story_list.html", {"page": page})


@require_safe
@login_not_required
def story(request: HttpRequest, slug: str) -> HttpResponse:
    """One failure story in its sections. Four queries."""
    stories = Story.objects.visible_to(request.user)
    found = get_object_or_404(stories.prefetch_related("topics"), slug=slug)
    context = {
        "story": found,
        "around": stories.around(found),
        "questions": Question.objects.about(found),
    }
    return render(request, "questions/story.html", context)


@require_safe
@login_not_required
def note_list(request: HttpRequest) -> HttpResponse:
    """All notes. Three queries."""
    notes = Note.objects.visible_to(request.user).prefetch_related("topics")
    page = Paginator(notes, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "questions/note_list.html", {"page": page})


@require_safe
@login_not_required
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """One note. Four queries."""
    notes = Note.objects.visible_to(request.user)
    found = get_object_or_404(notes.prefetch_related("topics"), slug=slug)
    context = {
        "note": found,
        "around": notes.around(found),
        "questions": Question.objects.about(found),
    }
    return render(request, "questions/note.html", context)
