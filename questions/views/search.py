"""Search over the library. Public."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
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
    SearchForm,
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
    form = SearchForm(request.GET)
    asked, narrowing = ask(form.text), form.narrowing()
    seen: dict[str, Any] = {"sees_drafts": is_editor(request.user), "closed": closed}
    results = search(asked, narrowing, number=form.page_number, **seen)
    context = {
        "form": form,
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


@dataclass(frozen=True)
class Way:
    """A link that narrows the list down or widens it again, with how many it would leave."""

    title: str
    href: str
    found: int | None = None
    at_least: bool = False
    is_chosen: bool = False

    @property
    def count(self) -> str:
        return f"{self.found}{'+' if self.at_least else ''}"

    @property
    def badge(self) -> SafeString:
        """The link with its number. Not in the template, where each part costs as much as all here:
        a page has twenty, folded away.
        """
        return format_html(
            '<a class="badge" href="{}">{} <span class="badge__count">{}</span></a>',
            self.href,
            self.title,
            self.count,
        )


def ways(asked: Asked, narrowing: Narrowing, results: Results) -> dict[str, Any]:
    """The links of the page: each keeps what was typed, and the rest of what was chosen."""

    def to(**changes: str | int | None) -> str:
        return narrowing.address(asked.text, **changes)

    more = results.are_more_than_counted
    counted = {kind.value: min(kind.found, MOST_COUNTED) for kind in results.kinds}
    kinds = [Way(_("All"), to(kind=""), sum(counted.values()), more(), not narrowing.kind)]
    for kind in results.kinds:
        # Stories and notes have no difficulty.
        kept = {} if kind.value == Kind.QUESTION else {"difficulty": None}
        is_chosen = kind.value == narrowing.kind
        href = to(kind=kind.value, **kept)
        kinds.append(Way(kind.title, href, counted[kind.value], more(kind.value), is_chosen))
    topics = [
        Way(topic.title, to(topic=topic.value), topic.found, more()) for topic in results.topics
    ]
    difficulties = [
        Way(capfirst(facet.title), to(difficulty=facet.value), facet.found, more(Kind.QUESTION))
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
        found.append(Way(suggestion, narrowing.address(suggestion), n))
    return found
