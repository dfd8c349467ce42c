"""One record, a row or an object, as a question: values by what they mean."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from questions.importing import words
from questions.importing.decoding import Source
from questions.importing.html_inline import to_markdown
from questions.importing.reading import FoundQuestion, FoundSet, Lines, Reading
from questions.importing.segments import clean_prompt
from questions.importing.words import asks, is_placeholder, read_difficulty

LETTER = re.compile(r"\(?([A-Ha-h])[).:]?")


@dataclass
class Record:
    """One question to be: values by meaning."""

    lines: Lines
    values: dict[str, list[Any]] = field(default_factory=dict)


def add_record(reading: Reading, found: FoundSet, record: Record, source: Source) -> None:
    values = record.values
    prompt = _prompt(values)
    if not prompt:
        if record.values and not any(
            text_of_value(one) for ones in values.values() for one in ones
        ):
            reading.ignore(*record.lines, source.lines, gettext("a row without text"))
        else:
            reason = gettext("a record without a question")
            reading.complain(record.lines.first, reason)
            reading.ignore(*record.lines, source.lines, reason)
        return
    answer = _answer(values)
    level = next(
        (read_difficulty(text_of_value(one)) for one in values.get("difficulty", [])), None
    )
    found.questions.append(
        FoundQuestion(
            prompt=prompt,
            lines=record.lines,
            answer=answer,
            key_points=_list(values.get("key_points", [])),
            follow_ups=_list(values.get("follow_ups", [])),
            difficulty=level,
            topics=_topics(values.get("topics", [])),
            confidence=0.95 if answer or asks(prompt) else 0.7,
            shape="records",
        )
    )
    if words.UNFINISHED.fullmatch(answer):
        message = gettext("the answer may be a placeholder: “%(answer)s”")
        reading.complain(record.lines.first, message % {"answer": answer})


def _prompt(values: dict[str, list[Any]]) -> str:
    parts = [text_of_value(one) for one in values.get("prompt", [])]
    title = [text_of_value(one) for one in values.get("title", [])]
    if parts and title and title[0] and title[0] not in parts[0]:
        parts.insert(0, title[0])
    if not any(parts):
        return ""
    parts += [text_of_value(one) for one in values.get("body", [])]
    options = _options(values)
    if options:
        parts.append("\n".join(f"- {letter}) {text}" for letter, text in options))
    return clean_prompt("\n\n".join(part for part in parts if part.strip()))


def _options(values: dict[str, list[Any]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in values.get("options", []):
        if isinstance(one, dict):
            found += [(str(key), text_of_value(text)) for key, text in one.items()]
        elif isinstance(one, list):
            texts = [
                text_of_value(text.get("text", text) if isinstance(text, dict) else text)
                for text in one
            ]
            found += [
                ("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number % 26], re.sub(r"^[A-Ha-h][).:]\s+", "", text))
                for number, text in enumerate(texts)
            ]
    return found


def _answer(values: dict[str, list[Any]]) -> str:
    parts = []
    options = dict(_options(values))
    for one in values.get("answer", []):
        text = text_of_value(one)
        letter = _letter(one, text, options)
        text = f"{letter}) {options[letter]}" if letter else text
        parts.append("" if is_placeholder(text) else text)
    parts += [text_of_value(one) for one in values.get("explanation", [])]
    if not any(parts):
        return ""
    return to_markdown("\n\n".join(part.strip("\n") for part in parts if part.strip())).strip()


def _letter(value: Any, text: str, options: dict[str, str]) -> str:
    """The option that the answer names by its letter, or by its place counted from 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(options):
        return list(options)[value]
    found = LETTER.fullmatch(text.strip())
    return found[1].upper() if found and found[1].upper() in options else ""


def text_of_value(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        texts = [text_of_value(one) for one in value]
        return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts if text)
    if isinstance(value, dict):
        texts = [
            f"**{key}:** {text_of_value(one)}" for key, one in value.items() if text_of_value(one)
        ]
        return (
            text_of_value(value.get("text"))
            if isinstance(value.get("text"), str)
            else "\n\n".join(texts)
        )
    return "" if value is None else str(value)


def _list(values: list[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found += [text_of_value(one) for one in value]
        else:
            found += [
                re.sub(r"^\s*[-*•]\s+", "", line)
                for line in re.split(r"\n|;\s", text_of_value(value))
            ]
    return [text.strip() for text in found if text.strip()]


def _topics(values: list[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        texts = (
            [text_of_value(one) for one in value]
            if isinstance(value, list)
            else re.split(r"[,;|]", text_of_value(value))
        )
        found += [text.strip() for text in texts if text.strip()]
    return list(dict.fromkeys(found))
