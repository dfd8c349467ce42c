"""The cookie that says which language somebody reads."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

A_YEAR = 365 * 24 * 3600


def keep_in_step(request: HttpRequest, response: HttpResponseBase, language: str) -> None:
    """Have the cookie say `language`, if it does not already; an empty one leaves it as it is."""
    if language and request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=A_YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def forget(response: HttpResponseBase) -> None:
    """Have no cookie say it: from now on the browser does."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
