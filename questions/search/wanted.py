"""What an address asks a search for."""

import re
from typing import NamedTuple, Self

from django.http import QueryDict

from questions.models import Question, Topic
from questions.search.results import Kind, Narrowing

LAST_PAGE = 100
SLUG = re.compile(r"[-\w]+", re.ASCII)
DIFFICULTIES = {str(difficulty.value): difficulty.value for difficulty in Question.Difficulty}
PAGES = {str(number): number for number in range(1, LAST_PAGE + 1)}


class Wanted(NamedTuple):
    """Of one that somebody typed or changed, what makes no sense counts as not there.

    Without a form: to make one and let it look took a tenth of a page, and nobody sees its errors.
    """

    text: str
    kind: str
    topic: str
    difficulty: int | None
    page: int

    @classmethod
    def read(cls, data: QueryDict) -> Self:
        kind, topic = data.get("kind", ""), data.get("topic", "")
        return cls(
            text=data.get("q", ""),
            kind=kind if kind in Kind.values else "",
            topic=topic if SLUG.fullmatch(topic) else "",
            difficulty=DIFFICULTIES.get(data.get("difficulty", "")),
            page=PAGES.get(data.get("page", ""), 1),
        )

    def narrowing(self) -> Narrowing:
        """One query if there is a topic."""
        topic = Topic.objects.filter(slug=self.topic).first() if self.topic else None
        return Narrowing(kind=self.kind, topic=topic, difficulty=self.difficulty)
