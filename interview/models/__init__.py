"""Interviews and their reviews. Each module imports only those named before it.

`saved_text`: what every text that is saved while it is typed has in common. `answers`: what a
candidate writes. `late_texts`: what of it came late, and is accepted. `marks`: what a review says
of each answer. `comment_bank`: what a reviewer says again and again. `corrections`: how a review
supersedes another. `reviews`: the reviews themselves. `unblindings`: who learned whose interview it
is. `second_looks`: what a candidate asks to be looked at again. `assignments`: the queue of those
that wait for a review. `interviews`: the sitting that all of these belong to. `invitations`: what a
reviewer prepared.
"""

from interview.models.answers import Answer, Revision
from interview.models.assignments import Assignment
from interview.models.comment_bank import BankedComment
from interview.models.interviews import Interview
from interview.models.invitations import Invitation, InvitationQuestion
from interview.models.late_texts import AcceptedText, LateText
from interview.models.marks import Comment, GradedAnswer, Mark
from interview.models.reviews import Review
from interview.models.second_looks import SecondLook
from interview.models.unblindings import Unblinding

__all__ = [
    "AcceptedText",
    "Answer",
    "Assignment",
    "BankedComment",
    "Comment",
    "GradedAnswer",
    "Interview",
    "Invitation",
    "InvitationQuestion",
    "LateText",
    "Mark",
    "Review",
    "Revision",
    "SecondLook",
    "Unblinding",
]
