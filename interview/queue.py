"""What the queue's page lists: the reviewer's claims, and what waits and is open to them.

Unless the page is narrowed its SQL differs by the reviewer's id alone, and is built once: that took
nine tenths of the page's time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, ngettext

from accounts import kept
from accounts.kept import PERSON
from accounts.models import User
from accounts.paths import path_to
from interview.models import Assignment, Review
from interview.models.assignments import AssignmentQuerySet

# Topics are those of an interview's set; of one without a set those of its questions, and of the
# sets that these are from. A long queue costs no more: of its oldest only so many are looked at.
OF_THEMES = """
    WITH oldest (interview_id, set_id) AS MATERIALIZED ({}),
    asked AS MATERIALIZED (
        SELECT DISTINCT question.id, question.question_set_id AS set_id
        FROM oldest
        JOIN interview_answer AS answer ON answer.interview_id = oldest.interview_id
        JOIN questions_questionversion AS version ON version.id = answer.question_version_id
        JOIN questions_question AS question ON question.id = version.question_id
        WHERE oldest.set_id IS NULL
    )
    SELECT 'set', slug, title FROM questions_questionset WHERE id IN (SELECT set_id FROM oldest)
    UNION ALL
    SELECT 'topic', slug, title FROM questions_topic WHERE id IN (
        SELECT topic_id FROM questions_questionset_topics
        WHERE questionset_id IN (SELECT set_id FROM oldest UNION SELECT set_id FROM asked)
        UNION
        SELECT topic_id FROM questions_question_topics WHERE question_id IN (SELECT id FROM asked)
    )
"""

MOST_SHOWN = 50
MOST_COUNTED = 1000
MOST_DRAFTS = 10


@dataclass(frozen=True)
class Claim:
    """Interviews that share a token: one, or a batch.

    What the page says of it is put together here, where it costs a third of what it does in a
    template.
    """

    assignments: list[Assignment]

    @property
    def first(self) -> Assignment:
        return self.assignments[0]

    @property
    def is_batch(self) -> bool:
        return len(self.assignments) > 1

    @property
    def path(self) -> str:
        if self.is_batch:
            return path_to("batch", self.first.token)
        return path_to("review", self.first.my_review)

    @property
    def name(self) -> str:
        if self.is_batch:
            return gettext("%(title)s, by question") % {"title": self.first.title}
        return self.first.pseudonym

    @property
    def about(self) -> str:
        if not self.is_batch:
            return self.first.about_told
        count = len(self.assignments)
        told = ngettext("a batch of one interview", "a batch of %(count)s interviews", count)
        return told % {"count": count}

    @property
    def release_path(self) -> str:
        if self.is_batch:
            return path_to("batch-release", self.first.token)
        return path_to("assignment-release", self.first.pk)

    @property
    def release_word(self) -> str:
        return gettext("Release all") if self.is_batch else gettext("Release")

    @property
    def release_told(self) -> str:
        if self.is_batch:
            return gettext("Release all of %(name)s") % {"name": self.first.title}
        return gettext("Release %(name)s") % {"name": self.first.pseudonym}

    @property
    def grade_told(self) -> str:
        if self.is_batch:
            return gettext("Grade the batch %(name)s") % {"name": self.first.title}
        return gettext("Grade %(name)s") % {"name": self.first.pseudonym}


@dataclass(frozen=True)
class Lists:
    """The oldest first."""

    claims: list[Claim]
    reserved: list[Assignment]
    """What came by the reviewer's invitations."""
    others: list[Assignment]
    count: int
    """Of the others; counted up to one more than `MOST_COUNTED`."""


@dataclass(frozen=True)
class Queries:
    themes: kept.Kept[Any]
    lists: kept.Kept[Assignment]
    lost_drafts: kept.Kept[Review]


@cache
def queries(patience_days: int) -> Queries:
    """With that setting, which is a part of the SQL."""
    return Queries(
        themes=kept.Kept(
            lambda by: waiting(by).open_to(by).oldest_with_their_set(), OF_THEMES, by=PERSON
        ),
        lists=kept.Kept(
            lambda by: waiting(by).for_lists(by, MOST_SHOWN, MOST_COUNTED + 1), by=PERSON
        ),
        lost_drafts=kept.Kept(lambda by: Review.objects.lost_by(by)[:MOST_DRAFTS], by=PERSON),
    )


def waiting(reviewer: User) -> AssignmentQuerySet:
    """What waits, without what the reviewer still claims."""
    return Assignment.objects.waiting().exclude(holder=reviewer)


def themes(reviewer: User) -> list[tuple[str, str, str]]:
    """What the page can be narrowed to: *set* or *topic*, slug and title. One query."""
    rows = queries(settings.REVIEW_PATIENCE_DAYS).themes.rows(by=reviewer)
    return sorted(((k, slug, title) for k, slug, title in rows), key=lambda row: row[2].casefold())


def lost_drafts(reviewer: User) -> list[Review]:
    """Their newest drafts of interviews that they don't hold any more. One query."""
    return queries(settings.REVIEW_PATIENCE_DAYS).lost_drafts.fetch(by=reviewer)


def lists(reviewer: User, filters: Mapping[str, Any]) -> Lists:
    """The reviewer's claims, and of what waits that which the filters leave. One query."""
    me = reviewer.pk
    if any(filters.values()):
        chosen = waiting(reviewer).matching(**filters)
        rows = list(chosen.for_lists(reviewer, MOST_SHOWN, MOST_COUNTED + 1))
    else:
        rows = queries(settings.REVIEW_PATIENCE_DAYS).lists.fetch(by=reviewer)
    claims: dict[UUID | None, Claim] = {}
    reserved, others = [], []
    for row in rows:
        if row.holder_id == me:
            claims.setdefault(row.token, Claim([])).assignments.append(row)
        elif row.reserved_for_id == me:
            reserved.append(row)
        else:
            others.append(row)
    return Lists([*claims.values()], reserved, others, rows[0].others_count if rows else 0)
