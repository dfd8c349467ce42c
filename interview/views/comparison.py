"""How a candidate's own marks compare with the reviewers'."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.people import signed_in
from interview.chart import ScoreChart, line_of
from interview.comparison import comparison_of


@require_safe
def interview_compare(request: HttpRequest) -> HttpResponse:
    """Both scores over time and by topic. Three queries."""
    comparison = comparison_of(signed_in(request))
    sittings = comparison.sittings
    return render(
        request,
        "interview/compare.html",
        {
            "comparison": comparison,
            "chart": ScoreChart(
                line_of([sitting.own for sitting in sittings]),
                line_of([sitting.reviewers for sitting in sittings]),
            ),
        },
    )
