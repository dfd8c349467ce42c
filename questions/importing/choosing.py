"""Which reader a file needs."""

import re
from collections.abc import Callable

from django.utils.translation import get_language, gettext

from questions.importing import json_records, own_format, table_records
from questions.importing.decoding import Source, decode
from questions.importing.doubts import name_doubts
from questions.importing.duplicates import name_duplicates
from questions.importing.engine import Engine
from questions.importing.html_pages import is_html, to_page_lines
from questions.importing.junk import LONG
from questions.importing.limits import Deadline, check_items
from questions.importing.page import read_page
from questions.importing.reading import Reading
from questions.importing.tables import is_table
from questions.importing.words import EMAIL

SHAPES = ("auto", "list", "details", "headings", "records", "stories")
BODIES = ("answer", "question")


def read_file(data: bytes, path: str, *, shape: str = "auto", body_is: str = "") -> Reading:
    """What the file holds. Needs no database and asks no other machine.

    Raises:
        InvalidLibrary: for a file that can't be read, with its line.
    """
    deadline = Deadline(path)
    source = decode(data, path)
    reading = _reader(source, shape)(source, deadline, shape, body_is)
    if not reading.licence:
        reading.licence = find_licence(source)
    if not (reading.sets or reading.stories or reading.notes):
        message = gettext("nothing was found in this file: no questions, stories or notes")
        reading.complain(1, message)
    _name_personal_data(reading, source)
    reading.language = get_language() or "en"
    reading.account_for(source.lines, gettext("nothing here knows what it is"))
    check_items(path, reading.firsts())
    deadline.check()
    name_duplicates(reading)
    name_doubts(reading)
    reading.problems = sorted(set(reading.problems))
    return reading


Reader = Callable[[Source, Deadline, str, str], Reading]


def _reader(source: Source, shape: str) -> Reader:
    if own_format.is_ours(source):
        return lambda source, *_: own_format.read(source)
    if shape in {"auto", "records"} and json_records.is_json(source):
        return lambda source, deadline, *_: json_records.read(source, deadline)
    if shape == "records" or (shape == "auto" and is_table(source)):
        return lambda source, deadline, *_: table_records.read(source, deadline)
    return _read_text


def _read_text(source: Source, deadline: Deadline, shape: str, body_is: str) -> Reading:
    if is_html(source):
        lines, numbers = to_page_lines(source)
        page = read_page(source, deadline, lines, numbers)
        page_reading = Engine(page, deadline, shape, body_is).read()
        page_reading.account_for(source.lines, gettext("markup without text"))
        return page_reading
    return Engine(read_page(source, deadline), deadline, shape, body_is).read()


LICENCES = {
    r"CC[- ]BY[- ]NC[- ]SA[- ]?(\d\.\d)?": "CC-BY-NC-SA-{}",
    r"CC[- ]BY[- ]NC[- ]ND[- ]?(\d\.\d)?": "CC-BY-NC-ND-{}",
    r"CC[- ]BY[- ]NC[- ]?(\d\.\d)?": "CC-BY-NC-{}",
    r"CC[- ]BY[- ]ND[- ]?(\d\.\d)?": "CC-BY-ND-{}",
    r"CC[- ]BY[- ]SA[- ]?(\d\.\d)?": "CC-BY-SA-{}",
    r"CC[- ]BY[- ]?(\d\.\d)?": "CC-BY-{}",
    r"CC0(?:[- ]1\.0)?": "CC0-1.0",
    r"Apache(?: License,?)?(?: Version)?[- ]?2(?:\.0)?": "Apache-2.0",
    r"(?:A?GPL|L?GPL)[- ]?v?3(?:\.0)?": "GPL-3.0",
    r"BSD[- ]3[- ]Clause": "BSD-3-Clause",
    r"BSD[- ]2[- ]Clause": "BSD-2-Clause",
    r"(?:the )?MIT": "MIT",
}


def find_licence(source: Source) -> str:
    """What the file says about its licence, as an SPDX name; empty when it says nothing clear.

    Only lines that speak of a licence count: a question about the MIT licence is none.
    """
    for number, line in enumerate(source.lines):
        if not re.search(
            r"(?i)\blicen[cs]e\b|creativecommons\.org/licenses|\blicensed under\b", line
        ):
            continue
        if "?" in re.sub(r"\([^)]*\)|https?://\S+", "", line):
            continue
        near = " ".join([line, *source.lines[number + 1 : number + 3]])
        near = re.sub(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", r"CC-\1-\2", near)
        for pattern, name in LICENCES.items():
            found = re.search(rf"(?<![\w-])(?i:{pattern})(?![\w])", near)
            if found:
                return name.format((found.groups() or ("",))[0] or "4.0")
    return ""


def _name_personal_data(reading: Reading, source: Source) -> None:
    for number, line in enumerate(source.lines, 1):
        for address in EMAIL.findall(line[:LONG])[:1] if "@" in line else ():
            if not re.search(r"@(?:example\.\w+|users\.noreply)|git@", address):
                reading.complain(number, gettext("an e-mail address: is it somebody's?"))
