"""What a reviewer says again and again: their comment bank, which nobody else sees."""

from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from accounts.models import User
from interview.refusals import BankFull, InBankAlready

MOST_BANKED = 100
"""Comments that one person keeps: all of them stand on each of their grading pages."""
MOST_BANKED_CHARACTERS = 500


class BankedCommentQuerySet(models.QuerySet["BankedComment"]):
    def of(self, owner: User) -> Self:
        return self.filter(owner=owner).in_order()

    def in_order(self) -> Self:
        """By their letters."""
        return self.order_by(Lower("text"), "id")

    def kept(self) -> Self:
        return self.filter(deleted_at=None)

    def deleted(self) -> Self:
        """What was deleted and can still come back: the last one."""
        return self.filter(deleted_at__isnull=False)

    def add(self, owner: User, text: str) -> "BankedComment":
        """Keep `text`. Of two at once the second waits for the first.

        Raises:
            InBankAlready: the same words are there.
            BankFull: there are as many as fit.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=owner.pk)
            kept = self.of(owner).kept()
            if kept.filter(text=text).exists():
                raise InBankAlready
            if kept.count() >= MOST_BANKED:
                raise BankFull
            return self.create(owner=owner, text=text)


class BankedComment(models.Model):
    """A comment to be inserted by typing a few of its letters."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="banked_comments",
        verbose_name=_("owner"),
    )
    text = models.CharField(_("text"), max_length=MOST_BANKED_CHARACTERS)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)

    objects = BankedCommentQuerySet.as_manager()

    class Meta:
        ordering = ["owner_id", "text"]
        verbose_name = _("comment in the bank")
        verbose_name_plural = _("comment bank")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="banked_comment_says_something",
                violation_error_message=_("Write a comment."),
            ),
            models.UniqueConstraint(
                fields=["owner", "text"],
                condition=Q(deleted_at=None),
                name="banked_comment_once_per_owner",
                violation_error_message=_("Your bank has this comment already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def change(self, text: str) -> None:
        """Let it say `text` from now on; comments it was inserted in stay as they are.

        Raises:
            InBankAlready: another one says that.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=self.owner_id)
            others = BankedComment.objects.filter(owner=self.owner_id).kept().exclude(pk=self.pk)
            if others.filter(text=text).exists():
                raise InBankAlready
            self.text = text
            self.save(update_fields=["text"])

    def discard(self) -> None:
        """Delete it, until it is restored. What was deleted before it is gone then."""
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=self.owner_id)
            earlier = BankedComment.objects.filter(owner=self.owner_id).deleted()
            earlier.exclude(pk=self.pk).delete()
            BankedComment.objects.kept().filter(pk=self.pk).update(deleted_at=Now())

    def restore(self) -> None:
        """Undo the deletion. Twice is as good as once.

        Raises:
            InBankAlready: the same words were added since.
            BankFull: others took its place.
        """
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=self.owner_id)
            kept = BankedComment.objects.filter(owner=self.owner_id).kept()
            if kept.filter(pk=self.pk).exists():
                return
            if kept.filter(text=self.text).exists():
                raise InBankAlready
            if kept.count() >= MOST_BANKED:
                raise BankFull
            BankedComment.objects.filter(pk=self.pk).update(deleted_at=None)
