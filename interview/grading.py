"""What a grading page shows of one answer, as its template reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.forms import BoundField

from interview import quotes
from interview.forms.grading import AnswerForm
from interview.models import GradedAnswer, Mark
from questions.models import VersionKeyPoint


@dataclass(frozen=True)
class PointToMark:
    number: int
    """From 1: its key on the keyboard, and what the words it rests on are marked with."""
    point: VersionKeyPoint
    field: BoundField
    quote: str
    """The words that its mark rests on; empty without any."""
    own: Mark.Value | None
    """The candidate's, once the reviewer has marked the whole answer."""


@dataclass(frozen=True)
class Citable:
    """A sentence of the answer or of its accepted late text, to be chosen from a list."""

    value: str
    text: str


def points_of(
    graded: GradedAnswer, form: AnswerForm, own: Mapping[str, Mark.Value]
) -> list[PointToMark]:
    """The key points in their order. No query."""
    quoted = graded.quoted_words
    return [
        PointToMark(number, point, field, quoted.get(point.key, ""), own.get(point.key))
        for number, (point, field) in enumerate(form.rows(), 1)
    ]


def sentences_of(graded: GradedAnswer) -> Iterator[Citable]:
    """What can be cited without a selection, in the order of the page."""
    texts = [graded.answer.text]
    if graded.accepted is not None:
        texts.append(graded.accepted.revision.text)
    for text in texts:
        key = quotes.key_of(text)
        for sentence in quotes.sentences(text):
            yield Citable(f"{key}:{sentence.start}:{sentence.end}", sentence.text)
