"""`{% load paths %}`: addresses in a list, or where a page has many."""

from django.template import Library

from accounts.paths import path_to

register = Library()
register.simple_tag(path_to)
