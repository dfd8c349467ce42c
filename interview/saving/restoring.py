"""Taking an earlier text of an answer back, while it takes text."""

from django.db import transaction
from django.db.models import F

from interview import clock
from interview.models import Answer, Revision
from interview.refusals import ChangedElsewhere, TimeIsOver, TooManySaves
from interview.saving import limits


def restore(earlier: Revision, *, base: int) -> bool:
    """Let `earlier` stand again, as a new revision; False if its text stands already.

    `base` is the revision that its page showed as standing. That one and the restored text are
    both in the history then. Locks the answer's row: a save of another device comes before and is
    noticed here, or comes after and conflicts. Counts as a save of the answer. A refused one sets
    nothing aside: the text is in the history already.

    Raises:
        TimeIsOver: the answer takes no more text, also after its grace.
        ChangedElsewhere: another text stands than `base`; nothing is changed.
        TooManySaves: more were sent than anybody types.
    """
    answers = Answer.objects.filter(pk=earlier.answer_id)
    with transaction.atomic():
        standing = answers.select_for_update(no_key=True).get()
        now = clock.database_now()
        if standing.accepts_until is not None and now > standing.accepts_until:
            raise TimeIsOver
        if standing.revision and standing.text == earlier.text:
            return False
        if standing.revision != base:
            raise ChangedElsewhere
        busy_until = max(standing.busy_until or now, now)
        if busy_until > now + limits.AHEAD:
            raise TooManySaves
        Revision.objects.keep(answers, Revision.Kind.TYPING, now)
        number = F("last_revision") + 1
        # No page wrote it: each that is open goes on from a revision that is no longer current.
        answers.update(
            text=earlier.text,
            revision=number,
            last_revision=number,
            writer=None,
            sequence=0,
            saved_at=now,
            kept_at=now,
            busy_until=busy_until + limits.SAVE_INTERVAL,
        )
        Revision.objects.keep(answers, Revision.Kind.RESTORED, now)
    return True
