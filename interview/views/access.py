"""Who may come to the reviewers' pages, and what is a 404 because it has just gone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts.models import User
from accounts.people import signed_in
from interview.models import Answer, Assignment, Interview, Invitation, Review, SecondLook

P = ParamSpec("P")

DELETABLE = (
    User.DoesNotExist,
    Interview.DoesNotExist,
    Answer.DoesNotExist,
    Invitation.DoesNotExist,
    Assignment.DoesNotExist,
    Review.DoesNotExist,
    SecondLook.DoesNotExist,
)


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


def leads_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Answer 404 to all but staff with `interview.see_team`, and superusers."""

    @wraps(view)
    @never_cache
    def check(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not (signed_in(request).is_staff and request.user.has_perm("interview.see_team")):
            raise Http404
        return view(request, *args, **kwargs)

    return check


@contextmanager
def not_found_if_deleted() -> Iterator[None]:
    """Around views that change a sitting or an invitation: 404 if it was deleted meanwhile.

    So goes every sitting of an account that is deleted. A moment later they would not find it.
    """
    try:
        yield
    except DELETABLE as gone:
        raise Http404 from gone
