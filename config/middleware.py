"""What every request passes: the reader's time zone, and the log-in that most pages need."""

import zoneinfo
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from django.contrib.auth import middleware as auth_middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect


class TimeZoneMiddleware:
    """Show times in the zone that the browser names in its `time_zone` cookie, else in UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            zone = zoneinfo.ZoneInfo(unquote(request.COOKIES.get("time_zone", "UTC")))
        except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)


class LoginRequiredMiddleware(auth_middleware.LoginRequiredMiddleware):
    """Everything needs a log-in, except views marked with `login_not_required`.

    The log-in returns to the page, which is not always what was asked for:

    - An htmx request must not swap the log-in into a fragment: the browser goes to the log-in.
    - A script that accepts JSON only gets status 401 and `{"login": url}`, and stays where it is.
    - A form that was sent goes back to the page it is on, since its own URL may not be read.
    """

    # The stubs know redirects only.
    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        login = redirect_to_login(page_of(request), self.get_login_url(view_func))
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(login.url)
        if request.accepts("application/json") and not request.accepts("text/html"):
            return JsonResponse({"login": login.url}, status=401)
        return login


def page_of(request: HttpRequest) -> str:
    """The path of the page that a request belongs to; the home page if that can't be told."""
    htmx = getattr(request, "htmx", None)
    if htmx:
        return htmx.current_url_abs_path or "/"
    if request.method in {"GET", "HEAD"} and request.accepts("text/html"):
        return request.get_full_path()
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(
        referrer, {request.get_host()}, require_https=request.is_secure()
    ):
        return "/"
    page = urlsplit(referrer)
    return page._replace(scheme="", netloc="", fragment="").geturl() or "/"
