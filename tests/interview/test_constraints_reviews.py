"""The database itself refuses what must never be, whoever writes it."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from interview.models import Assignment, Comment, Mark, Review
from tests.interview.reviewing import first_answer, grade, token_of


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def refusal_of(statement: str, *values: Any) -> str | None:
    """The name of the constraint that refuses the statement."""
    with pytest.raises(IntegrityError) as refusal:
        run(statement, *values)
    name: str | None = refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    return name


@pytest.fixture
def published_review(claimed_review: Review) -> Review:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    return claimed_review


def copy_of(table: str, changes: str) -> str:
    """A statement that inserts the row once more, with those columns changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        columns = [name for (name,) in cursor.fetchall()]
    changed = dict(change.split("=", 1) for change in changes.split(", "))
    if "id" not in changed:
        changed["id"] = "gen_random_uuid()" if table != "interview_mark" else "id + 1000"
    values = [changed.get(name, name) for name in columns]
    return (
        f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608
        f" SELECT {', '.join(values)} FROM {table} LIMIT 1"
    )


# Assignments


def test_one_assignment_per_interview_and_slot(assignment: Assignment) -> None:
    again = copy_of("interview_assignment", "slot=1")
    assert refusal_of(again) == "assignment_one_per_interview_and_slot"
    run(copy_of("interview_assignment", "slot=2"))
    assert Assignment.objects.count() == 2


@pytest.mark.parametrize(
    "columns",
    [
        "token = NULL",
        "lease_ends_at = NULL",
        "token = NULL, lease_ends_at = NULL",
    ],
)
def test_a_held_assignment_has_token_and_end(claimed_review: Review, columns: str) -> None:
    name = refusal_of(f"UPDATE interview_assignment SET {columns}")  # noqa: S608
    assert name == "assignment_holder_token_and_end_together"


@pytest.mark.parametrize(
    "columns",
    [
        "token = gen_random_uuid()",
        "lease_ends_at = now()",
        "token = gen_random_uuid(), lease_ends_at = now()",
    ],
)
def test_a_token_or_an_end_has_a_holder(assignment: Assignment, columns: str) -> None:
    name = refusal_of(f"UPDATE interview_assignment SET {columns}")  # noqa: S608
    assert name == "assignment_holder_token_and_end_together"


def test_a_claim_ends_with_its_holder(claimed_review: Review, assignment: Assignment) -> None:
    run("UPDATE interview_assignment SET holder_id = NULL")
    assignment.refresh_from_db()
    assert (assignment.holder, assignment.token, assignment.lease_ends_at) == (None, None, None)


def test_nobody_holds_what_is_done(claimed_review: Review) -> None:
    name = refusal_of("UPDATE interview_assignment SET done_at = now()")
    assert name == "assignment_done_is_held_by_nobody"


# Reviews


@pytest.mark.parametrize(
    "columns",
    [
        "score = NULL",
        "visible_from = NULL",
        "published_at = NULL",
        "visible_from = published_at - interval '1 second'",
    ],
)
def test_a_published_review_has_a_score_and_times(published_review: Review, columns: str) -> None:
    name = refusal_of(f"UPDATE interview_review SET {columns}")  # noqa: S608
    assert name == "review_published_with_score_and_time"


def test_a_draft_is_not_visible(claimed_review: Review) -> None:
    name = refusal_of("UPDATE interview_review SET visible_from = now()")
    assert name == "review_published_with_score_and_time"


@pytest.mark.parametrize("level", Review.LEVELS)
def test_a_published_review_has_all_levels(published_review: Review, level: str) -> None:
    name = refusal_of(f"UPDATE interview_review SET {level} = NULL")  # noqa: S608
    assert name == "review_published_with_levels"


def test_a_published_self_score_needs_no_levels(claimed_review: Review) -> None:
    run(
        "UPDATE interview_review SET kind = 'self', assignment_id = NULL,"
        " score = 50, published_at = now(), visible_from = now()"
    )
    assert Review.objects.visible().count() == 1


@pytest.mark.parametrize("level", Review.LEVELS)
@pytest.mark.parametrize("number", [0, 5])
def test_a_level_is_1_to_4(claimed_review: Review, level: str, number: int) -> None:
    name = refusal_of(f"UPDATE interview_review SET {level} = %s", number)  # noqa: S608
    assert name == f"review_{level}_1_to_4"


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_a_score_is_0_to_100(claimed_review: Review, score: str) -> None:
    name = refusal_of("UPDATE interview_review SET score = %s", score)
    assert name == "review_score_0_to_100"


def test_a_reviewers_review_has_an_assignment_and_a_self_score_none(claimed_review: Review) -> None:
    for columns in ("assignment_id = NULL", "kind = 'self'"):
        name = refusal_of(f"UPDATE interview_review SET {columns}")  # noqa: S608
        assert name == "review_own_has_no_assignment"


def test_a_review_does_not_supersede_itself(claimed_review: Review) -> None:
    name = refusal_of("UPDATE interview_review SET supersedes_id = id, reason = 'Misread.'")
    assert name == "review_does_not_supersede_itself"


def test_a_review_has_one_successor(published_review: Review) -> None:
    successor = copy_of("interview_review", "supersedes_id=id, reason='Misread.'")
    run(successor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT constraint_name FROM information_schema.constraint_column_usage"
            " JOIN information_schema.table_constraints USING (constraint_name)"
            " WHERE constraint_column_usage.table_name = 'interview_review'"
            " AND column_name = 'supersedes_id' AND constraint_type = 'UNIQUE'"
        )
        (unique,) = cursor.fetchone()
    name = refusal_of(
        copy_of("interview_review", "supersedes_id=supersedes_id").replace(
            "LIMIT 1", "WHERE supersedes_id IS NOT NULL LIMIT 1"
        )
    )
    assert name == unique


def test_one_self_score_per_interview(claimed_review: Review) -> None:
    run("UPDATE interview_review SET kind = 'self', assignment_id = NULL")
    again = copy_of("interview_review", "author_id=NULL")
    assert refusal_of(again) == "review_one_self_score_per_interview"


def test_one_review_per_assignment_and_author(claimed_review: Review) -> None:
    again = copy_of("interview_review", "kind=kind")
    assert refusal_of(again) == "review_one_per_assignment_and_author"


def test_two_reviewers_may_each_have_a_draft(
    claimed_review: Review, assignment: Assignment, reviewer: User, other_reviewer: User
) -> None:
    assignment.release(reviewer)
    assignment.claim(other_reviewer)
    assert Review.objects.filter(assignment=assignment).count() == 2


def test_a_correction_has_a_reason(published_review: Review) -> None:
    successor = copy_of("interview_review", "supersedes_id=id")
    assert refusal_of(successor) == "review_correction_has_a_reason"


# Marks and comments


@pytest.fixture
def mark(claimed_review: Review) -> Mark:
    claimed_review.mark(first_answer(claimed_review), {"main": "full"})
    return claimed_review.marks.get()


def test_one_mark_per_key_point_and_review(mark: Mark) -> None:
    again = copy_of("interview_mark", "value='missed'")
    assert refusal_of(again) == "mark_one_per_key_point_and_review"


@pytest.mark.parametrize("value", ["", "FULL", "none", "1"])
def test_a_mark_is_full_half_or_missed(mark: Mark, value: str) -> None:
    name = refusal_of("UPDATE interview_mark SET value = %s", value)
    assert name == "mark_full_half_or_missed"


@pytest.mark.parametrize(
    ("revision", "start", "end"),
    [
        (1, 5, 5),
        (1, 6, 5),
        (None, 1, 5),
        (1, None, 5),
        (1, 1, None),
        (1, None, None),
        (None, None, 5),
        (None, 1, None),
    ],
)
def test_a_quote_is_a_range_of_one_revision(
    mark: Mark, revision: int | None, start: int | None, end: int | None
) -> None:
    name = refusal_of(
        "UPDATE interview_mark SET quote_revision = %s, quote_start = %s, quote_end = %s",
        *(revision, start, end),
    )
    assert name == "mark_quote_is_a_range"


def test_a_whole_quote_is_kept(mark: Mark) -> None:
    run("UPDATE interview_mark SET quote_revision = 1, quote_start = 0, quote_end = 4")
    mark.refresh_from_db()
    assert mark.quote_end == 4


@pytest.mark.parametrize("on_answer", [True, False])
def test_one_comment_per_answer_and_one_on_the_interview(
    claimed_review: Review, on_answer: bool
) -> None:
    answer = first_answer(claimed_review) if on_answer else None
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(answer, "Well said.")
    again = copy_of("interview_comment", "text='Again.', id=id + 1000")
    assert refusal_of(again) == "comment_one_per_answer_and_review"


def test_a_comments_revision_was_given_out(claimed_review: Review) -> None:
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(None, "Well said.")
    name = refusal_of("UPDATE interview_comment SET revision = last_revision + 1")
    assert name == "comment_revision_given_out"
    assert Comment.objects.get().revision == 1
