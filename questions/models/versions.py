"""What questions said at one time. Interviews pin these."""

import hashlib
import json
from typing import Any, ClassVar, NamedTuple, cast

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class VersionKeyPoint(NamedTuple):
    """A key point as a question version says it."""

    key: str
    text: str
    weight: int


class QuestionVersion(models.Model):
    """What a question said at one time.

    A trigger refuses every update but forgetting who made it (migration 0002).
    """

    question = models.ForeignKey(
        "questions.Question",
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("question"),
    )
    number = models.PositiveIntegerField(_("number"))
    digest = models.CharField(_("digest"), max_length=64)
    content = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["question", "-number"]
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="question_version_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return gettext("version %(number)s of “%(prompt)s”") % {
            "number": self.number,
            "prompt": self.prompt,
        }

    @staticmethod
    def digest_of(content: dict[str, Any]) -> str:
        """SHA-256 of the content in one canonical spelling, as hexadecimal digits."""
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def prompt(self) -> str:
        return cast("str", self.content["prompt"])

    @property
    def body(self) -> str:
        return cast("str", self.content["body"])

    @property
    def answer(self) -> str:
        return cast("str", self.content["answer"])

    @cached_property
    def key_points(self) -> list[VersionKeyPoint]:
        """What the answer is graded on; a question without key points is graded on one."""
        points = [VersionKeyPoint(**point) for point in self.content["key_points"]]
        return points or [VersionKeyPoint("answers", gettext("Answers the question"), 1)]
