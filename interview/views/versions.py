"""How an answer came about, as its reviewer may see it: without times, and without their number."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from interview.forms.grading import number_in
from interview.models import Review
from interview.views.access import reviewers_only
from questions.differences import differences


@require_safe
@reviewers_only
def review_answer_versions(request: HttpRequest, pk: UUID, position: int) -> HttpResponse:
    """A few earlier texts, the first to the last; and of `?version=` what changed to the answer."""
    reviews = Review.objects.by(signed_in(request)).select_related("assignment")
    review = get_object_or_404(reviews, pk=pk)
    answers = review.interview.answers.select_related("question_version")
    answer = get_object_or_404(answers, position=position)
    versions = answer.few_versions()
    number = number_in(request.GET.get("version", "1"))
    if versions and (number is None or not 1 <= number <= len(versions)):
        raise Http404
    chosen = versions[number - 1] if versions and number else None
    context = {
        "review": review,
        "answer": answer,
        "versions": range(1, len(versions) + 1),
        "number": number,
        "passages": differences(chosen, answer.text) if chosen is not None else [],
    }
    return render(request, "interview/grade_versions.html", context)
