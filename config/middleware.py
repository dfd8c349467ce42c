"""What every request passes: the one content policy, who asks, the reader's language and time zone,
and the log-in that most pages need.

Language and zone stay as they are after a request, as with Django's own middleware: the next
request sets both, and putting them back costs a save a twentieth of its time.
"""

import zoneinfo
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth import middleware as auth_middleware
from django.contrib.messages import middleware as messages_middleware
from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject, empty
from django_htmx.http import HttpResponseClientRedirect

from accounts import languages
from accounts.backends import who_asks
from accounts.people import is_without_the_person, log_in_url
from interview.views.unsaved import asks_for_json, keeps_text, logged_out


def content_policy_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """The Content-Security-Policy of `CONTENT_SECURITY_POLICY`, on each page the same; a stricter
    one that a view gave its response stays.

    django-csp's own middleware, which makes it here, builds it anew for each response: a tenth of
    what a save costs.
    """
    parts = CSPMiddleware(get_response).get_policy_parts(HttpRequest(), HttpResponse())
    policy = build_policy(**asdict(parts))

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # With DEBUG, Django's pages on errors have inline styles.
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


class MessageMiddleware(messages_middleware.MessageMiddleware):
    """Django's, whose storage is made once somebody asks for it: most requests have no message."""

    def process_request(self, request: HttpRequest) -> None:
        request._messages = SimpleLazyObject(lambda: default_storage(request))  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        storage = getattr(request, "_messages", None)
        if isinstance(storage, SimpleLazyObject) and storage._wrapped is empty:
            return response
        return super().process_response(request, response)


class LanguageMiddleware:
    """Speak the language that somebody's account names; else their cookie's, else their browser's.

    No query: pages ask who it is anyway, so their language is settled just before the view. Views
    marked `without_the_person` don't, and go by the cookie, which is kept in step with the account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(translation.get_language_from_request(request))
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and is_without_the_person(match.func):
            return response
        failed = response.status_code >= 500  # Perhaps for want of a database.
        if match is not None and not failed and request.user.is_authenticated:
            languages.keep_in_step(request, response, request.user.language)
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> None:
        if is_without_the_person(view_func):
            return
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)


class TimeZoneMiddleware:
    """Show times in the zone that the browser names in its `time_zone` cookie, else in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            zone = zoneinfo.ZoneInfo(unquote(request.COOKIES.get("time_zone", "UTC")))
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            zone = zoneinfo.ZoneInfo("UTC")
        timezone.activate(zone)
        return self.get_response(request)


class AuthenticationMiddleware(auth_middleware.AuthenticationMiddleware):
    """Django's; the person comes with the session, in one query."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: who_asks(request))  # type: ignore[assignment]


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Everything needs a log-in, except views marked with `login_not_required`.

    The log-in returns to the page, which is not always what was asked for:

    - An htmx request must not swap the log-in into a fragment: the browser goes to the log-in.
    - A script that accepts JSON only gets status 401 and `{"login": url}`, and stays where it is.
    - A form that was sent goes back to the page it is on, since its own URL may not be read; if it
      brought a long text, that is shown again instead (Rules of saving, 9).
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        # Django's asks who it is first, and then whether that matters.
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    # The stubs know redirects only.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(log_in_url(request))
        if asks_for_json(request) or keeps_text(request):
            return logged_out(request)
        return HttpResponseRedirect(log_in_url(request))
