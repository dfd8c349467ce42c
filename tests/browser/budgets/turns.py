"""Tours go side by side, but Lighthouse measures time: then nobody else looks at a page.

What others do until their next look may disturb a run of Lighthouse, but not all of three.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_SH, flock
from pathlib import Path


@contextmanager
def turn(place: Path, alone: bool) -> Iterator[None]:
    """Wait for the others who know `place`: for all of them, or for one who is alone."""
    with place.open("a") as file:
        flock(file, LOCK_EX if alone else LOCK_SH)
        yield
