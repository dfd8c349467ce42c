"""What kind of request a view may count on."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    """A request past `LoginRequiredMiddleware`: somebody is logged in."""

    user: User
