"""Full-text search over questions, model answers, stories and notes.

`asking`: what was typed, as Postgres' queries. `results`: what was found, and how it is shown.
`arms`: how SQL speaks of each kind. `finding`: how it looks words up. `showing`: the statement of a
search. `spelling`: what else could have been meant. `wanted`: what an address asks for.
"""

from questions.search.asking import MOST_CHARACTERS, Asked, ask
from questions.search.finding import count
from questions.search.results import (
    MOST_COUNTED,
    PER_PAGE,
    Facet,
    Hit,
    Kind,
    Narrowing,
    Results,
    address,
)
from questions.search.showing import search
from questions.search.spelling import did_you_mean
from questions.search.wanted import Wanted

__all__ = [
    "MOST_CHARACTERS",
    "MOST_COUNTED",
    "PER_PAGE",
    "Asked",
    "Facet",
    "Hit",
    "Kind",
    "Narrowing",
    "Results",
    "Wanted",
    "address",
    "ask",
    "count",
    "did_you_mean",
    "search",
]
