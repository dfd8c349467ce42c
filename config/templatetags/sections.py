"""`{% load sections %}`: to which entry of the navigation a page belongs."""

from django.template import Library
from django.urls import ResolverMatch

register = Library()

SECTIONS = {
    "sets": "set-list",
    "stories": "story-list",
    "notes": "note-list",
    "topics": "topic-list",
    "interviews": "interview-list",
    "interviews/compare": "progress",
    "queue": "queue",
    "batches": "queue",
    "reviews": "queue",
    "second-looks": "queue",
    "comment-bank": "queue",
    "invitations": "invitation-list",
    "profile": "profile",
}
"""By the beginning of their addresses; the longer one wins."""


@register.filter
def section(match: ResolverMatch | None) -> str:
    """The name of that entry's page; empty for a page in no section, such as an error's."""
    first, second, *_ = [*(match.route if match else "").split("/"), "", ""]
    return SECTIONS.get(f"{first}/{second}") or SECTIONS.get(first, "")
