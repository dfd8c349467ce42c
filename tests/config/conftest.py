"""Places for embedded servers. A test fails that leaves something running in its place."""

import shutil
from collections.abc import Iterator

import pytest

from tests.config.places import Place, make_place, tidy


@pytest.fixture
def fresh() -> Iterator[Place]:
    """A place without a database."""
    place = make_place()
    yield from tidy(place)
    shutil.rmtree(place.path)


@pytest.fixture(scope="module")
def _shared() -> Iterator[Place]:
    place = make_place()
    yield place
    shutil.rmtree(place.path)


@pytest.fixture
def place(_shared: Place) -> Iterator[Place]:
    """A place with a database: the tests' common one, since to make one takes a second."""
    yield from tidy(_shared)
