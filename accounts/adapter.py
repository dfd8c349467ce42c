"""What allauth does differently here (ACCOUNT_ADAPTER)."""

from contextlib import nullcontext
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Links lead to SITE_URL, whatever host was asked; unconfirmed addresses get next to no mail.

    Before somebody confirmed an address, it gets the mail that confirms it and, if they ask for
    it, the one that resets their password; both prove that it is theirs.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The email address or the password is wrong."),
        "email_taken": _("Somebody uses this email address already. If it is you, log in."),
        "duplicate_email": _("This is your email address already."),
        "enter_current_password": _("This is not your password."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes and try again."),
    }

    def clean_email(self, email: str) -> str:
        """Refuse what can't be stored; allauth would cut it off."""
        MaxLengthValidator(User._meta.get_field("email").max_length)(email)
        return email

    def new_user(self, request: HttpRequest) -> User:
        """Somebody who goes on reading, and gets mail, in the language they signed up in."""
        user: User = super().new_user(request)
        user.language = translation.get_language()
        return user

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of whom it is for, who may not be who asked for it."""
        user = context.get("user")
        with user.in_their_language() if user else nullcontext():
            super().send_mail(template_prefix, email, {**context, "site_url": settings.SITE_URL})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return at_site_url(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_site_url(super().get_reset_password_from_key_url(key))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send it, but never to an address that `user` wants to change to and did not confirm.

        It may have been mistyped, and then be somebody else's.
        """
        verified = EmailAddress.objects.filter(user=user, email=email, verified=True)
        if email == user.email or verified.exists():
            super().send_password_reset_mail(user, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell `user` what changed, if they confirmed their address.

        A given `email` is one that was theirs until now: `confirm_email` sees to it that only
        confirmed ones are told.
        """
        if email or EmailAddress.objects.filter(user=user, verified=True).exists():
            context = {**(context or {}), "user": user}
            super().send_notification_mail(template_prefix, user, context, email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make it the address of its user; false if it is somebody else's."""
        user_id = email_address.user_id
        if User.objects.filter(email__iexact=email_address.email).exclude(pk=user_id).exists():
            template = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, template, {"email": email_address.email})
            return False
        # Nobody ever confirmed these, so nobody is told that they are replaced.
        if email_address.can_set_verified():
            others = EmailAddress.objects.filter(user_id=user_id, verified=False)
            others.exclude(pk=email_address.pk).delete()
        return bool(super().confirm_email(request, email_address))


def at_site_url(url: str) -> str:
    """The same page at the address where people know this site."""
    return settings.SITE_URL + urlsplit(url)._replace(scheme="", netloc="").geturl()
