"""What changed in a question since the candidate answered it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from interview.changes import changes_between
from interview.models import Answer, Interview
from interview.views.guard import reason
from questions.models import Question


@require_safe
@never_cache
def answer_changes(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """The question then and now, once its model answer was revealed. Four queries.

    Who is being asked it again is led to the room: the new answer waits until after it.
    """
    candidate = signed_in(request)
    answers = Answer.objects.of(candidate).revealed()
    answer = get_object_or_404(
        answers.select_related("interview", "question_version"), interview=pk, position=position
    )
    questions = Question.objects.readable().select_related("question_set")
    question = get_object_or_404(questions, pk=answer.question_version.question_id)
    asked = Interview.objects.of(candidate).unrevealed()
    again = asked.asking(question.question_set.slug, question.slug).with_now().first()
    if again is not None:
        messages.info(request, reason(again))
        return redirect("interview", again.pk)
    newest = question.versions.order_by("-number")[0]
    return render(
        request,
        "interview/changes.html",
        {
            "answer": answer,
            "interview": answer.interview,
            "question": question,
            "newest": newest,
            "changes": changes_between(answer.question_version, newest),
        },
    )
