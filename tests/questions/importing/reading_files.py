"""What the tests of the importer share."""

from collections import Counter

from questions.importing.choosing import read_file
from questions.importing.reading import Reading


def read(
    text: str | bytes, name: str = "questions.md", shape: str = "auto", body_is: str = ""
) -> Reading:
    """Read a file, and see that each of its lines has exactly one place."""
    data = text.encode() if isinstance(text, str) else text
    reading = read_file(data, name, shape=shape, body_is=body_is)
    assert_every_line_has_one_place(reading, data)
    return reading


def source_lines(data: bytes, encoding: str) -> list[str]:
    text = data.decode("cp1252" if encoding == "windows-1252" else encoding, errors="replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def assert_every_line_has_one_place(reading: Reading, data: bytes) -> None:
    places = Counter(number for number, _ in reading.places())
    for number, line in enumerate(source_lines(data, reading.encoding), 1):
        if line.strip():
            assert places[number] == 1, (number, line, places[number])


def prompts(reading: Reading) -> list[str]:
    return [question.prompt for question in reading.questions]


def answers(reading: Reading) -> list[str]:
    return [question.answer for question in reading.questions]


def pairs(reading: Reading) -> list[tuple[str, str]]:
    return [(question.prompt, question.answer) for question in reading.questions]


def sizes(reading: Reading) -> list[int]:
    return [len(found.questions) for found in reading.sets]


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in reading.problems]
