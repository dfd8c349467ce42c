"""Files that editors bring, kept until they are imported, and for a while after."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath
from typing import Any, ClassVar, Self

from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User

PENDING_DAYS = 7
"""How long a file waits that nobody does anything with."""
WRITTEN_DAYS = 30
"""How long an import can be undone."""

LATE_SECONDS = 60
"""How long reading may take, the wait for a worker included, before somebody should ask why."""


class ImportQuerySet(models.QuerySet["Import"]):
    def of(self, user: User) -> Self:
        return self.filter(editor=user)

    def expired(self) -> Self:
        now = timezone.now()
        return self.filter(
            models.Q(written_at=None, changed_at__lt=now - timedelta(days=PENDING_DAYS))
            | models.Q(written_at__lt=now - timedelta(days=WRITTEN_DAYS))
        )


class Import(models.Model):
    """One file on its way into the library: its bytes, what was read from it, what was decided.

    It is its editor's alone. `reading` and `decisions` are told in `questions.importing`; what it
    wrote is in `written`, so that it can be undone.
    """

    class Shape(models.TextChoices):
        AUTO = "auto", _("find out")
        LIST = "list", _("a numbered, labelled or bulleted list")
        DETAILS = "details", _("<details> with a summary")
        HEADINGS = "headings", _("a heading for each question")
        RECORDS = "records", _("CSV, TSV, JSON or Anki")
        STORIES = "stories", _("failure stories")

    class Body(models.TextChoices):
        AUTO = "", _("find out")
        ANSWER = "answer", _("the answer")
        QUESTION = "question", _("the rest of the question")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    editor = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("editor")
    )
    path = models.CharField(_("file"), max_length=200)
    data = models.BinaryField(_("bytes"))
    size = models.PositiveIntegerField(_("size in bytes"))
    shape = models.CharField(
        _("questions are written as"), max_length=10, choices=Shape.choices, default=Shape.AUTO
    )
    body_is = models.CharField(
        _("below a heading stands"), max_length=10, choices=Body.choices, blank=True, default=""
    )
    source = models.URLField(
        _("source"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    licence = models.CharField(
        _("licence"),
        max_length=100,
        blank=True,
        help_text=_("An SPDX name such as CC-BY-4.0. Empty: what the file says, if it says any."),
    )
    created_at = models.DateTimeField(_("brought"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)
    started_at = models.DateTimeField(_("reading began"), null=True)
    read_at = models.DateTimeField(_("read"), null=True)
    error = models.TextField(_("what is wrong"), blank=True)
    reading = models.JSONField(_("what was read"), null=True)
    known = models.JSONField(_("what the library has already"), default=dict)
    similar = models.JSONField(_("what the library nearly has"), default=dict)
    decisions = models.JSONField(_("decisions"), default=list)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    written_at = models.DateTimeField(_("imported"), null=True)
    written = models.JSONField(_("what was written"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(written_at=None) | models.Q(reading__isnull=False),
                name="import_written_was_read",
                violation_error_message=_("Only what was read can be imported."),
            ),
        ]
        indexes = [
            # ImportQuerySet.of(), newest first.
            models.Index(fields=["editor", "-created_at"], name="import_of_editor"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def is_waiting(self) -> bool:
        """Whether it has still to be read."""
        return self.read_at is None

    @property
    def name(self) -> str:
        return PurePath(self.path).name

    @property
    def is_late(self) -> bool:
        """Whether it should have been read by now: the worker is down, or died over it."""
        return self.is_waiting and timezone.now() - self.changed_at > timedelta(
            seconds=LATE_SECONDS
        )

    @property
    def forgotten_on(self) -> Any:
        """When the file, and with it the way to undo, is gone."""
        if self.written_at:
            return self.written_at + timedelta(days=WRITTEN_DAYS)
        return self.changed_at + timedelta(days=PENDING_DAYS)

    def read_again(self, *, shape: str, body_is: str) -> None:
        """Begin anew, with other choices: what was decided was about another reading."""
        self.shape, self.body_is = shape, body_is
        self.started_at = self.read_at = self.reading = None
        self.error, self.known, self.similar, self.decisions = "", {}, {}, []
        self.revision += 1
        self.save()

    def decide(self, acts: Iterable[dict[str, Any]]) -> None:
        """Add decisions at the end; the row must be locked. Each gets a number of its own."""
        number = max((one["number"] for one in self.decisions), default=0)
        self.decisions += [act | {"number": number + n} for n, act in enumerate(acts, 1)]
        self._save_decisions()

    def take_back(self, numbers: Iterable[int]) -> None:
        """Remove decisions; the row must be locked. A number that is gone already is no error."""
        gone = set(numbers)
        self.decisions = [one for one in self.decisions if one["number"] not in gone]
        self._save_decisions()

    def _save_decisions(self) -> None:
        self.revision += 1
        self.save(update_fields=["decisions", "revision", "changed_at"])
