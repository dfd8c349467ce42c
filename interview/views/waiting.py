"""While a review takes long: marking oneself beside the model answers, and leaving the queue."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.people import signed_in
from interview.forms.sittings import SelfScoreForm
from interview.models import Interview, Mark
from interview.refusals import BeingGraded
from interview.views.access import not_found_if_deleted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@not_found_if_deleted()
def guided(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark each key point with the model answer at hand; again as often as one likes."""
    own = Interview.objects.of(signed_in(request)).with_now().with_review_asked()
    interview = get_object_or_404(own, pk=pk)
    if not interview.may_be_marked_again:
        return redirect("interview", pk)
    answers = list(interview.answers.select_related("question_version").order_by("position"))
    data = request.POST if request.method == "POST" else None
    form = SelfScoreForm(data, answers, Mark.objects.by_candidate(interview))
    if form.is_valid():
        interview.mark_again(form.marks)
        messages.success(request, _("Your marks are kept. You can change them at any time."))
        return redirect("feedback", pk)
    return render(
        request,
        "interview/guided.html",
        {"interview": interview, "form": form, "questions": form.questions},
    )


@require_POST
@not_found_if_deleted()
def leave_queue(request: HttpRequest, pk: UUID) -> HttpResponse:
    interview = get_object_or_404(Interview.objects.of(signed_in(request)), pk=pk)
    try:
        left = interview.leave_queue()
    except BeingGraded as refusal:
        messages.info(request, str(refusal))
    else:
        if left:
            messages.success(request, _("Your interview doesn’t wait for a reviewer any more."))
    return redirect("interview", pk)
