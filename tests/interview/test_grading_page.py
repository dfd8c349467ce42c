"""What the grading page shows: the candidate's own marks once they sway nobody, the
levels, and versions."""

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import User
from interview.forms.grading import AnswerForm
from interview.grading import progress_of
from interview.levels import SCALES
from interview.models import Interview, Review, Revision
from interview.models.answers import FEW_VERSIONS
from tests.conftest import move_back, write
from tests.interview.reviewing import arrive_late, first_answer, to_grade, token_of

ClientOf = Callable[[User], Client]
OWN = "The candidate marked it"


@pytest.fixture
def self_scored(ended_interview: Interview, reviewer: User) -> Review:
    """Claimed by the reviewer, after the candidate marked themselves."""
    ended_interview.score_yourself(
        {position: {"main": "half", "side": "missed"} for position in (1, 2, 3)}
    )
    ended_interview.ask_for_review()
    return ended_interview.assignments.get().claim(reviewer)


def page_of(client: Client, review: Review, question: int = 1) -> str:
    url = reverse("review", args=[review.pk])
    return client.get(url, {"question": question}).content.decode()


def test_own_marks_are_not_in_the_page_until_the_whole_answer_is_marked(
    self_scored: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    answer = first_answer(self_scored)
    assert OWN not in page_of(client, self_scored)
    self_scored.mark(answer, {"main": "full"})
    assert OWN not in page_of(client, self_scored)
    self_scored.mark(answer, {"side": "full"})
    page = page_of(client, self_scored)
    assert re.findall(rf"{OWN} (\w+)", page) == ["half", "missed"]
    assert OWN not in page_of(client, self_scored, 2)


def test_own_marks_come_with_the_reply_to_the_last_mark(
    self_scored: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    url = reverse("review-answer-save", args=[self_scored.pk, 1])
    works = []
    for chosen in ({"mark-main": "full"}, {"mark-main": "full", "mark-side": "half"}):
        sent = {"token": str(token_of(self_scored)), **chosen}
        reply = client.post(url, sent, "application/json", headers={"Accept": "application/json"})
        works.append(OWN in reply.json()["work"])
    assert works == [False, True]


# Where nothing was written

ALL_MISSED = 'name="all_missed"'


def send(client: Client, review: Review, question: int, **fields: str) -> None:
    url = reverse("review-answer-save", args=[review.pk, question])
    reply = client.post(url, {"token": str(token_of(review)), "all_missed": "1", **fields})
    assert reply.status_code == 302
    assert reply["Location"].endswith(f"?question={question}")


def marks_of(review: Review, question: int) -> dict[str, str]:
    return dict(review.marks.filter(answer__position=question).values_list("key", "value"))


def test_a_blank_answer_is_marked_missed_at_one_press_and_no_other_is(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    page = page_of(client, claimed_review, 2)
    assert ALL_MISSED in page
    # Nothing is chosen or counted before the press.
    assert "0 of 6 marked" in page
    assert not re.search(r'value="missed"[^>]* checked', page)
    send(client, claimed_review, 2)
    assert marks_of(claimed_review, 2) == {"main": "missed", "side": "missed"}
    assert claimed_review.marks.count() == 2
    page = page_of(client, claimed_review, 2)
    assert "2 of 6 marked" in page
    assert ALL_MISSED not in page


def test_what_the_reviewer_marked_there_stays(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    claimed_review.mark(claimed_review.interview.answers.get(position=2), {"side": "half"})
    send(client, claimed_review, 2)
    assert marks_of(claimed_review, 2) == {"main": "missed", "side": "half"}
    send(client, claimed_review, 3, **{"mark-main": "full"})
    assert marks_of(claimed_review, 3) == {"main": "full", "side": "missed"}


def test_where_something_was_written_the_press_is_neither_offered_nor_taken(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    assert ALL_MISSED not in page_of(client, claimed_review)
    send(client, claimed_review, 1)
    claimed_review.interview.answers.filter(position=1).update(text="  ")
    assert ALL_MISSED in page_of(client, claimed_review)
    # Text that came late may be accepted as the answer.
    arrive_late(claimed_review.interview, "It came late.")
    assert ALL_MISSED not in page_of(client, claimed_review)
    send(client, claimed_review, 1)
    assert marks_of(claimed_review, 1) == {}


def test_what_another_tab_marked_meanwhile_is_not_missed(claimed_review: Review) -> None:
    page = to_grade(claimed_review)
    blank = page.graded_answers()[1]
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.mark(blank.answer, {"main": "half"})

    form = AnswerForm(page, blank, {"token": str(token_of(page)), "all_missed": "1"})
    assert form.is_valid()
    with page.writing(token_of(page)):
        form.save(page)

    assert marks_of(claimed_review, 2) == {"main": "half", "side": "missed"}


# The levels


def test_the_three_levels_with_what_they_look_like_are_on_the_page_of_each_answer(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    claimed_review.set_levels({"reasoning": 4})
    page = page_of(client_of(reviewer), claimed_review, 2)
    for scale in SCALES:
        for level, anchor in scale.levels():
            assert f'name="{scale.field}" value="{level.value}"' in page
            assert escape(str(anchor)) in page
    assert re.findall(r'name="(\w+)" value="(\d)" checked', page) == [("reasoning", "4")]


def test_a_script_saves_a_level_and_is_told_which_are_chosen(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "knowledge": "3"}
    reply = client_of(reviewer).post(
        url, sent, "application/json", headers={"Accept": "application/json"}
    )
    assert "Knowledge 3" in reply.json()["work"]
    claimed_review.refresh_from_db()
    assert [getattr(claimed_review, level) for level in Review.LEVELS] == [3, None, None]


def test_a_plain_form_saves_levels_beside_the_marks_of_an_answer(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "mark-main": "full", "reasoning": "2"}
    assert client_of(reviewer).post(url, sent).status_code == 302
    claimed_review.refresh_from_db()
    assert [getattr(claimed_review, level) for level in Review.LEVELS] == [None, 2, None]
    assert claimed_review.marks.get().value == "full"


def test_a_page_that_is_merely_old_leaves_the_levels_as_they_are(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client, url = client_of(reviewer), reverse("review-answer-save", args=[claimed_review.pk, 1])
    claimed_review.set_levels({"knowledge": 2})
    page = page_of(client, claimed_review)
    came_with = dict(re.findall(r'name="(\w+-was)" value="(\d?)"', page))
    assert came_with == {"knowledge-was": "2", "reasoning-was": "", "communication-was": ""}
    claimed_review.set_levels({"knowledge": 4})
    form = {"token": str(token_of(claimed_review)), "mark-main": "full", "knowledge": "2"}
    client.post(url, {**form, **came_with})
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge == 4
    client.post(url, {**form, **came_with, "knowledge": "3"})
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge == 3


@pytest.mark.parametrize("level", ["5", "0", "-1", "strong", "3.5", "9" * 400])
def test_a_level_that_there_is_not_is_refused_and_nothing_of_the_page_is_stored(
    claimed_review: Review, reviewer: User, client_of: ClientOf, level: str
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(token_of(claimed_review)), "mark-main": "full", "knowledge": level}
    reply = client_of(reviewer).post(url, sent)
    assert "A level is a number from 1 to 4." in reply.content.decode()
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge is None
    assert not claimed_review.marks.exists()


def test_a_level_of_a_claim_that_ended_is_kept_in_nobodys_review(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-answer-save", args=[claimed_review.pk, 1])
    sent = {"token": str(uuid4()), "knowledge": "3"}
    reply = client_of(reviewer).post(
        url, sent, "application/json", headers={"Accept": "application/json"}
    )
    assert reply.status_code == 409
    claimed_review.refresh_from_db()
    assert claimed_review.knowledge is None


# Earlier versions


def versions_page(client: Client, review: Review, version: int | str = "") -> str:
    url = reverse("review-answer-versions", args=[review.pk, 1])
    response = client.get(url, {"version": version} if version else {})
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def rewritten(running_interview: Interview, reviewer: User) -> Review:
    """Its first answer was written in nine steps of half a minute each."""
    for number in range(1, 10):
        write(running_interview, 1, " ".join(f"step{n}" for n in range(1, number + 1)))
        move_back(running_interview, "31 seconds")
    running_interview.finish()
    running_interview.ask_for_review()
    return running_interview.assignments.get().claim(reviewer)


def test_a_few_earlier_versions_are_shown_whatever_their_number(
    rewritten: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    assert Revision.objects.count() > 2 * FEW_VERSIONS
    assert "Earlier versions" in page_of(client, rewritten)
    page = versions_page(client, rewritten)
    assert re.findall(r"Version (\d)", page) == ["1", "2", "3"]
    shown = [versions_page(client, rewritten, version) for version in (1, 2, 3)]
    assert "step1 <ins>" in re.sub(r"\s+", " ", shown[0])
    assert "<ins>step9</ins>" in shown[2]


def test_versions_tell_neither_when_nor_how_many(
    rewritten: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    for version in (1, 2, 3):
        page = versions_page(client, rewritten, version)
        assert "<time" not in page
        for revision in Revision.objects.all():
            assert revision.saved_at.strftime("%H:%M") not in page
    url = reverse("review-answer-versions", args=[rewritten.pk, 1])
    for missing in ("0", "4", "9", "x"):
        assert client.get(url, {"version": missing}).status_code == 404


def test_an_answer_that_never_changed_has_none(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    arrive_late(claimed_review.interview, "Late text is no version.")
    assert "Earlier versions" not in page_of(client, claimed_review)
    assert "no earlier version" in versions_page(client, claimed_review)


def test_versions_of_anothers_claim_are_not_found(
    rewritten: Review, other_reviewer: User, client_of: ClientOf
) -> None:
    url = reverse("review-answer-versions", args=[rewritten.pk, 1])
    assert client_of(other_reviewer).get(url).status_code == 404


# Keys


@pytest.mark.parametrize(("on", "listed"), [(True, True), (False, False)])
def test_single_keys_are_listed_unless_they_are_turned_off(
    claimed_review: Review, reviewer: User, client_of: ClientOf, on: bool, listed: bool
) -> None:
    User.objects.filter(pk=reviewer.pk).update(single_keys=on)
    page = page_of(client_of(reviewer), claimed_review)
    assert ("<kbd>F</kbd>" in page) is listed
    assert f'data-single="{"on" if on else "off"}"' in page
    assert "<kbd>Ctrl</kbd>" in page


@pytest.mark.parametrize(
    ("score", "published", "told"),
    [
        (None, False, "3 of 4 marked"),
        (Decimal("0"), False, "3 of 4 marked · score so far 0"),
        (Decimal("62.50"), False, "3 of 4 marked · score so far 63"),
        (Decimal("66.67"), True, "3 of 4 marked · score 67"),
        (Decimal("100.00"), True, "3 of 4 marked · score 100"),
    ],
)
def test_the_progress_tells_a_whole_score_rounded_as_on_other_pages(
    score: Decimal | None, published: bool, told: str
) -> None:
    assert progress_of(3, 4, score, published=published) == told
