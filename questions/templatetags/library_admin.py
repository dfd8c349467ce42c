"""`{% load library_admin %}`: what editors are told on the admin's own pages."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from questions.models import Note, QuestionSet, Story

register = template.Library()


@dataclass(frozen=True)
class Stale:
    """How many of a model's items nobody checked within a year, and where they are listed."""

    name: str
    count: int
    url: str


@register.simple_tag
def stale(user: Any, opts: Any = None) -> list[Stale]:
    """What `user` should check again: of one model, if its `_meta` is given. A query a model."""
    found = []
    for each in (QuestionSet, Story, Note):
        name = each._meta.model_name
        if opts in (None, each._meta) and user.has_perm(f"questions.change_{name}"):
            count = each.objects.stale().count()
            if count:
                url = reverse(f"admin:questions_{name}_changelist")
                plural = each._meta.verbose_name if count == 1 else each._meta.verbose_name_plural
                found.append(Stale(str(plural), count, f"{url}?checked=stale"))
    return found
