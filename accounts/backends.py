"""How people log in, and how what they may do is looked up (AUTHENTICATION_BACKENDS)."""

from collections.abc import Iterable
from contextvars import ContextVar
from typing import cast

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model
from django.http import HttpRequest

from accounts.kept import PERSON, Kept
from accounts.models import User
from accounts.sessions import SessionStore

KEPT = "_perm_cache"

LOOK_UP = Kept(lambda who: User.objects.with_permissions().filter(pk=who.pk), who=PERSON)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which looks up what somebody may do together with who they are: every page with a
    menu asks, and Django has two queries more for it.
    """

    def get_user(self, user_id: int) -> User | None:
        person = brought_along(int(user_id)) or next(iter(LOOK_UP.fetch(who=int(user_id))), None)
        if person is None or not self.user_can_authenticate(person):
            return None
        keep_permissions(person, person.permission_names)
        return person

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or user_obj.is_superuser or obj is not None:
            return cast("set[str]", super().get_all_permissions(user_obj, obj))
        if not user_obj.is_active:
            return set()
        if KEPT not in vars(user_obj):
            found = User.objects.with_permissions().get(pk=user_obj.pk)
            keep_permissions(user_obj, found.permission_names)
        return cast("set[str]", vars(user_obj)[KEPT])


ASKING: ContextVar[SessionStore | None] = ContextVar("asking", default=None)
"""The session of the request whose person is being looked up."""


def who_asks(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Django's `get_user()`, with all that it checks, but no query of its own: a backend is told an
    id alone, so what came with the session is laid out for it.
    """
    asking = ASKING.set(cast("SessionStore", request.session))
    try:
        return get_user(request)
    finally:
        ASKING.reset(asking)


def brought_along(user_id: int) -> User | None:
    session = ASKING.get()
    person = session.person if session else None
    return person if person and person.pk == user_id else None


def keep_permissions(user: User, names: Iterable[str]) -> None:
    """For as long as the request, under the name that Django keeps them under too."""
    if not user.is_superuser:
        vars(user)[KEPT] = set(names)
