"""JSON, whatever its keys and its depth: which of its objects ask, as questions."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext

from questions.importing import json_values
from questions.importing.column_names import meaning_of
from questions.importing.decoding import Source
from questions.importing.json_values import Value
from questions.importing.limits import Deadline
from questions.importing.reading import FoundSet, Lines, Reading
from questions.importing.records import Record, add_record
from questions.importing.words import asks

# Keys of lists that belong to one question.
PARTS = {"options", "answer", "explanation"}
CONTAINERS = {"data", "items", "results", "cards", "notes", "list"}
# So many objects with the same keys are a list of cards, whatever their keys.
MIN_ODD = 3


def is_json(source: Source) -> bool:
    if source.suffix in {".json", ".jsonl", ".ndjson"}:
        return True
    start = source.text.lstrip()
    return (
        start.startswith(("[{", "[\n", '{"', "{\n"))
        and source.suffix not in {".md", ".markdown"}
        and (re.match(r"[\[{]\s*(?:[\[{]\s*)*\"", start) is not None)
    )


def read(source: Source, deadline: Deadline) -> Reading:
    """
    Raises:
        Refused: for a file that is no JSON.
    """
    reading = Reading(source.path, source.encoding, problems=list(source.problems))
    values = json_values.read_json(source)
    starts = _line_starts(source.text)
    sets: dict[tuple[str, ...], FoundSet] = {}
    objects = list(_objects(values)) or _by_odd_keys(values, reading)
    for value, above in objects:
        deadline.check()
        lines = Lines(_line(starts, value.start), _line(starts, value.end - 1))
        taken = [found.questions[-1].lines.last for found in sets.values() if found.questions]
        if taken and lines.first <= max(taken) < lines.last:
            lines = Lines(max(taken) + 1, lines.last)
        found = sets.setdefault(above, FoundSet(" – ".join(above) or source.title))
        add_record(reading, found, Record(lines, _values(value)), source)
    reading.sets += [found for found in sets.values() if found.questions]
    reading.sets.sort(key=lambda found: found.lines)
    count = sum(len(found.questions) for found in reading.sets)
    reading.why.append(gettext("%(count)d × objects with keys for a question") % {"count": count})
    reading.account_for(source.lines, gettext("JSON around the questions"))
    return reading


def _objects(values: list[Value]) -> Iterator[tuple[Value, tuple[str, ...]]]:
    """Every object or text that asks, and the titles it stands below."""
    for value in values:
        yield from _below(value, ())


def _below(value: Value, above: tuple[str, ...]) -> Iterator[tuple[Value, tuple[str, ...]]]:
    content = value.content
    if isinstance(content, list):
        ask = _are_questions(content)
        for item in content:
            if not isinstance(item.content, str):
                yield from _below(item, above)
            elif ask:
                yield item, above
    elif isinstance(content, dict):
        if _asks(content) and not _holds_asking(content):
            yield value, above
        else:
            yield from _inside(content, above)


def _inside(
    content: dict[str, Value], above: tuple[str, ...]
) -> Iterator[tuple[Value, tuple[str, ...]]]:
    """What asks in an object that does not."""
    titles = [
        one.content
        for key, one in content.items()
        if isinstance(one.content, str) and meaning_of(key) in {"title", "topics"}
    ]
    title = titles[0] if titles else ""
    inside = (*above, title) if title else above
    pairs = _pairs(content)
    for key, one in pairs:
        question = Value(one.start, one.start, key)
        yield Value(one.start, one.end, {"question": question, "answer": one}), inside
    for key, item in content.items() if not pairs else ():
        if meaning_of(key) not in PARTS:
            named = isinstance(item.content, list) and not title and _is_title(key)
            yield from _below(item, (*inside, key) if named else inside)


def _are_questions(content: list[Value]) -> bool:
    """Whether the texts of a list are questions without anything else."""
    asking = sum(isinstance(one.content, str) and asks(one.content) for one in content)
    return len(content) >= 2 and asking >= 0.5 * len(content)


def _is_title(key: str) -> bool:
    """Whether the key names what stands below it; “questions” and “items” name nothing."""
    return meaning_of(key) != "prompt" and key.lower() not in CONTAINERS


def _by_odd_keys(values: list[Value], reading: Reading) -> list[tuple[Value, tuple[str, ...]]]:
    """Objects whose keys nobody knows: the first text that they share asks, the next answers.

    A text that asks in most of them goes before one that does not.
    """
    lists = [value.content for value in values if isinstance(value.content, list)]
    objects = [one for content in lists for one in content if isinstance(one.content, dict)]
    shared = [
        key
        for key in (objects[0].content if objects else ())
        if all(isinstance(getattr(one.content.get(key), "content", None), str) for one in objects)
    ]
    if len(objects) < MIN_ODD or len(shared) < 2:
        return []
    asking = {
        key: sum(asks(one.content[key].content) for one in objects) / len(objects) for key in shared
    }
    prompt = next((key for key in shared if asking[key] >= 0.5), shared[0])
    answer = next(key for key in shared if key != prompt)
    message = gettext(
        "keys that nobody knows: “%(prompt)s” is read as the question, “%(answer)s” as the answer"
    )
    reading.complain(1, message % {"prompt": prompt, "answer": answer})
    return [
        (
            Value(
                one.start,
                one.end,
                {"question": one.content[prompt], "answer": one.content[answer]},
            ),
            (),
        )
        for one in objects
    ]


def _holds_asking(content: dict[str, Value]) -> bool:
    """Whether a list in it holds objects that ask: then its own title names them."""
    return "prompt" not in map(meaning_of, content) and any(
        isinstance(item.content, dict) and _asks(item.content)
        for value in content.values()
        if isinstance(value.content, list)
        for item in value.content
    )


def _pairs(content: dict[str, Value]) -> list[tuple[str, Value]]:
    """An object whose keys are the questions and whose values are the answers."""
    texts = content and all(isinstance(one.content, str) for one in content.values())
    asking = sum("?" in key for key in content)
    return list(content.items()) if texts and asking >= 0.5 * len(content) else []


def _asks(content: dict[str, Value]) -> bool:
    meanings = {meaning_of(key): value for key, value in content.items()}
    prompt = meanings.get("prompt")
    if prompt is not None and isinstance(prompt.content, str):
        return True
    if prompt is not None and isinstance(prompt.content, list):
        # A title with questions below it, even if the title asks.
        return False
    title = meanings.get("title")
    if title is None or not isinstance(title.content, str):
        return False
    answer = meanings.get("answer") or meanings.get("body")
    return asks(title.content) or (answer is not None and isinstance(answer.content, str))


def _values(value: Value) -> dict[str, list[Any]]:
    if isinstance(value.content, str):
        return {"prompt": [value.content]}
    found: dict[str, list[Any]] = {}
    for key, item in value.content.items():
        meaning = meaning_of(key)
        if meaning and item.plain not in (None, "", []):
            found.setdefault(meaning, []).append(item.plain)
    if "prompt" not in found and "title" in found:
        found["prompt"] = found.pop("title")
        if "answer" not in found and "body" in found:
            found["answer"] = found.pop("body")
    return found


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _line(starts: list[int], at: int) -> int:
    return bisect_right(starts, at)
