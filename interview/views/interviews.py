"""A candidate's interviews: the list, a new one, and the way to where one stands."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import TimingForm
from accounts.people import signed_in
from interview.forms.sittings import StartForm
from interview.models import Interview
from interview.models.interviews import AlreadySitting
from questions.models import QuestionSet

PER_PAGE = 20


@require_safe
def interview_list(request: HttpRequest) -> HttpResponse:
    """All of one's own, newest first. Two queries."""
    interviews = Interview.objects.of(signed_in(request))
    paginator = Paginator(interviews.for_list(), PER_PAGE)
    # Counted without what the list shows of each.
    paginator.count = interviews.count()
    page = paginator.get_page(request.GET.get("page"))
    return render(request, "interview/interview_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def interview_new(request: HttpRequest) -> HttpResponse:
    """What will be sat, before the clock starts: `?set=` chooses, POST starts. Three queries."""
    sets = list(QuestionSet.objects.can_be_sat())
    slug = request.POST.get("question_set") or request.GET.get("set")
    chosen = next((one for one in sets if one.slug == slug), sets[0] if sets else None)
    form = StartForm(request.POST if request.method == "POST" else None, question_set=chosen)
    # Within the same form, so that nothing that was chosen is lost for changing it.
    timing = TimingForm(request.POST if "time" in request.POST else None, user=signed_in(request))
    if form.is_valid() and (timing.is_valid() or not timing.is_bound):
        if timing.is_bound and timing.has_changed():
            timing.save()
        return start(request, **form.cleaned_data)
    return render(
        request,
        "interview/interview_new.html",
        {
            "form": form,
            "chosen": chosen,
            "others": [one for one in sets if one != chosen],
            "timing": timing,
            "unfinished": Interview.objects.of(signed_in(request)).running().with_now().first(),
        },
    )


def start(
    request: HttpRequest, *, question_set: QuestionSet, minutes: int, mode: str
) -> HttpResponseRedirect:
    """Start it, or lead to the one that is running: a double click starts once."""
    try:
        interview = Interview.objects.start(
            candidate=signed_in(request),
            title=question_set.title,
            question_set=question_set,
            questions=list(question_set.questions.published()),
            minutes=minutes,
            mode=mode,
        )
    except AlreadySitting as running:
        messages.info(request, _("You have an interview running. Here it is."))
        interview = running.interview
    return redirect("interview", interview.pk)


@require_safe
@never_cache
def interview(request: HttpRequest, pk: UUID) -> HttpResponseRedirect:
    """To where it stands: the room, the self-score, or the feedback."""
    sitting = get_object_or_404(Interview.objects.of(signed_in(request)).with_now(), pk=pk)
    if sitting.revealed_at is not None:
        return redirect("feedback", pk)
    if sitting.is_over:
        return redirect("self-score", pk)
    opened = sitting.answers.opened()
    if not sitting.one_at_a_time:
        # Where the candidate wrote last.
        here = opened.order_by(F("saved_at").desc(nulls_last=True), "position").first()
        assert here is not None
        return redirect("answer", pk, here.position)
    here = opened.order_by("-position").first()
    assert here is not None
    if here.closes_at is None or here.closes_at > sitting.now:
        return redirect("answer", pk, here.position)
    if sitting.answers.filter(position=here.position + 1).exists():
        return redirect("answer", pk, here.position + 1)
    return redirect("interview-finish", pk)
