"""Who may come to the reviewers' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

P = ParamSpec("P")


def reviewers_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer 404 to people without `interview.review`, who need not know that the page is there.

    Browsers keep no copy of these pages: they show other people's answers, and marks that change.
    """

    @wraps(view)
    @never_cache
    def check(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.has_perm("interview.review"):
            raise Http404
        return view(request, *args, **kwargs)

    return check
