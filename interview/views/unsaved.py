"""Long text in a form that can't be let in: shown again, so that it isn't lost.

Its session has ended (Rules of saving, 9), or its token is of an earlier log-in. What comes from a
script stays in its page: it is told in JSON.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.people import log_in_url
from interview.models.saved_text import MOST_CHARACTERS

LONG_TEXTS = {
    "answer-save": "text",
    "answer-flag": "text",
    "interview-extend": "text",
    "review-answer-save": "comment",
    "review-summary": "comment",
    "review-publish": "comment",
    "review-correct": "reason",
    "second-look-ask": "reason",
    "second-look": "reply",
}
"""Which field of the form at a URL holds what somebody may have written for an hour."""


def asks_for_json(request: HttpRequest) -> bool:
    # As our scripts ask. `request.headers` reads all that a browser sends, and then each type.
    if request.META.get("HTTP_ACCEPT") == "application/json":
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def keeps_text(request: HttpRequest) -> bool:
    """Whether `request` is a form with long text, sent by a page of ours.

    A form on another site gets none of its text shown here, beside a button that saves it.
    """
    match = request.resolver_match
    ours = f"{request.scheme}://{request.get_host()}"
    return (
        request.method == "POST"
        and match is not None
        and LONG_TEXTS.get(str(match.url_name), "") in request.POST
        and request.headers.get("Origin", ours) == ours
        and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    )


@never_cache
def logged_out(request: HttpRequest) -> HttpResponse:
    """401: for a script where to log in, for a form its text and a log-in beside it."""
    url = log_in_url(request)
    if asks_for_json(request):
        return JsonResponse({"login": url}, status=401)
    return render(request, "interview/unsaved.html", {"login": url, **sent(request)}, status=401)


@never_cache
def stale_token(request: HttpRequest) -> HttpResponse:
    """403: for a form its text and a new token; for a script a sentence."""
    if asks_for_json(request):
        notice = _(
            "This page belongs to an earlier log-in, or the browser blocks cookies. Your text was "
            "not stored. Copy it if it is long, and load this page again."
        )
        return JsonResponse({"state": "stale-token", "notice": notice}, status=403)
    return render(request, "interview/unsaved.html", sent(request), status=403)


def sent(request: HttpRequest) -> dict[str, Any]:
    """What the form held, to be sent once more; without `name` if it is more than fits."""
    match = request.resolver_match
    name = LONG_TEXTS.get(str(match.url_name), "") if match else ""
    text = request.POST.get(name, "").replace("\r\n", "\n")
    others = [
        (key, value)
        for key, values in request.POST.lists()
        if key not in {name, "csrfmiddlewaretoken"}
        for value in values
    ]
    fits = max(len(text), sum(len(value) for _key, value in others)) <= MOST_CHARACTERS
    if not name or name not in request.POST or not fits:
        return {}
    return {"name": name, "text": text, "others": others}
