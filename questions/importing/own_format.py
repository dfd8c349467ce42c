"""A file of our own format, seen as what was read from it."""

from __future__ import annotations

import re

from questions.importing.decoding import Source
from questions.importing.reading import (
    FoundNote,
    FoundQuestion,
    FoundSet,
    FoundStory,
    Lines,
    Reading,
)
from questions.library.documents import NoteDocument, SetDocument, StoryDocument
from questions.library.parsing import parse


def is_ours(source: Source) -> bool:
    """Whether the front matter has a `kind` and a `schema`."""
    if source.lines[0].rstrip() != "---":
        return False
    front = []
    for line in source.lines[1:200]:
        if line.rstrip() == "---":
            break
        front.append(line.split(":", 1)[0])
    return {"kind", "schema"} <= set(front)


def read(source: Source) -> Reading:
    """
    Raises:
        InvalidLibrary: for a file that breaks a rule of the format.
    """
    document = parse(source.text, source.path)
    reading = Reading(source.path, source.encoding, document.license, ["our own format"])
    end = _last(source.lines)
    first = next(
        (number for number, line in enumerate(source.lines[1:], 2) if line.rstrip() == "---"), 1
    )
    if isinstance(document, NoteDocument):
        reading.notes.append(FoundNote(document.title, Lines(1, end), document.body))
    elif isinstance(document, StoryDocument):
        url = document.sources[0].url if document.sources else ""
        body = "\n\n".join(
            f"## {title}\n\n{getattr(document, name)}"
            for title, name in document.sections.items()
            if getattr(document, name)
        )
        reading.stories.append(FoundStory(document.title, Lines(1, end), url, body))
    elif isinstance(document, SetDocument):
        reading.sets.append(_set(document, source.lines, first, end))
    return reading


def _set(document: SetDocument, lines: list[str], first: int, end: int) -> FoundSet:
    found = FoundSet(document.title, description=document.description, topics=list(document.topics))
    starts = [question.line for question in document.questions]
    until = starts[0] if starts else end + 1
    found.own_lines = [number for number in range(1, until) if lines[number - 1].strip()]
    for question, below in zip(document.questions, [*starts[1:], end + 1], strict=True):
        last = below - 1
        while not lines[last - 1].strip():
            last -= 1
        found.questions.append(
            FoundQuestion(
                prompt="\n\n".join(text for text in (question.prompt, question.body) if text),
                lines=Lines(question.line, last),
                answer=question.answer,
                key_points=[point.text for point in question.key_points],
                follow_ups=list(question.follow_ups),
                difficulty=question.difficulty,
                topics=list(question.topics),
                shape="our own format",
            )
        )
    return found


def _last(lines: list[str]) -> int:
    return max(number for number, line in enumerate(lines, 1) if re.search(r"\S", line))
