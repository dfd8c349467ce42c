"""What all tours share: where they run, and who goes on them."""

from collections.abc import Callable

import pytest

from tests.browser.budgets.looking import Visitor

TOUR = [
    pytest.mark.browser,
    pytest.mark.budgets,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.budgets.urls"),
]

VisitorOf = Callable[..., Visitor]
"""`visitor_of("candidate", candidate)`: a visitor in a browser of their own, who is logged in."""
