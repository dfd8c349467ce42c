"""From the bytes of a file to its text."""

import re
from dataclasses import dataclass, field
from pathlib import PurePath

from django.utils.translation import gettext

from questions.importing.limits import MAX_BYTES, Refused
from questions.importing.reading import Problem

# What no text file holds; form feed and escape occur in text that was copied from a terminal.
BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# windows-1252 has no character for these.
UNUSED = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D])


@dataclass(frozen=True)
class Source:
    """A file as text with line feeds only, and how it was written."""

    path: str
    text: str
    encoding: str = "utf-8"
    problems: tuple[Problem, ...] = ()
    lines: list[str] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", self.text.split("\n"))

    @property
    def name(self) -> str:
        return PurePath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePath(self.path).suffix.lower()

    @property
    def title(self) -> str:
        """The name of the file as a title: what a set is called that says nothing itself."""
        words = re.sub(r"[-_\s]+", " ", PurePath(self.path).stem).strip()
        return words[:1].upper() + words[1:] or gettext("Imported questions")


def decode(data: bytes, path: str) -> Source:
    """The text of the file: UTF-8 with or without BOM, else windows-1252.

    Raises:
        Refused: for a file that is too large, empty or no text.
    """
    if len(data) > MAX_BYTES:
        raise Refused(path, 1, gettext("the file is larger than 2 MB; split it"))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(path, 1, gettext("the file is in UTF-16; save it as UTF-8"))
    text, encoding, problems = _decode(data, path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    binary = BINARY.search(text)
    if binary:
        line = text.count("\n", 0, binary.start()) + 1
        message = gettext("control character %(code)s: is this a text file?")
        raise Refused(path, line, message % {"code": f"U+{ord(binary[0]):04X}"})
    if not text.strip():
        raise Refused(path, 1, gettext("the file is empty"))
    return Source(path, text, encoding, problems)


def _decode(data: bytes, path: str) -> tuple[str, str, tuple[Problem, ...]]:
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise Refused(path, line, gettext("this is no text file"))
    message = gettext("not UTF-8: read as windows-1252; look at the letters with accents")
    # Bytes without a meaning there are kept as the control characters that browsers show.
    text = (
        "".join(chr(byte) if byte in UNUSED else bytes([byte]).decode("cp1252") for byte in data)
        if any(byte in UNUSED for byte in data)
        else data.decode("cp1252")
    )
    return text, "windows-1252", (Problem(line, message),)
