"""Sittings and their reviews.

`sittings`: what a candidate does. `reviews`: what is made of it. `invitations`: what a reviewer
prepared. `saved_text`: what every text that is saved while it is typed has in common.
"""

from interview.models.invitations import Invitation, InvitationQuestion
from interview.models.reviews import Assignment, Comment, GradedAnswer, Mark, Refused, Review
from interview.models.sittings import Answer, Interview, Revision

__all__ = [
    "Answer",
    "Assignment",
    "Comment",
    "GradedAnswer",
    "Interview",
    "Invitation",
    "InvitationQuestion",
    "Mark",
    "Refused",
    "Review",
    "Revision",
]
