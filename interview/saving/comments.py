"""Saving a reviewer's comment while it is typed: as an answer is saved, behind the claim's token.

The same numbers decide (`statement.FITS`), the same diagnosis says why nothing was stored, and a
receipt is given after the commit. What differs is who may write: the claim guards that.
"""

from psycopg.types.numeric import Int4

from interview import clock
from interview.models import Answer, Comment, Review
from interview.saving import prepared
from interview.saving.diagnosis import is_stored
from interview.saving.outcomes import Conflict, Receipt, Save
from interview.saving.statement import FITS, NEW_TEXT

# A comment has no row before its first text; an empty field needs none.
SAVE = (
    """
    INSERT INTO interview_comment AS stored
        (review_id, interview_id, answer_id, text, revision, last_revision, writer, sequence,
            saved_at)
    SELECT %(review)s, %(interview)s, %(answer)s::bigint, %(text)s, 1, 1, %(writer)s, %(sequence)s,
        clock_timestamp()
    WHERE %(text)s <> '' OR EXISTS (
        SELECT FROM interview_comment
        WHERE review_id = %(review)s AND answer_id IS NOT DISTINCT FROM %(answer)s::bigint
    )
    ON CONFLICT (review_id, answer_id) DO UPDATE
        SET NEW_TEXT,
            saved_at = clock_timestamp()
        WHERE stored.text <> %(text)s AND FITS
    RETURNING stored.revision, stored.saved_at
""".replace("NEW_TEXT", NEW_TEXT)
    .replace("FITS", FITS)
    .replace("STORED", "stored")
)


def save_comment(review: Review, answer: Answer | None, save: Save) -> Receipt | Conflict:
    """Store `save.text` as the comment on `answer`, or on the interview; one statement if it fits.

    Call it inside `review.writing()`, which asks for the token, renews the claim and keeps other
    writes of the draft waiting; tell of the receipt after that. The same text again stores nothing.
    """
    row = prepared.fetch_one(
        SAVE,
        {
            "review": review.pk,
            "interview": review.interview_id,
            "answer": answer.pk if answer else None,
            "text": save.text,
            "writer": save.writer,
            "base": Int4(save.base),
            "sequence": Int4(save.sequence),
        },
    )
    if row is not None:
        revision, saved_at = row
        return Receipt(revision, saved_at, save.text, None)
    standing = Comment.objects.filter(review=review, answer=answer).first()
    if standing is None:
        return Receipt(0, clock.database_now(), "", None)
    if is_stored(standing, save):
        assert standing.saved_at is not None
        return Receipt(standing.revision, standing.saved_at, standing.text, None)
    return Conflict(standing, save.text, None)
