"""The pictures that library files show: found in their folder, and known by their first bytes.

Only what browsers show and nothing runs in is taken, whatever a file's name says. An SVG may hold
scripts, so it is refused.
"""

import posixpath
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from questions.library.blocks import references
from questions.library.documents import (
    Document,
    LibraryError,
    NoteDocument,
    SetDocument,
    StoryDocument,
)
from questions.markdown import HAS_SCHEME, picture_path

MAX_BYTES = 1024 * 1024
MAX_PICTURES = 1_000

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"


@dataclass(frozen=True)
class PictureFile:
    """One picture, by its path in the folder of the library."""

    path: str
    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def media_type(content: bytes) -> str:
    """What the bytes are, by how they begin; empty when it is no kind that is shown."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return ""


def texts(document: Document) -> Iterator[tuple[int, str]]:
    """Every Markdown text of a document, with the line to name when it has a fault."""
    if isinstance(document, SetDocument):
        yield 1, document.description
        for question in document.questions:
            yield question.line, question.prompt
            yield question.line, question.body
            yield question.line, question.answer
            for point in question.key_points:
                yield point.line, point.text
            for text in question.follow_ups:
                yield question.line, text
    elif isinstance(document, StoryDocument):
        for field in document.sections.values():
            yield 1, getattr(document, field)
    elif isinstance(document, NoteDocument):
        yield 1, document.body


def pictures_of(document: Document) -> Iterator[tuple[int, str, str]]:
    """The pictures that a document shows: line, address as written, and path in the folder.

    The path is empty where the address leads out of the folder. A remote one is a link, so it is
    not among them.
    """
    for line, text in texts(document):
        if "![" not in text:
            continue
        for is_picture, address in references(text):
            if is_picture and not HAS_SCHEME.match(address):
                yield line, address, picture_path(address, document.folder)


def read_pictures(
    documents: Iterable[Document], errors: list[LibraryError]
) -> dict[str, PictureFile]:
    """The files of all pictures that the documents show, each found from the file that names it.

    What is not there is left to `missing_pictures`; what can't be shown is an error.
    """
    found: dict[str, PictureFile] = {}
    for document in documents:
        beside = Path(document.path).absolute().parent
        root = beside.parent.resolve()
        for line, address, path in pictures_of(document):
            file = beside / posixpath.relpath(path or ".", document.folder)
            if not path or path in found or not file.resolve().is_relative_to(root):
                continue
            try:
                with file.open("rb") as opened:
                    content = opened.read(MAX_BYTES + 1)
            except OSError:
                continue
            kind = media_type(content)
            problem = ""
            if len(content) > MAX_BYTES:
                problem = "is larger than 1 MB"
            elif not kind:
                problem = "is no PNG, JPEG, GIF or WebP; an SVG could hold scripts"
            elif len(found) >= MAX_PICTURES:
                problem = f"is one more than {MAX_PICTURES:,} pictures"
            if problem:
                message = f"the picture “{address}” {problem}"
                errors.append(LibraryError(document.path, line, message))
            found[path] = PictureFile(path, kind, content)
    return found


def missing_pictures(document: Document, pictures: Container[str]) -> Iterator[LibraryError]:
    """A complaint about each picture of the document that is not among those given."""
    for line, address, path in pictures_of(document):
        if not path or path not in pictures:
            yield LibraryError(document.path, line, f"there is no picture “{address}”")
