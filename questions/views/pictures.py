"""The pictures of the library. Public."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from accounts.people import without_the_person
from questions.models import Picture


def _digest(request: HttpRequest, path: str) -> str | None:
    found = Picture.objects.filter(path=path).values_list("digest", flat=True).first()
    return f'"{found}"' if found else None


@require_safe
@login_not_required
@without_the_person
@cache_control(public=True, max_age=3600)
@condition(etag_func=_digest)
def picture(request: HttpRequest, path: str) -> HttpResponse:
    """One picture, as the kind that its bytes are. Two queries; one when the browser has it.

    Opened by itself nothing runs in it and it loads nothing, whatever it holds.
    """
    found = get_object_or_404(Picture, path=path)
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
