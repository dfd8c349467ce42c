"""The history of an answer, and taking an earlier text of it back."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.people import signed_in
from interview.forms.sittings import HistoryForm, RestoreForm
from interview.models import Answer
from interview.refusals import Refused
from interview.saving.restoring import restore
from interview.views.access import not_found_if_deleted
from questions.differences import differences

PER_PAGE = 20  # texts of 20,000 characters each


@require_safe
@never_cache
def answer_history(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """Its versions, newest first, and the one that `?revision=` names.

    Four queries at most besides those of the frame, whatever its length: a page of texts is read.
    """
    answer = get_object_or_404(answers(request), interview=pk, position=position)
    form = HistoryForm(request.GET)
    if not form.is_valid():
        raise Http404
    page = Paginator(answer.versions(), PER_PAGE).get_page(request.GET.get("page"))
    versions = list(page)
    number = form.cleaned_data["revision"]
    if number is None:
        chosen = versions[0] if versions else None
    elif number == answer.revision:
        chosen = None
    else:
        listed = (version for version in versions if version.number == number)
        chosen = next(listed, None) or get_object_or_404(answer.versions(), number=number)
    return render(
        request,
        "interview/history.html",
        {
            "answer": answer,
            "interview": answer.interview,
            "profile": answer.interview.timing_profile,
            "over": answer.interview.has_ended(answer.now),
            "takes_text": answer.takes_text(answer.now),
            "page": page,
            "versions": versions,
            "chosen": chosen,
            "passages": differences(chosen.text, answer.text) if chosen else [],
        },
    )


@require_POST
@never_cache
@not_found_if_deleted()
def answer_restore(request: HttpRequest, pk: UUID, position: int, number: int) -> HttpResponse:
    """Take an earlier text back, then to the room; if that is refused, back to the history."""
    answer = get_object_or_404(answers(request), interview=pk, position=position)
    earlier = get_object_or_404(answer.revisions, number=number)
    form = RestoreForm(request.POST)
    # A page that doesn't say what it showed has shown nothing.
    base = form.cleaned_data["base"] if form.is_valid() else -1
    try:
        restore(earlier, base=base)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("answer-history", pk, position)
    written = time_format(timezone.localtime(earlier.saved_at), "H:i")
    messages.success(
        request,
        _("The text from %(time)s is back. What stood before is in the history.")
        % {"time": written},
    )
    return redirect("answer", pk, position)


def answers(request: HttpRequest) -> QuerySet[Answer]:
    """Those whose history this candidate may read, with what its page shows of them."""
    return (
        Answer.objects.of(signed_in(request))
        .to_look_back_on()
        .with_now()
        .select_related("interview__candidate__timing_profile", "question_version")
    )
