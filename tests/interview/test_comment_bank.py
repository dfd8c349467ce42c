"""A reviewer's comment bank is their own: to add to, edit, delete from and undo that."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from interview.models import BankedComment, Review
from interview.models.comment_bank import MOST_BANKED, MOST_BANKED_CHARACTERS
from interview.personal_data import work_of
from interview.refusals import BankFull, InBankAlready
from tests.interview.reviewing import token_of
from tests.races import race

ClientOf = Callable[[User], Client]


@pytest.fixture
def client(reviewer: User, client_of: ClientOf) -> Client:
    return client_of(reviewer)


def texts_of(owner: User) -> list[str]:
    return [comment.text for comment in BankedComment.objects.of(owner).kept()]


def press(client: Client, act: str, comment: BankedComment) -> str:
    url = reverse(f"banked-comment-{act}", args=[comment.pk])
    return client.post(url, follow=True).content.decode()


def test_a_comment_is_added_and_listed_by_its_letters(client: Client, reviewer: User) -> None:
    for text in ("say why.", "Lead with the answer.\r\nThen ground it."):
        client.post(reverse("comment-bank"), {"text": text})
    assert texts_of(reviewer) == ["Lead with the answer.\nThen ground it.", "say why."]
    page = client.get(reverse("comment-bank")).content.decode()
    assert page.index("Lead with the answer.") < page.index("say why.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write a comment."),
        ("  \n ", "Write a comment."),
        ("x" * (MOST_BANKED_CHARACTERS + 1), "at most 500 characters"),
        ("Twice.", "has this comment already"),
    ],
)
def test_what_does_not_fit_is_refused_and_shown_again(
    client: Client, reviewer: User, text: str, sentence: str
) -> None:
    BankedComment.objects.add(reviewer, "Twice.")
    page = client.post(reverse("comment-bank"), {"text": text}).content.decode()
    assert sentence in page
    assert text.strip() in page
    assert texts_of(reviewer) == ["Twice."]


def test_markup_is_shown_as_it_was_typed(client: Client, reviewer: User) -> None:
    BankedComment.objects.add(reviewer, "</option><script>alert(1)</script>")
    page = client.get(reverse("comment-bank")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_one_is_edited_and_the_same_words_twice_are_refused(client: Client, reviewer: User) -> None:
    comment = BankedComment.objects.add(reviewer, "Say why.")
    BankedComment.objects.add(reviewer, "Say how.")
    url = reverse("banked-comment-edit", args=[comment.pk])
    assert "Say why." in client.get(url).content.decode()
    assert "has this comment already" in client.post(url, {"text": "Say how."}).content.decode()
    client.post(url, {"text": "Say when."})
    assert texts_of(reviewer) == ["Say how.", "Say when."]


def test_deleting_can_be_undone_until_another_is_deleted(client: Client, reviewer: User) -> None:
    first, second = (BankedComment.objects.add(reviewer, text) for text in ("One.", "Two."))
    assert "Deleted: “One.”" in press(client, "delete", first)
    press(client, "restore", first)
    press(client, "restore", first)
    assert texts_of(reviewer) == ["One.", "Two."]
    press(client, "delete", first)
    press(client, "delete", second)
    assert [each.text for each in BankedComment.objects.all()] == ["Two."]
    url = reverse("banked-comment-restore", args=[first.pk])
    assert client.post(url).status_code == 404


def test_undoing_never_makes_the_same_words_twice_or_too_many(
    client: Client, reviewer: User
) -> None:
    comment = BankedComment.objects.add(reviewer, "One.")
    comment.discard()
    BankedComment.objects.add(reviewer, "One.")
    assert "has this comment already" in press(client, "restore", comment)
    BankedComment.objects.kept().delete()
    BankedComment.objects.bulk_create(
        BankedComment(owner=reviewer, text=str(number)) for number in range(MOST_BANKED)
    )
    with pytest.raises(BankFull):
        BankedComment.objects.add(reviewer, "One more.")
    assert "Your comment bank is full" in press(client, "restore", comment)
    assert len(texts_of(reviewer)) == MOST_BANKED


@pytest.mark.django_db(transaction=True)
def test_a_double_click_adds_one(reviewer: User) -> None:
    outcomes = race(*(partial(BankedComment.objects.add, reviewer, "Once.") for _ in range(4)))
    assert sum(isinstance(outcome, BankedComment) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, InBankAlready) for outcome in outcomes) == 3
    assert texts_of(reviewer) == ["Once."]


def test_the_database_holds_to_it(reviewer: User) -> None:
    BankedComment.objects.add(reviewer, "Once.")
    for text in ("", "Once."):
        with pytest.raises(IntegrityError), transaction.atomic():
            BankedComment.objects.create(owner=reviewer, text=text)


def test_nobody_sees_or_changes_anothers_bank(
    client: Client, reviewer: User, other_reviewer: User, client_of: ClientOf
) -> None:
    theirs = BankedComment.objects.add(other_reviewer, "A secret of the trade.")
    assert "A secret" not in client.get(reverse("comment-bank")).content.decode()
    for act in ("edit", "delete", "restore"):
        url = reverse(f"banked-comment-{act}", args=[theirs.pk])
        assert client.post(url, {"text": "Mine."}).status_code == 404
    assert texts_of(other_reviewer) == ["A secret of the trade."]
    assert texts_of(reviewer) == []


def test_anothers_comment_is_not_inserted(
    client: Client, claimed_review: Review, other_reviewer: User
) -> None:
    theirs = BankedComment.objects.add(other_reviewer, "A secret of the trade.")
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "comment": "Mine.", "insert": str(theirs.pk)}
    client.post(url, sent)
    assert claimed_review.comments.get().text == "Mine."


def test_the_page_costs_the_same_with_a_full_bank(
    client: Client, reviewer: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    BankedComment.objects.bulk_create(
        BankedComment(owner=reviewer, text=str(number)) for number in range(MOST_BANKED)
    )
    with django_assert_max_num_queries(1 + 5):
        client.get(reverse("comment-bank"))


def test_it_is_in_the_export_and_goes_with_the_account(reviewer: User) -> None:
    BankedComment.objects.add(reviewer, "Say why.")
    BankedComment.objects.add(reviewer, "Say how.").discard()
    bank = work_of(reviewer)["comment_bank"]
    assert [(each["text"], each["deleted_at"] is None) for each in bank] == [
        ("Say how.", False),
        ("Say why.", True),
    ]
    reviewer.delete_account()
    assert not BankedComment.objects.exists()
