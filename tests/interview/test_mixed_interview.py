"""What a mixed interview asks: what may come, what comes first, and that it is chance."""

from collections import Counter
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from interview import mixing
from interview.mixing import Mix, TooFew
from interview.models import Interview
from questions.models import Question, QuestionSet, Status, Topic
from tests.conftest import move_back

WEEK_AND_A_BIT = "7 days 1 minute"


def make_set(slug: str, size: int, *topics: str, **fields: object) -> QuestionSet:
    """A published set on these topics."""
    made = QuestionSet.objects.create(
        slug=slug, title=slug.capitalize(), license="CC0-1.0", status=Status.PUBLISHED
    )
    made.topics.set(topic(name) for name in topics)
    Question.objects.bulk_create(
        Question(
            question_set=made,
            slug=f"question-{position}",
            position=position,
            prompt=f"What is {slug} {position} about?",
            minutes=4,
            **fields,
        )
        for position in range(1, size + 1)
    )
    return made


def topic(name: str) -> Topic:
    return Topic.objects.get_or_create(slug=name, defaults={"title": name.capitalize()})[0]


def ask(candidate: User, questions: list[Question], ago: str = "1 hour") -> Interview:
    """An ended interview that asked them that long ago."""
    interview = Interview.objects.start(
        candidate=candidate, title="Before", questions=questions, minutes=12, mode="free"
    )
    interview.finish()
    move_back(interview, ago)
    return interview


def drawn(mix: Mix, candidate: User, times: int) -> Counter[Question]:
    """How often each question was chosen; the same in each run."""
    chance = Random(7)
    return Counter(question for _ in range(times) for question in mix.choose(candidate, chance))


# What may come.


def test_it_asks_as_many_as_wanted_and_none_twice(candidate: User) -> None:
    make_set("storage", 20)
    questions = Mix(number=15).choose(candidate)
    assert len(set(questions)) == 15


def test_only_published_questions_of_published_sets_are_asked(candidate: User) -> None:
    make_set("storage", 3)
    make_set("drafts", 9).questions.update(status=Status.DRAFT)
    make_set("old", 9).questions.update(status=Status.RETIRED)
    for status in (Status.DRAFT, Status.RETIRED):
        QuestionSet.objects.filter(pk=make_set(status.value, 9).pk).update(status=status)
    assert {question.question_set.slug for question in Mix(number=3).choose(candidate)} == {
        "storage"
    }
    with pytest.raises(TooFew) as refusal:
        Mix(number=4).choose(candidate)
    assert refusal.value.found == 3


def test_a_topic_is_the_question_s_own_or_its_set_s(candidate: User) -> None:
    of_set = make_set("storage", 2, "storage")
    own = make_set("others", 5).questions.get(position=2)
    own.topics.add(topic("storage"))
    mix = Mix(topics=[topic("storage")], number=3)
    assert set(mix.choose(candidate)) == {*of_set.questions.all(), own}


def test_a_question_on_two_of_the_topics_counts_once(candidate: User) -> None:
    both = make_set("storage", 3, "storage", "linux")
    both.questions.get(position=1).topics.add(topic("linux"))
    mix = Mix(topics=[topic("storage"), topic("linux")], number=3)
    assert mix.size(candidate).count == 3
    assert len(mix.choose(candidate)) == 3


def test_a_difficulty_leaves_out_the_others(candidate: User) -> None:
    for difficulty in (1, 2, 3):
        make_set(f"level-{difficulty}", 4, difficulty=difficulty)
    mix = Mix(difficulties=[1, 3], number=8)
    assert Counter(question.difficulty for question in mix.choose(candidate)) == {1: 4, 3: 4}


def test_the_easier_come_first(candidate: User) -> None:
    for difficulty in (3, 1, 2):
        make_set(f"level-{difficulty}", 2, difficulty=difficulty)
    difficulties = [question.difficulty for question in Mix(number=6).choose(candidate)]
    assert difficulties == [1, 1, 2, 2, 3, 3]


# What was asked before.


def test_nothing_of_the_last_seven_days_comes_again(candidate: User) -> None:
    questions = list(make_set("storage", 8).questions.all())
    ask(candidate, questions[:3], "6 days 23 hours")
    ask(candidate, questions[3:5], WEEK_AND_A_BIT)
    assert set(Mix(number=5).choose(candidate)) == set(questions[3:])
    with pytest.raises(TooFew) as refusal:
        Mix(number=6).choose(candidate)
    assert refusal.value.found == 5
    assert len(Mix(number=8, not_last_week=False).choose(candidate)) == 8


def test_what_somebody_else_was_asked_does_not_matter(
    candidate: User, other_candidate: User
) -> None:
    questions = list(make_set("storage", 3).questions.all())
    ask(other_candidate, questions)
    assert set(Mix(number=3).choose(candidate)) == set(questions)


def test_a_question_that_changed_since_is_still_last_week_s(candidate: User) -> None:
    questions = list(make_set("storage", 4).questions.all())
    ask(candidate, questions[:1])
    Question.objects.filter(pk=questions[0].pk).update(prompt="Reworded?")
    questions[0].record_version()
    assert set(Mix(number=3).choose(candidate)) == set(questions[1:])


def test_what_was_never_asked_comes_first_then_what_was_asked_longest_ago(candidate: User) -> None:
    questions = list(make_set("storage", 9).questions.all())
    ask(candidate, questions[:3], "30 days")
    ask(candidate, questions[3:6], "20 days")
    ask(candidate, questions[1:2], "10 days")
    for _ in range(10):
        assert set(Mix(number=3).choose(candidate)) == set(questions[6:])
        assert set(Mix(number=5).choose(candidate)) == {*questions[6:], questions[0], questions[2]}
        eight = set(Mix(number=8).choose(candidate))
        assert eight == set(questions) - {questions[1]}


# Chance, and turns.


def test_each_question_has_the_same_chance(candidate: User) -> None:
    for slug in ("dns", "linux", "nodes", "storage"):
        make_set(slug, 5)
    counts = drawn(Mix(number=5), candidate, 200)
    # 50 each on average; with other seeds one of them leaves this range in one run of a thousand.
    assert len(counts) == 20
    assert all(25 <= count <= 75 for count in counts.values()), counts


def test_each_set_gets_its_turn(candidate: User) -> None:
    for slug, size in (("dns", 2), ("linux", 30), ("storage", 30)):
        make_set(slug, size)
    for _ in range(20):
        sets = Counter(question.question_set_id for question in Mix(number=6).choose(candidate))
        assert sorted(sets.values()) == [2, 2, 2]


def test_each_topic_gets_its_turn(candidate: User) -> None:
    for slug in ("a", "b", "c", "d"):
        make_set(slug, 8, "networking")
    make_set("e", 1, "storage").questions.create(slug="own", prompt="Own?", position=9)
    mix = Mix(topics=[topic("networking"), topic("storage")], number=4)
    for _ in range(20):
        sets = Counter(question.question_set.slug for question in mix.choose(candidate))
        assert sets["e"] == 2, sets


def test_in_a_large_library_any_part_can_come(
    candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more match than are looked at, these begin at a random place and go round."""
    monkeypatch.setattr(mixing, "MOST_CHOSEN_AMONG", 10)
    make_set("large", 60)
    counts = drawn(Mix(number=3), candidate, 200)
    assert len(counts) == 60
    assert max(counts.values()) < 40  # 10 on average


def test_what_was_never_asked_comes_first_in_a_large_library_too(
    candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixing, "MOST_CHOSEN_AMONG", 10)
    questions = list(make_set("large", 60).questions.all())
    ask(candidate, questions[3:], WEEK_AND_A_BIT)
    assert set(Mix(number=3).choose(candidate)) == set(questions[:3])


def test_choosing_costs_the_same_for_five_questions_as_for_five_hundred(candidate: User) -> None:
    make_set("small", 5, "networking")
    mix = Mix(topics=[topic("networking")], number=5)
    with CaptureQueriesContext(connection) as few:
        mix.choose(candidate)
    ask(candidate, list(Question.objects.all())[:2], WEEK_AND_A_BIT)
    with CaptureQueriesContext(connection) as asked_before:
        mix.choose(candidate)
    make_set("large", 495, "networking")
    with CaptureQueriesContext(connection) as many:
        mix.choose(candidate)
    assert len(few) == len(many) == 1
    assert len(asked_before) == 3


# What is within reach.


def test_a_mix_within_reach_stays_as_it_is(candidate: User) -> None:
    questions = list(make_set("storage", 10).questions.all())
    ask(candidate, questions[:5])
    assert Mix(number=5).within_reach(candidate) == Mix(number=5)


def test_last_week_s_come_before_fewer(candidate: User) -> None:
    questions = list(make_set("storage", 10).questions.all())
    ask(candidate, questions[:6])
    mix = Mix(number=5).within_reach(candidate)
    assert mix == Mix(number=5, not_last_week=False)
    assert set(questions[6:]) < set(mix.choose(candidate))


def test_fewer_are_asked_where_there_are_no_more(candidate: User) -> None:
    make_set("storage", 2)
    assert Mix(number=5).within_reach(candidate) == Mix(number=2, not_last_week=False)
    Question.objects.all().delete()
    assert Mix(number=5).within_reach(candidate).number == 0


# Its name.


def test_the_title_names_three_topics_at_most() -> None:
    topics = [Topic(title=title) for title in ("Networking", "Storage", "DNS", "Linux", "AWS")]
    assert Mix().title == "Mixed questions"
    assert Mix(topics=topics[:2]).title == "Mixed: Networking, Storage"
    assert Mix(topics=topics[:4]).title == "Mixed: Networking, Storage, DNS and one more"
    assert Mix(topics=topics).title == "Mixed: Networking, Storage, DNS and 2 more"


def test_the_longest_title_fits() -> None:
    topics = [Topic(title="w" * 100) for _ in range(1000)]
    assert len(Mix(topics=topics).title) <= 200
