"""How marks become a score (Rules of grading, 3). Pure arithmetic."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from questions.models import VersionKeyPoint

WORTH = {"full": Decimal(1), "half": Decimal("0.5"), "missed": Decimal(0)}
"""What a mark is worth."""


def answer_score(marks: Mapping[str, str], key_points: Sequence[VersionKeyPoint]) -> Decimal:
    """Σ weight × mark ÷ Σ weight of one answer, from 0 to 1.

    `marks` gives each key point's mark by its key; marks for other keys don't count.

    Raises:
        KeyError: a key point has no mark, or a mark is none of `WORTH`.
    """
    return weighted_mean((marks[point.key], point.weight) for point in key_points)


def weighted_mean(marks: Iterable[tuple[str, int]]) -> Decimal:
    """Σ weight × mark ÷ Σ weight, from 0 to 1, of marks with their key points' weights.

    Raises:
        KeyError: a mark is none of `WORTH`.
    """
    got, most = Decimal(0), 0
    for mark, weight in marks:
        got += WORTH[mark] * weight
        most += weight
    return got / most


def interview_score(answer_scores: Iterable[Decimal]) -> Decimal:
    """The mean of the answers' scores as percent: 0 to 100, two places, halves rounded up.

    Raises:
        ValueError: there is no answer.
    """
    scores = list(answer_scores)
    if not scores:
        raise ValueError("An interview without answers has no score.")
    percent = sum(scores, Decimal(0)) * 100 / len(scores)
    return percent.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
