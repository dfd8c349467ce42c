"""A few seconds of what `python -m tests.questions.importing` does for ten minutes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from questions.importing.choosing import BODIES, SHAPES
from tests.questions.importing.hostile_files import FILES, NAMES, try_file


@settings(max_examples=300, deadline=None)
@given(FILES, st.sampled_from(NAMES), st.sampled_from(SHAPES), st.sampled_from(("", *BODIES)))
def test_no_file_crashes_hangs_or_brings_a_script_to_a_page(
    data: bytes, name: str, shape: str, body_is: str
) -> None:
    try_file(data, name, shape, body_is)
