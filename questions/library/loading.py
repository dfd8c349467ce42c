"""From the documents of a bundle to the database.

A document is applied when it says something else than when it was loaded last. So loading a
folder twice changes nothing, and what an editor changed meanwhile stays until the file changes.
What a set's file no longer has is retired, not deleted: people were asked it. Files that vanish
are left alone, since a bundle need not be the whole library.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.utils.text import slugify

from questions.library.bundle import LibraryBundle, dangling_links
from questions.library.documents import (
    KEY_LENGTH,
    Document,
    InvalidLibrary,
    KeyPointDocument,
    LibraryError,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    Source,
    StoryDocument,
)
from questions.library.pictures import missing_pictures
from questions.library.renaming import refuse_renamed
from questions.library.topics import text_of_topics
from questions.library.writing import text_of, text_of_question
from questions.models import (
    KeyPoint,
    LoadedDocument,
    Note,
    Picture,
    Published,
    Question,
    QuestionSet,
    Status,
    Story,
    Topic,
    hold,
)

# One loader at a time; any number that nothing else locks will do.
ADVISORY_LOCK = 0x11B8A87
MINTED_WORDS = 5
TOPICS = "topics"
PICTURE = "picture/"
# What a question gets that says nothing else.
USUAL: dict[str, int] = {
    "difficulty": Question.Difficulty.INTERMEDIATE,
    "minutes": Question._meta.get_field("minutes").get_default(),
}


@dataclass
class LoadSummary:
    """What loading changed, counted in sets, questions, stories and notes."""

    documents: int = 0
    new: int = 0
    changed: int = 0
    retired: int = 0

    @property
    def unchanged(self) -> int:
        return self.documents - self.new - self.changed


def load(bundle: LibraryBundle) -> LoadSummary:
    """Bring the database to what the bundle says, in one transaction. What is new is published.

    Costs two queries when nothing changed. A second loader waits for the first one's end.

    Raises:
        InvalidLibrary: for a topic or a link to nothing, or a set that was renamed; then nothing is
            written.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        return _Loading(bundle).run()


class Said(NamedTuple):
    """What a part of a file says, to be remembered, and the name of the file.

    The name is empty where the file lies in no folder of a library: then it says nothing.
    """

    digest: str
    name: str
    text: str


class _Loading:
    def __init__(self, bundle: LibraryBundle) -> None:
        self.bundle = bundle
        self.summary = LoadSummary()
        remembered = LoadedDocument.objects.values_list("key", "digest", "name")
        self.before = {key: (digest, name) for key, digest, name in remembered}
        self.now = dict(_parts(bundle))
        self.topics: dict[str, int] = {}

    def run(self) -> LoadSummary:
        self.summary.documents = sum(
            key != TOPICS and not key.startswith(PICTURE) for key in self.now
        )
        gone = self.gone()
        if gone or any(map(self.is_changed, self.now)):
            refuse_renamed(self.bundle, self.before)
            self.hold_what_changes(gone)
            self.load_topics()
            self.refuse_unknown_topics()
            self.load_pictures()
            for document in self.bundle.sets:
                self.load_set(document)
            self.retire(gone)
            self.load_linked(Story, self.bundle.stories)
            self.load_linked(Note, self.bundle.notes)
            self.link()
        self.remember(gone)
        return self.summary

    def is_changed(self, key: str) -> bool:
        return key not in self.before or self.before[key][0] != self.now[key].digest

    def gone(self) -> set[str]:
        """The questions that were in a set's file when it was loaded last, and are no more."""
        prefixes = tuple(f"question/{document.id}/" for document in self.bundle.sets)
        return {key for key in self.before if key.startswith(prefixes)} - self.now.keys()

    def count(self, key: str) -> None:
        if key in self.before:
            self.summary.changed += 1
        else:
            self.summary.new += 1

    def hold_what_changes(self, gone: set[str]) -> None:
        """Wait for editors before anything is written: they hold a set while they change it."""
        changed = {key for key in self.now if self.is_changed(key)} | gone

        def slugs(*kinds: str) -> set[str]:
            prefixes = tuple(f"{kind}/" for kind in kinds)
            return {key.split("/")[1] for key in changed if key.startswith(prefixes)}

        sets = QuestionSet.objects.filter(slug__in=slugs("set", "question"))
        hold(
            sets,
            Question.objects.filter(question_set__in=sets),
            Story.objects.filter(slug__in=slugs("story")),
            Note.objects.filter(slug__in=slugs("note")),
        )

    # Topics.

    def load_topics(self) -> None:
        if self.is_changed(TOPICS):
            rows = {topic.slug: topic for topic in Topic.objects.all()}
            for slug, title in self.bundle.topics.items():
                _assign(rows.get(slug) or Topic(slug=slug), {"title": title})
        self.topics = dict(Topic.objects.values_list("slug", "pk"))

    def refuse_unknown_topics(self) -> None:
        message = "the topic “{}” is not in topics.yaml"
        errors = [
            document.error("topics", message.format(topic))
            for document in self.bundle.documents
            for topic in document.topics
            if topic not in self.topics
        ]
        errors += [
            LibraryError(document.path, question.line, message.format(topic))
            for document in self.bundle.sets
            for question in document.questions
            for topic in question.topics
            if topic not in self.topics
        ]
        if errors:
            raise InvalidLibrary(errors)

    # Pictures.

    def load_pictures(self) -> None:
        known = {*self.bundle.pictures}
        wanting = [
            document for document in self.bundle.documents if any(missing_pictures(document, known))
        ]
        if wanting:
            # One file alone may show what came with the others.
            known |= set(Picture.objects.values_list("path", flat=True))
            errors = [error for one in wanting for error in missing_pictures(one, known)]
            if errors:
                raise InvalidLibrary(errors)
        for path, picture in self.bundle.pictures.items():
            if self.is_changed(f"{PICTURE}{path}"):
                fields = {
                    "media_type": picture.media_type,
                    "content": picture.content,
                    "digest": picture.digest,
                }
                Picture.objects.update_or_create(path=path, defaults=fields)

    # Sets and their questions.

    def load_set(self, document: SetDocument) -> None:
        set_key = f"set/{document.id}"
        keys = [f"question/{document.id}/{question.id}" for question in document.questions]
        is_changed = self.is_changed(set_key)
        if not is_changed and not any(map(self.is_changed, keys)):
            return
        question_set = QuestionSet.objects.filter(slug=document.id).first()
        is_changed = is_changed or question_set is None
        if question_set is None or is_changed:
            self.count(set_key)
            question_set = question_set or QuestionSet(slug=document.id, status=Status.PUBLISHED)
            fields = {
                "summary": document.summary,
                "level": document.level,
                "description": document.description,
            }
            self.apply(question_set, document, fields)
        for position, (key, question) in enumerate(zip(keys, document.questions, strict=True), 1):
            if self.is_changed(key):
                self.load_question(key, question_set, question, position)
        if is_changed:
            self.place(question_set, document)

    def place(self, question_set: QuestionSet, document: SetDocument) -> None:
        """Give the questions the order of the file; those that it does not name keep theirs."""
        rows = list(question_set.questions.order_by("position", "id"))
        by_slug = {question.slug: question for question in rows}
        named = [by_slug[one.id] for one in document.questions if one.id in by_slug]
        slugs = {question.slug for question in named}
        following = iter(named)
        for position, row in enumerate(rows, 1):
            question = next(following) if row.slug in slugs else row
            _assign(question, {"position": position})

    def load_question(
        self, key: str, question_set: QuestionSet, document: QuestionDocument, position: int
    ) -> None:
        self.count(key)
        question = question_set.questions.filter(slug=document.id).first()
        if question is None:
            question = Question(question_set=question_set, slug=document.id, position=position)
        fields: dict[str, Any] = {
            "prompt": document.prompt,
            "body": document.body,
            "answer": document.answer,
            "difficulty": document.difficulty or USUAL["difficulty"],
            "minutes": document.minutes or USUAL["minutes"],
            "follow_ups": list(document.follow_ups),
            "sources": _sources(document.sources),
        }
        if key not in self.before and question.status == Status.RETIRED:
            # Back after it was retired for being gone. A draft stays what editors made it.
            fields["status"] = Status.PUBLISHED
        _assign(question, fields)
        question.topics.set([self.topics[slug] for slug in document.topics])
        _load_key_points(question, document.key_points)
        question.record_version()

    def retire(self, gone: set[str]) -> None:
        for key in gone:
            _, set_slug, slug = key.split("/")
            found = Question.objects.filter(question_set__slug=set_slug, slug=slug)
            # Drafts are nobody's but the editors', and an export leaves them out.
            for question in found.published():
                _assign(question, {"status": Status.RETIRED})
                self.summary.retired += 1

    # Stories and notes.

    def load_linked(
        self, model: type[Story | Note], documents: Sequence[StoryDocument | NoteDocument]
    ) -> None:
        for document in documents:
            key = f"{document.kind}/{document.id}"
            if not self.is_changed(key):
                continue
            self.count(key)
            item = model.objects.filter(slug=document.id).first()
            item = item or model(slug=document.id, status=Status.PUBLISHED)
            if isinstance(document, StoryDocument):
                fields = {name: getattr(document, name) for name in document.sections.values()}
                fields["technologies"] = list(document.technologies)
            else:
                fields = {"summary": document.summary, "body": document.body}
            self.apply(item, document, fields)

    # Links, when everything is there that they may lead to.

    def link(self) -> None:
        questions = {
            f"{set_slug}/{slug}": pk
            for set_slug, slug, pk, status in Question.objects.values_list(
                "question_set__slug", "slug", "pk", "status"
            )
            if status != Status.RETIRED or f"question/{set_slug}/{slug}" in self.now
        }
        stories = dict(Story.objects.values_list("slug", "pk"))
        errors = dangling_links(self.bundle, questions, stories)
        if errors:
            raise InvalidLibrary(errors)
        for document in self.bundle.linking:
            if self.is_changed(f"{document.kind}/{document.id}"):
                model = Story if isinstance(document, StoryDocument) else Note
                item = model.objects.get(slug=document.id)
                item.related_questions.set([questions[key] for key in document.related_questions])
        for question_set in self.bundle.sets:
            for question in question_set.questions:
                if self.is_changed(f"question/{question_set.id}/{question.id}"):
                    pk = questions[f"{question_set.id}/{question.id}"]
                    _link_key_points(KeyPoint.objects.filter(question=pk), question, stories)

    # Tools.

    def apply(self, item: Published, document: Document, fields: dict[str, Any]) -> None:
        checked = document.checked
        shared = {
            "title": document.title,
            "license": document.license,
            "checked_against": checked.against if checked else "",
            "checked_on": checked.on if checked else None,
            "sources": _sources(document.sources),
            "extra": document.extra,
        }
        _assign(item, shared | fields)
        item.topics.set([self.topics[slug] for slug in document.topics])

    def remember(self, gone: set[str]) -> None:
        """Keep what is new, and the new names of files that only moved. No query for nothing."""
        if gone:
            LoadedDocument.objects.filter(key__in=gone).delete()
        rows = []
        for key, said in self.now.items():
            digest, name = self.before.get(key, ("", ""))
            if (digest, name) != (said.digest, said.name or name):
                row = {"digest": said.digest, "name": said.name or name, "text": said.text}
                rows.append(LoadedDocument(key=key, **row))
        if rows:
            LoadedDocument.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["digest", "name", "text"],
            )


def _parts(bundle: LibraryBundle) -> Iterable[tuple[str, Said]]:
    """Each document's key and what it says: a set's is its head, and the order of its questions."""
    text = text_of_topics(bundle.topics)
    yield TOPICS, Said(_digest(text), "topics.yaml", text)
    for path, picture in bundle.pictures.items():
        yield f"{PICTURE}{path}", Said(picture.digest, "", "")
    for question_set in bundle.sets:
        name = _name(question_set)
        order = " ".join(question.id for question in question_set.questions)
        alone = text_of(dataclasses.replace(question_set, questions=()))
        yield f"set/{question_set.id}", Said(_digest(f"{alone}\n{order}"), name, alone)
        for question in question_set.questions:
            text = text_of_question(question)
            yield f"question/{question_set.id}/{question.id}", Said(_digest(text), name, text)
    for document in bundle.linking:
        text = text_of(document)
        yield f"{document.kind}/{document.id}", Said(_digest(text), _name(document), text)


def _name(document: Document) -> str:
    path = Path(document.path)
    # Postgres keeps no name that is not UTF-8.
    fits = path.parent.name == document.folder and path.name.isprintable()
    return path.name if fits else ""


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _assign(item: models.Model, fields: dict[str, Any]) -> None:
    """Save what differs; nothing, when nothing does."""
    changed = {name for name, value in fields.items() if getattr(item, name) != value}
    for name in changed:
        setattr(item, name, fields[name])
    if item.pk is None:
        item.save()
    elif changed:
        has_time = any(field.name == "updated_at" for field in item._meta.fields)
        item.save(update_fields=changed | ({"updated_at"} if has_time else set()))


def _sources(sources: Iterable[Source]) -> list[dict[str, str]]:
    return [dataclasses.asdict(source) for source in sources]


def _load_key_points(question: Question, documents: Sequence[KeyPointDocument]) -> None:
    """Match by key, then by text; what is left over on either side is new or retired."""
    rows = list(question.key_points.all())
    by_key = {row.key: row for row in rows}
    matched = {n: by_key[d.key] for n, d in enumerate(documents) if d.key in by_key}
    kept = {row.pk for row in matched.values()}
    for n, document in enumerate(documents):
        if n not in matched:
            same = [row for row in rows if row.pk not in kept and row.text == document.text]
            for row in same[:1]:
                matched[n] = row
                kept.add(row.pk)
    taken = set(by_key) | {document.key for document in documents}
    for n, document in enumerate(documents):
        row = matched.get(n) or KeyPoint(question=question)
        key = document.key or row.key or _mint_key(document.text, taken)
        fields = {"position": n + 1, "text": document.text, "weight": document.weight}
        _assign(row, {"key": key, "retired": False, **fields})
    for row in rows:
        if row.pk not in kept:
            _assign(row, {"retired": True})


def _mint_key(text: str, taken: set[str]) -> str:
    words = slugify(text).split("-")[:MINTED_WORDS]
    base = "-".join(words)[: KEY_LENGTH - 4].strip("-") or "point"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key


def _link_key_points(
    rows: models.QuerySet[KeyPoint], document: QuestionDocument, stories: dict[str, int]
) -> None:
    current = rows.filter(retired=False).order_by("position", "id")
    for row, point in zip(current, document.key_points, strict=True):
        _assign(row, {"story_id": stories[point.story] if point.story else None})
