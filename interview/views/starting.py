"""Starting an interview: on a set, on a mix of questions, or quickly.

What is asked is chosen when Start is pressed: before that no page knows it.
"""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import TimingForm
from accounts.models import User
from accounts.people import signed_in
from interview.forms.starting import MixForm, SetForm, possible_minutes
from interview.mixing import MOST_CHOSEN_AMONG, Mix, TooFew
from interview.models import Interview
from interview.models.interviews import AlreadySitting
from interview.views.access import not_found_if_deleted
from questions.models import QuestionSet, Topic

MOST_OTHERS = 24


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_if_deleted()
def interview_new(request: HttpRequest) -> HttpResponse:
    """What will be sat, before the clock starts: `?set=` chooses, POST starts. Four queries."""
    sets = QuestionSet.objects.can_be_sat()
    slug = request.POST.get("question_set") or request.GET.get("set", "")
    asked = sets.filter(slug=slug) if slug_re.match(slug) else sets.none()
    chosen = asked.first() or sets.first()
    form = SetForm(request.POST if request.method == "POST" else None, question_set=chosen)
    timing = timing_of(request)
    if form.is_valid() and is_acceptable(timing):
        question_set = form.cleaned_data["question_set"]
        return start(
            request,
            timing,
            title=question_set.title,
            question_set=question_set,
            questions=list(question_set.questions.published()),
            minutes=form.cleaned_data["minutes"],
            mode=form.cleaned_data["mode"],
        )
    others = [one for one in sets[: MOST_OTHERS + 2] if one != chosen]
    return render(
        request,
        "interview/interview_new.html",
        {
            "form": form,
            "chosen": chosen,
            "others": others[:MOST_OTHERS],
            "has_more": len(others) > MOST_OTHERS,
            "timing": timing,
            "unfinished": unfinished_of(signed_in(request)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_if_deleted()
def interview_new_mixed(request: HttpRequest) -> HttpResponse:
    """What may be asked; POST chooses the questions and starts. Four queries for the page.

    An address can choose beforehand, in the names of the form's fields.
    """
    candidate = signed_in(request)
    topics = list(Topic.objects.with_questions())
    timing = timing_of(request)
    remedies: dict[str, int] = {}
    if request.method == "POST":
        form = MixForm(request.POST, topics=topics)
        if form.is_valid() and is_acceptable(timing) and "count" not in request.POST:
            try:
                return start_mixed(
                    request,
                    timing,
                    form.mix_to_start(candidate),
                    mode=form.cleaned_data["mode"],
                    minutes=form.cleaned_data["minutes"],
                )
            except TooFew as few:
                form.say_too_few(few.found)
                remedies = remedies_for(form.mix, few.found, candidate)
    else:
        form = MixForm.suggested_by(request.GET, topics)
    return render(
        request,
        "interview/interview_new_mixed.html",
        {
            "form": form,
            "remedies": remedies,
            "timing": timing,
            "unfinished": unfinished_of(candidate),
            **outlook(form, candidate),
        },
    )


@require_safe
@never_cache
def interview_new_matching(request: HttpRequest) -> HttpResponse:
    """The fragment that says how many questions match what is chosen so far. Two queries."""
    form = MixForm(request.GET, topics=list(Topic.objects.with_questions()))
    form.full_clean()
    return render(
        request, "interview/interview_new_mixed.html#matching", outlook(form, signed_in(request))
    )


@require_http_methods(["GET", "HEAD", "POST"])
@not_found_if_deleted()
def quick_start(request: HttpRequest) -> HttpResponse:
    """Start five mixed questions; GET, to which a log-in leads back, asks for one press more.

    Where too few are left, some of last week's come again; where there are no five, fewer.
    """
    candidate = signed_in(request)
    if running := unfinished_of(candidate):
        return lead_to(request, running)
    mix = Mix().within_reach(candidate)
    if not mix.number:
        messages.info(request, _("There are no questions to ask yet."))
        return redirect("home")
    timing = timing_of(request)
    try:
        if request.method == "POST" and is_acceptable(timing):
            return start_mixed(request, timing, mix, mode=Interview.Mode.FREE)
    except TooFew:
        # Some were taken out of the library just now: show what is left.
        return redirect("quick-start")
    size = mix.size(candidate)
    return render(
        request,
        "interview/quick_start.html",
        {
            "mix": mix,
            "minutes": possible_minutes(size.mean_minutes * mix.number),
            "timing": timing,
        },
    )


def timing_of(request: HttpRequest) -> TimingForm:
    """The timing profile, which is part of each start's form: so changing it loses nothing."""
    return TimingForm(request.POST if "time" in request.POST else None, user=signed_in(request))


def is_acceptable(timing: TimingForm) -> bool:
    """Whether one can start with it: where nothing of it was sent, it stays as it is."""
    return not timing.is_bound or timing.is_valid()


def unfinished_of(candidate: User) -> Interview | None:
    return Interview.objects.of(candidate).running().with_now().first()


def outlook(form: MixForm, candidate: User) -> dict[str, Any]:
    """What to expect of what is chosen so far: how many match, and the time. One query."""
    size = form.mix.size(candidate)
    number = form.choice["number"]
    return {
        "size": size,
        "most_counted": MOST_CHOSEN_AMONG,
        # A number that makes no sense promises nothing.
        "number": None if form.is_bound and "number" not in form.cleaned_data else number,
        "minutes": form.choice["minutes"],
        "about_minutes": possible_minutes(size.mean_minutes * number),
    }


def remedies_for(mix: Mix, found: int, candidate: User) -> dict[str, int]:
    """What would help where only `found` match, with how many questions it gives."""
    remedies = {}
    if mix.not_last_week:
        count = replace(mix, not_last_week=False).size(candidate).count
        if count > found:
            remedies[MixForm.LAST_WEEK_TOO] = count
    if found:
        remedies[MixForm.ALL_THAT_MATCH] = found
    return remedies


def start_mixed(
    request: HttpRequest, timing: TimingForm, mix: Mix, *, mode: str, minutes: int | None = None
) -> HttpResponseRedirect:
    """Choose the questions and start; without `minutes` as long as they take.

    Raises:
        TooFew: fewer match than the mix wants.
    """
    try:
        questions = mix.choose(signed_in(request))
    except TooFew:
        # A double click's first start may have taken them.
        running = unfinished_of(signed_in(request))
        if running is None:
            raise
        return lead_to(request, running)
    return start(
        request,
        timing,
        title=mix.title,
        mix=mix.as_choice(),
        questions=questions,
        minutes=minutes or possible_minutes(sum(question.minutes for question in questions)),
        mode=mode,
    )


def start(request: HttpRequest, timing: TimingForm, **what: Any) -> HttpResponseRedirect:
    """Start it, or lead to the one that is running: a double click starts once."""
    if timing.is_bound and timing.has_changed():
        timing.save()
    try:
        interview = Interview.objects.start(candidate=signed_in(request), **what)
    except AlreadySitting as running:
        return lead_to(request, running.interview)
    return redirect("interview", interview.pk)


def lead_to(request: HttpRequest, running: Interview) -> HttpResponseRedirect:
    messages.info(request, _("You have an interview running. Here it is."))
    return redirect("interview", running.pk)
