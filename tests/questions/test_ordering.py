"""Positions after rows were moved: 1 to n, and what was moved stands where its editor said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from questions.models import Question, QuestionSet
from tests.conftest import make_question


def order_after(question_set: QuestionSet, typed: dict[int, int]) -> list[int]:
    """The numbers at the end of the slugs, after `typed` positions by old position."""
    rows = list(question_set.questions.order_by("position"))
    was = {row.pk: row.position for row in rows}
    for row in rows:
        row.position = typed.get(row.position, row.position)
        row.save()
    question_set.renumber(was)
    rows = list(question_set.questions.order_by("position"))
    assert [row.position for row in rows] == list(range(1, len(rows) + 1))
    return [int(row.slug.rpartition("-")[2]) for row in rows]


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ({}, [1, 2, 3]),
        ({3: 1}, [3, 1, 2]),
        ({1: 3}, [2, 3, 1]),
        ({1: 2}, [2, 1, 3]),
        ({1: 3, 3: 1}, [3, 2, 1]),
        ({2: 99}, [1, 3, 2]),
        ({2: 0}, [2, 1, 3]),
        ({1: 7, 2: 7, 3: 7}, [1, 2, 3]),
    ],
)
def test_what_was_moved_stands_where_its_editor_said(
    question_set: QuestionSet, typed: dict[int, int], order: list[int]
) -> None:
    assert order_after(question_set, typed) == order


def test_retired_key_points_stand_last(question_set: QuestionSet) -> None:
    question = question_set.questions.get(position=1)
    question.key_points.filter(key="main").update(retired=True)

    question.renumber_key_points({})

    assert list(question.key_points.values_list("key", "position")) == [("side", 1), ("main", 2)]


class AnyNumbers(TestCase):
    def setUp(self) -> None:
        self.set = QuestionSet.objects.create(slug="s", title="S", license="CC-BY-4.0")
        for position in range(1, 6):
            make_question(self.set, position)

    @given(st.lists(st.integers(0, 32767), min_size=5, max_size=5))
    def test_whatever_is_typed_the_positions_are_1_to_n(self, typed: list[int]) -> None:
        order = order_after(self.set, dict(enumerate(typed, start=1)))
        assert sorted(order) == [1, 2, 3, 4, 5]
        assert Question.objects.count() == 5
