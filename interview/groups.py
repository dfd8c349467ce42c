"""The groups that give people their role: *Reviewers*, *Editors* and *Leads*."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

REVIEWERS = "Reviewers"
EDITORS = "Editors"
LEADS = "Leads"
"""See backlog, waits and who reviews how much, if they are staff too; nobody's answers."""


def create_groups(sender: AppConfig, **kwargs: Any) -> None:
    """Give each role's group exactly its permissions; runs after each `migrate`.

    Editors may add, change and view the library. They delete nothing of it: what was asked is
    retired.
    """
    # Django makes an app's permissions in this same signal, and after us on the first migrate.
    for label in ("interview", "questions"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    roles = {
        REVIEWERS: Q(content_type__app_label="interview", codename="review"),
        LEADS: Q(content_type__app_label="interview", codename="see_team"),
        EDITORS: Q(content_type__app_label="questions") & ~Q(codename__startswith="delete_"),
    }
    for name, permissions in roles.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(permissions))
