"""The words of an answer that marks rest on: ranges of code points, to be shown in their text."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

SENTENCE = re.compile(r"\S.*?(?:[.!?…](?=\s)|$)", re.MULTILINE)


@dataclass(frozen=True)
class Quote:
    """Which words: from `start` up to `end`, in code points, and for the how-manieth key point."""

    start: int
    end: int
    number: int


@dataclass(frozen=True)
class Passage:
    """A piece of a text, with the numbers of the key points whose marks cite it."""

    text: str
    numbers: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    """Those of them whose words end here: where a page says the number."""


@dataclass(frozen=True)
class Sentence:
    start: int
    end: int
    text: str


def passages(text: str, quotes: Iterable[Quote]) -> list[Passage]:
    """The whole text in pieces, cut wherever a quote starts or ends; joined it is the text again.

    Quotes may overlap and lie in each other: a piece has the numbers of all that cover it. What
    lies beyond the text is left out.
    """
    quotes = [
        Quote(max(quote.start, 0), min(quote.end, len(text)), quote.number) for quote in quotes
    ]
    quotes = [quote for quote in quotes if quote.start < quote.end]
    ends = {place for quote in quotes for place in (quote.start, quote.end)}
    cuts = sorted({0, len(text), *ends})
    return [
        Passage(
            text[start:end],
            tuple(sorted({q.number for q in quotes if q.start <= start and end <= q.end})),
            tuple(sorted({q.number for q in quotes if q.end == end})),
        )
        for start, end in pairwise(cuts)
    ]


def sentences(text: str) -> list[Sentence]:
    """What can be chosen without a selection: sentences, and lines that don't end like one."""
    return [
        Sentence(match.start(), match.start() + len(match[0].rstrip()), match[0].rstrip())
        for match in SENTENCE.finditer(text)
    ]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the white space at its ends, which a selection easily takes along."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def key_of(text: str) -> str:
    """What a page calls a text. A revision's number would tell how long somebody wrote."""
    return sha256(text.encode()).hexdigest()[:16]
