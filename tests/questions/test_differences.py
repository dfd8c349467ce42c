"""What changed between two texts: readable, complete, and never expensive."""

import random
import time

import pytest

from questions.differences import Kind, Passage, differences

SAME, REMOVED, ADDED = Kind.SAME, Kind.REMOVED, Kind.ADDED


def words_of(passages: list[Passage], *kinds: Kind) -> list[str]:
    return " ".join(p.text for p in passages if p.kind in kinds).split()


def test_a_changed_word_is_told_and_nothing_else() -> None:
    assert differences(
        "The probe kills it. Then it waits.", "The probe restarts it. Then it waits."
    ) == [
        Passage(SAME, "The probe "),
        Passage(REMOVED, "kills"),
        Passage(SAME, " "),
        Passage(ADDED, "restarts"),
        Passage(SAME, " "),
        Passage(SAME, "it. "),
        Passage(SAME, "Then it waits."),
    ]


def test_what_came_in_the_place_of_the_end_of_a_paragraph_stays_on_its_line() -> None:
    assert differences("It kills it.\n\n  kubectl", "It restarts.\n\n  kubectl") == [
        Passage(SAME, "It "),
        Passage(REMOVED, "kills it."),
        Passage(SAME, " "),
        Passage(ADDED, "restarts."),
        Passage(SAME, "\n\n  "),
        Passage(SAME, "kubectl"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("", "new words", [Passage(ADDED, "new words")]),
        ("old words", "", [Passage(REMOVED, "old words")]),
        ("as it was", "as it was", [Passage(SAME, "as it was")]),
        ("one\n\ntwo", "one two", [Passage(SAME, "one two")]),
        ("  indented", "indented", [Passage(SAME, "indented")]),
    ],
)
def test_the_small_cases(old: str, new: str, expected: list[Passage]) -> None:
    found = differences(old, new)
    assert [(p.kind, p.text.strip()) for p in found if p.text.strip()] == [
        (p.kind, p.text.strip()) for p in expected
    ]


def test_both_texts_can_be_read_out_of_it() -> None:
    chance = random.Random(4)
    words = ["probe", "Pod", "node", "restarts", "it.", "then\n", "3.14", "10.0.0.1", "…", "-"]
    for _ in range(200):
        old = " ".join(chance.choices(words, k=chance.randrange(60)))
        new = " ".join(chance.choices(words, k=chance.randrange(60)))
        passages = differences(old, new)
        assert words_of(passages, SAME, REMOVED) == old.split()
        assert words_of(passages, SAME, ADDED) == new.split()


def test_two_words_far_apart_are_found_in_a_long_text() -> None:
    words = [f"word-{n}{'.' * (n % 12 == 0)}" for n in range(2000)]
    changed = words.copy()
    changed[3], changed[1990] = "first", "second"
    passages = differences(" ".join(words), " ".join(changed))
    assert words_of(passages, REMOVED) == ["word-3", "word-1990"]
    assert words_of(passages, ADDED) == ["first", "second"]


def interleaved(count: int) -> tuple[str, str]:
    """Between each two words of the one a new word: cubic for difflib, minutes when unbounded."""
    words = [str(n % 100) for n in range(count)]
    return " ".join(words), " ".join(f"{word} ~" for word in words)


def shuffled(unit: str) -> tuple[str, str]:
    words = [f"{n % 150}{unit}" for n in range(20_000 // (3 + len(unit)))]
    chance = random.Random(4)
    return "".join(words), "".join(chance.sample(words, len(words)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        interleaved(5000),
        interleaved(700),
        shuffled(" "),
        shuffled(". "),
        shuffled("\n"),
        (" " * 20_000, "\n" * 20_000),
        ("a " * 10_000, "b " * 10_000),
        ("a. " * 6_000, "a\n" * 10_000),
    ],
)
def test_no_two_texts_are_expensive(old: str, new: str) -> None:
    began = time.process_time()
    passages = differences(old, new)
    assert time.process_time() - began < 3
    assert words_of(passages, SAME, REMOVED) == old.split()
    assert words_of(passages, SAME, ADDED) == new.split()
