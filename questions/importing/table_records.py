"""CSV, TSV and Anki exports: which column holds what, and its rows as questions."""

import html
import re

from django.utils.translation import gettext, pgettext_lazy

from questions.importing.column_names import meaning_of
from questions.importing.decoding import Source
from questions.importing.html_inline import to_markdown
from questions.importing.limits import Deadline
from questions.importing.reading import FoundSet, Lines, Reading
from questions.importing.records import Record, add_record
from questions.importing.tables import Row, Table, read_table

STANDS_BETWEEN = {
    "\t": pgettext_lazy("between columns stands a", "tab"),
    ",": pgettext_lazy("between columns stands a", "comma"),
    ";": pgettext_lazy("between columns stands a", "semicolon"),
    "|": pgettext_lazy("between columns stands a", "bar"),
}


def read(source: Source, deadline: Deadline) -> Reading:
    reading = Reading(source.path, source.encoding, problems=list(source.problems))
    table = read_table(source)
    reading.problems += table.problems
    if table.setting_lines:
        reason = gettext("settings of the export")
        reading.ignore(1, len(table.setting_lines), source.lines, reason)
    columns, rows = _columns(table, reading, source)
    found = FoundSet(source.title)
    deck = table.settings.get("deck", "").strip()
    found.title = deck or found.title
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
        add_record(reading, found, record, source)
    if found.questions:
        reading.sets.append(found)
    delimiter = STANDS_BETWEEN.get(table.delimiter, table.delimiter)
    why = gettext("%(count)d × rows with columns between which stands a %(delimiter)s")
    reading.why.append(why % {"count": len(found.questions), "delimiter": delimiter})
    return reading


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
        reason = gettext("the names of the columns")
        reading.ignore(first.first, first.last, source.lines, reason)
        for number, cell in enumerate(first.cells):
            if (
                cell.strip()
                and not columns[number]
                and not re.search(
                    r"(?i)\bid\b|^(?:no|nr|#|number|index|s\.?no)\.?$|question ?number",
                    cell.strip(),
                )
            ):
                message = gettext("the column “%(name)s” means nothing here: it is left out")
                reading.complain(first.first, message % {"name": cell.strip()})
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
