"""What `make bench` tells: figures that can fail, in parts that are explained."""

from pathlib import Path

from bench.__main__ import PARTS, Figure

DOCS = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def test_a_figure_passes_by_its_median() -> None:
    assert Figure("pages", 3, [2.0, 2.9, 9.0]).passes
    assert not Figure("pages", 3, [2.0, 3.1, 9.0]).passes
    assert Figure("saves", 0.45, [0.3, 0.45, 0.6], at_least=True).passes
    assert not Figure("saves", 0.45, [0.3, 0.44, 0.6], at_least=True).passes


def test_where_nothing_may_go_wrong_one_error_fails() -> None:
    assert Figure("errors", 0, [0]).passes
    assert not Figure("errors", 0, [1]).passes


def test_what_is_told_beside_the_goals_has_no_limit() -> None:
    beside = Figure("of pgbench", None, [0.2])
    assert beside.passes
    assert beside.kept()["limit"] == ""


def test_each_part_is_explained() -> None:
    text = DOCS.read_text()
    assert [name for name in PARTS if f"| `{name}` |" not in text] == []
