"""What was read, as drafts in the database. Nothing is published by an import.

What the library has already is not written again: questions by their normalised text, stories by
title and address, notes by title and text. So importing a file twice adds nothing. In the admin an
editor may decide otherwise.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext

from questions.importing.duplicates import key_of
from questions.importing.reading import FoundNote, FoundQuestion, FoundSet, FoundStory, Reading
from questions.importing.words import normalised
from questions.library.documents import (
    LICENSE_LENGTH,
    POINT_LENGTH,
    PROMPT_LENGTH,
    SLUG_LENGTH,
    TITLE_LENGTH,
    TOPIC_LENGTH,
)
from questions.library.loading import ADVISORY_LOCK
from questions.library.yaml import scalar
from questions.models import KeyPoint, Note, Question, QuestionSet, Status, Story, Topic


@dataclass
class Written:
    """What an import added; `known` is what the library had already, with lines.

    `keys` are the primary keys of all that was added, by the name of the model.
    """

    sets: int = 0
    questions: int = 0
    stories: int = 0
    notes: int = 0
    known: list[tuple[int, str]] = field(default_factory=list)
    keys: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def note(self, rows: Iterable[Model]) -> None:
        for row in rows:
            self.keys[row._meta.model_name or ""].append(row.pk)


def lock_the_library() -> None:
    """Let no other import write until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def write(
    readings: Iterable[Reading], *, source: str = "", licence: str = "", again: bool = False
) -> Written:
    """Add everything as drafts, in one transaction.

    `source` is the address the files came from; `licence` goes before what the files say. With
    `again` that is written, too, which the library has already.
    """
    with transaction.atomic():
        lock_the_library()
        drafts = _Drafts(source, licence, again)
        for reading in readings:
            drafts.add(reading)
        return drafts.written


def split_prompt(text: str) -> tuple[str, str]:
    """A prompt in one line that fits, and the body with the rest; together they lose nothing.

    A line that is too long stands whole in the body, and is cut at a word in the prompt.
    """
    first, _, rest = text.strip().partition("\n")
    first = " ".join(first.split())
    if len(first) <= PROMPT_LENGTH:
        return first, rest.strip("\n")
    cut = first[: PROMPT_LENGTH - 1]
    cut = cut.rsplit(" ", 1)[0] if " " in cut else cut
    return f"{cut}…", text.strip()


class Place(NamedTuple):
    """Where the same stands: an object of the library, or, without `kind`, a line of the file."""

    kind: str
    number: int
    slug: str

    def __str__(self) -> str:
        return self.slug or gettext("line %(number)d of the file") % {"number": self.number}


class Known:
    """What the library has, to be asked whether it has this too. Three queries, of everything."""

    def __init__(self) -> None:
        self.items = {
            _question_key(prompt, body): Place("question", pk, f"{set_slug}/{slug}")
            for pk, prompt, body, set_slug, slug in Question.objects.values_list(
                "pk", "prompt", "body", "question_set__slug", "slug"
            ).iterator()
        }
        for pk, slug, title, sources in Story.objects.values_list("pk", "slug", "title", "sources"):
            key = _story_key(title, sources[0]["url"] if sources else "")
            self.items[key] = Place("story", pk, slug)
        for pk, slug, title, body in Note.objects.values_list("pk", "slug", "title", "body"):
            self.items[_note_key(title, body)] = Place("note", pk, slug)

    def meet(self, item: FoundQuestion | FoundStory | FoundNote, source: str = "") -> Place | None:
        """Where the library, or what was met before, has the same; remembers it."""
        if isinstance(item, FoundQuestion):
            key = _question_key(*split_prompt(item.prompt))
        elif isinstance(item, FoundStory):
            key = _story_key(_cut(item.title), item.url or source)
        else:
            key = _note_key(*_fitting(item))
        place = self.items.get(key)
        if place is None:
            self.items[key] = Place("", item.lines.first, "")
        return place


class _Drafts:
    def __init__(self, source: str, licence: str, again: bool) -> None:
        self.source = source
        self.licence = licence
        self.written = Written()
        self.known = None if again else Known()
        self.topics = {topic.title.casefold(): topic for topic in Topic.objects.all()}
        self.topic_slugs = {topic.slug for topic in self.topics.values()}
        models: tuple[type[QuestionSet | Story | Note], ...] = (QuestionSet, Story, Note)
        self.slugs = {
            model: set(model._default_manager.values_list("slug", flat=True)) for model in models
        }

    def add(self, reading: Reading) -> None:
        for found in reading.sets:
            self.add_set(reading, found)
        for story in reading.stories:
            self.add_story(reading, story)
        for note in reading.notes:
            self.add_note(reading, note)

    def shared(self, reading: Reading, title: str, url: str = "") -> dict[str, Any]:
        """The fields that all drafts have; a title that is too long is cut."""
        name = PurePath(reading.path).name
        address = url or self.source
        return {
            "title": _cut(title),
            "status": Status.DRAFT,
            "license": (self.licence or reading.licence)[:LICENSE_LENGTH],
            "sources": [{"title": title[:TITLE_LENGTH] if url else name, "url": address}]
            if address
            else [],
            "extra": f"imported_from: {scalar(name)}",
        }

    def slug(self, model: type[QuestionSet | Story | Note], title: str) -> str:
        return _mint(title, model.__name__.lower(), self.slugs[model])

    # Sets.

    def add_set(self, reading: Reading, found: FoundSet) -> None:
        new = [question for question in found.questions if self.is_new(question)]
        if not new:
            return
        shared = self.shared(reading, found.title)
        description = found.description
        if shared["title"] != found.title:
            description = f"{found.title}\n\n{description}".strip()
        question_set = QuestionSet.objects.create(
            slug=self.slug(QuestionSet, found.title), description=description, **shared
        )
        question_set.topics.set(self.known_topics(found.topics))
        self.written.note([question_set])
        self.written.sets += 1
        self.add_questions(question_set, new)

    def is_new(self, item: FoundQuestion | FoundStory | FoundNote) -> bool:
        """Whether neither the library nor the import has it; remembers it."""
        place = self.known.meet(item, self.source) if self.known else None
        if place:
            message = f"in the library already: {place}" if place.kind else f"as in {place}"
            self.written.known.append((item.lines.first, message))
        return place is None

    def add_questions(self, question_set: QuestionSet, new: list[FoundQuestion]) -> None:
        """A few queries for all of them, however many."""
        taken: set[str] = set()
        questions = []
        for position, found in enumerate(new, 1):
            prompt, body = split_prompt(found.prompt)
            question = Question(
                question_set=question_set,
                slug=_mint(prompt, "question", taken),
                position=position,
                status=Status.DRAFT,
                prompt=prompt,
                body=body,
                answer=found.answer,
                difficulty=found.difficulty or Question.Difficulty.INTERMEDIATE,
                follow_ups=found.follow_ups,
            )
            questions.append(question)
        Question.objects.bulk_create(questions)
        pairs = list(zip(questions, new, strict=True))
        KeyPoint.objects.bulk_create(
            [point for question, found in pairs for point in _key_points(question, found)]
        )
        through = Question.topics.through
        through.objects.bulk_create(
            through(question_id=question.pk, topic_id=topic.pk)
            for question, found in pairs
            for topic in self.known_topics(found.topics)
        )
        self.written.note(questions)
        self.written.questions += len(questions)

    def known_topics(self, titles: Iterable[str]) -> list[Topic]:
        """The topics of those names, each once; a name that is new makes a new topic."""
        topics: dict[int, Topic] = {}
        for title in titles:
            short = " ".join(title.split())[:100]
            topic = self.topics.get(short.casefold())
            if topic is None and short:
                slug = _mint(short[:TOPIC_LENGTH], "topic", self.topic_slugs, TOPIC_LENGTH)
                topic = Topic.objects.create(slug=slug, title=short)
                self.topics[short.casefold()] = topic
                self.written.note([topic])
            if topic is not None:
                topics[topic.pk] = topic
        return list(topics.values())

    # Stories and notes.

    def add_story(self, reading: Reading, found: FoundStory) -> None:
        if self.is_new(found):
            title, body = _fitting(found)
            shared = self.shared(reading, title, found.url)
            slug = self.slug(Story, title)
            self.written.note([Story.objects.create(slug=slug, what_happened=body, **shared)])
            self.written.stories += 1

    def add_note(self, reading: Reading, found: FoundNote) -> None:
        if self.is_new(found):
            title, body = _fitting(found)
            shared = self.shared(reading, title)
            slug = self.slug(Note, title)
            self.written.note([Note.objects.create(slug=slug, body=body, **shared)])
            self.written.notes += 1


def _key_points(question: Question, found: FoundQuestion) -> Iterator[KeyPoint]:
    keys: set[str] = set()
    for number, text in enumerate(found.key_points, 1):
        key = _mint(" ".join(text.split()[:5]), "point", keys)[:60]
        yield KeyPoint(question=question, key=key, position=number, text=text[:POINT_LENGTH])


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


def _fitting(found: FoundStory | FoundNote) -> tuple[str, str]:
    """A title that fits, and the text; a title that was cut stands whole in the text."""
    title = _cut(found.title)
    return title, found.body if title == found.title else f"{found.title}\n\n{found.body}"


def _mint(text: str, otherwise: str, taken: set[str], longest: int = SLUG_LENGTH) -> str:
    """A slug of `text` that nobody has yet; remembers it."""
    base = slugify(text)[: longest - 20].rstrip("-_") or otherwise
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def _question_key(prompt: str, body: str) -> str:
    return key_of(f"{prompt}\n{body}")


def _story_key(title: str, url: str) -> str:
    return json.dumps(["story", normalised(title), url])


def _note_key(title: str, body: str) -> str:
    return json.dumps(["note", normalised(title), normalised(body)])
