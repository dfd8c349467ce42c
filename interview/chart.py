"""Charts of scores: where their lines and marks stand in a drawing that is stretched to fit.

Its template is `interview/includes/score_chart.html`; the numbers are in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 640, 200, 12
LOW = 3  # Of a count up to this a bar is not as high as the drawing.


@dataclass(frozen=True)
class Line:
    points: Sequence[tuple[float, float]]

    @property
    def path(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)

    @property
    def dots(self) -> str:
        """Strokes without length, whose caps stay round however the drawing is stretched."""
        return "".join(f"M{x:g} {y:g}h0" for x, y in self.points)


@dataclass(frozen=True)
class ScoreChart:
    own: Line
    reviewers: Line
    guided: Line = Line(())


def line_of(scores: Sequence[float | None]) -> Line:
    """From left to right, 100 at the top; a place without a score stays empty.

    A single place is at the left, where the line will begin.
    """
    step = (WIDTH - 2 * MARGIN) / max(len(scores) - 1, 1)
    height = HEIGHT - 2 * MARGIN
    return Line(
        [
            (round(MARGIN + place * step, 1), round(MARGIN + height * (100 - score) / 100, 1))
            for place, score in enumerate(scores)
            if score is not None
        ]
    )


def bars_of(counts: Sequence[int]) -> str:
    """The outline of a bar for each count, as a path; a count of none has none.

    The tallest is as high as the drawing, unless all counts are low.
    """
    step = WIDTH / max(len(counts), 1)
    unit = (HEIGHT - MARGIN) / max([LOW, *counts])
    return "".join(
        f"M{place * step + step / 6:g} {HEIGHT}v{-count * unit:g}h{step * 2 / 3:g}V{HEIGHT}z"
        for place, count in enumerate(counts)
        if count
    )
