"""Interviews and their reviews. Each module imports only those named before it.

`saved_text`: what every text that is saved while it is typed has in common. `answers`: what a
candidate writes. `reviews`: what is made of it. `assignments`: the queue of those that wait for a
review. `interviews`: the sitting that all of these belong to. `invitations`: what a reviewer
prepared.
"""

from interview.models.answers import Answer, Revision
from interview.models.assignments import Assignment
from interview.models.interviews import Interview
from interview.models.invitations import Invitation, InvitationQuestion
from interview.models.reviews import Comment, GradedAnswer, Mark, Review

__all__ = [
    "Answer",
    "Assignment",
    "Comment",
    "GradedAnswer",
    "Interview",
    "Invitation",
    "InvitationQuestion",
    "Mark",
    "Review",
    "Revision",
]
