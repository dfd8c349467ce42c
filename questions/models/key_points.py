"""What a good answer must say."""

from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from questions.models.reading import Story


class KeyPointQuerySet(models.QuerySet["KeyPoint"]):
    def current(self) -> Self:
        """Those that are part of the question today, in their order."""
        return self.filter(retired=False).order_by("position", "id")


class KeyPoint(models.Model):
    """One thing a good answer must say: the unit of grading."""

    question = models.ForeignKey(
        "questions.Question",
        on_delete=models.PROTECT,
        related_name="key_points",
        verbose_name=_("question"),
    )
    key = models.SlugField(
        _("key"), max_length=60, help_text=_("Stays the same when the text is reworded.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.CharField(_("text"), max_length=500, help_text=_("Markdown, one line."))
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    story = models.ForeignKey(
        Story,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="key_points",
        verbose_name=_("failure story"),
        help_text=_("What happens to those who miss this point."),
    )
    retired = models.BooleanField(_("retired"), default=False)

    objects = KeyPointQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "id"]
        verbose_name = _("key point")
        verbose_name_plural = _("key points")
        constraints = [
            models.UniqueConstraint(
                fields=["question", "key"],
                name="key_point_key_unique_in_question",
                violation_error_message=_("Another key point of this question has that key."),
            ),
            models.CheckConstraint(
                condition=models.Q(weight__range=(1, 10)),
                name="key_point_weight_1_to_10",
                violation_error_message=_("The weight is a number from 1 to 10."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
