"""What people enter about themselves."""

from decimal import Decimal
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import passthrough_next_redirect_url
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import TimingProfile, User
from accounts.people import signed_in

PASSWORD_RULES = _(
    "At least 10 characters, not a common password, nothing like your email address."
)


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_RULES

    def validate_unique_email(self, value: str) -> str:
        """An address that somebody else only wants to change to is still to be had."""
        owners = EmailAddress.objects.filter(email=value, verified=True)
        if owners.exists() or User.objects.filter(email=value).exists():
            raise get_adapter().validation_error("email_taken")
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account. Of two at once, such as a double click, one is sent to the log-in."""
        try:
            with transaction.atomic():
                user, response = super().try_save(request)
                return user, response
        except IntegrityError:
            if not User.objects.filter(email=self.cleaned_data["email"]).exists():
                raise
            messages.error(request, get_adapter().error_messages["email_taken"])
            login = reverse("account_login")
            return None, redirect(
                passthrough_next_redirect_url(request, login, REDIRECT_FIELD_NAME)
            )


class NewPassword:
    """Asks for it in the words of the other forms, and tells its rules as the sign-up does."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = PASSWORD_RULES
        self.fields["password2"].label = _("New password, again")


class ChangePasswordForm(NewPassword, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Current password")


class ResetPasswordKeyForm(NewPassword, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class SetPasswordForm(NewPassword, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """For somebody who has none, such as one whom an admin added."""


class ChangeEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]
    """A confirmed address stays until the new one is confirmed; a mistyped one is replaced."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self.confirmed():
            return email
        # It becomes the address of the account at once, and of one only.
        if User.objects.filter(email=email).exclude(pk=self.user.pk).exists():
            raise get_adapter().validation_error("email_taken")
        return email

    def save(self, request: HttpRequest) -> EmailAddress:
        if self.confirmed():
            return super().save(request)
        email = self.cleaned_data["email"]
        EmailAddress.objects.filter(user=self.user).delete()
        address = EmailAddress.objects.create(user=self.user, email=email, primary=True)
        self.user.email = email
        self.user.save(update_fields=["email"])
        address.send_confirmation(request)
        return address

    def confirmed(self) -> bool:
        return bool(EmailAddress.objects.filter(user=self.user, verified=True).exists())


class TimingForm(forms.Form):
    """The timing profile (Rules of time, 3): on the profile page, and before each start."""

    USUAL, OTHER, NO_LIMIT = "1", "other", "none"
    TIMES = [
        (USUAL, _("The usual time")),
        ("1.25", _("A quarter more: × 1.25")),
        ("1.5", _("Half as much again: × 1.5")),
        ("2", _("Twice the time: × 2")),
        (NO_LIMIT, _("No limit")),
        (OTHER, _("Another factor")),
    ]
    MINUTES = [30, 15, 10, 5, 2, 1]

    time = forms.ChoiceField(label=_("Time"), choices=TIMES, widget=forms.RadioSelect)
    factor = forms.DecimalField(
        label=_("Which factor"),
        min_value=Decimal(1),
        max_value=Decimal(10),
        max_digits=4,
        decimal_places=2,
        required=False,
        help_text=_("From 1 to 10, such as 1.75."),
        error_messages={
            "invalid": _("Enter a number from 1 to 10."),
            "min_value": _("Enter a number from 1 to 10."),
            "max_value": _("Enter a number from 1 to 10."),
            "max_digits": _("Enter a number from 1 to 10."),
            "max_decimal_places": _("Use at most two digits after the point."),
        },
    )
    show_clock = forms.BooleanField(
        label=_("Show the clock in an interview"),
        required=False,
        help_text=_(
            "Hidden, it still runs: the announcements below tell what is left. One click shows it."
        ),
    )
    announcements = forms.TypedMultipleChoiceField(
        label=_("Announce when these minutes are left"),
        choices=[(minutes, minutes) for minutes in MINUTES],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        """Fill in what is stored; `data` is None where nothing of this was sent. One query."""
        self.user = user
        self.profile = profile = TimingProfile.objects.of(user)
        initial = {
            "time": self.OTHER,
            "factor": profile.factor,
            "show_clock": profile.show_clock,
            "announcements": profile.announcements,
        }
        for time, _label in self.TIMES:
            if time not in {self.OTHER, self.NO_LIMIT} and profile.factor == Decimal(time):
                initial |= {"time": time, "factor": None}
        if profile.untimed:
            initial["time"] = self.NO_LIMIT
        super().__init__(data, initial=initial)

    def clean(self) -> None:
        """What was written beside *Another factor* counts only when that is chosen."""
        super().clean()
        if self.cleaned_data.get("time") != self.OTHER:
            self.errors.pop("factor", None)
        elif "factor" not in self.errors and self.cleaned_data["factor"] is None:
            self.add_error("factor", _("Enter a number from 1 to 10."))

    def chosen_factor(self) -> Decimal | None:
        """The factor for all limits; none for no limit."""
        time = self.cleaned_data["time"]
        if time == self.NO_LIMIT:
            return None
        factor = self.cleaned_data["factor"] if time == self.OTHER else time
        return Decimal(factor)

    def save(self) -> None:
        """Store it. A running interview keeps the time it was started with."""
        TimingProfile.objects.update_or_create(
            user=self.user,
            defaults={
                "factor": self.chosen_factor(),
                "show_clock": self.cleaned_data["show_clock"],
                "announcements": self.cleaned_data["announcements"],
            },
        )


def languages() -> list[tuple[str, str]]:
    """Each under its own name, for who reads no other."""
    return list(settings.LANGUAGES)


class LanguageForm(forms.Form):
    """The language of pages and mail."""

    language = forms.ChoiceField(choices=languages)


class ProfileForm(TimingForm):
    """A name, a language, and the timing profile."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        help_text=_(
            "Shown on invitations, to those you invite and those who invite you. Reviewers know "
            "you by a made-up name."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    language = forms.ChoiceField(
        label=_("Language"),
        choices=lambda: [("", _("As your browser asks")), *languages()],
        required=False,
        help_text=_("Of pages and mail. Questions and model answers are in English."),
    )

    single_keys = forms.BooleanField(
        label=_("Single keys act on the grading page"),
        required=False,
        help_text=_(
            "Such as F for full. Turn it off if you use speech input or press keys by accident; "
            "everything can be reached with Tab too."
        ),
    )

    field_order = ("name", "language")

    def __init__(self, data: QueryDict | None = None, *, user: User) -> None:
        super().__init__(data, user=user)
        self.initial.update(name=user.name, language=user.language, single_keys=user.single_keys)
        if not user.has_perm("interview.review"):
            del self.fields["single_keys"]

    def save(self) -> None:
        with transaction.atomic():
            self.user.name = self.cleaned_data["name"]
            self.user.language = self.cleaned_data["language"]
            self.user.single_keys = self.cleaned_data.get("single_keys", self.user.single_keys)
            self.user.save(update_fields=["name", "language", "single_keys"])
            super().save()


class DeleteAccountForm(forms.Form):
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("To be sure that it is you."),
    )

    def __init__(self, data: QueryDict | None = None, *, request: HttpRequest) -> None:
        self.request = request
        super().__init__(data)

    def clean_password(self) -> str:
        """Wrong tries count as failed log-ins: nobody guesses a password here."""
        password: str = self.cleaned_data["password"]
        adapter = get_adapter()
        person = signed_in(self.request)
        if adapter.authenticate(self.request, email=person.email, password=password) != person:
            raise adapter.validation_error("incorrect_password")
        return password
