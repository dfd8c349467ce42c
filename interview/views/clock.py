"""The time left, and five minutes more of it (Rules of time, 2 and 3)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from interview import clock
from interview.forms.sittings import ExtendForm
from interview.models import Answer, Interview
from interview.views.access import not_found_if_deleted
from interview.views.room import answer_save
from interview.views.unsaved import asks_for_json


@require_safe
@never_cache
def interview_clock(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The seconds left by the database's clock: of a `?question=`, or of the sitting. One query."""
    position = request.GET.get("question")
    candidate = signed_in(request)
    if position is None:
        interview = get_object_or_404(Interview.objects.of(candidate).with_now(), pk=pk)
        return JsonResponse({"seconds_left": interview.seconds_left})
    if not position.isdecimal() or len(position) > 4:
        raise Http404
    answers = Answer.objects.of(candidate).opened().with_now()
    answer = get_object_or_404(answers, interview=pk, position=position)
    return JsonResponse({"seconds_left": clock.seconds_until(answer.closes_at, answer.now)})


@require_POST
@never_cache
@not_found_if_deleted()
def interview_extend(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Add five minutes. In the room the form around the button brings the text along."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk)
    form = ExtendForm(request.POST)
    known, question = form.known, form.question_shown
    added = known is not None and interview.extend(known)
    notice = added_sentence(interview) if added else refusal(interview, known)
    if asks_for_json(request):
        reply = {
            "state": "added" if added else "refused",
            "extensions": interview.extensions,
            "extensions_left": interview.extensions_left,
            "seconds_left": seconds_left(interview, question),
            "notice": notice,
        }
        return JsonResponse(reply, status=400 if known is None else 200)
    messages.add_message(request, messages.SUCCESS if added else messages.INFO, notice)
    if question is not None and "text" in request.POST:
        return answer_save(request, pk, question)
    return back(pk, question, request.POST.get("then", ""))


def added_sentence(interview: Interview) -> str:
    if not interview.extensions_left:
        return _("5 minutes added, for the last time. Only you see this.")
    return ngettext(
        "5 minutes added, possible once more. Only you see this.",
        "5 minutes added, possible %(n)d more times. Only you see this.",
        interview.extensions_left,
    ) % {"n": interview.extensions_left}


def refusal(interview: Interview, known: int | None) -> str:
    """Why nothing was added, as the interview stands after the try."""
    if interview.deadline is None:
        return _("This interview has no limit, so there is nothing to add.")
    if interview.has_ended(clock.database_now()):
        return _("The time is over, so nothing can be added.")
    if not interview.extensions_left:
        return _("You have added time ten times, which is the most.")
    if known is None:
        return _("What the page sent could not be read, so nothing was added. Load the page again.")
    return ngettext(
        "Time was added already, possible once more. Only you see this.",
        "Time was added already, possible %(n)d more times. Only you see this.",
        interview.extensions_left,
    ) % {"n": interview.extensions_left}


def seconds_left(interview: Interview, question: int | None) -> float | None:
    """For the page that asked: until its question's close, or until the deadline."""
    opened = interview.answers.opened()
    answer = opened.filter(position=question).first() if question else None
    closes_at = answer.closes_at if answer else interview.deadline
    return clock.seconds_until(closes_at, clock.database_now())


def back(pk: UUID, question: int | None, then: str) -> HttpResponse:
    """To the page whose form had no text: before a question that is to be opened, or the finish."""
    if then == "finish":
        return redirect("interview-finish", pk)
    return redirect("answer", pk, question) if question else redirect("interview", pk)
