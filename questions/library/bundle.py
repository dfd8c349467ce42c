"""A folder of library files, read as a whole.

topics.yaml          slug: title, the topics that files may name
sets/*.md            question sets
stories/*.md         failure stories
notes/*.md           notes
and the pictures that these show, anywhere in the folder
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from questions.library.documents import (
    Document,
    InvalidLibrary,
    LibraryError,
    NoteDocument,
    SetDocument,
    StoryDocument,
)
from questions.library.front_matter import Problems
from questions.library.parsing import MAX_BYTES, parse
from questions.library.pictures import PictureFile, read_pictures
from questions.library.topics import parse_topics

D = TypeVar("D", bound=Document)


@dataclass(frozen=True)
class LibraryBundle:
    """What all files of a folder say, each kind in the order of its paths."""

    folder: Path
    topics: dict[str, str]
    sets: tuple[SetDocument, ...]
    stories: tuple[StoryDocument, ...]
    notes: tuple[NoteDocument, ...]
    pictures: Mapping[str, PictureFile] = field(default_factory=dict)
    """By their paths in the folder."""

    @property
    def documents(self) -> Iterator[Document]:
        yield from self.sets
        yield from self.stories
        yield from self.notes

    @property
    def linking(self) -> tuple[StoryDocument | NoteDocument, ...]:
        """The documents that name related questions."""
        return (*self.stories, *self.notes)

    def question_keys(self) -> set[str]:
        return {
            f"{document.id}/{question.id}"
            for document in self.sets
            for question in document.questions
        }

    def story_ids(self) -> set[str]:
        return {story.id for story in self.stories}


def read_bundle(folder: Path) -> LibraryBundle:
    """Everything the folder holds.

    Raises:
        InvalidLibrary: with every error of every file, or one for a folder without any.
    """
    if not folder.is_dir():
        raise InvalidLibrary([LibraryError(str(folder), 1, "no such folder")])
    errors: list[LibraryError] = []
    topics = _read_topics(folder / "topics.yaml", errors)
    sets = _read_kind(SetDocument, folder, errors)
    stories = _read_kind(StoryDocument, folder, errors)
    notes = _read_kind(NoteDocument, folder, errors)
    if not errors and not (sets or stories or notes):
        message = "no sets/*.md, stories/*.md or notes/*.md in this folder"
        errors.append(LibraryError(str(folder), 1, message))
    pictures = read_pictures((*sets, *stories, *notes), errors)
    if errors:
        raise InvalidLibrary(errors)
    return LibraryBundle(folder, topics, sets, stories, notes, pictures)


def dangling_links(
    bundle: LibraryBundle, questions: Iterable[str], stories: Iterable[str]
) -> list[LibraryError]:
    """Links of the files to a question or story that is not among those given."""
    questions, stories = set(questions), set(stories)
    errors = []
    for document in bundle.linking:
        errors += [
            document.error("related_questions", f"there is no question “{key}”")
            for key in document.related_questions
            if key not in questions
        ]
    for question_set in bundle.sets:
        errors += [
            LibraryError(question_set.path, point.line, f"there is no story “{point.story}”")
            for question in question_set.questions
            for point in question.key_points
            if point.story and point.story not in stories
        ]
    return errors


def _read_kind(kind: type[D], folder: Path, errors: list[LibraryError]) -> tuple[D, ...]:
    documents: list[D] = []
    paths: dict[str, str] = {}
    for path in sorted((folder / kind.folder).glob("*.md")):
        data = _read_bytes(path, errors)
        if data is None:
            continue
        try:
            document = parse(data, str(path))
        except InvalidLibrary as invalid:
            errors += invalid.errors
            continue
        if not isinstance(document, kind):
            message = f"a {document.kind} belongs in {document.folder}/, not {kind.folder}/"
            errors.append(document.error("kind", message))
        elif document.id in paths:
            message = f"the id “{document.id}” belongs to {paths[document.id]} already"
            errors.append(document.error("id", message))
        else:
            paths[document.id] = document.path
            documents.append(document)
    return tuple(documents)


def _read_topics(path: Path, errors: list[LibraryError]) -> dict[str, str]:
    data = _read_bytes(path, errors) if path.exists() else b""
    problems = Problems(str(path))
    try:
        text = (data or b"").decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        problems.add(0, "the file is not UTF-8")
        text = ""
    topics = parse_topics(text, problems)
    errors += problems.errors
    return topics


def _read_bytes(path: Path, errors: list[LibraryError]) -> bytes | None:
    """The file's bytes, never more than one beyond what the format allows."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        errors.append(LibraryError(str(path), 1, f"can't be read: {error.strerror}"))
        return None
