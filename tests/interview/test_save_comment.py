"""A comment is saved while it is typed, as an answer is, behind the token of the claim."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Assignment, Comment, Review
from tests.interview.reviewing import end_lease, grade, token_of
from tests.races import race

ClientOf = Callable[[User], Client]
TAB, OTHER_TAB = UUID(int=1), UUID(int=2)


@pytest.fixture
def client(reviewer: User, client_of: ClientOf) -> Client:
    return client_of(reviewer)


def save(
    client: Client,
    review: Review,
    text: str,
    base: int = 0,
    sequence: int = 1,
    *,
    writer: UUID = TAB,
    token: UUID | str | None = None,
    whole: bool = False,
) -> Any:
    """As a page's script sends it: the comment on the first answer, or on the whole interview."""
    url = (
        reverse("review-comment", args=[review.pk])
        if whole
        else reverse("review-answer-comment", args=[review.pk, 1])
    )
    sent = {"text": text, "base": base, "writer": str(writer), "sequence": sequence}
    sent["token"] = str(token or token_of(review))
    headers = {"Accept": "application/json"}
    return client.post(url, sent, "application/json", headers=headers)


def stored(review: Review) -> tuple[str, int]:
    comment = review.comments.get()
    return comment.text, comment.revision


@pytest.mark.parametrize("whole", [False, True])
def test_the_reply_is_a_receipt(client: Client, claimed_review: Review, whole: bool) -> None:
    reply = save(client, claimed_review, "Lead with the answer.", whole=whole)
    assert reply.status_code == 200
    told = reply.json()
    assert (told["state"], told["revision"], told["words"]) == ("saved", 1, 4)
    assert "revision 1 · 4 words" in told["receipt"]
    comment = claimed_review.comments.get()
    assert (comment.text, comment.answer is None) == ("Lead with the answer.", whole)
    assert save(client, claimed_review, "Shorter.", 1, 2, whole=whole).json()["revision"] == 2
    assert stored(claimed_review) == ("Shorter.", 2)


def test_a_save_that_was_outrun_never_overtakes_the_newer(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "First.", 0, 1)
    save(client, claimed_review, "Third.", 1, 3)
    reply = save(client, claimed_review, "Second.", 1, 2)
    assert (reply.status_code, reply.json()["revision"]) == (200, 2)
    assert stored(claimed_review) == ("Third.", 2)


def test_a_repeat_gets_its_receipt_again(client: Client, claimed_review: Review) -> None:
    for _ in range(2):
        reply = save(client, claimed_review, "Once.")
        assert (reply.json()["state"], reply.json()["revision"]) == ("saved", 1)
    assert stored(claimed_review) == ("Once.", 1)


def test_another_tab_overwrites_nothing_it_has_not_seen(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "From one tab.")
    reply = save(client, claimed_review, "From another.", writer=OTHER_TAB)
    assert (reply.status_code, reply.json()["state"]) == (409, "conflict")
    assert reply.json()["text"] == "From one tab."
    assert "From one tab." in reply.json()["notice"]
    assert stored(claimed_review) == ("From one tab.", 1)
    reply = save(client, claimed_review, "Both.", 1, 2, writer=OTHER_TAB)
    assert reply.json()["revision"] == 2


def test_a_plain_form_in_conflict_shows_both_texts_and_then_saves_mine(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "From one tab.")
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "comment": "From another.", "base": "0"}
    sent |= {"writer": str(OTHER_TAB), "sequence": "1", "mark-main": "full"}
    response = client.post(url, sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert ">\nFrom another.</textarea>" in page
    assert "From one tab." in page
    assert 'name="base" value="1"' in page
    assert claimed_review.marks.get().value == "full"
    assert stored(claimed_review) == ("From one tab.", 1)
    assert client.post(url, {**sent, "base": "1", "sequence": "2"}).status_code == 302
    assert stored(claimed_review) == ("From another.", 2)


def test_a_page_that_does_not_say_what_it_knows_overwrites_nothing(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "There before.")
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "comment": "Blind."}
    assert client.post(url, sent).status_code == 409
    assert stored(claimed_review) == ("There before.", 1)


def test_a_conflict_on_publishing_publishes_nothing(client: Client, claimed_review: Review) -> None:
    grade(claimed_review)
    save(client, claimed_review, "From one tab.", whole=True)
    url = reverse("review-publish", args=[claimed_review.pk])
    sent = {"token": str(token_of(claimed_review)), "comment": "From another.", "base": "0"}
    response = client.post(url, sent)
    assert response.status_code == 409
    claimed_review.refresh_from_db()
    assert claimed_review.published_at is None


def test_an_empty_field_makes_no_row_and_can_be_emptied_again(
    client: Client, claimed_review: Review
) -> None:
    assert save(client, claimed_review, "").json()["revision"] == 0
    assert not Comment.objects.exists()
    save(client, claimed_review, "Something.", 0, 2)
    assert save(client, claimed_review, "", 1, 3).json()["revision"] == 2
    assert stored(claimed_review) == ("", 2)


@pytest.mark.django_db(transaction=True)
def test_first_saves_of_two_tabs_at_once_have_one_winner(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    def send(writer: UUID) -> str:
        reply = save(client_of(reviewer), claimed_review, f"From {writer}.", writer=writer)
        state: str = reply.json()["state"]
        return state

    states = race(*((lambda n=n: send(UUID(int=n))) for n in range(1, 5)))
    assert sorted(map(str, states)) == ["conflict", "conflict", "conflict", "saved"]
    assert stored(claimed_review)[1] == 1


def test_writing_renews_the_claim(
    client: Client, claimed_review: Review, assignment: Assignment
) -> None:
    end_lease(assignment)
    assert save(client, claimed_review, "Still at it.").json()["state"] == "saved"
    assignment.refresh_from_db()
    assert assignment.lease_runs


def test_a_token_from_yesterday_is_refused_with_a_new_one(
    client: Client, claimed_review: Review, assignment: Assignment, reviewer: User
) -> None:
    yesterdays = token_of(claimed_review)
    assignment.release(reviewer)
    assignment.claim(reviewer)
    reply = save(client, claimed_review, "From yesterday.", token=yesterdays)
    assert (reply.status_code, reply.json()["state"]) == (409, "refused")
    assert "earlier claim of yours" in reply.json()["notice"]
    assert not Comment.objects.exists()
    again = save(client, claimed_review, "From yesterday.", token=reply.json()["token"])
    assert again.json()["state"] == "saved"


def test_after_somebody_else_claimed_it_is_kept_as_a_draft_and_told(
    client: Client, claimed_review: Review, assignment: Assignment, other_reviewer: User
) -> None:
    token = token_of(claimed_review)
    end_lease(assignment)
    theirs = assignment.claim(other_reviewer)
    reply = save(client, claimed_review, "Kept all the same.", token=token)
    assert reply.json()["state"] == "saved"
    assert "In your draft only: somebody else has this interview." in reply.json()["work"]
    assert "Somebody else has claimed this interview." in reply.json()["work"]
    assert stored(claimed_review) == ("Kept all the same.", 1)
    assert not theirs.comments.exists()
    assert token_of(theirs) != token


def test_a_published_review_takes_no_comment(client: Client, claimed_review: Review) -> None:
    grade(claimed_review)
    token = token_of(claimed_review)
    claimed_review.publish(token)
    reply = save(client, claimed_review, "Afterthought.", token=token)
    assert (reply.status_code, reply.json()["state"]) == (409, "refused")
    assert "This review is published." in reply.json()["notice"]
    assert not Comment.objects.exists()


def test_what_is_too_long_is_refused_with_a_sentence(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "Short.")
    reply = save(client, claimed_review, "x" * 50_000, 1, 2)
    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert "50,000 characters; 20,000 fit" in reply.json()["notice"]
    assert stored(claimed_review) == ("Short.", 1)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"text": 1}', '{"text": "\\ud83d"}'])
def test_nonsense_is_refused_with_a_sentence(
    client: Client, claimed_review: Review, body: str
) -> None:
    url = reverse("review-answer-comment", args=[claimed_review.pk, 1])
    reply = client.post(url, body, "application/json", headers={"Accept": "application/json"})
    assert (reply.status_code, reply.json()["state"]) == (400, "refused")
    assert reply.json()["notice"]
    assert not Comment.objects.exists()


def test_who_is_logged_out_is_told_where_to_log_in(claimed_review: Review) -> None:
    reply = save(Client(), claimed_review, "Typed for an hour.")
    assert reply.status_code == 401
    assert "/accounts/login/" in reply.json()["login"]


def test_nobody_comments_on_another_reviewers_draft(
    claimed_review: Review, other_reviewer: User, client_of: ClientOf
) -> None:
    assert save(client_of(other_reviewer), claimed_review, "Mine?").status_code == 404
    url = reverse("review-answer-comment", args=[claimed_review.pk, 9])
    assert client_of(other_reviewer).post(url).status_code == 404
    assert not Comment.objects.exists()


def test_a_comment_that_was_set_otherwise_is_not_overwritten_by_an_older_page(
    client: Client, claimed_review: Review
) -> None:
    save(client, claimed_review, "Typed.")
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.comment_on(claimed_review.interview.answers.get(position=1), "Set.")
    assert save(client, claimed_review, "Typed on.", 1, 2).status_code == 409
    assert stored(claimed_review) == ("Set.", 2)
