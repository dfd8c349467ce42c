"""CSV, TSV and Anki's “notes in plain text” as rows that know their lines."""

import csv
import re
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext

from questions.importing.decoding import Source
from questions.importing.reading import Problem
from questions.importing.words import asks

DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
SETTING = re.compile(r"#(?P<name>[a-z ]+?)\s*:\s*(?P<value>.*)", re.IGNORECASE)
# A quote that never ends takes the rest of the file with it.
MAX_ROW_LINES = 400


@dataclass
class Row:
    """One record. Lines count from 1."""

    first: int
    last: int
    cells: list[str]


@dataclass
class Table:
    """`settings` are those of an Anki export, with their lines."""

    delimiter: str
    rows: list[Row] = field(default_factory=list)
    settings: dict[str, str] = field(default_factory=dict)
    setting_lines: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_table(source: Source) -> bool:
    """Whether the file is one by its name, by Anki's header, or by every line's delimiter."""
    if source.suffix in {".csv", ".tsv"}:
        return True
    head = source.lines[0].strip().lower()
    if head.startswith(("#separator:", "#html:", "#notetype:", "#deck:")):
        return True
    if source.suffix not in {".txt", ""}:
        return False
    return _guess(source.lines) is not None or _is_deck(source)


# Files that are called so hold cards, a line each.
DECK = re.compile(r"(?i)anki|flash.?card|\bdeck|\bcards\b")


def _is_deck(source: Source) -> bool:
    return DECK.search(source.name) is not None and _deck_delimiter(source.lines) is not None


def _deck_delimiter(lines: list[str]) -> str | None:
    """The delimiter that nearly every line has, each as often as the others, or once at least."""
    filled = [line for line in lines if line.strip()][:500]
    for delimiter in ("\t", ";", "|"):
        split = [line for line in filled if delimiter in line.strip()[1:-1]]
        if len(filled) >= 3 and len(split) >= 0.9 * len(filled):
            return delimiter
    return None


def _guess(lines: list[str]) -> str | None:
    """The delimiter that splits nearly every line into a question and something else."""
    filled = [line for line in lines if line.strip()][:500]
    for delimiter in ("\t", ";", "|"):
        split = [line.split(delimiter) for line in filled]
        good = [
            cells
            for cells in split
            if len(cells) >= 2 and cells[0].strip() and (delimiter == "\t" or asks(cells[0]))
        ]
        marked = sum("?" in cells[0] for cells in good)
        if len(filled) >= 3 and len(good) >= 0.9 * len(filled) and marked >= 0.3 * len(filled):
            return delimiter
    return None


def read_table(source: Source) -> Table:
    settings, setting_lines = _settings(source.lines)
    start = len(setting_lines)
    named = settings.get("separator", "").strip()
    delimiter = DELIMITERS.get(named.lower(), named[:1]) or _delimiter(source, start)
    table = Table(delimiter, settings=settings, setting_lines=setting_lines)
    csv.field_size_limit(10_000_000)
    lines = source.lines[start:]
    rows = _rows(lines, delimiter, quoted=True)
    if rows is None:
        message = gettext("quotes that never end: read as plain letters")
        table.problems.append(Problem(start + 1, message))
        rows = _rows(lines, delimiter, quoted=False) or []
    for row in rows:
        row.first += start
        row.last += start
    table.rows = rows
    return table


def _settings(lines: list[str]) -> tuple[dict[str, str], list[int]]:
    settings: dict[str, str] = {}
    numbers: list[int] = []
    for number, line in enumerate(lines, 1):
        found = SETTING.fullmatch(line.strip())
        if found is None:
            break
        settings[found["name"].strip().lower()] = found["value"]
        numbers.append(number)
    return settings, numbers


def _delimiter(source: Source, start: int) -> str:
    lines = source.lines[start:]
    if source.suffix == ".tsv" and any("\t" in line for line in lines):
        return "\t"
    guessed = _guess(lines) or (_deck_delimiter(lines) if DECK.search(source.name) else None)
    if source.suffix != ".csv" and guessed:
        return guessed
    best, most = ",", 0.0
    for delimiter in (",", ";", "\t", "|"):
        rows = list(islice(csv.reader(lines, delimiter=delimiter), 50))
        widths = [len(row) for row in rows if row]
        if not widths or widths[0] < 2:
            continue
        same = sum(width == widths[0] for width in widths) / len(widths)
        if same > most:
            best, most = delimiter, same
    return best


def _rows(lines: list[str], delimiter: str, *, quoted: bool) -> list[Row] | None:
    """None when a quote is opened and not closed."""
    reader = csv.reader(
        [f"{line}\n" for line in lines],
        delimiter=delimiter,
        quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE,
        skipinitialspace=quoted,
    )
    rows: list[Row] = []
    before = 0
    for cells in reader:
        if reader.line_num - before > MAX_ROW_LINES:
            return None
        if any(cell.strip() for cell in cells):
            first = before + 1
            while not lines[first - 1].strip() and first < reader.line_num:
                first += 1
            rows.append(Row(first, reader.line_num, [cell.strip("\n") for cell in cells]))
        before = reader.line_num
    if (
        quoted
        and rows
        and rows[-1].last - rows[-1].first > 3
        and len(rows[-1].cells) < 2 < len(rows)
    ):
        return None
    return rows
