"""How people log in, and how what they may do is looked up (AUTHENTICATION_BACKENDS)."""

from collections.abc import Iterable
from typing import cast

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from accounts.kept import PERSON, Kept
from accounts.models import User

KEPT = "_perm_cache"

# Every page asks it.
LOOK_UP = Kept(lambda who: User.objects.with_permissions().filter(pk=who.pk), who=PERSON)


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, which looks up what somebody may do together with who they are: every page with a
    menu asks, and Django has two queries more for it.
    """

    def get_user(self, user_id: int) -> User | None:
        found = LOOK_UP.fetch(who=int(user_id))
        if not found or not self.user_can_authenticate(found[0]):
            return None
        keep_permissions(found[0], found[0].permission_names)
        return found[0]

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


def keep_permissions(user: User, names: Iterable[str]) -> None:
    """For as long as the request, under the name that Django keeps them under too."""
    if not user.is_superuser:
        vars(user)[KEPT] = set(names)
