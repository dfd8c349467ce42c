"""What somebody can't do now, each with the sentence that tells them why."""

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from interview.models.corrections import Correctable


class Refused(Exception):
    """What somebody can't do now; its text is the sentence that tells them why."""

    sentence: str | Promise = ""

    def __str__(self) -> str:
        return str(self.sentence)


class TooManyClaims(Refused):
    sentence = _("You hold three interviews already. Publish or release one of them first.")


class NotWaiting(Refused):
    sentence = _("This interview isn’t waiting any more: somebody else claimed it.")


class StaleToken(Refused):
    """The reviewer holds the interview by a newer claim than the page that wrote knows of."""

    sentence = _("This page was from an earlier claim of yours. Check it and save once more.")


class ClaimLost(Refused):
    sentence = _("You don’t hold this interview any more. What you wrote is kept as your draft.")


class BeingGraded(Refused):
    sentence = _("A reviewer has begun to grade this interview, so it stays in the queue.")


class AlreadyPublished(Refused):
    sentence = _("This review is published. Take it back first if you want to change it.")


class TooLate(Refused):
    sentence = _("The candidate can read this review now, so it can’t be taken back.")


class UnknownKeyPoint(Refused):
    sentence = _("That key point isn’t part of the question that was asked.")


class Incomplete(Refused):
    sentence = _("This review can’t be published yet: marks or levels are missing.")


class UnknownLateText(Refused):
    sentence = _("That late text isn’t one of this answer. Look at it again, then choose.")


class UnknownWords(Refused):
    sentence = _("Those words aren’t in the text that is graded now. Choose them again.")


class NotMarked(Refused):
    sentence = _("Mark the key point first, then choose the words that its mark rests on.")


class CameAfterReveal(Refused):
    sentence = _("That text came after the model answers were shown, so it can’t be accepted.")


class BankFull(Refused):
    sentence = _("Your comment bank is full: 100 comments fit. Delete one first.")


class InBankAlready(Refused):
    sentence = _("Your comment bank has this comment already.")


class TimeIsOver(Refused):
    sentence = _("The time is over, so your answer stays as it is. All its versions are kept here.")


class ChangedElsewhere(Refused):
    sentence = _(
        "This answer was changed in another tab or on another device, so nothing was taken back. "
        "Nothing is lost: this is how it stands now."
    )


class TooManySaves(Refused):
    sentence = _("That was very often in a short time. Wait a few seconds, then take it back.")


class NotVisibleYet(Refused):
    sentence = _("The candidate can’t read this review yet: take it back instead of correcting it.")


class CorrectedAlready(Refused):
    """`correction` is the one that was begun or published."""

    sentence = _("A correction of this review has been begun already.")

    def __init__(self, correction: "Correctable") -> None:
        super().__init__()
        self.correction = correction


class NewerCorrection(Refused):
    sentence = _("A newer correction builds on this one. Take that back first.")


class AnswersSecondLook(Refused):
    sentence = _("This correction is your answer to a second look: take that answer back instead.")


class MarkedFull(Refused):
    sentence = _("This key point is marked full already.")


class AskedAlready(Refused):
    sentence = _("You have asked for a second look at this key point; that is possible once.")


class TooLateToAsk(Refused):
    sentence = _("A second look can be asked for within 14 days, and those have passed.")


class MarkHasChanged(Refused):
    sentence = _("This review has been corrected meanwhile. Read it again before you ask.")


class AnsweredAlready(Refused):
    sentence = _("This second look is answered already.")


class CorrectionUnderWay(Refused):
    sentence = _(
        "A correction of this review has been begun, so the mark can’t change here now. It must be "
        "published or discarded first."
    )


class KnowsTooMuch(Refused):
    sentence = _("You have reviewed this interview, or it is yours. Ask another superuser.")
