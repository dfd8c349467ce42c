"""Marks become a score (Rules of grading, 3)."""

from decimal import Decimal

import pytest

from interview.scoring import answer_score, interview_score
from questions.models import VersionKeyPoint

POINTS = [VersionKeyPoint("main", "The main point", 2), VersionKeyPoint("side", "A detail", 1)]


@pytest.mark.parametrize(
    ("main", "side", "expected"),
    [
        ("full", "full", Decimal(1)),
        ("missed", "missed", Decimal(0)),
        ("half", "half", Decimal("0.5")),
        ("half", "missed", Decimal(1) / 3),
        ("missed", "full", Decimal(1) / 3),
        ("full", "missed", Decimal(2) / 3),
    ],
)
def test_an_answer_scores_the_weight_of_its_marks(main: str, side: str, expected: Decimal) -> None:
    assert answer_score({"main": main, "side": side}, POINTS) == expected


def test_a_mark_for_another_key_does_not_count() -> None:
    assert answer_score({"main": "full", "side": "full", "gone": "missed"}, POINTS) == 1


def test_a_key_point_without_a_mark_has_no_score() -> None:
    with pytest.raises(KeyError):
        answer_score({"main": "full"}, POINTS)


def test_an_interview_scores_the_mean_of_its_answers_in_percent() -> None:
    assert interview_score([Decimal(1), Decimal(0), Decimal(1)]) == Decimal("66.67")


def test_each_answer_counts_alike_whatever_its_weights() -> None:
    one_point = [VersionKeyPoint("only", "The only point", 10)]
    scores = [
        answer_score({"only": "missed"}, one_point),
        answer_score({"main": "full", "side": "full"}, POINTS),
    ]
    assert interview_score(scores) == Decimal("50.00")


def test_half_a_hundredth_is_rounded_up() -> None:
    assert interview_score([Decimal("0.00125")]) == Decimal("0.13")


def test_an_interview_without_answers_has_no_score() -> None:
    with pytest.raises(ValueError, match="without answers"):
        interview_score([])
