"""The same question twice: exactly, by its normalised text, or nearly, by its words."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from math import ceil

from django.utils.translation import gettext

from questions.importing.reading import FoundQuestion, Reading
from questions.importing.words import normalised

NEAR = 0.8
RARE_WORDS = 3


def key_of(prompt: str) -> str:
    """The same for two prompts that differ in capitals, marks and blanks only."""
    return normalised(prompt) or prompt.strip()


def name_duplicates(reading: Reading) -> None:
    """Say in the problems which questions stand in the file twice, or nearly."""
    seen: dict[str, FoundQuestion] = {}
    once: list[FoundQuestion] = []
    for question in reading.questions:
        first = seen.setdefault(key_of(question.prompt), question)
        if first is question:
            once.append(question)
            continue
        message = (
            gettext("the same question as in line %(line)d: written once")
            if first.answer == question.answer
            else gettext("the same question as in line %(line)d, with another answer: written once")
        )
        reading.complain(question.lines.first, message % {"line": first.lines.first})
    for question, other_question in near(once):
        message = gettext("nearly the question of line %(line)d: “%(prompt)s”")
        values = {"line": other_question.lines.first, "prompt": _short(other_question)}
        reading.complain(question.lines.first, message % values)


def near(questions: list[FoundQuestion]) -> list[tuple[FoundQuestion, FoundQuestion]]:
    """Pairs that share most of their words; looked for among those that share a rare one."""
    words = [frozenset(key_of(question.prompt).split()) for question in questions]
    counts: dict[str, int] = defaultdict(int)
    for one in words:
        for word in one:
            counts[word] += 1
    index: dict[str, list[int]] = defaultdict(list)
    found = []
    for number, one in enumerate(words):
        rare = sorted(one, key=lambda word: (counts[word], word))[:RARE_WORDS]
        candidates = {other for word in rare for other in index[word][-50:]}
        for other in sorted(candidates):
            union = len(one | words[other])
            if len(one) > 3 and len(one & words[other]) >= NEAR * union:
                found.append((questions[number], questions[other]))
                break
        for word in rare:
            index[word].append(number)
    return found


def near_in(
    library: Iterable[tuple[int, str]], questions: Sequence[FoundQuestion]
) -> dict[int, list[int]]:
    """Which of the library's prompts, told by their numbers, nearly are one of the questions.

    The keys are places in `questions`, with the nearest first. The library is read once, each row
    looked at by its rarest words: two prompts that share four words of five share one of these.
    """
    words = [frozenset(key_of(question.prompt).split()) for question in questions]
    counts = Counter(word for one in words for word in one)
    index: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(words):
        for word in _rarest(one, counts):
            index[word].append(place)
    found: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for number, prompt in library:
        one = frozenset(key_of(prompt).split())
        for place in {place for word in _rarest(one, counts) for place in index.get(word, ())}:
            share = len(one & words[place]) / len(one | words[place])
            if share >= NEAR and len(one) > 3:
                found[place].append((-share, number))
    return {place: [number for _, number in sorted(near)[:3]] for place, near in found.items()}


def _rarest(words: Collection[str], counts: Counter[str]) -> list[str]:
    """So many of the rarest words that whoever shares `NEAR` of all shares one of these."""
    most = len(words) - ceil(NEAR * len(words)) + 1
    return sorted(words, key=lambda word: (counts[word], word))[:most]


def _short(question: FoundQuestion) -> str:
    return question.prompt.split("\n", 1)[0][:80]
