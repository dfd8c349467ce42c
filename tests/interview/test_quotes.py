"""A mark cites the words it rests on, and they are shown in their text."""

import random
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from accounts.models import User
from interview.models import Interview, Mark, Review
from interview.personal_data import reviews_by
from interview.quotes import Passage, Quote, key_of, passages, sentences, trimmed
from interview.refusals import NotMarked, UnknownWords
from tests.conftest import write
from tests.interview.reviewing import arrive_late, first_answer, to_grade, token_of


def cite(review: Review, text: str, words: str, key: str = "main") -> None:
    with review.writing(token_of(review)):
        start = text.index(words)
        review.cite(first_answer(review), key, key_of(text), start, start + len(words))


def cited_in(review: Review, key: str = "main") -> str | None:
    graded = to_grade(review).graded_answers()[0]
    return graded.quoted_words.get(key)


# Their text in pieces


def test_a_text_without_quotes_is_one_piece() -> None:
    assert passages("All of it.", []) == [Passage("All of it.")]
    assert passages("", []) == []


def test_a_piece_says_whose_words_it_is_and_whose_end_with_it() -> None:
    assert passages("one two three", [Quote(4, 7, 2)]) == [
        Passage("one "),
        Passage("two", (2,), (2,)),
        Passage(" three"),
    ]


def test_quotes_that_overlap_or_lie_in_each_other_are_all_shown() -> None:
    assert passages("abcdef", [Quote(0, 4, 1), Quote(2, 6, 2), Quote(3, 4, 3)]) == [
        Passage("ab", (1,)),
        Passage("c", (1, 2)),
        Passage("d", (1, 2, 3), (1, 3)),
        Passage("ef", (2,), (2,)),
    ]


def test_words_beyond_the_text_are_left_out() -> None:
    assert passages("abc", [Quote(2, 9, 1), Quote(5, 9, 2)]) == [
        Passage("ab"),
        Passage("c", (1,), (1,)),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_the_pieces_are_the_text_whatever_is_cited(seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choices("ab <&\n\U0001f600é", k=40))
    quotes = [Quote(chance.randrange(40), chance.randrange(41), n) for n in range(1, 8)]
    pieces = passages(text, quotes)
    assert "".join(piece.text for piece in pieces) == text
    for quote in quotes:
        shown = "".join(piece.text for piece in pieces if quote.number in piece.numbers)
        assert shown == text[quote.start : quote.end]


def test_their_page_shows_every_letter_of_the_text_and_no_other() -> None:
    text = "<script>alert(1)</script>\n\n  \U0001f600 & “more”  "
    html = render_to_string(
        "interview/includes/quoted_text.html",
        {"passages": passages(text, [Quote(0, 8, 1), Quote(4, 30, 2)])},
    )
    assert "<script" not in html
    match = re.search(r'<div class="answer-text">(.*)</div>', html, re.DOTALL)
    assert match
    assert unescape(strip_tags(match[1])) == text
    assert 'data-ends="1"' in html


def test_sentences_and_lines_can_be_chosen() -> None:
    text = "First one. Is it? Yes\n\n- a 1.5 line \n\U0001f600 last!"
    found = sentences(text)
    assert [s.text for s in found] == [
        "First one.",
        "Is it?",
        "Yes",
        "- a 1.5 line",
        "\U0001f600 last!",
    ]
    assert [text[s.start : s.end] for s in found] == [s.text for s in found]
    assert sentences(" \n ") == []


def test_white_space_at_the_ends_is_left_out() -> None:
    assert trimmed("a  word \n b", 1, 9) == (3, 7)


# What a mark keeps


def test_a_mark_cites_code_points_of_the_answer(
    ended_interview: Interview, claimed_review: Review
) -> None:
    text = first_answer(claimed_review).text
    claimed_review.mark(first_answer(claimed_review), {"main": "full"})
    cite(claimed_review, text, " I know ")
    mark = claimed_review.marks.get()
    assert text[mark.quote_start : mark.quote_end] == "I know"
    assert mark.quote_revision == first_answer(claimed_review).revision
    assert cited_in(claimed_review) == "I know"


def test_letters_beyond_the_basic_plane_count_once(
    running_interview: Interview, reviewer: User
) -> None:
    text = "\U0001f600\U0001f1e9\U0001f1ea etcd keeps it \U0001f680."
    write(running_interview, 1, text)
    running_interview.finish()
    running_interview.ask_for_review()
    review = running_interview.assignments.get().claim(reviewer)
    review.mark(first_answer(review), {"main": "half"})
    cite(review, text, "etcd keeps it \U0001f680")
    assert cited_in(review) == "etcd keeps it \U0001f680"
    assert review.marks.get().quote_start == 4


def test_another_quote_replaces_it_and_it_can_be_removed(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    claimed_review.mark(answer, {"main": "full"})
    cite(claimed_review, answer.text, "I know")
    cite(claimed_review, answer.text, "question 1")
    assert cited_in(claimed_review) == "question 1"
    claimed_review.mark(answer, {"main": "half"})
    assert cited_in(claimed_review) == "question 1"
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.cite_nothing(answer, "main")
    assert cited_in(claimed_review) is None
    assert claimed_review.marks.get().value == "half"


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (-1, 3), (0, 10_000), (4, 5)])
def test_words_that_are_not_there_are_refused(claimed_review: Review, start: int, end: int) -> None:
    answer = first_answer(claimed_review)
    assert answer.text[4] == " "
    claimed_review.mark(answer, {"main": "full"})
    with pytest.raises(UnknownWords):
        claimed_review.cite(answer, "main", key_of(answer.text), start, end)
    with pytest.raises(UnknownWords):
        claimed_review.cite(answer, "main", key_of("Another text."), 0, 3)
    assert claimed_review.marks.get().quote_revision is None


def test_a_key_point_without_a_mark_cites_nothing(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    with pytest.raises(NotMarked):
        claimed_review.cite(answer, "main", key_of(answer.text), 0, 4)
    assert not Mark.objects.exists()


def test_late_text_is_cited_only_while_it_is_accepted(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    claimed_review.mark(answer, {"main": "full", "side": "full"})
    late = arrive_late(claimed_review.interview, "Too late, but right.")
    with pytest.raises(UnknownWords):
        claimed_review.cite(answer, "main", key_of(late.text), 0, 8)
    claimed_review.accept(late)
    cite(claimed_review, late.text, "but right")
    cite(claimed_review, answer.text, "I know", "side")
    graded = to_grade(claimed_review).graded_answers()[0]
    assert [p.text for p in graded.accepted_passages if p.numbers == (1,)] == ["but right"]
    assert [p.text for p in graded.passages if p.numbers] == ["I know"]
    claimed_review.undo_accepting(answer)
    assert cited_in(claimed_review) is None
    assert cited_in(claimed_review, "side") == "I know"


def test_accepting_another_late_text_drops_the_words_of_the_first(claimed_review: Review) -> None:
    answer = first_answer(claimed_review)
    claimed_review.mark(answer, {"main": "full"})
    first = arrive_late(claimed_review.interview, "The first.")
    second = arrive_late(claimed_review.interview, "The second.")
    claimed_review.accept(first)
    cite(claimed_review, "The first.", "first")
    claimed_review.accept(second)
    assert cited_in(claimed_review) is None


def test_a_sentence_of_the_page_s_list_is_cited_and_shown_beside_its_mark(
    claimed_review: Review, reviewer: User, client_of: Callable[[User], Client]
) -> None:
    answers = claimed_review.interview.answers.filter(position=1)
    answers.update(text="The first. The <second> & “last”.")
    client, url = client_of(reviewer), reverse("review", args=[claimed_review.pk])

    def page() -> str:
        return client.get(url, {"question": 1}).content.decode()

    options = re.findall(r'<option value="(\w+:\d+:\d+)">(.*?)</option>', page())
    assert [unescape(told) for _words, told in options] == ["The first.", "The <second> & “last”."]
    sent = {
        "token": str(token_of(claimed_review)),
        "mark-main": "half",
        "cite": "1",
        "cite_words": options[1][0],
        "cite_for": "main",
    }
    client.post(reverse("review-answer-save", args=[claimed_review.pk, 1]), sent)
    html = page()
    assert '<mark class="cited" data-ends="1">The &lt;second&gt; &amp; “last”.</mark>' in html
    assert '<p class="quote">The &lt;second&gt; &amp; “last”.</p>' in html
    assert 'name="mark-main" value="half" checked>' in html


def test_the_database_refuses_half_a_quote(claimed_review: Review) -> None:
    claimed_review.mark(first_answer(claimed_review), {"main": "full"})
    for fields in ({"quote_start": 1}, {"quote_revision": 1, "quote_start": 3, "quote_end": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mark.objects.update(**fields)


def test_the_export_has_the_words_and_nothing_that_tells_a_time(
    claimed_review: Review, reviewer: User
) -> None:
    answer = first_answer(claimed_review)
    claimed_review.mark(answer, {"main": "full", "side": "half"})
    late = arrive_late(claimed_review.interview, "Too late, but right.")
    claimed_review.accept(late)
    cite(claimed_review, answer.text, "I know")
    cite(claimed_review, late.text, "but right", "side")
    (exported,) = reviews_by(reviewer)
    assert {mark["key_point"]: mark["quote"] for mark in exported["marks"]} == {
        "main": "I know",
        "side": "but right",
    }
    assert "revision" not in str(exported["marks"])
