"""What the library's files said when they were loaded."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoadedDocument(models.Model):
    """What a file of the library said when it was last loaded.

    A document that still says the same is not loaded again, so what editors change here stays.
    `text` and `name`, that of the file, are for the export: rows keep neither the order of topics
    nor what a file left unsaid. Both are empty for what was loaded before there was an export.
    """

    key = models.CharField(max_length=220, primary_key=True)
    digest = models.CharField(max_length=64)
    text = models.TextField(default="", blank=True)
    name = models.CharField(max_length=255, default="", blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key


class Picture(models.Model):
    """A picture of the library's files, known by its path in their folder.

    In the database, since web processes keep no state and a library comes from anywhere.
    """

    class MediaType(models.TextChoices):
        """What browsers show and nothing runs in: no SVG."""

        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"
        GIF = "image/gif", "GIF"
        WEBP = "image/webp", "WebP"

    path = models.CharField(_("path"), max_length=200, unique=True)
    media_type = models.CharField(_("kind"), max_length=20, choices=MediaType.choices)
    content = models.BinaryField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        default_permissions = ()
        ordering: ClassVar[list[str]] = ["path"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    media_type__in=["image/png", "image/jpeg", "image/gif", "image/webp"]
                ),
                name="picture_of_a_safe_kind",
                violation_error_message=_("A picture is a PNG, JPEG, GIF or WebP."),
            ),
        ]

    def __str__(self) -> str:
        return self.path
