"""From the database to the documents of a bundle: the way back of `loading`.

A file may leave unsaid what a row must have, such as minutes, and it has an order of topics that
rows have not. So what the files said is remembered, and an export spells each thing as its file
did as long as that still means what the row says. What an editor changed is what the row says.

What is retired is left out, as a set's file leaves out a question to retire it; and so are links to
what is left out. Drafts are left out unless asked for, since an import elsewhere publishes them.
"""

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, models, transaction

from questions.library.bundle import LibraryBundle
from questions.library.documents import (
    Checked,
    Document,
    InvalidLibrary,
    KeyPointDocument,
    NoteDocument,
    QuestionDocument,
    SetDocument,
    Source,
    StoryDocument,
)
from questions.library.front_matter import Problems
from questions.library.loading import ADVISORY_LOCK, TOPICS, USUAL
from questions.library.parsing import parse
from questions.library.pictures import PictureFile, pictures_of
from questions.library.topics import parse_topics
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
)

D = TypeVar("D", bound=Document)


def stored_bundle(*, drafts: bool = False) -> LibraryBundle:
    """All that is published, as files would say it; with `drafts` these too.

    The paths of the documents are those that their files had, or would get. Waits for an import
    that runs, and no import runs meanwhile. A number of queries that doesn't grow.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        statuses = [Status.PUBLISHED, *([Status.DRAFT] if drafts else [])]
        return _Stored(statuses).bundle()


def stored_topics() -> dict[str, str]:
    """Titles by slug, in the order of the file loaded last; new ones come last. Two queries."""
    remembered = LoadedDocument.objects.filter(key=TOPICS).values_list("text", flat=True).first()
    titles = dict(Topic.objects.order_by("slug").values_list("slug", "title"))
    before = parse_topics(remembered or "", Problems(""))
    return {slug: titles[slug] for slug in _in_order(titles, before)}


class _Stored:
    def __init__(self, statuses: Collection[str]) -> None:
        self.statuses = statuses
        self.said = {said.key: said for said in LoadedDocument.objects.all()}
        self.story_slugs: dict[int, str] = {}
        self.question_keys: dict[int, str] = {}

    def bundle(self) -> LibraryBundle:
        sets = list(self.rows(QuestionSet).prefetch_related("topics"))
        stories = list(self.linking_rows(Story))
        notes = list(self.linking_rows(Note))
        questions = (
            Question.objects.filter(question_set__in=sets, status__in=self.statuses)
            .order_by("question_set", "position", "id")
            .for_page()
            .prefetch_related("topics")
        )
        of_set: dict[int, list[Question]] = {question_set.pk: [] for question_set in sets}
        for question in questions:
            of_set[question.question_set_id].append(question)
            self.question_keys[question.pk] = f"{question.question_set.slug}/{question.slug}"
        self.story_slugs = {story.pk: story.slug for story in stories}
        bundle = LibraryBundle(
            Path(),
            stored_topics(),
            self.named([self.set(one, of_set[one.pk]) for one in sets]),
            self.named([self.story(story) for story in stories]),
            self.named([self.note(note) for note in notes]),
        )
        return dataclasses.replace(bundle, pictures=_pictures(bundle))

    def rows(self, model: type[Any]) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = model._default_manager.filter(status__in=self.statuses)
        return rows.order_by("slug")

    def linking_rows(self, model: type[Any]) -> models.QuerySet[Any]:
        return self.rows(model).prefetch_related(
            "topics", models.Prefetch("related_questions", Question.objects.only("pk").order_by())
        )

    def named(self, documents: list[D]) -> tuple[D, ...]:
        """Each with the name that its file had; or its id, where it had none or that is taken."""
        taken = {f"{document.id}.md".casefold() for document in documents}
        named = []
        for document in documents:
            own = f"{document.id}.md"
            said = self.said.get(_key(document))
            name = said.name if said is not None and said.name.endswith(".md") else own
            if name != own:
                name = own if name.casefold() in taken else name
                taken.add(name.casefold())
            named.append(dataclasses.replace(document, path=f"{document.folder}/{name}"))
        return tuple(sorted(named, key=lambda document: document.path))

    # The three kinds.

    def set(self, row: QuestionSet, questions: list[Question]) -> SetDocument:
        keys = [f"set/{row.slug}", *(f"question/{self.question_keys[q.pk]}" for q in questions)]
        before = self.before(SetDocument, keys)
        asked = {question.id: question for question in before.questions} if before else {}
        return SetDocument(
            summary=row.summary,
            level=row.level,
            description=_clean(row.description),
            questions=tuple(self.question(one, asked.get(one.slug)) for one in questions),
            **_shared(row, before),
        )

    def question(self, row: Question, before: QuestionDocument | None) -> QuestionDocument:
        return QuestionDocument(
            id=row.slug,
            prompt=row.prompt,
            body=_clean(row.body),
            difficulty=_unless_usual(row, "difficulty", before),
            topics=_in_order(_slugs(row), before.topics if before else ()),
            minutes=_unless_usual(row, "minutes", before),
            key_points=tuple(self.key_points(row.current_points, before)),
            answer=_clean(row.answer),
            follow_ups=tuple(row.follow_ups),
            sources=_sources(row.sources),
        )

    def key_points(
        self, rows: list[KeyPoint], before: QuestionDocument | None
    ) -> Iterable[KeyPointDocument]:
        said = before.key_points if before else ()
        keys = {point.key for point in said}
        unkeyed = {point.text for point in said if not point.key}
        for row in rows:
            story = self.story_slugs.get(row.story_id, "") if row.story_id else ""
            # The loader made the key, and would make it again.
            is_bare = row.text in unkeyed and row.key not in keys
            key = "" if is_bare and row.weight == 1 and not story else row.key
            yield KeyPointDocument(text=row.text, key=key, weight=row.weight, story=story)

    def story(self, row: Story) -> StoryDocument:
        before = self.before(StoryDocument, [f"story/{row.slug}"])
        sections: dict[str, Any] = {name: _clean(getattr(row, name)) for name in Story.SECTIONS}
        return StoryDocument(
            technologies=tuple(row.technologies),
            related_questions=self.related(row, before),
            **sections,
            **_shared(row, before),
        )

    def note(self, row: Note) -> NoteDocument:
        before = self.before(NoteDocument, [f"note/{row.slug}"])
        return NoteDocument(
            summary=row.summary,
            related_questions=self.related(row, before),
            body=_clean(row.body),
            **_shared(row, before),
        )

    def related(
        self, row: Story | Note, before: StoryDocument | NoteDocument | None
    ) -> tuple[str, ...]:
        linked = (self.question_keys.get(question.pk) for question in row.related_questions.all())
        keys = sorted(key for key in linked if key)
        return _in_order(keys, before.related_questions if before else ())

    def before(self, kind: type[D], keys: list[str]) -> D | None:
        """What the file said whose parts are remembered under `keys`, its head first."""
        texts = [self.said[key].text for key in keys if key in self.said]
        if keys[0] not in self.said or not texts[0]:
            return None
        try:
            document = parse("\n\n".join(texts))
        except InvalidLibrary:
            return None
        return document if isinstance(document, kind) else None


def _key(document: Document) -> str:
    return f"{'set' if isinstance(document, SetDocument) else document.kind}/{document.id}"


def _shared(row: Published, before: Document | None) -> dict[str, Any]:
    has_checked = row.checked_against or row.checked_on
    return {
        "id": row.slug,
        "title": row.title,
        "topics": _in_order(_slugs(row), before.topics if before else ()),
        "license": row.license,
        "checked": Checked(row.checked_against, row.checked_on) if has_checked else None,
        "sources": _sources(row.sources),
        "extra": row.extra,
    }


def _slugs(row: Published | Question) -> list[str]:
    return sorted(topic.slug for topic in row.topics.all())


def _in_order(now: Iterable[str], before: Iterable[str]) -> tuple[str, ...]:
    """Those of `now`, in the order of `before`; what is new comes last."""
    kept = dict.fromkeys(before)
    new = [value for value in now if value not in kept]
    still = set(now) - set(new)
    return (*(value for value in kept if value in still), *new)


def _unless_usual(row: Question, name: str, before: QuestionDocument | None) -> int | None:
    """The number, or None where the file left it unsaid and it is still the usual one."""
    value: int = getattr(row, name)
    if before is not None and getattr(before, name) is None and value == USUAL[name]:
        return None
    return value


def _sources(sources: Iterable[Mapping[str, str]]) -> tuple[Source, ...]:
    return tuple(Source(source["title"], source["url"]) for source in sources)


def _clean(text: str) -> str:
    """As files hold it, whatever wrote the row: line feeds, and no blank lines around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def _pictures(bundle: LibraryBundle) -> dict[str, PictureFile]:
    """Those that the documents show."""
    paths = {path for document in bundle.documents for *_, path in pictures_of(document)}
    rows = Picture.objects.filter(path__in=paths) if paths else ()
    return {row.path: PictureFile(row.path, row.media_type, bytes(row.content)) for row in rows}
