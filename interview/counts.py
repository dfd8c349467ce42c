"""Counting rows within a query."""

from django.db.models import IntegerField, Subquery


class NumberOf(Subquery):
    """An annotation: how many rows a query has, which may name the `OuterRef()` or be cut off.

    `Count()` would group them, and count beyond the cut.
    """

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()
    empty_result_set_value = 0
