"""Rows with columns and objects with keys, mapped to questions by the names people use."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from questions.importing import json_values, words
from questions.importing.decoding import Source
from questions.importing.html_inline import to_markdown
from questions.importing.json_values import Value
from questions.importing.limits import Deadline
from questions.importing.reading import FoundQuestion, FoundSet, Lines, Reading
from questions.importing.segments import clean_prompt
from questions.importing.tables import Row, Table, is_table, read_table
from questions.importing.words import asks, is_placeholder, read_difficulty

# What a column or key means, by its name in lower case without blanks and marks.
MEANINGS = {
    "prompt": (
        *("question", "questions", "prompt", "q", "front", "ask", "questiontext", "text", "card"),
        *("interviewquestion", "frage", "pregunta", "pergunta", "domanda", "вопрос", "питання"),
        *(
            "запитання",
            "问题",
            "問題",
            "题目",
            "題目",
            "soru",
            "质问",
            "質問",
            "질문",
            "frente",
            "term",
        ),
        *("vraag", "pytanie", "lacara", "vorderseite"),
    ),
    "answer": (
        *(
            "answer",
            "answers",
            "a",
            "back",
            "ans",
            "solution",
            "response",
            "correctanswer",
            "reply",
        ),
        *(
            "modelanswer",
            "sampleanswer",
            "answertext",
            "antwort",
            "respuesta",
            "resposta",
            "réponse",
        ),
        *(
            "reponse",
            "risposta",
            "ответ",
            "відповідь",
            "答案",
            "解答",
            "回答",
            "cevap",
            "답변",
            "답",
        ),
        *(
            "exampleanswer",
            "expectedanswer",
            "idealanswer",
            "definition",
            "correct",
            "dorso",
            "verso",
        ),
        *("antwoord", "odpowiedź", "rückseite", "answerkey", "referenceanswer"),
    ),
    "body": ("description", "body", "context", "code", "details", "scenario", "snippet"),
    "title": ("title", "name", "heading", "titel", "título", "заголовок", "标题"),
    "explanation": ("explanation", "explain", "rationale", "notes", "note", "解析", "пояснение"),
    "options": ("options", "choices", "alternatives", "answeroptions", "incorrectanswers"),
    "topics": (
        *("category", "categories", "topic", "topics", "tag", "tags", "subject", "section", "deck"),
        *(
            "area",
            "domain",
            "skill",
            "kategorie",
            "categoría",
            "категория",
            "категорія",
            "тема",
            "分类",
        ),
    ),
    "difficulty": (
        "difficulty",
        "level",
        "complexity",
        "сложность",
        "schwierigkeit",
        "难度",
        "nivel",
    ),
    "key_points": ("keypoints", "points", "rubric", "mustmention", "expectedpoints", "criteria"),
    "follow_ups": ("followups", "followup", "followupquestions", "commonfollowups"),
}
BY_NAME = {name: meaning for meaning, names in MEANINGS.items() for name in names}
INSIDE = ("question", "answer", "difficulty", "category", "topic", "tag")
LETTER = re.compile(r"\(?([A-Ha-h])[).:]?")


@dataclass
class Record:
    """One question to be: values by meaning."""

    lines: Lines
    values: dict[str, list[Any]] = field(default_factory=dict)


def is_records(source: Source) -> bool:
    return is_json(source) or is_table(source)


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
        Refused: for a file that is neither JSON nor a table.
    """
    reading = Reading(source.path, source.encoding, problems=list(source.problems))
    if is_json(source):
        _read_json(source, reading, deadline)
    else:
        _read_table(source, reading, deadline)
    return reading


def meaning_of(name: str) -> str:
    """What a column or key of that name holds; empty when nobody knows."""
    plain = re.sub(r"[\W_]+", "", name.casefold())
    if plain in BY_NAME:
        return BY_NAME[plain]
    for word in INSIDE:
        if plain.endswith(word) and "id" not in plain and "number" not in plain:
            return BY_NAME[word]
    return ""


# Tables.


def _read_table(source: Source, reading: Reading, deadline: Deadline) -> None:
    table = read_table(source)
    reading.problems += table.problems
    if table.setting_lines:
        reading.ignore(1, len(table.setting_lines), source.lines, "settings of the export")
    columns, rows = _columns(table, reading, source)
    found = FoundSet(source.title)
    deck = table.settings.get("deck", "").strip()
    found.title = deck or found.title
    names = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar"}
    for row in rows:
        deadline.check(row.first)
        record = Record(Lines(row.first, row.last))
        for number, cell in enumerate(row.cells):
            meaning = columns[number] if number < len(columns) else ""
            if meaning:
                record.values.setdefault(meaning, []).append(cell)
        _mend_mark(record)
        if table.settings.get("html", "").strip().lower() == "true":
            _unhtml(record)
        _add(reading, found, record, source)
    if found.questions:
        reading.sets.append(found)
    delimiter = names.get(table.delimiter, table.delimiter)
    reading.why.append(
        f"{len(found.questions)} × rows with columns between which stands a {delimiter}"
    )


def _columns(table: Table, reading: Reading, source: Source) -> tuple[list[str], list[Row]]:
    """What each column means, and the rows without the header."""
    named = table.settings.get("columns")
    if named:
        names = (
            re.split(rf"{re.escape(table.delimiter)}|[,\t]", named)
            if table.delimiter in named or "," in named or "\t" in named
            else named.split()
        )
        columns = [meaning_of(name) for name in names]
        return _anki(table, columns), table.rows
    if not table.rows:
        return [], []
    first = table.rows[0]
    columns = [meaning_of(cell) for cell in first.cells]
    if "prompt" not in columns and "title" in columns and ("answer" in columns or len(columns) > 1):
        columns[columns.index("title")] = "prompt"
    is_header = "prompt" in columns and not any(
        len(cell) > 60 or "?" in cell for cell in first.cells
    )
    if is_header and not table.settings:
        reading.ignore(first.first, first.last, source.lines, "the names of the columns")
        for number, cell in enumerate(first.cells):
            if (
                cell.strip()
                and not columns[number]
                and not re.search(
                    r"(?i)\bid\b|^(?:no|nr|#|number|index|s\.?no)\.?$|question ?number",
                    cell.strip(),
                )
            ):
                reading.complain(
                    first.first, f"the column “{cell.strip()}” means nothing here: it is left out"
                )
        return _only_first(columns), table.rows[1:]
    return _anki(table, []), table.rows


def _anki(table: Table, columns: list[str]) -> list[str]:
    """The columns of an export: what its settings name is no field; then front and back."""
    width = max((len(row.cells) for row in table.rows), default=0)
    found = columns or [""] * width
    found += [""] * (width - len(found))
    special = {}
    for name, value in table.settings.items():
        if name.endswith("column") and value.strip().isdigit():
            special[int(value) - 1] = "topics" if name.startswith(("tags", "deck")) else "-"
    for number, meaning in special.items():
        if number < len(found):
            found[number] = meaning
    free = [number for number, meaning in enumerate(found) if not meaning]
    if "prompt" not in found and free:
        found[free.pop(0)] = "prompt"
    if "answer" not in found and free:
        found[free.pop(0)] = "answer"
    for number in free:
        found[number] = "explanation" if not columns else ""
    return ["" if meaning == "-" else meaning for meaning in found]


def _only_first(columns: list[str]) -> list[str]:
    """A second column for the prompt is more of it."""
    seen: set[str] = set()
    result = []
    for meaning in columns:
        result.append("body" if meaning == "prompt" and meaning in seen else meaning)
        seen.add(meaning)
    return result


def _mend_mark(record: Record) -> None:
    """Put a question mark back that slipped behind the separator: `What is it;? It is…`."""
    prompts, answers = record.values.get("prompt"), record.values.get("answer")
    if prompts and answers and answers[0].startswith("?") and "?" not in prompts[0]:
        prompts[0], answers[0] = f"{prompts[0]}?", answers[0][1:].strip()


def _unhtml(record: Record) -> None:
    for values in record.values.values():
        for number, value in enumerate(values):
            values[number] = html.unescape(to_markdown(value))


# JSON.


def _read_json(source: Source, reading: Reading, deadline: Deadline) -> None:
    values = json_values.read_json(source)
    starts = _line_starts(source.text)
    sets: dict[tuple[str, ...], FoundSet] = {}
    for value, above in _objects(values):
        deadline.check()
        lines = Lines(_line(starts, value.start), _line(starts, value.end - 1))
        taken = [found.questions[-1].lines.last for found in sets.values() if found.questions]
        if taken and lines.first <= max(taken) < lines.last:
            lines = Lines(max(taken) + 1, lines.last)
        found = sets.setdefault(above, FoundSet(" – ".join(above) or source.title))
        _add(reading, found, Record(lines, _values(value)), source)
    reading.sets += [found for found in sets.values() if found.questions]
    reading.sets.sort(key=lambda found: found.lines)
    reading.why.append(
        f"{sum(len(found.questions) for found in reading.sets)} × objects with keys for a question"
    )
    reading.account_for(source.lines, "JSON around the questions")


def _objects(values: list[Value]) -> Iterator[tuple[Value, tuple[str, ...]]]:
    """Every object or text that asks, and the titles it stands below."""
    for value in values:
        yield from _below(value, ())


def _below(value: Value, above: tuple[str, ...]) -> Iterator[tuple[Value, tuple[str, ...]]]:
    content = value.content
    if isinstance(content, list):
        for item in content:
            if isinstance(item.content, str):
                if len(content) >= 2 and sum(
                    isinstance(one.content, str) and asks(one.content) for one in content
                ) >= 0.5 * len(content):
                    yield item, above
            else:
                yield from _below(item, above)
    elif isinstance(content, dict):
        if _asks(content):
            yield value, above
            return
        title = next(
            (
                one.content
                for key, one in content.items()
                if isinstance(one.content, str) and meaning_of(key) in {"title", "topics"}
            ),
            "",
        )
        inside = (*above, title) if title else above
        pairs = _pairs(content)
        if pairs:
            for key, one in pairs:
                yield (
                    Value(
                        one.start,
                        one.end,
                        {"question": Value(one.start, one.start, key), "answer": one},
                    ),
                    inside,
                )
            return
        for key, item in content.items():
            name = (
                ""
                if title
                or meaning_of(key) == "prompt"
                or key.lower() in {"data", "items", "results", "cards", "notes", "list"}
                else key
            )
            yield from _below(
                item, (*inside, name) if name and isinstance(item.content, list) else inside
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
        return False  # A title with questions below it, even if the title asks.
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


# Both.


def _add(reading: Reading, found: FoundSet, record: Record, source: Source) -> None:
    values = record.values
    prompt = _prompt(values)
    if not prompt:
        if record.values and not any(_text(one) for ones in values.values() for one in ones):
            reading.ignore(*record.lines, source.lines, "a row without text")
        else:
            reading.complain(record.lines.first, "a record without a question")
            reading.ignore(*record.lines, source.lines, "a record without a question")
        return
    answer = _answer(values)
    level = next((read_difficulty(_text(one)) for one in values.get("difficulty", [])), None)
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
        reading.complain(record.lines.first, f"the answer may be a placeholder: “{answer}”")


def _prompt(values: dict[str, list[Any]]) -> str:
    parts = [_text(one) for one in values.get("prompt", [])]
    title = [_text(one) for one in values.get("title", [])]
    if parts and title and title[0] and title[0] not in parts[0]:
        parts.insert(0, title[0])
    if not any(parts):
        return ""
    parts += [_text(one) for one in values.get("body", [])]
    options = _options(values)
    if options:
        parts.append("\n".join(f"- {letter}) {text}" for letter, text in options))
    return clean_prompt("\n\n".join(part for part in parts if part.strip()))


def _options(values: dict[str, list[Any]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for one in values.get("options", []):
        if isinstance(one, dict):
            found += [(str(key), _text(text)) for key, text in one.items()]
        elif isinstance(one, list):
            texts = [
                _text(text.get("text", text) if isinstance(text, dict) else text) for text in one
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
        text = _text(one)
        letter = _letter(one, text, options)
        text = f"{letter}) {options[letter]}" if letter else text
        parts.append("" if is_placeholder(text) else text)
    parts += [_text(one) for one in values.get("explanation", [])]
    if not any(parts):
        return ""
    return to_markdown("\n\n".join(part.strip("\n") for part in parts if part.strip())).strip()


def _letter(value: Any, text: str, options: dict[str, str]) -> str:
    """The option that the answer names by its letter, or by its place counted from 0."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(options):
        return list(options)[value]
    found = LETTER.fullmatch(text.strip())
    return found[1].upper() if found and found[1].upper() in options else ""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        texts = [_text(one) for one in value]
        return texts[0] if len(texts) == 1 else "\n".join(f"- {text}" for text in texts if text)
    if isinstance(value, dict):
        texts = [f"**{key}:** {_text(one)}" for key, one in value.items() if _text(one)]
        return (
            _text(value.get("text")) if isinstance(value.get("text"), str) else "\n\n".join(texts)
        )
    return "" if value is None else str(value)


def _list(values: list[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        if isinstance(value, list):
            found += [_text(one) for one in value]
        else:
            found += [
                re.sub(r"^\s*[-*•]\s+", "", line) for line in re.split(r"\n|;\s", _text(value))
            ]
    return [text.strip() for text in found if text.strip()]


def _topics(values: list[Any]) -> list[str]:
    found: list[str] = []
    for value in values:
        texts = (
            [_text(one) for one in value]
            if isinstance(value, list)
            else re.split(r"[,;|]", _text(value))
        )
        found += [text.strip() for text in texts if text.strip()]
    return list(dict.fromkeys(found))
