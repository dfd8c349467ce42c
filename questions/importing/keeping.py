"""A reading as plain data for a JSON column, and back."""

from dataclasses import asdict
from typing import Any

from questions.importing.reading import (
    FoundNote,
    FoundQuestion,
    FoundSet,
    FoundStory,
    Ignored,
    Lines,
    Problem,
    Reading,
)


def keep(reading: Reading) -> dict[str, Any]:
    return asdict(reading)


def restore(kept: dict[str, Any]) -> Reading:
    """The reading that `keep` was given, also from what came back from JSON."""
    return Reading(
        **kept
        | {
            "sets": [_set(one) for one in kept["sets"]],
            "stories": [_with_lines(FoundStory, one) for one in kept["stories"]],
            "notes": [_with_lines(FoundNote, one) for one in kept["notes"]],
            "ignored": [_with_lines(Ignored, one) for one in kept["ignored"]],
            "problems": [Problem(**one) for one in kept["problems"]],
        }
    )


def _set(kept: dict[str, Any]) -> FoundSet:
    questions = [_with_lines(FoundQuestion, one) for one in kept["questions"]]
    return FoundSet(**kept | {"questions": questions})


def _with_lines(of: Any, kept: dict[str, Any]) -> Any:
    return of(**kept | {"lines": Lines(*kept["lines"])})
