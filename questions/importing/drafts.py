"""What was read, as drafts in the database. Nothing is published by an import.

What the library has already is not written again: questions by their normalised text, stories by
title and address, notes by title and text. So importing a file twice adds nothing.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

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
    """What an import added; `known` is what the library had already, with lines."""

    sets: int = 0
    questions: int = 0
    stories: int = 0
    notes: int = 0
    known: list[tuple[int, str]] = field(default_factory=list)


def write(readings: Iterable[Reading], *, source: str = "", licence: str = "") -> Written:
    """Add everything as drafts, in one transaction.

    `source` is the address the files came from; `licence` goes before what the files say.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        drafts = _Drafts(source, licence)
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


class _Drafts:
    def __init__(self, source: str, licence: str) -> None:
        self.source = source
        self.licence = licence
        self.written = Written()
        self.questions = {
            key_of(f"{prompt}\n{body}"): f"{set_slug}/{slug}"
            for prompt, body, set_slug, slug in Question.objects.values_list(
                "prompt", "body", "question_set__slug", "slug"
            ).iterator()
        }
        self.stories = {
            _story_key(title, sources[0]["url"] if sources else "")
            for title, sources in Story.objects.values_list("title", "sources")
        }
        self.notes = {_note_key(*row) for row in Note.objects.values_list("title", "body")}
        self.topics = {topic.title.casefold(): topic for topic in Topic.objects.all()}
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
            "title": title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…",
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
        self.written.sets += 1
        taken: set[str] = set()
        for position, question in enumerate(new, 1):
            self.add_question(question_set, question, position, taken)

    def is_new(self, question: FoundQuestion) -> bool:
        """Whether neither the library nor the import has it; remembers it."""
        prompt, body = split_prompt(question.prompt)
        key = key_of(f"{prompt}\n{body}")
        if key in self.questions:
            message = f"in the library already: {self.questions[key]}"
            self.written.known.append((question.lines.first, message))
            return False
        self.questions[key] = "a question of this import"
        return True

    def add_question(
        self, question_set: QuestionSet, found: FoundQuestion, position: int, taken: set[str]
    ) -> None:
        prompt, body = split_prompt(found.prompt)
        question = Question.objects.create(
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
        topics = self.known_topics(found.topics)
        if topics:
            question.topics.set(topics)
        keys: set[str] = set()
        KeyPoint.objects.bulk_create(
            KeyPoint(
                question=question,
                key=_mint(" ".join(text.split()[:5]), "point", keys)[:60],
                position=number,
                text=text[:POINT_LENGTH],
            )
            for number, text in enumerate(found.key_points, 1)
        )
        self.written.questions += 1

    def known_topics(self, titles: Iterable[str]) -> list[Topic]:
        """The topics of those names; a name that is new makes a new topic."""
        topics = []
        for title in titles:
            short = " ".join(title.split())[:100]
            topic = self.topics.get(short.casefold())
            if topic is None and short:
                slugs = {known.slug for known in self.topics.values()}
                slug = _mint(short, "topic", slugs)[:TOPIC_LENGTH]
                topic, _ = Topic.objects.get_or_create(slug=slug, defaults={"title": short})
                self.topics[short.casefold()] = topic
            if topic is not None:
                topics.append(topic)
        return topics

    # Stories and notes.

    def add_story(self, reading: Reading, found: FoundStory) -> None:
        address = found.url or self.source
        key = _story_key(found.title[:TITLE_LENGTH], address)
        if key in self.stories:
            self.written.known.append((found.lines.first, "this story is in the library already"))
            return
        self.stories.add(key)
        shared = self.shared(reading, found.title, found.url)
        body = found.body if shared["title"] == found.title else f"{found.title}\n\n{found.body}"
        Story.objects.create(slug=self.slug(Story, found.title), what_happened=body, **shared)
        self.written.stories += 1

    def add_note(self, reading: Reading, found: FoundNote) -> None:
        shared = self.shared(reading, found.title)
        body = found.body if shared["title"] == found.title else f"{found.title}\n\n{found.body}"
        key = _note_key(shared["title"], body)
        if key in self.notes:
            self.written.known.append((found.lines.first, "this note is in the library already"))
            return
        self.notes.add(key)
        Note.objects.create(slug=self.slug(Note, found.title), body=body, **shared)
        self.written.notes += 1


def _mint(text: str, otherwise: str, taken: set[str]) -> str:
    """A slug of `text` that nobody has yet; remembers it."""
    base = slugify(text)[: SLUG_LENGTH - 40].rstrip("-_") or otherwise
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug


def _story_key(title: str, url: str) -> str:
    return json.dumps([normalised(title), url])


def _note_key(title: str, body: str) -> str:
    return json.dumps([normalised(title), normalised(body)])
