"""What changed from one text to another, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

MOST_COMPARISONS = 1_000_000
"""Of units with units: about a quarter of a second. Beyond it a passage counts as rewritten."""

SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*")
WORD_ENDS = re.compile(r"\s+")


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Passage:
    kind: Kind
    text: str


def differences(old: str, new: str) -> list[Passage]:
    """The passages of both, in order. White space is not compared: where all else is the same, it
    is that of `new`.

    Sentences are compared first, then the words of those that differ: so the cost stays bounded,
    and what moved a little is still found in a long text.
    """
    passages: list[Passage] = []
    left = MOST_COMPARISONS
    for same, was, became in blocks(units(old, SENTENCE_ENDS), units(new, SENTENCE_ENDS), left):
        words = units(was, WORD_ENDS), units(became, WORD_ENDS)
        cost = len(words[0]) * len(words[1])
        if same or cost == 0 or cost > left:
            passages += passages_of(same, was, became)
            continue
        left -= cost
        for block in blocks(*words, cost):
            passages += passages_of(*block)
    return passages


def units(text: str, ends: re.Pattern[str]) -> list[str]:
    """The text in pieces, each with the white space after it."""
    cuts = [0, *(match.end() for match in ends.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(cuts) if start < end]


def blocks(
    old: Sequence[str], new: Sequence[str], most_comparisons: int
) -> Iterator[tuple[bool, str, str]]:
    """Runs of units that are the same, or not; one run where comparing would cost too much."""
    if len(old) * len(new) > most_comparisons:
        yield False, "".join(old), "".join(new)
        return
    matcher = SequenceMatcher(None, [unit.strip() for unit in old], [unit.strip() for unit in new])
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        yield tag == "equal", "".join(old[start:end]), "".join(new[new_start:new_end])


def passages_of(same: bool, was: str, became: str) -> list[Passage]:
    """What was removed and what came in its place stand on one line, whatever came after each."""
    if same:
        return [Passage(Kind.SAME, became)]
    removed, added = was.rstrip(), became.rstrip()
    between = " " if added else was[len(removed) :]
    passages = [
        *([Passage(Kind.REMOVED, removed), Passage(Kind.SAME, between)] if removed else []),
        Passage(Kind.ADDED, added),
        Passage(Kind.SAME, became[len(added) :]),
    ]
    return [passage for passage in passages if passage.text]
