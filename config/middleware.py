"""What every request passes: the reader's time zone, and the log-in that most pages need."""

import zoneinfo
from collections.abc import Callable
from urllib.parse import unquote

from django.contrib.auth import middleware as auth_middleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
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

    An htmx request must not swap the log-in page into a fragment: it goes to a log-in that
    returns to the page it came from.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if not getattr(request, "htmx", False):
            return super().handle_no_permission(request, view_func)
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        login = redirect_to_login(page, self.get_login_url(view_func))
        return HttpResponseClientRedirect(login.url)
