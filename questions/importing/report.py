"""What was read from a file, as JSON and in words for people."""

from typing import Any

from questions.importing.reading import Lines, Reading

SHOWN = 20


def as_json(reading: Reading) -> dict[str, Any]:
    """The object that docs/importing.md describes; an absent answer is empty."""
    return {
        "sets": [
            {
                "title": found.title,
                "description": found.description,
                "lines": list(found.lines),
                "questions": [
                    {
                        "prompt": question.prompt,
                        "answer": question.answer,
                        "key_points": question.key_points,
                        "follow_ups": question.follow_ups,
                        "difficulty": question.difficulty,
                        "topics": question.topics,
                        "lines": list(question.lines),
                        "confidence": question.confidence,
                    }
                    for question in found.questions
                ],
            }
            for found in reading.sets
        ],
        "stories": [
            {"title": one.title, "url": one.url, "body": one.body, "lines": list(one.lines)}
            for one in reading.stories
        ],
        "notes": [
            {"title": one.title, "body": one.body, "lines": list(one.lines)}
            for one in reading.notes
        ],
        "ignored": [
            {"lines": list(one.lines), "text": one.text, "reason": one.reason}
            for one in reading.ignored
        ],
        "problems": [{"line": one.line, "message": one.message} for one in reading.problems],
        "licence": reading.licence,
        "encoding": reading.encoding,
    }


def as_text(reading: Reading) -> str:
    """Read for people: what, as which shape, how much, what is left over, what is odd."""
    questions = list(reading.questions)
    answered = sum(bool(question.answer) for question in questions)
    counts = f"{len(reading.sets)} sets, {len(questions)} questions ({answered} answered)"
    lines = [
        f"{reading.path}: {counts}, {len(reading.stories)} stories, {len(reading.notes)} notes",
        *(f"  read as {reason}" for reason in reading.why),
        f"  encoding {reading.encoding}; licence {reading.licence or 'not said'}",
    ]
    for found in reading.sets:
        sure = min((question.confidence for question in found.questions), default=1.0)
        lines.append(
            f"  set    {_where(found.lines)}  {found.title} "
            f"({len(found.questions)} questions, least sure {sure:.2f})"
        )
    lines += _some("story", [f"{_where(one.lines)}  {one.title}" for one in reading.stories])
    lines += _some("note", [f"{_where(one.lines)}  {one.title}" for one in reading.notes])
    lines += _some(
        "left",
        [f"{_where(one.lines)}  {_begin(one.text)} – {one.reason}" for one in reading.ignored],
    )
    lines += _some(
        "look", [f"{reading.path}:{one.line}: {one.message}" for one in reading.problems]
    )
    return "\n".join(lines)


def _some(name: str, texts: list[str]) -> list[str]:
    more = (
        [f"  {name:<6} and {len(texts) - SHOWN} more: --report json"] if len(texts) > SHOWN else []
    )
    return [f"  {name:<6} {text}" for text in texts[:SHOWN]] + more


def _where(lines: Lines) -> str:
    return f"{lines.first}" if lines.first == lines.last else f"{lines.first}–{lines.last}"


def _begin(text: str) -> str:
    first = text.strip().split("\n", 1)[0].strip()
    return first if len(first) <= 60 else f"{first[:59]}…"
