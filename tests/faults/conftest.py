from collections.abc import Iterator

import pytest

from tests.faults.world import World, a_world


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """One for all runs, each of which has its own candidates."""
    with a_world() as world:
        yield world
