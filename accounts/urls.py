"""What people manage about themselves, and allauth's pages below `accounts/`."""

from allauth.account.urls import urlpatterns as allauth_patterns
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from accounts import views

# They change an account and mail about it: both or neither.
CHANGING = {
    "account_signup",
    "account_email",
    "account_confirm_email",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_from_key",
}


def in_transaction(pattern: URLPattern) -> URLPattern:
    """The same URL, whose view commits all it did or nothing."""
    view = transaction.atomic(pattern.callback)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", views.language, name="language"),
    path("profile/", views.profile, name="profile"),
    path("profile/delete/", views.profile_delete, name="profile-delete"),
    path(
        "accounts/",
        include(
            [
                in_transaction(pattern) if pattern.name in CHANGING else pattern
                for pattern in allauth_patterns
            ]
        ),
    ),
]
