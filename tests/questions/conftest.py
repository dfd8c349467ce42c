"""A library in a folder."""

from pathlib import Path

import pytest

from tests.questions.library_texts import FILES


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One set, one story and one note that link to each other."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path
