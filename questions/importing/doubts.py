"""What was taken for a note, an answer or an introduction and may hold questions: it is named.

No rule reads every file. What none has read must not go by unnoticed.
"""

import re
from collections.abc import Iterator
from statistics import median

from django.utils.translation import gettext, ngettext

from questions.importing.fences import opening
from questions.importing.junk import LONG
from questions.importing.reading import FoundQuestion, Reading
from questions.importing.words import ends_asking

FEW = 3
MANY = 10
"""Lines of an answer that ask: fewer may be what it asks on."""
FAR_LONGER = 10
LONG_ANSWER = 10_000
COUNTED = re.compile(r"#{1,6}[ \t]++\W*+(?P<word>[^\W\d_]++)[ \t]++#?(?P<number>\d{1,3})\b")
# What an answer counts of itself.
OF_AN_ANSWER = re.compile(
    r"(?i:steps?|phases?|stages?|parts?|methods?|approach|options?|solutions?|examples?|versions?|"
    r"ways?|levels?|layers?|types?|rules?|points?|reasons?|cases?|stufe|schritt|шаг|крок|步骤)"
)


def name_doubts(reading: Reading) -> None:
    for note in reading.notes:
        asking = count_asking(note.body)
        if asking >= FEW:
            message = ngettext(
                "%(count)d line of this note asks: is it a question?",
                "%(count)d lines of this note ask: are they questions?",
                asking,
            )
            reading.complain(note.lines.first, message % {"count": asking})
    for left in reading.ignored:
        asking = count_asking(left.text)
        if asking >= FEW and not left.only_leads:
            message = ngettext(
                "%(count)d line that is left out asks: is it a question?",
                "%(count)d lines that are left out ask: are they questions?",
                asking,
            )
            reading.complain(left.lines.first, message % {"count": asking})
    questions = list(reading.questions)
    typical = median([len(question.answer) for question in questions] or [0])
    for question in questions:
        if doubt := doubt_about(question, typical):
            reading.complain(question.lines.first, doubt)


def doubt_about(question: FoundQuestion, typical: float) -> str:
    counted = counted_headings(f"{question.prompt}\n{question.answer}")
    if len(counted) >= FEW:
        message = ngettext(
            "it has %(count)d heading that counts, “%(first)s” to “%(last)s”: is it a question?",
            "it has %(count)d headings that count, “%(first)s” to “%(last)s”: are they questions?",
            len(counted),
        )
        return message % {"count": len(counted), "first": counted[0], "last": counted[-1]}
    asking = count_asking(question.answer)
    if asking >= MANY:
        message = ngettext(
            "%(count)d line of the answer asks: is it a question?",
            "%(count)d lines of the answer ask: are they questions?",
            asking,
        )
        return message % {"count": asking}
    if len(question.answer) > max(FAR_LONGER * typical, LONG_ANSWER):
        return gettext("the answer is far longer than most: does it hold other questions?")
    return ""


def count_asking(text: str) -> int:
    return sum(len(line) <= LONG and ends_asking(line) for line in prose(text))


def counted_headings(text: str) -> list[str]:
    """Headings such as “Scenario 3: …” that count from 1; of the word that counts furthest."""
    runs: dict[str, list[str]] = {}
    for line in prose(text):
        found = COUNTED.match(line)
        if found is None or OF_AN_ANSWER.fullmatch(found["word"]):
            continue
        run = runs.setdefault(found["word"].casefold(), [])
        if int(found["number"]) == len(run) + 1:
            run.append(f"{found['word']} {found['number']}")
    return max(runs.values(), key=len, default=[])


def prose(text: str) -> Iterator[str]:
    """The lines that are not in a block of code."""
    fence = ""
    for line in text.split("\n"):
        if fence:
            if line.strip().startswith(fence):
                fence = ""
        elif not (fence := opening(line)):
            yield line
