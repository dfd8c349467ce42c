"""The room: where a candidate answers. Everything works as plain forms (Rules of saving, 8)."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.kept import KEY, NUMBER, PERSON, Kept
from accounts.people import signed_in, without_the_person
from interview import clock
from interview.forms.sittings import CONTENT_TYPES, SaveForm, scripted_save, sent_save
from interview.models import Answer, Interview
from interview.models.saved_text import MOST_CHARACTERS
from interview.saving import (
    Conflict,
    Full,
    Late,
    LoggedOut,
    Outcome,
    Receipt,
    TooOften,
    save_as_logged_in,
)
from interview.views.access import not_found_if_deleted
from interview.views.replies import STATUS, late_sentence, refusal, reply, sentence
from interview.views.unsaved import asks_for_json, logged_out

INTERVIEW = Kept(
    lambda by, pk: Interview.objects.of(by).for_room().filter(pk=pk), by=PERSON, pk=KEY
)
MAP = Kept(lambda pk: Answer.objects.filter(interview=pk).for_map(), pk=KEY)
ANSWER = Kept(
    lambda pk, position: Answer.objects.filter(interview=pk, position=position).select_related(
        "question_version"
    ),
    pk=KEY,
    position=NUMBER,
)


@require_safe
@never_cache
def answer(request: HttpRequest, pk: UUID, position: int) -> HttpResponseBase:
    """The room at one question, or wherever the sitting has got to."""
    return show_room(request, pk, position)


def show_room(
    request: HttpRequest,
    pk: UUID,
    position: int,
    *,
    form: SaveForm | None = None,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """Three queries. With a form or a conflict the sent text stays in the text area.

    That holds after the close too: text that nobody stored is shown to whom it belongs.
    """
    interview = INTERVIEW.get_or_404(by=signed_in(request), pk=pk)
    answers = MAP.fetch(pk=pk)
    if not 1 <= position <= len(answers):
        raise Http404
    here = max(answer.position for answer in answers if answer.opened_at)
    unstored = (form is not None or conflict is not None) and position <= here
    if interview.is_over and not unstored:
        return redirect("interview", pk)
    if interview.one_at_a_time and position != here and not unstored:
        if position == here + 1:
            return show_next(request, interview, answers[here - 1], answers[here])
        return redirect("answer", pk, here)
    answer = ANSWER.get_or_404(pk=pk, position=position)
    return render(
        request,
        "interview/room.html",
        {
            "interview": interview,
            "profile": interview.timing_profile,
            "answers": answers,
            "answer": answer,
            "prompt": answer.question_version,
            "minutes": minutes_for(interview, answer, answer.opened_at),
            "text": sent_text(form, conflict, answer),
            "writer": uuid4(),
            "seconds_left": clock.seconds_until(answer.closes_at, interview.now),
            "receipt": standing_receipt(answer),
            "last": position == len(answers),
            "form": form,
            "conflict": conflict,
            "standing": conflict.standing if conflict else None,
            "most_characters": MOST_CHARACTERS,
        },
        status=status,
    )


def show_next(
    request: HttpRequest, interview: Interview, current: Answer, coming: Answer
) -> HttpResponse:
    """One at a time: what opening the next question means, before it is asked for."""
    return render(
        request,
        "interview/next_question.html",
        {
            "interview": interview,
            "profile": interview.timing_profile,
            "current": current,
            "coming": coming,
            "minutes": minutes_for(interview, coming, interview.now),
            "current_closed": current.closes_at is not None and current.closes_at <= interview.now,
            "seconds_left": interview.seconds_left,
        },
    )


def minutes_for(interview: Interview, answer: Answer, opened_at: datetime | None) -> int:
    """What a question opened then is meant to take this candidate (Rules of time, 3)."""
    meant = timedelta(minutes=answer.minutes) * float(interview.time_factor or 1)
    if interview.deadline is not None and opened_at is not None:
        meant = min(meant, interview.deadline - opened_at)
    return max(round(meant / timedelta(minutes=1)), 1)


def sent_text(form: SaveForm | None, conflict: Conflict | None, answer: Answer) -> str:
    if form is not None:
        # What UTF-8 can't say, a page can't either.
        return str(form.data.get("text", "")).encode(errors="replace").decode()
    return conflict.sent if conflict else answer.text


def standing_receipt(answer: Answer) -> Receipt | None:
    if answer.saved_at is None:
        return None
    return Receipt(answer.revision, answer.saved_at, answer.text, None)


@login_not_required  # The statement that saves asks for the session too.
@without_the_person
@require_POST
def answer_save(request: HttpRequest, pk: UUID, position: int) -> HttpResponseBase:
    """Store the text: for a script as JSON, for a plain form with a page. One query as JSON.

    Nobody keeps the JSON: it answers a POST. The pages are made with `never_cache`.
    """
    save = scripted_save(request)
    if save is None:
        form = sent_save(request)
        if not form.is_valid():
            return refuse(request, pk, position, form)
        save = form.save
    outcome = save_as_logged_in(
        # Read from the cookie: nothing of the session is loaded.
        session_key=request.session.session_key or "",
        interview=pk,
        position=position,
        save=save,
    )
    if isinstance(outcome, LoggedOut):
        return logged_out(request)
    if outcome is None:
        return not_found(request)
    response = (
        JsonResponse(reply(request, outcome), status=STATUS[type(outcome)])
        if asks_for_json(request)
        else show_outcome(request, pk, position, outcome)
    )
    if isinstance(outcome, TooOften):
        response["Retry-After"] = str(outcome.retry_after)
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    """404: there is no such answer, it is somebody else's, or its question is not open yet."""
    if not asks_for_json(request):
        raise Http404
    notice = _("There is no such answer, so nothing was stored. Copy your text and start at home.")
    return JsonResponse({"state": "refused", "notice": notice}, status=404)


@never_cache
def refuse(request: HttpRequest, pk: UUID, position: int, form: SaveForm) -> HttpResponseBase:
    """A sentence, and the text as it was sent; 404 where there is no such answer.

    400, or 415 if it did not come as JSON or as a form.
    """
    if not request.user.is_authenticated:
        return logged_out(request)
    status = 400 if request.content_type in CONTENT_TYPES else 415
    if not asks_for_json(request):
        return show_room(request, pk, position, form=form, status=status)
    answers = Answer.objects.of(request.user).opened().with_now()
    answer = answers.filter(interview=pk, position=position).first()
    if answer is None:
        return not_found(request)
    seconds_left = clock.seconds_until(answer.closes_at, answer.now)
    return JsonResponse(refusal(" ".join(form.complaints), seconds_left), status=status)


@never_cache
def show_outcome(
    request: HttpRequest, pk: UUID, position: int, outcome: Outcome
) -> HttpResponseBase:
    """For a plain form. What was not stored stays in the text area."""
    if isinstance(outcome, Conflict):
        return show_room(request, pk, position, conflict=outcome, status=409)
    if isinstance(outcome, TooOften | Full):
        form = sent_save(request)
        form.full_clean()
        form.add_error(None, sentence(outcome))
        return show_room(request, pk, position, form=form, status=STATUS[type(outcome)])
    if isinstance(outcome, Late):
        messages.warning(request, late_sentence(outcome))
        return redirect("interview", pk)
    return redirect_after_save(pk, position, request.POST.get("then", ""))


def redirect_after_save(pk: UUID, position: int, then: str) -> HttpResponse:
    """To where the pressed button leads: another question, the finish, or here again."""
    if then == "finish":
        return redirect("interview-finish", pk)
    if then == "history":
        return redirect("answer-history", pk, position)
    target = position + 1 if then == "next" else position
    if then.isdecimal() and len(then) <= 4:
        target = int(then)
    if Answer.objects.filter(interview=pk, position=target).exists():
        return redirect("answer", pk, target)
    return redirect("interview-finish" if then == "next" else "interview", pk)


@require_POST
@never_cache
def answer_flag(request: HttpRequest, pk: UUID, position: int) -> HttpResponseBase:
    """Flag a question or unflag it. The form around the button brings the text along."""
    answers = Answer.objects.of(signed_in(request)).opened().filter(interview=pk, position=position)
    get_object_or_404(answers)
    answers.update(flagged=request.POST.get("flag") == "1")
    if asks_for_json(request):
        return JsonResponse({"flagged": request.POST.get("flag") == "1"})
    return answer_save(request, pk, position)


@require_POST
@not_found_if_deleted()
def answer_open(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """One at a time: open the next question, which closes the one before."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk)
    get_object_or_404(interview.answers, position=position)
    interview.open_question(position)
    return redirect("answer", pk, position)
