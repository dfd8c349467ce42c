"""The description of the format is itself in the format."""

import re

from django.conf import settings

from questions.library.documents import SetDocument
from questions.library.parsing import parse
from questions.library.writing import write

DOCS = settings.BASE_DIR / "docs" / "library-files.md"


def test_the_example_is_a_canonical_file() -> None:
    found = re.search(r"````markdown\n(.*?)````", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found

    document = parse(found[1])

    assert write(document) == found[1]
    assert isinstance(document, SetDocument)
    assert [question.id for question in document.questions] == ["who-answers"]
