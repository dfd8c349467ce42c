"""`{% load marks %}`: the field of a key point's mark."""

from django.forms import BoundField
from django.template import Library
from django.utils.safestring import SafeString

from interview.mark_buttons import radios

register = Library()


@register.filter
def mark_radios(field: BoundField) -> SafeString:
    """Its radio buttons, which Django would render by a template for each."""
    return radios(field.html_name, field.value(), field.auto_id)
