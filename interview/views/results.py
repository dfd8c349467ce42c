"""After the room: finish, self-score, feedback, and asking for a review."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.people import signed_in
from interview.forms.second_thoughts import ReadForm
from interview.forms.sittings import FinishForm, SelfScoreForm
from interview.models import Assignment, Interview
from interview.reading_list import study_next
from interview.results import Results, results_of
from interview.to_self_score import interview_to_score
from interview.views.access import not_found_if_deleted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_found_if_deleted()
def interview_finish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm with what is unanswered; POST ends the sitting and may ask for a review."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)).for_room(), pk=pk)
    if request.method == "POST":
        form = FinishForm(request.POST)
        if not interview.finish():
            messages.info(request, _("This interview had ended already."))
        if form.is_valid() and form.cleaned_data["ask_for_review"] and interview.ask_for_review():
            messages.success(request, _("Your interview waits for a reviewer."))
        return redirect("interview", pk)
    if interview.is_over:
        return redirect("interview", pk)
    answers = list(interview.answers.select_related("question_version").for_map())
    # Who invited them waits for it, whatever there is to read.
    ask = interview.invitation_id is not None or any(answer.begun for answer in answers)
    return render(
        request,
        "interview/finish.html",
        {
            "interview": interview,
            "answers": answers,
            "unanswered": [answer for answer in answers if not answer.begun],
            "flagged": [answer for answer in answers if answer.flagged],
            "form": FinishForm(initial={"ask_for_review": ask}),
            "profile": interview.timing_profile,
            "waits": Assignment.waits(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_found_if_deleted()
def self_score(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one's own key points, before the model answers are shown."""
    interview = interview_to_score(pk, signed_in(request))
    if not interview.is_over or interview.revealed_at is not None:
        return redirect("interview", pk)
    answers = list(interview.answers.all())
    form = SelfScoreForm(request.POST if request.method == "POST" else None, answers)
    if form.is_valid():
        interview.score_yourself(form.marks)
        return redirect("interview", pk)
    return render(
        request,
        "interview/self_score.html",
        {
            "interview": interview,
            "form": form,
            "questions": form.questions,
            "waits": Assignment.waits(),
        },
    )


@require_POST
@not_found_if_deleted()
def self_score_skip(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the model answers without marking oneself."""
    get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk).reveal()
    return redirect("interview", pk)


@require_safe
@never_cache
def feedback(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Own answers beside model answers and key points, with the marks there are."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)).for_results(), pk=pk)
    if interview.revealed_at is None:
        return redirect("interview", pk)
    results = results_of(interview)
    return render(
        request,
        "interview/feedback.html",
        {
            "interview": interview,
            "results": results,
            "news": results.new_until if has_news(interview, results) else None,
            "next_reading": study_next(results),
            # Told before one asks and while one waits, not after.
            "waits": None if results.review else Assignment.waits(),
            "patience_days": settings.REVIEW_PATIENCE_DAYS,
        },
    )


def has_news(interview: Interview, results: Results) -> bool:
    """Whether something is on the page that the candidate has not said to have read."""
    if results.new_until is None:
        return False
    return interview.feedback_read_at is None or results.new_until > interview.feedback_read_at


@require_safe
@never_cache
def feedback_earlier(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """A review that was corrected since, as it was."""
    mine = Interview.objects.of(signed_in(request)).revealed()
    interview = get_object_or_404(mine.for_results(), pk=pk)
    try:
        results = results_of(interview, number)
    except IndexError as error:
        raise Http404 from error
    return render(request, "interview/feedback.html", {"interview": interview, "results": results})


@require_POST
@not_found_if_deleted()
def feedback_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What the page shows is no news any more; sent by its script, or by its button."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk)
    form = ReadForm(request.POST)
    if form.is_valid():
        interview.mark_feedback_read(form.cleaned_data["until"])
    return redirect("feedback", pk)


@require_POST
@not_found_if_deleted()
def ask_for_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put it into the queue; asking twice is asking once."""
    interview = get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk)
    if interview.ask_for_review():
        messages.success(request, _("Your interview waits for a reviewer."))
    return redirect("interview", pk)
