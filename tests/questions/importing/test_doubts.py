"""What may hold questions that nothing has read is named, so that nobody overlooks it."""

import pytest

from tests.questions.importing.reading_files import messages, read

LIST = (
    "1. What is clay?\n   Earth.\n2. What is glaze?\n   Glass.\n3. What is slip?\n   Wet clay.\n\n"
)


def doubts(text: str) -> list[str]:
    return [message for message in messages(read(text)) if message.endswith("?")]


def test_a_note_whose_lines_ask() -> None:
    topic = "* **Sorting** - [Read on](https://example.com/s)\n    - Plain bubbles\n    - {}\n"
    text = f"# Interview\n\n## Clay\n\n{LIST}## Data structures\n\nIt depends on whom you ask.\n\n"
    text += topic.format("How are they compared? And when?") * 3
    for _ in range(3):
        text += "* **Trees** - [Read on](https://example.com/t)\n    - Leaves\n    - Branches\n"
    assert doubts(text) == ["3 lines of this note ask: are they questions?"]


def test_an_answer_with_headings_that_count() -> None:
    scenarios = "".join(f"### Scenario {n}: a leak\n\nIt drips.\n\n" for n in range(1, 6))
    text = f"# Kilns\n\n## 1. What is a kiln?\n\nAn oven.\n\n## 2. What may happen?\n\n{scenarios}"
    assert doubts(text) == [
        "it has 5 headings that count, “Scenario 1” to “Scenario 5”: are they questions?"
    ]


@pytest.mark.parametrize("word", ["Step", "Phase", "Option", "Example"])
def test_an_answer_may_count_its_steps(word: str) -> None:
    steps = "".join(f"### {word} {n}: go on\n\nDo it.\n\n" for n in range(1, 6))
    text = f"# Kilns\n\n## 1. What is a kiln?\n\nAn oven.\n\n## 2. How is it lit?\n\n{steps}"
    assert doubts(text) == []


def test_an_answer_many_of_whose_lines_ask() -> None:
    lines = "".join(f"Question {n}x: is it {n}?\n\nYes.\n\n" for n in range(12))
    text = f"# Kilns\n\n# 1. What is a kiln?\n\nAn oven.\n\n# 2. What is it made of?\n\n{lines}"
    assert doubts(text) == ["12 lines of the answer ask: are they questions?"]


def test_an_answer_that_is_far_longer_than_the_others() -> None:
    book = "It is told in the book. " * 600
    text = f"# Kilns\n\n{LIST}4. What else?\n   {book}\n"
    assert doubts(text) == ["the answer is far longer than most: does it hold other questions?"]


def test_what_asks_in_code_is_code() -> None:
    code = "```\n" + "is it on?\n" * 20 + "### Scenario 1\n### Scenario 2\n### Scenario 3\n```\n"
    text = f"# Kilns\n\n## 1. What is a kiln?\n\nAn oven.\n\n## 2. What is asked?\n\n{code}"
    assert doubts(text) == []


def test_an_ordinary_list_raises_no_doubt() -> None:
    assert doubts(f"# Interview\n\n{LIST}\n## Notes\n\nIs this all? It is.\n") == []
