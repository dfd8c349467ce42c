"""Everyone can export what is stored about them, and nothing about anybody else."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import TimingProfile, User
from interview.models import Interview, Invitation, Review
from questions.models import Question, QuestionSet
from tests.conftest import start_interview, write
from tests.interview.inviting import invite_to, sit_to_the_end
from tests.interview.reviewing import grade, pass_a_minute, token_of

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]


def export(client: Client) -> dict[str, Any]:
    response = client.get(reverse("profile-export"))
    assert response["Content-Type"] == "application/json"
    assert response["Content-Disposition"].startswith('attachment; filename="dry-run-2')
    assert "no-store" in response["Cache-Control"]
    data: dict[str, Any] = json.loads(response.getvalue())
    return data


@pytest.fixture
def published_review(claimed_review: Review) -> Review:
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(claimed_review.interview.answers.get(position=1), "Well said.")
        claimed_review.comment_on(None, "All in all good.")
    claimed_review.publish(token_of(claimed_review))
    return claimed_review


def test_the_account_is_in_it_without_secrets(client_of: ClientOf, candidate: User) -> None:
    EmailAddress.objects.create(user=candidate, email=candidate.email, verified=True, primary=True)
    TimingProfile.objects.create(user=candidate, factor="1.75", announcements=[5])
    client = client_of(candidate)

    data = export(client)

    assert data["account"]["email"] == "candidate@example.com"
    assert data["account"]["name"] == "Candidate"
    assert data["email_addresses"] == [
        {"email": "candidate@example.com", "verified": True, "primary": True}
    ]
    assert data["timing_profile"] == {"factor": "1.75", "show_clock": True, "announcements": [5]}
    assert [list(session) for session in data["sessions"]] == [["expires_at"]]
    text = json.dumps(data)
    assert candidate.password not in text
    session_key = client.session.session_key
    assert session_key
    assert session_key not in text


def test_a_candidate_gets_interviews_with_answers_and_their_history(
    client_of: ClientOf, candidate: User, ended_interview: Interview
) -> None:
    (interview,) = export(client_of(candidate))["interviews"]

    assert interview["id"] == str(ended_interview.pk)
    assert interview["started_at"]
    assert interview["time_factor"] == "1.00"
    first, second, third = interview["answers"]
    assert first["text"] == "What I know about question 1."
    assert first["question"] == "What is question 1 about?"
    assert [revision["text"] for revision in first["history"]] == ["What I know about question 1."]
    assert second["text"] == third["text"] == ""


def test_a_question_that_is_not_opened_yet_is_not_told(
    client_of: ClientOf, candidate: User, question_set: QuestionSet
) -> None:
    interview = start_interview(candidate, question_set, Interview.Mode.ONE_AT_A_TIME)
    client = client_of(candidate)

    def questions() -> list[str | None]:
        return [answer["question"] for answer in export(client)["interviews"][0]["answers"]]

    assert questions() == ["What is question 1 about?", None, None]
    interview.finish()
    assert questions() == [f"What is question {n} about?" for n in (1, 2, 3)]


def test_a_candidate_gets_reviews_whose_reviewer_stays_unnamed(
    client_of: ClientOf, candidate: User, reviewer: User, published_review: Review
) -> None:
    pass_a_minute(published_review)

    data = export(client_of(candidate))

    (review,) = data["interviews"][0]["reviews"]
    assert review["score"] == "100.00"
    assert review["knowledge"] == 3
    assert [(mark["question"], mark["key_point"]) for mark in review["marks"]] == [
        (position, key) for position in (1, 2, 3) for key in ("main", "side")
    ]
    assert {(comment["question"], comment["text"]) for comment in review["comments"]} == {
        (1, "Well said."),
        (None, "All in all good."),
    }
    text = json.dumps(data)
    assert reviewer.email not in text
    assert reviewer.name not in text
    assert published_review.assignment
    assert published_review.assignment.pseudonym not in text


def test_a_review_is_in_it_only_from_when_the_candidate_may_read_it(
    client_of: ClientOf, candidate: User, published_review: Review
) -> None:
    (interview,) = export(client_of(candidate))["interviews"]

    assert interview["reviews"] == []
    assert len(interview["asked_for_review_at"]) == 1


def test_a_reviewer_gets_their_reviews_with_the_pseudonym_only(
    client_of: ClientOf,
    candidate: User,
    reviewer: User,
    published_review: Review,
) -> None:
    interview = published_review.interview
    interview.refresh_from_db()

    data = export(client_of(reviewer))

    (review,) = data["reviews_written"]
    assert published_review.assignment
    assert review["pseudonym"] == published_review.assignment.pseudonym
    assert {"question": 1, "text": "Well said."} in review["comments"]
    assert len(review["marks"]) == 6
    text = json.dumps(data)
    assert candidate.email not in text
    assert candidate.name not in text
    assert str(interview.pk) not in text
    assert "What I know about" not in text
    assert interview.ended_at
    for time in (interview.started_at, interview.ended_at):
        assert time.isoformat()[:23] not in text
    assert data["interviews"] == []


def test_claims_and_invitations_and_versions_are_in_it(
    client_of: ClientOf, reviewer: User, claimed_review: Review, question_set: QuestionSet
) -> None:
    invitation = Invitation.objects.create(reviewer=reviewer, title="For Ada", minutes=20)
    question = Question.objects.first()
    assert question
    invitation.questions.add(question, through_defaults={"position": 1})
    Question.objects.filter(pk=question.pk).update(prompt="Changed?")
    question.record_version(by=reviewer)

    data = export(client_of(reviewer))

    assert claimed_review.assignment
    assert data["claims"][0]["pseudonym"] == claimed_review.assignment.pseudonym
    assert data["invitations_made"][0]["title"] == "For Ada"
    assert data["invitations_made"][0]["questions"] == ["Changed?"]
    assert invitation.secret not in json.dumps(data)
    assert [version["question"] for version in data["question_versions_written"]] == [
        "basics/question-1"
    ]


def test_a_candidate_gets_the_title_of_the_invitation_and_not_whose_it_is(
    client_of: ClientOf, candidate: User, reviewer: User, question_set: QuestionSet
) -> None:
    invitation = invite_to(reviewer, question_set)
    sit_to_the_end(invitation, candidate)

    data = export(client_of(candidate))

    assert data["interviews"][0]["invitation"] == "Round one"
    text = json.dumps(data)
    assert reviewer.email not in text
    assert invitation.secret not in text


def test_it_has_nothing_of_others(
    client_of: ClientOf, other_candidate: User, published_review: Review
) -> None:
    data = export(client_of(other_candidate))

    assert data["account"]["email"] == other_candidate.email
    for own in ("interviews", "reviews_written", "claims", "invitations_made"):
        assert data[own] == []


def test_it_costs_the_same_queries_however_much_there_is(
    client_of: ClientOf,
    candidate: User,
    question_set: QuestionSet,
    published_review: Review,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pass_a_minute(published_review)
    client = client_of(candidate)
    # Session with its user; profile, groups, addresses, sessions, admin log; reviews written,
    # comment bank, second looks answered, unblindings, claims, invitations, versions; interviews,
    # answers, history, assignments, second looks, unblindings, reviews, marks, comments, accepted
    # texts.
    queries = 23

    with django_assert_num_queries(queries):
        assert len(export(client)["interviews"]) == 1

    another = start_interview(candidate, question_set)
    write(another, 2, "More.")
    another.finish()

    with django_assert_num_queries(queries):
        assert len(export(client)["interviews"]) == 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading(client_of: ClientOf, candidate: User, method: str) -> None:
    response = getattr(client_of(candidate), method)(reverse("profile-export"))

    assert response.status_code == 405
