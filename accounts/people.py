"""Who asks."""

from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """The person behind `request`, in views that need a log-in (`LoginRequiredMiddleware`)."""
    assert isinstance(request.user, User)
    return request.user
