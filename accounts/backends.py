"""How people log in, and how what they may do is looked up (AUTHENTICATION_BACKENDS)."""

from typing import cast

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Model, Q

from accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, with one query for permissions where Django has one for the person's own and one
    for those of their groups: every page with a menu asks.
    """

    def get_all_permissions(
        self, user_obj: AbstractBaseUser | AnonymousUser, obj: Model | None = None
    ) -> set[str]:
        if not isinstance(user_obj, User) or user_obj.is_superuser or obj is not None:
            return cast("set[str]", super().get_all_permissions(user_obj, obj))
        if not user_obj.is_active:
            return set()
        # The name that Django keeps them under too, for as long as the request.
        kept = vars(user_obj)
        if "_perm_cache" not in kept:
            theirs = Permission.objects.filter(Q(user=user_obj) | Q(group__user=user_obj))
            names = theirs.values_list("content_type__app_label", "codename").order_by()
            kept["_perm_cache"] = {f"{app}.{name}" for app, name in names}
        return cast("set[str]", kept["_perm_cache"])
