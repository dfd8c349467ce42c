"""From the documents of a bundle to files in a folder: each whole, or none."""

import tempfile
from pathlib import Path

from questions.library.bundle import LibraryBundle
from questions.library.documents import KINDS, InvalidLibrary, LibraryError
from questions.library.parsing import MAX_BYTES, parse
from questions.library.topics import text_of_topics
from questions.library.writing import write

TOPICS_FILE = "topics.yaml"


def files_of(bundle: LibraryBundle) -> dict[str, bytes]:
    """The files that say what the bundle says, by their paths in its folder.

    Raises:
        InvalidLibrary: with all that no file can say.
    """
    files: dict[str, bytes] = {}
    errors: list[LibraryError] = []
    if bundle.topics:
        files[TOPICS_FILE] = text_of_topics(bundle.topics).encode()
    for document in bundle.documents:
        try:
            data = write(document).encode()
        except InvalidLibrary as invalid:
            errors += invalid.errors
            continue
        if len(data) > MAX_BYTES:
            errors.append(LibraryError(document.path, 1, "the file would be larger than 2 MB"))
        files[document.path] = data
    if errors:
        raise InvalidLibrary(errors)
    return files | {path: picture.content for path, picture in bundle.pictures.items()}


def write_folder(bundle: LibraryBundle, folder: Path, *, replace: bool = False) -> None:
    """Write the bundle's files.

    They are written aside first. A new folder then appears as a whole; in one that is there each
    file appears as a whole, and with `replace` takes the place of the one before. Library files
    that are no more in the library go then; what is not the library's stays.

    Raises:
        InvalidLibrary: for what no file can say, or a folder that can't be written or holds
            something while `replace` is off. Then nothing is changed.
    """
    files = files_of(bundle)
    if not any(bundle.documents):
        raise InvalidLibrary([LibraryError(str(folder), 1, "nothing is published to be exported")])
    try:
        if folder.exists() and not replace and next(folder.iterdir(), None) is not None:
            message = "this folder is not empty; --replace replaces the library files in it"
            raise InvalidLibrary([LibraryError(str(folder), 1, message)])
        is_new = not folder.exists()
        beside = folder.parent if is_new else folder
        beside.mkdir(parents=True, exist_ok=True)
        # Not in memory's folder for temporary files: a rename works within one file system only.
        with tempfile.TemporaryDirectory(prefix=".library-", dir=beside) as name:
            aside = Path(name) / "library"
            for path, data in files.items():
                (aside / path).parent.mkdir(parents=True, exist_ok=True)
                (aside / path).write_bytes(data)
            if is_new:
                aside.rename(folder)
            else:
                _move(files, aside, folder)
    except OSError as error:
        message = f"can't be written: {error.strerror}"
        raise InvalidLibrary([LibraryError(str(folder), 1, message)]) from None


def _move(files: dict[str, bytes], aside: Path, folder: Path) -> None:
    for path in files:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (aside / path).replace(folder / path)
    for kind in KINDS:
        for old in sorted((folder / kind.folder).glob("*.md")):
            if f"{kind.folder}/{old.name}" not in files and _is_ours(old):
                old.unlink()


def _is_ours(path: Path) -> bool:
    try:
        return bool(parse(path.read_bytes()[: MAX_BYTES + 1]))
    except (InvalidLibrary, OSError):
        return False
