"""What an editor decides about a reading: a list of small acts, replayed in their order.

The reading itself never changes, so each decision can be taken back by itself. Each thing that was
found has a key (`q12`, `s3`, `t1` for a story, `n2`); what a decision makes has one that follows
from the key it is about. A decision about something that other decisions took away does nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import asdict, dataclass, field
from typing import Any

from questions.importing.reading import (
    FoundNote,
    FoundQuestion,
    FoundSet,
    FoundStory,
    Reading,
    text_of,
)

Item = FoundQuestion | FoundSet | FoundStory | FoundNote

ACTS = ("skip", "retitle", "note", "title", "begin", "merge", "split")


@dataclass(frozen=True)
class Decision:
    """`item` is the key of what it is about; the others are filled where the act needs them.

    `text`: the new title or prompt of `retitle`, the title of the set that `begin` begins.
    `other`: the key of what `merge` adds. `at`: the line of the text at which `split` cuts.
    `known`: a `skip` that nobody chose; the library has the same.
    """

    number: int
    act: str
    item: str
    text: str = ""
    other: str = ""
    at: int = 0
    known: bool = False

    def kept(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", False)}


@dataclass
class Row:
    """One thing in the preview, in the order of the file."""

    key: str
    kind: str
    item: Any
    home: FoundSet | None = None
    home_key: str = ""
    next_key: str = ""
    is_skipped: bool = False
    decisions: list[Decision] = field(default_factory=list)


class Preview:
    """A reading with the decisions carried out. `lines` gives all lines of the file."""

    def __init__(
        self, reading: Reading, decisions: Iterable[Decision], lines: Callable[[], list[str]]
    ) -> None:
        self.reading = reading
        self.lines = lines
        self.items: dict[str, Item] = {}
        self.keys: dict[int, str] = {}
        self.skipped: set[str] = set()
        self.decided: dict[str, list[Decision]] = defaultdict(list)
        self.idle: list[Decision] = []
        """Those that do nothing, since what they are about is not there any more."""
        found: dict[str, Iterable[Item]] = {
            "s": reading.sets,
            "q": reading.questions,
            "t": reading.stories,
            "n": reading.notes,
        }
        for letter, items in found.items():
            for number, item in enumerate(items, 1):
                self._name(f"{letter}{number}", item)
        for decision in decisions:
            if not self._apply(decision):
                self.idle.append(decision)

    def _name(self, key: str, item: Item) -> None:
        self.items[key] = item
        self.keys[id(item)] = key

    def key_of(self, item: Item) -> str:
        return self.keys[id(item)]

    def _apply(self, decision: Decision) -> bool:
        """Carry it out; whether that was possible."""
        item = self.items.get(decision.item)
        shown_at = None
        if item is not None and decision.act in ACTS:
            shown_at = getattr(self, f"_{decision.act}")(item, decision)
        if shown_at:
            self.decided[shown_at].append(decision)
        return bool(shown_at)

    # The acts: each returns the key where the decision is shown, or nothing.

    def _skip(self, item: Item, decision: Decision) -> str:
        self.skipped.add(decision.item)
        return decision.item

    def _retitle(self, item: Item, decision: Decision) -> str:
        if isinstance(item, FoundQuestion):
            item.prompt = decision.text
        else:
            item.title = decision.text
        return decision.item

    def _note(self, item: Item, decision: Decision) -> str | None:
        home = self.home_of(item)
        if home is None or not isinstance(item, FoundQuestion):
            return None
        self._name(decision.item, self.reading.make_note(home, item))
        return decision.item

    def _title(self, item: Item, decision: Decision) -> str | None:
        home = self.home_of(item)
        if home is None or not isinstance(item, FoundQuestion):
            return None
        self._name(decision.item, self.reading.make_title(home, item))
        return decision.item

    def _begin(self, item: Item, decision: Decision) -> str | None:
        home = self.home_of(item)
        if home is None or not isinstance(item, FoundQuestion):
            return None
        key = f"{decision.item}.set"
        self._name(key, self.reading.split(home, item, decision.text))
        return key

    def _merge(self, item: Item, decision: Decision) -> str | None:
        other = self.items.get(decision.other)
        if isinstance(item, FoundSet) and isinstance(other, FoundSet) and item is not other:
            self.reading.merge(item, other)
        elif isinstance(item, FoundQuestion) and isinstance(other, FoundQuestion):
            home = self.home_of(item)
            if home is None or not self._is_next(home, item, other):
                return None
            self.reading.join(home, item, other)
        else:
            return None
        del self.items[decision.other]
        return decision.item

    def _is_next(self, home: FoundSet, item: FoundQuestion, other: FoundQuestion) -> bool:
        """Whether `other` follows in the set, and no story or note stands between: a line that was
        in one would have two places.
        """
        following = zip(home.questions, home.questions[1:], strict=False)
        if not any(one is item and two is other for one, two in following):
            return False
        between = range(item.lines.last + 1, other.lines.first)
        others: list[FoundStory | FoundNote] = [*self.reading.stories, *self.reading.notes]
        return not any(one.lines.first in between for one in others)

    def _split(self, item: Item, decision: Decision) -> str | None:
        home = self.home_of(item)
        if home is None or not isinstance(item, FoundQuestion):
            return None
        if not 0 < decision.at < len(text_of(item)):
            return None
        new = self.reading.cut(home, item, decision.at, self.lines())
        self._name(f"{decision.item}.{decision.number}", new)
        return decision.item

    # What the preview shows, and what is written.

    def home_of(self, item: Item) -> FoundSet | None:
        """The set of a question."""
        for found in self.reading.sets:
            if any(one is item for one in found.questions):
                return found
        return None

    def rows(self) -> list[Row]:
        """Everything that was found, in the order of the file, the skipped too."""
        rows = [row for index, _ in enumerate(self.reading.sets) for row in self._rows_of(index)]
        others: list[FoundStory | FoundNote] = [*self.reading.stories, *self.reading.notes]
        for item in sorted(others, key=lambda one: one.lines):
            kind = "story" if isinstance(item, FoundStory) else "note"
            rows.append(self._row(item, kind))
        return rows

    def _rows_of(self, index: int) -> Iterator[Row]:
        found = self.reading.sets[index]
        head = self._row(found, "set")
        if index + 1 < len(self.reading.sets):
            head.next_key = self.key_of(self.reading.sets[index + 1])
        yield head
        rows = [self._row(question, "question") for question in found.questions]
        next_key = ""
        for row in reversed(rows):
            row.home, row.home_key, row.next_key = found, head.key, next_key
            row.is_skipped = row.is_skipped or head.is_skipped
            next_key = "" if row.is_skipped else row.key
        yield from rows

    def _row(self, item: Item, kind: str) -> Row:
        key = self.key_of(item)
        return Row(key, kind, item, decisions=self.decided[key], is_skipped=key in self.skipped)

    def chosen(self) -> Reading:
        """The reading without what is skipped."""
        chosen = copy(self.reading)
        chosen.sets = []
        for found in self.reading.sets:
            if self.key_of(found) not in self.skipped:
                kept = copy(found)
                kept.questions = [one for one in found.questions if self._is_chosen(one)]
                chosen.sets.append(kept)
        chosen.stories = [one for one in self.reading.stories if self._is_chosen(one)]
        chosen.notes = [one for one in self.reading.notes if self._is_chosen(one)]
        return chosen

    def _is_chosen(self, item: Item) -> bool:
        return self.key_of(item) not in self.skipped
