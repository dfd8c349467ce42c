"""What is refused before a view sees it, in words (CSRF_FAILURE_VIEW, handler400, handler429)."""

from datetime import timedelta

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import csrf

from accounts.tries import seconds_to_wait
from interview.clock import in_words
from interview.views.unsaved import asks_for_json, keeps_text, stale_token


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403. A form with long text gets that back, with a new token; nothing of it was stored."""
    if asks_for_json(request) or keeps_text(request):
        return stale_token(request)
    return csrf.csrf_failure(request, reason)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Needs neither database nor session."""
    too_big = isinstance(exception, RequestDataTooBig)
    if asks_for_json(request):
        notice = (
            _("This is far too much text, so none of it was stored. Shorten it.")
            if too_big
            else _("The server could not read this, so nothing was stored. Load the page again.")
        )
        return JsonResponse({"state": "refused", "notice": notice}, status=400)
    return HttpResponseBadRequest(render_to_string("400.html", {"too_big": too_big}))


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429, for the forms that allauth counts. Says how long to wait, in words and to programs."""
    seconds = seconds_to_wait(request)
    wait = "" if seconds is None else in_words(timedelta(seconds=seconds))
    response = render(request, "429.html", {"wait": wait}, status=429)
    if seconds is not None:
        response["Retry-After"] = str(seconds)
    return response
