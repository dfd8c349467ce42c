"""Who leads the reviewers sees backlog, waits and paces; it ranks nobody."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.groups import LEADS, REVIEWERS
from interview.models import Assignment, Review
from questions.models import QuestionSet
from tests.interview.reviewing import fill_queue, grade, token_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def lead(person: Callable[..., User]) -> User:
    return person("lead", LEADS, is_staff=True)


def team_page(client: Client) -> str:
    return client.get(reverse("team")).content.decode()


def publish(assignment: Assignment, reviewer: User, minutes: int) -> None:
    """As if the reviewer had taken so many minutes."""
    review = assignment.claim(reviewer)
    grade(review)
    review.publish(token_of(review))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interview_review SET created_at = published_at - %s * interval '1 minute'"
            " WHERE id = %s",
            [minutes, review.pk],
        )


@pytest.mark.parametrize(
    ("groups", "staff", "status"),
    [
        ([LEADS], True, 200),
        ([LEADS], False, 404),
        ([REVIEWERS], True, 404),
        ([REVIEWERS], False, 404),
    ],
)
def test_only_staff_who_lead_may_see_it(
    person: Callable[..., User], client_of: ClientOf, groups: list[str], staff: bool, status: int
) -> None:
    client = client_of(person("somebody", *groups, is_staff=staff))
    assert client.get(reverse("team")).status_code == status
    assert (reverse("team") in client.get(reverse("home")).content.decode()) is (status == 200)


def test_a_lead_may_see_the_team_and_nothing_else(lead: User, client_of: ClientOf) -> None:
    assert lead.get_all_permissions() == {"interview.see_team"}
    assert client_of(lead).get(reverse("queue")).status_code == 404


def test_it_counts_the_backlog_by_wait(
    person: Callable[..., User],
    question_set: QuestionSet,
    reviewer: User,
    lead: User,
    client_of: ClientOf,
) -> None:
    assignments = fill_queue(person, question_set, 7)
    with connection.cursor() as cursor:
        for assignment, hours in zip(assignments, (0, 23, 25, 71, 71, 73, 200), strict=True):
            cursor.execute(
                "UPDATE interview_assignment SET asked_at = now() - %s * interval '1 hour'"
                " WHERE id = %s",
                [hours, assignment.pk],
            )
    assignments[0].claim(reviewer)
    Assignment.objects.filter(pk__in=[a.pk for a in (assignments[1], assignments[6])]).update(
        reserved_for=reviewer
    )
    backlog = Assignment.objects.backlog()
    assert (backlog.count, backlog.held, backlog.reserved) == (7, 1, 1)
    assert (backlog.under_a_day, backlog.between, backlog.too_long) == (2, 3, 2)
    page = team_page(client_of(lead))
    assert "7 interviews are without a review" in page
    assert "Being graded now: 1. Kept for those who invited: 1. The longest wait: 9 days." in page


def test_without_a_backlog_or_reviews_it_says_so(lead: User, client_of: ClientOf) -> None:
    page = team_page(client_of(lead))
    assert "Every review that was asked for is published" in page
    assert "Nobody published a review." in page
    assert "too few reviews" in page


def test_it_names_who_reviewed_in_alphabetical_order_with_number_and_median(
    person: Callable[..., User], question_set: QuestionSet, lead: User, client_of: ClientOf
) -> None:
    zoe, adam, idle = (person(name, REVIEWERS) for name in ("zoe", "adam", "idle"))
    times = [(zoe, 4), (adam, 10), (adam, 90), (adam, 20)]
    for assignment, (reviewer, minutes) in zip(
        fill_queue(person, question_set, 4), times, strict=True
    ):
        publish(assignment, reviewer, minutes)
    paces = Review.objects.paces()
    assert [(p.name, p.count, p.in_words) for p in paces] == [
        ("Adam", 3, "20 minutes"),
        ("Zoe", 1, "4 minutes"),
    ]
    page = team_page(client_of(lead))
    assert page.index("Adam") < page.index("Zoe")
    assert idle.name not in page
    assert "sitter" not in page.lower()


def test_old_reviews_drafts_and_those_of_deleted_people_are_left_out(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User
) -> None:
    old, gone, draft = fill_queue(person, question_set, 3)
    former = person("former", REVIEWERS)
    publish(gone, former, 5)
    former.delete()
    publish(old, reviewer, 5)
    Review.objects.filter(assignment=old).update(
        created_at="2020-01-01T00:00Z",
        published_at="2020-01-02T00:00Z",
        visible_from="2020-01-02T00:00Z",
    )
    grade(draft.claim(reviewer))
    assert Review.objects.paces() == []


def test_it_costs_the_same_whatever_was_done(
    person: Callable[..., User], question_set: QuestionSet, lead: User, client_of: ClientOf
) -> None:
    client = client_of(lead)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            team_page(client)
        return len(queries)

    before = cost()
    first, *_rest = fill_queue(person, question_set, 5)
    publish(first, person("reviewer", REVIEWERS), 5)
    assert cost() == before <= 1 + 8  # the session with its user, and the page
