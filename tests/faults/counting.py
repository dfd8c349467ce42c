"""The verdict: what happened, what got lost, and what was wrong.

Everybody only ever writes on. So a text that is stored must be the beginning of all that its author
wrote, and of two such texts the longer is the newer.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.faults.network import Exchange, Fate
from tests.faults.pages import Typist
from tests.faults.plan import GRACE, Plan
from tests.faults.writers import Position, Writer

TOLERANCE = 1.0
"""Seconds by which a `seconds_left` may be off."""
EXACT = 0.001

Place = tuple[str, Position]
"""An answer: interview and position."""


@dataclass(frozen=True)
class Stored:
    """What stood in an answer when the clerk looked. Its text is only compared."""

    length: int
    digest: int
    saved_at: float
    accepts_until: float | None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Stored":
        text = row["text"]
        return cls(len(text), hash(text), row["saved_at"], row["accepts_until"])

    def is_beginning_of(self, written: str) -> bool:
        return self.digest == hash(written[: self.length])


@dataclass(frozen=True)
class Audit:
    """A look into the database in the middle of it all."""

    promised: Mapping[Place, int]
    """By length: what there was a receipt for before the look."""
    stored: Mapping[Place, Stored]

    def stored_too_late(self) -> list[str]:
        return [
            f"{place}: stored {stored.saved_at - stored.accepts_until:.3f} s too late"
            for place, stored in self.stored.items()
            if stored.accepts_until is not None and stored.saved_at > stored.accepts_until
        ]


@dataclass
class Evidence:
    plan: Plan
    ends_at: Mapping[str, float]
    """The deadline of each sitting, in seconds of the machine's clock."""
    writers: Sequence[Writer] = ()
    typists: Sequence[Typist] = ()
    journal: Sequence[Exchange] = ()
    fates: Counter[Fate] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    """Of `web` and of `database`."""
    audits: list[Audit] = field(default_factory=list)
    sittings: Sequence[Mapping[str, Any]] = ()
    revisions: Sequence[Mapping[str, Any]] = ()
    seconds: float = 0

    @property
    def written(self) -> dict[Place, str]:
        """All that its author wrote for each answer."""
        texts = {
            (writer.interview, position): text
            for writer in self.writers
            for position, text in writer.texts.items()
        }
        return texts | {(typist.interview, 1): typist.typed for typist in self.typists}


def lost_after_receipt(evidence: Evidence) -> list[str]:
    """Answers in which less was found than a receipt had promised before, each once."""
    lost: dict[Place, str] = {}
    for audit in evidence.audits:
        for place, promised in audit.promised.items():
            found = audit.stored[place].length if place in audit.stored else 0
            if found < promised:
                lost.setdefault(place, f"{place}: {promised} promised, {found} stored")
    for writer in evidence.writers:
        for seen in writer.seen:
            if len(seen.text) < seen.promised:
                place = (writer.interview, seen.position)
                lost.setdefault(place, f"{place}: {seen.promised} promised, {len(seen.text)} shown")
    return list(lost.values())


def lost_by_browsers(evidence: Evidence) -> list[str]:
    """What was typed in Chromium and is neither stored nor kept by the browser."""
    lost = [complaint for typist in evidence.typists for complaint in typist.lost]
    final = evidence.audits[-1].stored
    late = defaultdict(set)
    for revision in evidence.revisions:
        if revision["kind"] == "late":
            late[revision["interview"]].add(revision["text"])
    for typist in evidence.typists:
        place = (typist.interview, 1)
        length = final[place].length if place in final else 0
        if length != len(typist.typed) and typist.typed not in late[typist.interview]:
            lost.append(f"{typist.name}: typed {len(typist.typed)}, stored {length}")
    return lost


def wrong_texts(evidence: Evidence) -> list[str]:
    """Stored or shown texts that their author never wrote, and last texts that never arrived."""
    written = evidence.written
    wrong = []
    for audit in evidence.audits:
        wrong += [
            f"{place}: a text of {stored.length} characters stored was never written"
            for place, stored in audit.stored.items()
            if not stored.is_beginning_of(written.get(place, ""))
        ]
    shown = [
        ("shown", (writer.interview, seen.position), seen.text)
        for writer in evidence.writers
        for seen in writer.seen
    ]
    shown += [
        ("in the history", (each["interview"], each["answer__position"]), each["text"])
        for each in evidence.revisions
    ]
    for where, place, text in shown:
        if not written.get(place, "").startswith(text):
            wrong.append(f"{place}: a text of {len(text)} characters {where} was never written")
    final = evidence.audits[-1].stored
    for writer in evidence.writers:
        for position, text in writer.texts.items():
            stored = final.get((writer.interview, position))
            if not writer.is_over and (stored is None or stored.length != len(text)):
                wrong.append(f"{writer.name}: the last text of question {position} isn't stored")
        late = {
            (each["answer__position"], len(each["text"]))
            for each in evidence.revisions
            if each["kind"] == "late" and each["interview"] == writer.interview
        }
        wrong += [
            f"{writer.name}: {told} was called late and isn't kept"
            for told in writer.late
            if told not in late
        ]
    return wrong


@dataclass(frozen=True)
class Saved:
    """A save to which the server said that a text is stored, under this revision."""

    sequence: int
    length: int
    revision: int
    sent_at: float
    replied_at: float


def saves(journal: Iterable[Exchange]) -> dict[tuple[str, str], list[Saved]]:
    """Those that the server called saved, by path and writer."""
    found: dict[tuple[str, str], list[Saved]] = defaultdict(list)
    for each in journal:
        if each.is_receipt:
            found[each.path, each.sent["writer"]].append(
                Saved(
                    sequence=each.sent["sequence"],
                    length=each.sent["text"],
                    revision=each.said["revision"],
                    sent_at=each.sent_at,
                    replied_at=each.replied_at,
                )
            )
    return found


def repeated_texts(evidence: Evidence) -> list[str]:
    """Older saves that overwrote newer ones, saves stored twice, revisions given twice.

    An older save that arrives after a newer one of its writer is told the newer one's revision.
    That is right, so each revision counts as that of the newest save to which it was told.
    """
    repeated = []
    for (path, _writer), replies in saves(evidence.journal).items():
        newest: dict[int, Saved] = {}
        for reply in replies:
            other = newest.get(reply.revision, reply)
            older, newer = sorted((reply, other), key=lambda saved: saved.sequence)
            # What is stored already may be sent again, and then has its revision.
            is_other = older.length != newer.length
            if is_other and older.replied_at < newer.sent_at:
                repeated.append(f"{path}: revision {reply.revision} given to two texts")
            newest[reply.revision] = newer
        in_order = [newest[revision].sequence for revision in sorted(newest)]
        for before, after in pairwise(in_order):
            if after == before:
                repeated.append(f"{path}: save {after} is stored twice")
            if after < before:
                repeated.append(f"{path}: save {after} overwrote save {before}")
    return repeated


def wrong_times(evidence: Evidence) -> list[str]:
    """Texts taken too late or refused too early, wrong clocks, sittings with another end."""
    wrong = [complaint for typist in evidence.typists for complaint in typist.wrong_clocks]
    wrong += evidence.audits[-1].stored_too_late()
    for writer in evidence.writers:
        ends_at = evidence.ends_at[writer.interview]
        wrong += [
            f"{writer.name}: a page with {seen.seconds_left} s left"
            for seen in writer.seen
            if not fits(seen.seconds_left, ends_at, seen.asked_at, seen.shown_at)
        ]
    finishers = {w.interview for w in evidence.writers if w.finishes_at is not None}
    exchanges = of_sittings(evidence.journal)
    for sitting in evidence.sittings:
        wrong += wrong_ends(
            exchanges[sitting["id"]],
            evidence.ends_at[sitting["id"]],
            sitting,
            may_finish=sitting["id"] in finishers,
        )
    return wrong


def wrong_ends(
    exchanges: Sequence[Exchange], closes_at: float, sitting: Mapping[str, Any], may_finish: bool
) -> Iterator[str]:
    """Of one sitting: it ended at its deadline or when it was finished, and replies said so."""
    ended_at = sitting["ended_at"]
    if abs(sitting["deadline"] - closes_at) > EXACT:
        yield f"{sitting['id']}: its deadline moved"
    if may_finish and ended_at is not None and ended_at < closes_at - EXACT:
        finishes = [e for e in exchanges if e.method == "POST" and e.path.endswith("/finish/")]
        # The first that did it may have lost its reply with a killed server.
        if not finishes or ended_at > max(each.replied_at for each in finishes):
            yield f"{sitting['id']}: not finished when it was asked for"
        yield from wrong_saves(exchanges, ended_at)
        return
    if ended_at is not None and abs(ended_at - closes_at) > EXACT:
        yield f"{sitting['id']}: ended {ended_at - closes_at:+.3f} s from its deadline"
    yield from wrong_saves(exchanges, closes_at + GRACE)
    yield from wrong_clocks(exchanges, closes_at)


def of_sittings(exchanges: Iterable[Exchange]) -> dict[str, list[Exchange]]:
    found: dict[str, list[Exchange]] = defaultdict(list)
    for each in exchanges:
        if each.path.startswith("/interviews/"):
            found[each.path.split("/")[2]].append(each)
    return found


def wrong_saves(exchanges: Sequence[Exchange], accepts_until: float) -> Iterator[str]:
    """Against the times at which the network passed each save on, and its reply back."""
    in_time: Counter[str] = Counter()
    for each in exchanges:
        if each.sent and each.sent_at <= accepts_until:
            in_time[each.path] = max(in_time[each.path], each.sent["text"])
    for each in exchanges:
        if each.is_receipt and each.sent["text"] > in_time[each.path]:
            yield f"{each.path}: taken {each.sent_at - accepts_until:.3f} s after the last moment"
        told = each.said.get("state") if each.sent and each.said else None
        if told == "late" and each.replied_at < accepts_until:
            yield f"{each.path}: refused {accepts_until - each.replied_at:.3f} s too early"


def wrong_clocks(exchanges: Sequence[Exchange], closes_at: float) -> Iterator[str]:
    for each in exchanges:
        left = each.said.get("seconds_left") if each.said else None
        if left is not None and not fits(left, closes_at, each.sent_at, each.replied_at):
            yield f"{each.path}: {left} s left, {closes_at - each.replied_at:.3f} would be right"


def fits(left: float | None, closes_at: float, asked_at: float, told_at: float) -> bool:
    if left is None:
        return False
    least, most = max(closes_at - told_at, 0), max(closes_at - asked_at, 0)
    return least - TOLERANCE <= left <= most + TOLERANCE


def unexpected(evidence: Evidence) -> list[str]:
    """Replies that no page expects, and candidates who didn't come to their end."""
    people: list[Writer | Typist] = [*evidence.writers, *evidence.typists]
    stuck = [f"{person.name} is stuck" for person in people if not person.is_done]
    return stuck + [refusal for writer in evidence.writers for refusal in writer.refusals]


def not_as_planned(evidence: Evidence) -> list[str]:
    """What should have happened and didn't: a run in which nothing goes wrong shows nothing."""
    plan, kills = evidence.plan, evidence.kills
    happened: dict[str, bool] = {
        "candidates": len(evidence.writers) + len(evidence.typists) == plan.candidates,
        "kills of the web server": kills["web"] == plan.web_kills,
        "kills of Postgres": kills["database"] == plan.database_kills,
        "receipts": len(receipts(evidence)) >= plan.candidates * plan.seconds / 8,
    }
    for fate in Fate:
        chance = getattr(plan.chances, fate.name.lower(), 0)
        happened[f"requests {fate}"] = evidence.fates[fate] > 0 or not chance
    if plan.endings:
        happened["texts that came late"] = any(writer.late for writer in evidence.writers)
    if plan.browsers:
        acts = sum((typist.acts for typist in evidence.typists), Counter[str]())
        happened["kills of a browser"] = acts["kill the browser"] >= plan.browsers
        happened["texts offered by a browser"] = any(t.offers for t in evidence.typists)
    return [what for what, did in happened.items() if not did]


def receipts(evidence: Evidence) -> list[Exchange]:
    """The server's word that a text is stored, whether or not it reached the candidate."""
    return [exchange for exchange in evidence.journal if exchange.is_receipt]


@dataclass(frozen=True)
class Verdict:
    figures: Mapping[str, int | float]
    faults: Mapping[str, Sequence[str]]
    """What must not be, with each case in words."""

    @property
    def is_clean(self) -> bool:
        return not any(self.faults.values())

    def table(self) -> str:
        rows = {**self.figures, **{what: len(cases) for what, cases in self.faults.items()}}
        return "".join(f"{number:>8}  {what}\n" for what, number in rows.items())

    def cases(self, most: int = 5) -> str:
        """The first few of each kind, to be read."""
        return "\n".join(
            f"{what}: {case}" for what, cases in self.faults.items() for case in cases[:most]
        )


LOST_AFTER_RECEIPT = "texts lost after a receipt"
LOST_BY_BROWSERS = "texts lost from a browser's own copy"
WRONG_TEXTS = "wrong or repeated texts"
WRONG_TIMES = "wrong seconds"
UNEXPECTED = "unexpected replies and stuck candidates"
NOT_AS_PLANNED = "things that were planned and didn't happen"


def judge(evidence: Evidence) -> Verdict:
    writers, typists = evidence.writers, evidence.typists
    kills = evidence.kills
    acts = sum((typist.acts for typist in typists), Counter[str]())
    figures = {
        "seed": evidence.plan.seed,
        "seconds": round(evidence.seconds),
        "candidates": len(writers) + len(typists),
        "of them in Chromium": len(typists),
        "kills of the web server": kills["web"],
        "kills of Postgres": kills["database"],
        "kills of a browser": acts["kill the browser"],
        "crashes of a tab": acts["crash the tab"],
        **{f"requests {fate}": evidence.fates[fate] for fate in Fate if fate != Fate.PASSED},
        "receipts given": len(receipts(evidence)),
        "receipts that arrived by protocol": sum(len(writer.receipts) for writer in writers),
        "retries": sum(writer.retries for writer in writers),
        "waits for the rate limit": sum(writer.waits for writer in writers),
        "conflicts settled": sum(writer.conflicts for writer in writers),
        "texts offered by a browser": sum(typist.offers for typist in typists),
        "sittings that ended meanwhile": sum(writer.is_over for writer in writers),
        "texts that came late": sum(len(writer.late) for writer in writers),
        "looks into the database": len(evidence.audits),
    }
    faults = {
        LOST_AFTER_RECEIPT: lost_after_receipt(evidence),
        LOST_BY_BROWSERS: lost_by_browsers(evidence),
        WRONG_TEXTS: wrong_texts(evidence) + repeated_texts(evidence),
        WRONG_TIMES: wrong_times(evidence),
        UNEXPECTED: unexpected(evidence),
        NOT_AS_PLANNED: not_as_planned(evidence),
    }
    return Verdict(figures, faults)
