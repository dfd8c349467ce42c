"""A few seconds of what `python -m tests.questions.importing` does for ten minutes, and what it can't try."""

import subprocess
import sys
from pathlib import Path

import pytest
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


@pytest.mark.parametrize(
    ("seconds", "folder", "message"),
    [
        ("1", "empty", "There is no file in the folder "),
        ("1", "missing", "There is no file in the folder "),
        ("long", "empty", "SECONDS must be a number such as 600, not long."),
    ],
)
def test_what_can_not_be_tried_is_said_in_one_sentence(
    tmp_path: Path, seconds: str, folder: str, message: str
) -> None:
    (tmp_path / "empty" / "folder").mkdir(parents=True)
    run = subprocess.run(
        [sys.executable, "-m", "tests.questions.importing", seconds, tmp_path / folder],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 2
    assert run.stderr.startswith(message)
    assert run.stderr.count("\n") == 1
    assert run.stdout == ""
