"""From a document to the text of its file, always in the same spelling.

`write(parse(text)) == text` for a file in that spelling, and `parse(write(document)) == document`
for every document that a file can hold.
"""

from questions.library.documents import (
    SCHEMA,
    Document,
    InvalidLibrary,
    KeyPointDocument,
    LibraryError,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    Source,
    StoryDocument,
)
from questions.library.parsing import ANSWER, FOLLOW_UPS, KEY_POINTS, SOURCES, parse
from questions.library.yaml import flow_sequence, scalar


def write(document: Document) -> str:
    """The text of the file.

    Reads the result back, which is most of its cost: a file that says something else than the
    document is never written.

    Raises:
        InvalidLibrary: when no file can say what the document says, such as an answer with a
            heading that would begin a new question. The lines are those of the text refused.
    """
    text = text_of(document)
    if parse(text, document.path) != document:
        message = f"“{document.id}” can't be written as a file that reads the same"
        raise InvalidLibrary([LibraryError(document.path, 1, message)])
    return text


def text_of(document: Document) -> str:
    """The text that the file would have, not read back."""
    text = "\n".join(_front_matter(document)) + "\n"
    body = "\n\n".join(part for part in _body(document) if part)
    return f"{text}\n{body}\n" if body else text


def text_of_question(question: QuestionDocument) -> str:
    """The part of the file that would be the question's, not read back."""
    return "\n\n".join(part for part in _question(question) if part)


def _front_matter(document: Document) -> list[str]:
    lines = {"kind": [f"kind: {document.kind}"], "schema": [f"schema: {SCHEMA}"]}
    for key in ("id", "title", "summary", "level", "license"):
        value = getattr(document, key, "")
        if value and key in document.keys:
            lines[key] = [f"{key}: {scalar(value)}"]
    for key in ("topics", "technologies", "related_questions"):
        values = getattr(document, key, ())
        if values or key == "topics":
            lines[key] = [f"{key}: {flow_sequence(values)}"]
    if document.checked is not None:
        against, on = document.checked.against, document.checked.on
        lines["checked"] = ["checked:"]
        lines["checked"] += [f"  against: {scalar(against)}"] if against else []
        lines["checked"] += [f"  on: {on.isoformat()}"] if on else []
    if document.sources:
        lines["sources"] = ["sources:"]
        for source in document.sources:
            lines["sources"] += [
                f"  - title: {scalar(source.title)}",
                f"    url: {scalar(source.url)}",
            ]
    known = [line for key in document.keys for line in lines.get(key, [])]
    return ["---", *known, *([document.extra] if document.extra else []), "---"]


def _body(document: Document) -> list[str]:
    match document:
        case SetDocument():
            parts = [document.description]
            for question in document.questions:
                parts += _question(question)
            return parts
        case StoryDocument():
            texts = {title: getattr(document, name) for title, name in document.sections.items()}
            return [f"## {title}\n\n{text}" for title, text in texts.items() if text]
        case NoteDocument():
            return [document.body]
    raise TypeError(f"no file for {document!r}")


def _question(question: QuestionDocument) -> list[str]:
    comment = ["<!-- q", f"id: {scalar(question.id)}"]
    if question.difficulty is not None:
        comment.append(f"difficulty: {question.difficulty}")
    if question.topics:
        comment.append(f"topics: {flow_sequence(question.topics)}")
    if question.minutes is not None:
        comment.append(f"minutes: {question.minutes}")
    sections = {
        KEY_POINTS: "\n".join(f"- {_key_point(point)}" for point in question.key_points),
        ANSWER: question.answer,
        FOLLOW_UPS: "\n".join(f"- {text}" for text in question.follow_ups),
        SOURCES: "\n".join(f"- {_source(source)}" for source in question.sources),
    }
    return [
        f"## {question.prompt}",
        "\n".join([*comment, "-->"]),
        question.body,
        *(f"### {title}\n\n{text}" for title, text in sections.items() if text),
    ]


def _key_point(point: KeyPointDocument) -> str:
    if not point.key and (point.story or point.weight != 1):
        raise InvalidLibrary(
            [LibraryError("", point.line, f"“{point.text}” needs a key to have a weight or story")]
        )
    words = [f"#{point.key}"] if point.key else []
    words += [f"weight={point.weight}"] if point.weight != 1 else []
    words += [f"story={point.story}"] if point.story else []
    return f"{point.text} {{{' '.join(words)}}}" if words else point.text


def _source(source: Source) -> str:
    depth = 0
    for character in source.url:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            break
    url = source.url if depth == 0 else f"<{source.url}>"
    return f"[{source.title}]({url})"
