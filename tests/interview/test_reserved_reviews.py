"""The review of an invitation goes to the inviter first, and to everybody when that takes long."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from interview.groups import REVIEWERS
from interview.models import Assignment, Invitation, Review
from interview.refusals import NotWaiting
from questions.models import QuestionSet
from tests.interview.inviting import invite_to, sit_to_the_end
from tests.interview.reviewing import end_lease, fill_queue
from tests.races import race

ClientOf = Callable[[User], Client]


@pytest.fixture
def invitation(reviewer: User, question_set: QuestionSet) -> Invitation:
    return invite_to(reviewer, question_set)


@pytest.fixture
def reserved(invitation: Invitation, candidate: User) -> Assignment:
    """What waits for the inviter, just asked for."""
    return ask(invitation, candidate)


def ask(invitation: Invitation, candidate: User) -> Assignment:
    interview = sit_to_the_end(invitation, candidate)
    assert interview.ask_for_review()
    return interview.assignments.get()


def let_it_wait(assignment: Assignment, time: str) -> None:
    """As if it had been asked for that much earlier, such as `"3 days"`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interview_assignment SET asked_at = asked_at - %s::interval WHERE id = %s",
            [time, assignment.pk],
        )


def nobody_else_may(assignment: Assignment, other: User) -> bool:
    """Whether `other` neither finds nor gets it."""
    if Assignment.objects.open_to(other).filter(pk=assignment.pk).exists():
        return False
    with pytest.raises(NotWaiting):
        assignment.claim(other)
    return Assignment.objects.claim_next(other) is None


def test_it_is_reserved_for_who_invited(reserved: Assignment, reviewer: User) -> None:
    assert reserved.reserved_for == reviewer


def test_the_inviter_finds_it_at_the_top_though_others_wait_longer(
    person: Callable[..., User],
    question_set: QuestionSet,
    invitation: Invitation,
    candidate: User,
    reviewer: User,
    client_of: ClientOf,
) -> None:
    older = fill_queue(person, question_set, 2)
    mine = ask(invitation, candidate)
    html = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "From your invitations" in html
    assert "You get them first. After 3 days any reviewer can claim them." in html
    assert "2 interviews wait" in html
    places = [html.index(str(assignment.pk)) for assignment in (mine, *older)]
    assert places == sorted(places)
    assert html.count(str(mine.pk)) == 1


def test_claim_next_takes_it_first(
    person: Callable[..., User],
    question_set: QuestionSet,
    invitation: Invitation,
    candidate: User,
    reviewer: User,
) -> None:
    (older,) = fill_queue(person, question_set, 1)
    mine = ask(invitation, candidate)
    reviews = [Assignment.objects.claim_next(reviewer) for _ in range(2)]
    assert [review and review.assignment for review in reviews] == [mine, older]


def test_nothing_else_waiting_is_said_and_the_next_can_be_claimed(
    reserved: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    html = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "Nothing else waits" in html
    assert "Claim next" in html


def test_others_neither_find_nor_claim_it(
    reserved: Assignment, other_reviewer: User, client_of: ClientOf
) -> None:
    assert nobody_else_may(reserved, other_reviewer)
    tab = client_of(other_reviewer)
    html = tab.get(reverse("queue")).content.decode()
    assert reserved.pseudonym not in html
    assert "From your invitations" not in html
    assert tab.post(reverse("assignment-claim", args=[reserved.pk])).status_code == 404


def test_after_the_days_of_patience_it_is_everybodys(
    reserved: Assignment, other_reviewer: User, client_of: ClientOf
) -> None:
    let_it_wait(reserved, "2 days 23 hours 59 minutes")
    assert nobody_else_may(reserved, other_reviewer)
    let_it_wait(reserved, "1 minute")
    html = client_of(other_reviewer).get(reverse("queue")).content.decode()
    assert reserved.pseudonym in html
    assert "From your invitations" not in html
    assert reserved.claim(other_reviewer)


def test_the_days_of_patience_are_configured(
    reserved: Assignment, other_reviewer: User, settings: Settings
) -> None:
    settings.REVIEW_PATIENCE_DAYS = 10
    let_it_wait(reserved, "9 days")
    assert nobody_else_may(reserved, other_reviewer)
    let_it_wait(reserved, "1 day")
    assert Assignment.objects.claim_next(other_reviewer)


def test_after_them_the_inviter_still_has_it_first(
    person: Callable[..., User],
    question_set: QuestionSet,
    reserved: Assignment,
    reviewer: User,
) -> None:
    (older,) = fill_queue(person, question_set, 1)
    let_it_wait(older, "20 days")
    let_it_wait(reserved, "10 days")
    review = Assignment.objects.claim_next(reviewer)
    assert review
    assert review.assignment == reserved


def lose_the_group(reviewer: User) -> None:
    reviewer.groups.clear()


def be_deactivated(reviewer: User) -> None:
    User.objects.filter(pk=reviewer.pk).update(is_active=False)


def be_deleted(reviewer: User) -> None:
    reviewer.delete_account()


@pytest.mark.parametrize("leave", [lose_the_group, be_deactivated, be_deleted])
def test_when_the_inviter_reviews_no_more_it_is_everybodys_at_once(
    reserved: Assignment,
    reviewer: User,
    other_reviewer: User,
    leave: Callable[[User], None],
) -> None:
    leave(reviewer)
    assert Assignment.objects.claim_next(other_reviewer)


def test_the_permission_counts_however_it_was_given(
    reserved: Assignment, reviewer: User, other_reviewer: User
) -> None:
    reviewer.groups.clear()
    reviewer.user_permissions.add(Permission.objects.get(codename="review"))
    assert nobody_else_may(reserved, other_reviewer)
    reviewer.user_permissions.clear()
    User.objects.filter(pk=reviewer.pk).update(is_superuser=True)
    assert nobody_else_may(reserved, other_reviewer)


def test_a_released_one_waits_for_the_inviter_again(
    reserved: Assignment, reviewer: User, other_reviewer: User
) -> None:
    reserved.claim(reviewer)
    reserved.release(reviewer)
    assert nobody_else_may(reserved, other_reviewer)
    review = reserved.claim(reviewer)
    end_lease(reserved)
    assert nobody_else_may(reserved, other_reviewer)
    assert reserved.claim(reviewer) == review


def test_who_sat_it_never_reviews_it(
    invitation: Invitation, candidate: User, reviewer: User
) -> None:
    candidate.groups.add(Group.objects.get(name=REVIEWERS))
    mine = ask(invitation, candidate)
    let_it_wait(mine, "10 days")
    assert nobody_else_may(mine, candidate)


@pytest.mark.django_db(transaction=True)
def test_of_the_inviter_and_others_after_the_days_one_wins(
    reserved: Assignment, reviewer: User, person: Callable[..., User]
) -> None:
    let_it_wait(reserved, "4 days")
    others = [person(f"reviewer-{n}", REVIEWERS) for n in range(4)]
    outcomes = race(*(partial(reserved.claim, by) for by in (reviewer, *others)))
    assert Counter(map(type, outcomes)) == {Review: 1, NotWaiting: 4}


def test_the_inviter_sees_a_pseudonym_there_as_everywhere(
    reserved: Assignment, candidate: User, reviewer: User, client_of: ClientOf
) -> None:
    desk = client_of(reviewer)
    html = desk.get(reverse("queue")).content.decode()
    html += desk.post(reverse("queue-claim"), follow=True).content.decode()
    assert reserved.pseudonym in html
    for trace in (candidate.name, candidate.email, str(reserved.interview_id)):
        assert trace not in html


def test_the_queue_costs_the_same_for_five_and_fifty_reserved(
    person: Callable[..., User], invitation: Invitation, reviewer: User, client_of: ClientOf
) -> None:
    desk = client_of(reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert desk.get(reverse("queue")).status_code == 200
        return len(found)

    for n in range(5):
        ask(invitation, person(f"sitter-{n}"))
    few = queries()
    for n in range(5, 55):
        ask(invitation, person(f"sitter-{n}"))
    assert queries() == few
    assert few <= 9
    html = desk.get(reverse("queue")).content.decode()
    assert "The 50 that wait longest are shown." in html
    assert html.count("/claim/") == 51


def test_the_queues_index_still_serves_it(
    question_set: QuestionSet, invitation: Invitation, candidate: User, other_reviewer: User
) -> None:
    """Among 20,000 done ones, the next is found without reading them or sorting what waits."""
    mine = ask(invitation, candidate)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO interview_assignment (id, interview_id, slot, pseudonym, asked_at,"
            " done_at, reserved_for_id)"
            " SELECT gen_random_uuid(), %s, n, 'Quiet Heron', now() - n * interval '1 minute',"
            " CASE WHEN n %% 20 > 0 THEN now() END, CASE WHEN n %% 40 = 0 THEN %s::bigint END"
            " FROM generate_series(2, 20000) n",
            [mine.interview_id, invitation.reviewer_id],
        )
        cursor.execute("ANALYZE interview_assignment")
    plan = (
        Assignment.objects.waiting()
        .open_to(other_reviewer)
        .order_by("asked_at", "id")[:1]
        .explain()
    )
    assert "assignment_queue" in plan
    assert "Seq Scan on interview_assignment" not in plan
