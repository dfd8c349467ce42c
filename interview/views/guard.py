"""What keeps model answers out of sight of those who are still to answer (Rules of time, 8)."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from interview.models import Interview


def lead_to_room(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Lead who is asked this question to the room, and after it to the self-score.

    Until that is done or skipped. One query, for people who are logged in. Around a view that takes
    `set_slug` and `slug`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, set_slug: str, slug: str) -> HttpResponseBase:
        if request.user.is_authenticated:
            asked = Interview.objects.of(request.user).unrevealed().asking(set_slug, slug)
            interview = asked.with_now().order_by("-id").first()
            if interview is not None:
                messages.info(request, reason(interview))
                return redirect("interview", interview.pk)
        return view(request, set_slug, slug)

    return guarded


def hide_what_is_asked(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the ids of the questions that the person is still to answer, as `closed`.

    So a search shows nothing of their model answers. One query, for people who are logged in.
    """

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return view(request)
        unrevealed = Interview.objects.of(request.user).unrevealed()
        return view(request, closed=unrevealed.ids_of_questions())

    return guarded


def reason(interview: Interview) -> str:
    if interview.is_over:
        return _("You were just asked this question. Score yourself or skip it, then read on.")
    return _("You are being asked this question. Its page opens after the interview.")
