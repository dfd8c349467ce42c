"""Who asks, and where they log in if nobody does."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind `request`, in views that need a log-in (`LoginRequiredMiddleware`)."""
    assert isinstance(request.user, User)
    return request.user


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def without_the_person(view: View) -> View:
    """Mark a view for which nobody may be looked up before it runs: each query of it counts."""
    vars(view)["without_the_person"] = True
    return view


def is_without_the_person(view: Callable[..., HttpResponseBase]) -> bool:
    return getattr(view, "without_the_person", False)


def log_in_url(request: HttpRequest) -> str:
    """The log-in, from which one returns to the page that `request` belongs to."""
    return redirect_to_login(page_of(request), resolve_url(settings.LOGIN_URL)).url


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
