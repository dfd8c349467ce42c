"""What sets, questions, stories and notes have in common: a status, and who may see it."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from questions.freshness import is_stale, year_before

M = TypeVar("M", bound=models.Model)


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


def validate_sources(value: Any) -> None:
    """Sources are a list of `{"title": …, "url": …}` with web addresses."""
    if not isinstance(value, list):
        raise ValidationError(_("Sources are a list."))
    check_url = URLValidator(schemes=["http", "https"])
    for source in value:
        if not isinstance(source, dict) or set(source) != {"title", "url"} or not source["title"]:
            raise ValidationError(_("Each source has a title and a url, and nothing else."))
        check_url(source["url"])


class Published(models.Model):
    """What sets, stories and notes have in common: a name, a state, and where they come from."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    topics = models.ManyToManyField("questions.Topic", verbose_name=_("topics"), blank=True)
    license = models.CharField(
        _("licence"), max_length=100, help_text=_("An SPDX name such as CC-BY-4.0.")
    )
    despite_licence = models.BooleanField(
        _("may be published despite its licence"),
        default=False,
        db_default=False,  # For rows that other versions of this code write.
        help_text=_("What has no licence, or one that forbids to change it, needs your word."),
    )
    checked_against = models.CharField(
        _("checked against"), max_length=100, blank=True, help_text=_("Such as Kubernetes 1.36.")
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    sources = models.JSONField(
        _("sources"), default=list, blank=True, validators=[validate_sources]
    )
    extra = models.TextField(
        _("other front matter"),
        blank=True,
        help_text=_("YAML: keys of the file that mean nothing here, kept as written for export."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def is_stale(self) -> bool:
        """Whether it was checked more than a year ago, by the reader's day."""
        return is_stale(self.checked_on, timezone.localdate())


NO_ADAPTATION = r"(^|[^a-z])nd([^a-z]|$)|no-?deriv|no derivative|all rights reserved"
"""What licences say that forbid to change the work; as Python and Postgres read it, in any case."""
NO_LICENCE = r"^\s*((none|noassertion|unknown|proprietary)\s*)?$"


def forbids_adaptation(licence: str) -> bool:
    """Whether a library may not use what has this licence, or none, as it edits what it has."""
    pattern = f"{NO_ADAPTATION}|{NO_LICENCE}"
    return re.search(pattern, licence, re.IGNORECASE | re.ASCII) is not None


def is_editor(user: User | AnonymousUser) -> bool:
    """Whether `user` sees drafts and the retired, too."""
    return user.has_perm("questions.change_questionset")


class Neighbour(NamedTuple):
    slug: str
    name: str


class Neighbours(NamedTuple):
    previous: Neighbour | None = None
    next: Neighbour | None = None


def neighbours_of(rows: Iterable[tuple[Any, ...]]) -> Neighbours:
    """Of those that are there, each with its side."""
    return Neighbours(**{side: Neighbour(slug, name) for side, slug, name in rows})


class LibraryQuerySet(models.QuerySet[M]):
    """Vocabulary of everything that has a status."""

    in_order_of = named_by = "title"
    checked_on = "checked_on"
    licence_in: ClassVar[str] = "license"
    """The field with the licence; empty where something else has it."""

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def stale(self) -> Self:
        """Those that nobody checked within the last year; retired ones need no checking."""
        day = year_before(timezone.localdate())
        long_ago = models.Q(**{f"{self.checked_on}__lt": day}) | models.Q(**{self.checked_on: None})
        return self.exclude(status=Status.RETIRED).filter(long_ago)

    def without_source(self) -> Self:
        """Those that name no source of their own."""
        return self.filter(sources=[])

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What `user` may read: the published, and for editors drafts and the retired too."""
        return self if is_editor(user) else self.published()

    def kept_back(self) -> Self:
        """Those that `publish()` leaves alone: their licence forbids adaptation, or they have none,
        and nobody said to publish them despite that.
        """
        if not self.licence_in:
            return self.none()
        forbidding = {f"{self.licence_in}__iregex": f"{NO_ADAPTATION}|{NO_LICENCE}"}
        return self.exclude(status=Status.PUBLISHED).filter(despite_licence=False, **forbidding)

    def publish(self, *, despite_licence: bool = False) -> int:
        """Show them to everybody; how many were not published.

        What is `kept_back()` stays what it is, unless it shall be published `despite_licence`.
        """
        if despite_licence:
            self.kept_back().update(despite_licence=True)
        return self.become(Status.PUBLISHED)

    def retire(self) -> int:
        """Take them out of sight, for good or until they are published again; how many were."""
        return self.become(Status.RETIRED)

    def become(self, status: Status) -> int:
        """Give them that status; how many had another."""
        return self.becoming(status).update(status=status, updated_at=Now())

    def becoming(self, status: Status) -> Self:
        """Those that `become()` changes: they have another status, and nothing keeps them back."""
        rows = self.exclude(status=status)
        if status == Status.PUBLISHED and self.licence_in:
            rows = rows.exclude(pk__in=self.kept_back().order_by().values("pk"))
        return rows

    def around(self, item: M) -> Neighbours:
        """What stands before and after `item`, where these are in order. One query."""
        return neighbours_of(self.rows_around(item))

    def rows_around(self, item: M) -> models.QuerySet[Any, Any]:
        """Of each that is there its side, slug and name."""
        by, name = self.in_order_of, self.named_by
        value = getattr(item, by)

        def nearest(side: str, comparison: str, sign: str) -> models.QuerySet[Any, Any]:
            beyond = models.Q(**{f"{by}__{comparison}": value})
            beside = models.Q(**{by: value, f"pk__{comparison}": item.pk})
            # What it comes to, once more: from there on an index is read.
            side_of = self.filter(**{f"{by}__{comparison}e": value}).filter(beyond | beside)
            found = side_of.order_by(f"{sign}{by}", f"{sign}pk")
            return found.values_list(models.Value(side), "slug", name)[:1]

        return nearest("previous", "lt", "-").union(nearest("next", "gt", ""), all=True)
