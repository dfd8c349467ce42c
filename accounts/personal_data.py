"""What is stored about somebody as a person; the interview app adds what they did."""

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry

from accounts.models import TimingProfile, User


def account_of(user: User) -> dict[str, Any]:
    """Their account for the export, without secrets: no password hash, no session key."""
    profile = TimingProfile.objects.of(user)
    return {
        "account": {
            "email": user.email,
            "name": user.name,
            "joined_at": user.date_joined,
            "last_login_at": user.last_login,
            "single_keys": user.single_keys,
            "language": user.language,
            "is_active": user.is_active,
            "is_staff": user.is_staff,
            "is_superuser": user.is_superuser,
            "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        },
        "email_addresses": list(
            EmailAddress.objects.filter(user=user)
            .order_by("pk")
            .values("email", "verified", "primary")
        ),
        "timing_profile": {
            "factor": profile.factor,
            "show_clock": profile.show_clock,
            "announcements": profile.announcements,
        },
        "sessions": [
            {"expires_at": expires_at}
            for expires_at in user.sessions.order_by("expire_date").values_list(
                "expire_date", flat=True
            )
        ],
        "changes_in_the_admin_pages": list(
            LogEntry.objects.filter(user=user)
            .order_by("pk")
            .values("action_time", "object_repr", "change_message")
        ),
    }
