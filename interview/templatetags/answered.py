"""`{% load answered %}`: what the library's pages tell those who were asked.

The library knows nothing of interviews; its templates may.
"""

from typing import Any

from django import template

from interview.models import Answer
from questions.models import Question

register = template.Library()


@register.inclusion_tag("interview/includes/changed_since.html", takes_context=True)
def changed_since_answered(context: dict[str, Any], question: Question) -> dict[str, Any]:
    """Tell that the question changed since this candidate was asked it last. One query; for
    strangers none.
    """
    user = context["user"]
    answer = Answer.objects.last_of(user, question) if user.is_authenticated else None
    return {"answer": answer}
