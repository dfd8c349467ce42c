"""Who people are, how much time they need, and their sessions."""

from decimal import Decimal
from typing import Any, ClassVar, cast

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, Permission, PermissionsMixin
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models.functions import Concat, Lower, Now
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _


def names_of_permissions(person: str) -> ArraySubquery:
    """What the person in that field may do, by themselves or by their groups: for `annotate()`."""
    who = models.OuterRef(models.OuterRef(person))
    own = User.user_permissions.through.objects.filter(user=who)
    of_groups = Group.permissions.through.objects.filter(group__user=who)
    theirs = Permission.objects.filter(
        models.Q(pk__in=own.values("permission")) | models.Q(pk__in=of_groups.values("permission"))
    )
    name = Concat("content_type__app_label", models.Value("."), "codename")
    return ArraySubquery(theirs.order_by().values_list(name))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create somebody who can log in with `email`; without a password, only by resetting it.

        Raises:
            django.db.IntegrityError: somebody has that address, in any case of its letters.
        """
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create somebody who may do everything; called by `manage.py createsuperuser`."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def of_session(self, session_key: str) -> models.QuerySet["User"]:
        """Whoever is logged in by that session now, if anybody is."""
        return self.filter(
            is_active=True, sessions__session_key=session_key, sessions__expire_date__gt=Now()
        )

    def with_permissions(self) -> models.QuerySet["User"]:
        """Each with the names of what they may do as `permission_names`. No query more."""
        people: Any = self  # The attribute is told below; mypy takes that for two.
        return cast(
            "models.QuerySet[User]", people.annotate(permission_names=names_of_permissions("pk"))
        )

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Lower-case the whole address: nobody is told apart by the case of their letters."""
        return super().normalize_email(email).lower()


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in by email. What they may do follows from their groups."""

    email = models.EmailField(_("email address"))
    name = models.CharField(
        _("name"),
        max_length=100,
        blank=True,
        help_text=_("Shown to you, and on invitations: to who is invited and who invited them."),
    )
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May log in to the admin pages.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Clear this instead of deleting an account.")
    )
    single_keys = models.BooleanField(
        _("single keys"),
        default=True,
        db_default=True,  # For rows that other versions of this code write.
        help_text=_("Whether a single key acts on the grading page (WCAG 2.1.4)."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of pages and mail. Empty: pages as the browser asks, mail in English."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    # Given by with_permissions(), and by the session that they are logged in with.
    permission_names: list[str]

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody uses this email address already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        self.email = UserManager.normalize_email(self.email)

    def in_their_language(self) -> translation.override:
        """Until it ends texts are in the language they chose; if in none, as before."""
        return translation.override(self.language or translation.get_language())

    def email_is_confirmed(self) -> bool:
        """Whether mail may be sent to them. One query."""
        addresses = EmailAddress.objects.filter(user=self, email=self.email, verified=True)
        return bool(addresses.exists())

    def delete_account(self) -> None:
        """Delete them and what is theirs: sittings, sessions, addresses, timing profile.

        What they wrote for others stays without their name; each model says so where it refers to
        them. Nothing of theirs can be begun meanwhile: their row is locked.
        """
        with transaction.atomic():
            User.objects.select_for_update().get(pk=self.pk)
            # The admin's log names people by their address.
            person = ContentType.objects.get_for_model(User)
            LogEntry.objects.filter(content_type=person, object_id=str(self.pk)).update(
                object_repr=_("deleted account")
            )
            self.delete()


class TimingProfileManager(models.Manager["TimingProfile"]):
    def of(self, user: User) -> "TimingProfile":
        """The profile of `user`; a new, unsaved one with the usual time if they set none."""
        return self.filter(user=user).first() or TimingProfile(user=user)


def default_announcements() -> list[int]:
    return [10, 5, 1]


class TimingProfile(models.Model):
    """How much time somebody gets and how they are told of it (Rules of time, 3 and 4).

    Private: no page, mail or export for reviewers may show it or anything computed from it.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="timing_profile"
    )
    factor = models.DecimalField(
        _("time factor"),
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
        help_text=_("Every limit is multiplied by this, from 1 to 10. Empty: without a limit."),
    )
    show_clock = models.BooleanField(_("show the clock"), default=True)
    announcements = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("announce when these minutes are left"),
        default=default_announcements,
        blank=True,
    )

    objects: ClassVar[TimingProfileManager] = TimingProfileManager()

    class Meta:
        verbose_name = _("timing profile")
        verbose_name_plural = _("timing profiles")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(factor__isnull=True) | models.Q(factor__range=(1, 10)),
                name="timing_profile_factor_1_to_10",
                violation_error_message=_("The factor is a number from 1 to 10, or empty."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factor} ×" if self.factor is not None else "untimed"

    @property
    def untimed(self) -> bool:
        return self.factor is None


class Session(AbstractBaseSession):
    """A log-in on one device, with its user's id: can be listed, joined and ended.

    A trigger of the user's table deletes all of somebody's when their password changes or their
    account is closed, by whatever way: who joins this table need not ask for more.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore
