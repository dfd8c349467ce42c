"""What a finished library must not lack: more than the format asks for."""

import datetime
from collections.abc import Iterator
from pathlib import Path

from questions.freshness import is_stale
from questions.library.blocks import references
from questions.library.bundle import LibraryBundle, dangling_links
from questions.library.documents import (
    Document,
    LibraryError,
    NoteDocument,
    QuestionDocument,
    SetDocument,
)
from questions.library.pictures import missing_pictures, texts
from questions.markdown import HAS_SCHEME, LIBRARY_FILE

KEY_POINTS_WANTED = 3


def check(bundle: LibraryBundle, today: datetime.date) -> list[LibraryError]:
    """Everything that is missing or broken, in the order of files and lines.

    `today` decides whether content was checked within the last year.
    """
    errors = dangling_links(bundle, bundle.question_keys(), bundle.story_ids())
    for document in bundle.documents:
        errors += _check_document(document, bundle)
        errors += _check_age(document, today)
        errors += _check_references(document, bundle)
        errors += missing_pictures(document, bundle.pictures)
    for question_set in bundle.sets:
        errors += _check_set(question_set)
        for question in question_set.questions:
            errors += [
                LibraryError(question_set.path, question.line, message)
                for message in _check_question(question, bundle)
            ]
    for story in bundle.stories:
        for title, field in story.sections.items():
            if not getattr(story, field):
                errors.append(story.error("kind", f"the section “{title}” is missing"))
    return sorted(errors)


def _check_document(document: Document, bundle: LibraryBundle) -> Iterator[LibraryError]:
    for topic in document.topics:
        if topic not in bundle.topics:
            yield document.error("topics", f"the topic “{topic}” is not in topics.yaml")
    if not document.sources:
        yield document.error("sources", "no source")
    if isinstance(document, NoteDocument) and not document.body:
        yield document.error("kind", "no text")


def _check_age(document: Document, today: datetime.date) -> Iterator[LibraryError]:
    on = document.checked.on if document.checked else None
    if on is None:
        return
    if on > today:
        yield document.error("checked", f"checked on {on}, which is still to come")
    elif is_stale(on, today):
        yield document.error("checked", f"checked on {on}, more than a year ago")


def _check_set(document: SetDocument) -> Iterator[LibraryError]:
    if document.checked is None or not document.checked.against or document.checked.on is None:
        yield document.error("checked", "say what it was checked against, and on which day")
    if not document.questions:
        yield document.error("kind", "no question")


def _check_question(question: QuestionDocument, bundle: LibraryBundle) -> Iterator[str]:
    if not question.answer:
        yield "no answer"
    if len(question.key_points) < KEY_POINTS_WANTED:
        yield f"{len(question.key_points)} key points, at least {KEY_POINTS_WANTED} are wanted"
    if not question.sources:
        yield "no source"
    for topic in question.topics:
        if topic not in bundle.topics:
            yield f"the topic “{topic}” is not in topics.yaml"


def _check_references(document: Document, bundle: LibraryBundle) -> Iterator[LibraryError]:
    """Links without a scheme must lead to a file of the bundle."""
    for line, text in texts(document):
        for is_picture, address in references(text):
            is_link = not is_picture and not HAS_SCHEME.match(address)
            if is_link and not _leads_somewhere(address, bundle):
                yield LibraryError(document.path, line, f"the link “{address}” leads nowhere")


def _leads_somewhere(address: str, bundle: LibraryBundle) -> bool:
    match = LIBRARY_FILE.fullmatch(address)
    if match is None:
        return False
    for document in bundle.documents:
        if document.folder == match["folder"] and document.id == match["id"]:
            in_set = isinstance(document, SetDocument)
            part = match["part"]
            return Path(document.path).name == f"{document.id}.md" and (
                part is None or (in_set and f"{document.id}/{part}" in bundle.question_keys())
            )
    return False
