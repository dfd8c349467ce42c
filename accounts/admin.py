"""People, for those who manage them.

Nobody's timing profile is here: staff may be reviewers too (Rules of time, 3).
"""

from typing import Any

from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class UserCreationForm(AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes = {"email": forms.EmailField}


class UserForm(UserChangeForm[User]):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {"email": forms.EmailField}


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Add somebody by email; make them a reviewer or an editor by their groups."""

    form = UserForm
    add_form = UserCreationForm
    list_display = ("email", "name", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("groups", "is_staff", "is_active", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)
    date_hierarchy = "date_joined"
    readonly_fields = ("date_joined", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "name")}),
        (_("Role"), {"fields": ("is_active", "groups", "is_staff", "is_superuser")}),
        (_("Single permissions"), {"classes": ("collapse",), "fields": ("user_permissions",)}),
        (_("Times"), {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "name", "usable_password", "password1", "password2"),
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """A new address is not confirmed, and the ones before lead to the account no more."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            EmailAddress.objects.filter(user=obj).delete()

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Everything that is theirs goes with them, and is nobody's to read before it does."""
        people = [str(user) for user in objs]
        return people, {str(User._meta.verbose_name_plural): len(people)}, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        obj.delete_account()

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for user in queryset:
            user.delete_account()
