"""What the library's files said when they were loaded."""

from django.db import models


class LoadedDocument(models.Model):
    """What a file of the library said when it was last loaded.

    A document that still says the same is not loaded again, so what editors change here stays.
    """

    key = models.CharField(max_length=220, primary_key=True)
    digest = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.key
