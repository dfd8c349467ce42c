"""Search over the library. Public."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from questions.models import Question, is_editor
from questions.search import (
    MOST_CHARACTERS,
    MOST_COUNTED,
    Asked,
    Kind,
    Narrowing,
    Results,
    Wanted,
    address,
    ask,
    count,
    did_you_mean,
    search,
)


@require_safe
@login_not_required
def search_library(request: HttpRequest, closed: Collection[int] = ()) -> HttpResponse:
    """What has the words, the best first; for htmx the fragment of it. One query.

    One more if it is narrowed to a topic, and two if nothing was found. `closed` are ids of
    questions that are out of it.
    """
    wanted = Wanted.read(request.GET)
    asked, narrowing = ask(wanted.text), wanted.narrowing()
    seen: dict[str, Any] = {"sees_drafts": is_editor(request.user), "closed": closed}
    results = search(asked, narrowing, number=wanted.page, **seen)
    context = {
        "wanted": wanted,
        "asked": asked,
        "results": results,
        "closed": closed,
        "most_characters": MOST_CHARACTERS,
        **ways(asked, narrowing, results),
        "instead": what_else(asked, narrowing, seen) if results.is_missing else [],
    }
    template = "questions/search.html"
    response = render(
        request, f"{template}#results" if getattr(request, "htmx", False) else template, context
    )
    patch_vary_headers(response, ["HX-Request"])
    return response


class Way(NamedTuple):
    """A link that narrows the list down or widens it again, with how many it would leave."""

    title: str
    href: str
    found: int | None = None
    at_least: bool = False
    is_chosen: bool = False

    @property
    def counted(self) -> str:
        return f"{self.found}{'+' if self.at_least else ''}"


def ways(asked: Asked, narrowing: Narrowing, results: Results) -> dict[str, Any]:
    """The links of the page: each keeps what was typed, and the rest of what was chosen."""
    to = partial(address, narrowing.pairs(asked.text))
    more = results.are_more_than_counted
    is_more = more()
    counted = {kind.value: min(kind.found, MOST_COUNTED) for kind in results.kinds}
    kinds = [Way(_("All"), to(kind=""), sum(counted.values()), is_more, not narrowing.kind)]
    for kind in results.kinds:
        # Stories and notes have no difficulty.
        kept = {} if kind.value == Kind.QUESTION else {"difficulty": None}
        is_chosen = kind.value == narrowing.kind
        href = to(kind=kind.value, **kept)
        kinds.append(Way(kind.title, href, counted[kind.value], more(kind.value), is_chosen))
    topics = [
        Way(topic.title, to(topic=topic.value), topic.found, is_more) for topic in results.topics
    ]
    are_more_questions = more(Kind.QUESTION)
    difficulties = [
        Way(facet.title, to(difficulty=facet.value), facet.found, are_more_questions)
        for facet in results.difficulties
    ]
    level = str(Question.Difficulty(narrowing.difficulty).label) if narrowing.difficulty else ""
    return {
        "kinds": kinds,
        "listed": next((kind for kind in kinds if kind.is_chosen), kinds[0]),
        "topics": [] if narrowing.topic else topics,
        "difficulties": [] if level else difficulties,
        "chosen": [
            *([Way(narrowing.topic.title, to(topic=""))] if narrowing.topic else []),
            *([Way(capfirst(level), to(difficulty=None))] if level else []),
        ],
        "previous": to(page=results.number - 1) if results.number > 1 else "",
        "next": to(page=results.number + 1) if results.has_next else "",
    }


def what_else(asked: Asked, narrowing: Narrowing, seen: Mapping[str, Any]) -> list[Way]:
    """What to look for instead where nothing was found; what is named finds something."""
    found = []
    if (suggestion := did_you_mean(asked)) and (n := count(ask(suggestion), narrowing, **seen)):
        found.append(Way(suggestion, address(narrowing.pairs(suggestion)), n))
    return found
