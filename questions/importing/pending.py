"""An import from its file to its drafts, and back.

Everything that changes one is done with its row locked, so that of two clicks one wins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, ProtectedError, Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from questions.importing import drafts, own_format
from questions.importing.choosing import read_file
from questions.importing.deciding import Decision, Preview
from questions.importing.decoding import decode
from questions.importing.duplicates import near_in
from questions.importing.keeping import keep, restore
from questions.importing.limits import Refused
from questions.importing.reading import FoundNote, FoundQuestion, FoundStory, Reading
from questions.library.documents import InvalidLibrary
from questions.library.parsing import parse
from questions.models import (
    Import,
    KeyPoint,
    Note,
    Question,
    QuestionSet,
    Status,
    Story,
    Topic,
    hold,
)

MOST_DECISIONS = 5_000


class NotNow(Exception):
    """It can't be done as things are; the message says why, in words for the editor."""


def look_at(data: bytes, path: str) -> None:
    """Refuse what never can be imported here, without reading it. Takes milliseconds.

    Raises:
        InvalidLibrary: with file and line.
    """
    source = decode(data, path)
    if own_format.is_ours(source):
        parse(source.text, path)
        message = _(
            "this file is of the library’s own format, and its ids name what is there; "
            "“manage.py library import” updates that, an import here would write it again"
        )
        raise Refused(path, 1, message)


def read(key: UUID) -> None:
    """Read the file of that import and compare it with the library; what is wrong is kept, too.

    No transaction is open meanwhile. Whoever comes second, or too late, changes nothing.
    """
    waiting = Import.objects.filter(pk=key, read_at=None)
    waiting.update(started_at=Now())
    pending = waiting.first()
    if pending is None:
        return
    result: dict[str, Any]
    try:
        reading = read_file(
            bytes(pending.data), pending.path, shape=pending.shape, body_is=pending.body_is
        )
        result = {"reading": keep(reading), **compare(reading, pending.source)}
    except InvalidLibrary as invalid:
        result = {"error": "\n".join(map(str, invalid.errors))}
    waiting.filter(revision=pending.revision).update(
        **result, read_at=Now(), changed_at=Now(), revision=F("revision") + 1
    )


def compare(reading: Reading, source: str) -> dict[str, Any]:
    """What the library has already, exactly and nearly. The exact ones are skipped beforehand."""
    preview = Preview(reading, [], list)
    known = _known(preview, source)
    new = [question for question in reading.questions if preview.key_of(question) not in known]
    prompts = Question.objects.values_list("pk", "prompt").order_by()
    similar = {
        preview.key_of(new[place]): near for place, near in near_in(prompts.iterator(), new).items()
    }
    skips = enumerate(known, 1)
    decisions = [{"number": n, "act": "skip", "item": key, "known": True} for n, key in skips]
    return {"known": known, "similar": similar, "decisions": decisions}


def _known(preview: Preview, source: str, among: Reading | None = None) -> dict[str, Any]:
    """What the library has, by the keys of the items."""
    library = drafts.Known()
    reading = among or preview.reading
    known = {}
    items: list[FoundQuestion | FoundStory | FoundNote] = [
        *reading.questions,
        *reading.stories,
        *reading.notes,
    ]
    for item in items:
        place = library.meet(item, source)
        if place:
            known[preview.key_of(item)] = list(place)
    return known


def preview_of(pending: Import) -> Preview:
    """What was read, with the decisions carried out.

    Raises:
        NotNow: when it is still being read, or could not be.
    """
    if pending.reading is None:
        raise NotNow(_("This file has not been read."))
    decisions = [Decision(**one) for one in pending.decisions]
    return Preview(restore(pending.reading), decisions, lambda: lines_of(pending))


def lines_of(pending: Import) -> list[str]:
    """The lines of the file."""
    return decode(bytes(pending.data), pending.path).lines


@contextmanager
def changing(key: UUID, editor_key: int) -> Iterator[Import]:
    """The editor's import, locked.

    Raises:
        Import.DoesNotExist: it is gone, or somebody else's.
    """
    with transaction.atomic():
        yield Import.objects.select_for_update().get(pk=key, editor_id=editor_key)


def decide(pending: Import, *acts: dict[str, Any]) -> None:
    """Add decisions, if each can be carried out. The row must be locked.

    Raises:
        NotNow: otherwise; nothing is added then.
    """
    if pending.written_at:
        raise NotNow(_("This was imported already. Undo that first to change it."))
    if len(pending.decisions) + len(acts) > MOST_DECISIONS:
        raise NotNow(_("These are too many decisions for one file. Import it in parts."))
    idle = len(preview_of(pending).idle)
    before = pending.decisions
    pending.decisions = before + [{"number": 1_000_000 + n, **act} for n, act in enumerate(acts)]
    is_possible = len(preview_of(pending).idle) == idle
    pending.decisions = before
    if not is_possible:
        raise NotNow(_("That is not there any more: it was changed meanwhile. Look again."))
    pending.decide(acts)


def take_back(pending: Import, number: int) -> int:
    """Remove a decision, and those that did something only because of it; how many besides.

    The row must be locked.

    Raises:
        NotNow: it was imported meanwhile.
    """
    if pending.written_at:
        raise NotNow(_("This was imported already. Undo that first to change it."))
    idle = {one.number for one in preview_of(pending).idle}
    pending.take_back([number])
    left = [one.number for one in preview_of(pending).idle if one.number not in idle]
    if left:
        pending.take_back(left)
    return len(left)


def write(pending: Import, *, revision: int) -> None:
    """Write what is chosen, as drafts. The row must be locked; a second time does nothing.

    Raises:
        NotNow: the editor has seen another state of it, or nothing is chosen. When the library
            has got some of it meanwhile, these are marked first, to be seen before the next try.
    """
    if pending.written_at:
        return
    if pending.revision != revision:
        raise NotNow(_("This was changed in another tab. Look again, then import."))
    preview = preview_of(pending)
    chosen = preview.chosen()
    if not (any(chosen.questions) or chosen.stories or chosen.notes):
        raise NotNow(_("Nothing is left to import: everything is skipped."))
    drafts.lock_the_library()
    known = _known(preview, pending.source, chosen)
    new = {key: place for key, place in known.items() if key not in pending.known}
    if new:
        pending.known |= new
        pending.save(update_fields=["known"])
        pending.decide({"act": "skip", "item": key, "known": True} for key in new)
        raise NotNow(
            _(
                "The library or the file has %(count)d of these already, which you have not seen "
                "yet. They are marked as skipped now. Look again, then import."
            )
            % {"count": len(new)}
        )
    written = drafts.write([chosen], source=pending.source, licence=pending.licence, again=True)
    pending.written = {name: sorted(keys) for name, keys in written.keys.items()}
    pending.written_at = timezone.now()
    pending.revision += 1
    pending.save()


def undo(pending: Import) -> None:
    """Delete what it wrote, as long as nobody uses it; the preview is back. The row must be locked.

    Raises:
        NotNow: it is used, or was changed since.
    """
    if not pending.written_at:
        return
    written = _Written(pending)
    problem = written.use()
    if problem:
        raise NotNow(problem)
    try:
        with transaction.atomic():
            written.delete()
    except ProtectedError:
        raise NotNow(_("Some of it is in use, such as in an invitation.")) from None
    pending.written_at = pending.written = None
    pending.revision += 1
    pending.save()


class _Written:
    """What an import wrote, locked."""

    def __init__(self, pending: Import) -> None:
        keys: dict[str, list[int]] = pending.written or {}
        self.at = pending.written_at
        self.expected = {name: len(some) for name, some in keys.items()}
        self.sets = QuestionSet.objects.filter(pk__in=keys.get("questionset", []))
        self.questions = Question.objects.filter(pk__in=keys.get("question", []))
        self.stories = Story.objects.filter(pk__in=keys.get("story", []))
        self.notes = Note.objects.filter(pk__in=keys.get("note", []))
        self.topics = Topic.objects.filter(pk__in=keys.get("topic", []))

    def use(self) -> str:
        """Why it can't be deleted; empty when it can."""
        others: list[QuerySet[Any]] = [self.sets, self.stories, self.notes]
        hold(*others, self.questions)
        for rows in (*others, self.questions):
            # Nobody publishes, edits or links them meanwhile.
            found = list(rows.order_by("pk").select_for_update(of=("self",)))
            if len(found) != self.expected.get(rows.model._meta.model_name or "", 0):
                return _("Some of it is not there any more.")
            if any(row.status != Status.DRAFT for row in found):
                return _("Some of it was published or retired. Retire the rest instead.")
        if any(rows.filter(updated_at__gt=self.at).exists() for rows in others):
            return _("Some of it was changed since.")
        if (
            Question.objects.filter(question_set__in=self.sets)
            .exclude(pk__in=self.questions)
            .exists()
        ):
            return _("Questions were added to its sets since.")
        if self.questions.filter(versions__isnull=False).exists():
            return _("Some of its questions were changed or asked since.")
        if self._linked():
            return _("Something else in the library is linked to it.")
        return ""

    def _linked(self) -> bool:
        to = Q(related_questions__in=self.questions)
        point_to = KeyPoint.objects.filter(story__in=self.stories)
        return (
            Story.objects.filter(to).exclude(pk__in=self.stories).exists()
            or Note.objects.filter(to).exclude(pk__in=self.notes).exists()
            or point_to.exclude(question__in=self.questions).exists()
        )

    def delete(self) -> None:
        KeyPoint.objects.filter(question__in=self.questions).delete()
        rows: QuerySet[Any]
        for rows in (self.questions, self.sets, self.stories, self.notes):
            rows.delete()
        unused: Q = Q(question=None, questionset=None, story=None, note=None)
        self.topics.filter(unused).delete()
