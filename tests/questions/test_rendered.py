"""What is rendered once is kept: by its digest, and within bounds."""

import tracemalloc

from questions import markdown
from questions.rendered import Rendered


class Maker:
    def __init__(self, html: str = "<p>made</p>") -> None:
        self.html, self.times = html, 0

    def __call__(self) -> str:
        self.times += 1
        return self.html


def test_the_same_text_is_rendered_once() -> None:
    rendered, make = Rendered(10_000), Maker()

    assert [rendered.of("text", 2, make=make) for _ in range(3)] == ["<p>made</p>"] * 3
    assert make.times == 1


def test_whatever_differs_is_rendered_anew() -> None:
    rendered, make = Rendered(10_000), Maker()
    for made_from in [
        ("text", 2),
        ("text", 3),
        ("text ", 2),
        ("te", "xt2"),
        ("text\n2",),
        ("te\nxt", 2),
    ]:
        rendered.of(*made_from, make=make)

    assert make.times == 6


def test_half_of_a_character_can_be_kept_too() -> None:
    assert Rendered(10_000).of("\ud800", make=Maker("x")) == "x"


def test_what_was_asked_for_longest_ago_makes_room() -> None:
    rendered, make = Rendered(10_000), Maker("x" * 1_000)
    for number in range(8):
        rendered.of(number, make=make)
    rendered.of(0, make=make)
    assert make.times == 8

    rendered.of("one more", make=make)
    rendered.of(0, make=make)
    assert make.times == 9
    rendered.of(1, make=make)
    assert make.times == 10


def test_memory_stays_within_its_bounds_whatever_is_rendered() -> None:
    rendered = Rendered(1_000_000)
    tracemalloc.start()
    try:
        for number in range(20_000):
            rendered.of(number, make=lambda n=number: f"{n} is é or 本" * (n % 90))  # type: ignore[misc]
        used, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert rendered.bytes <= 1_000_000
    assert used <= 1_300_000


def test_one_huge_text_leaves_the_others() -> None:
    rendered, make, huge = Rendered(10_000), Maker(), Maker("x" * 9_000)
    rendered.of("text", make=make)
    assert rendered.of("huge", make=huge) == huge.html

    rendered.of("text", make=make)
    assert make.times == 1


def test_pages_show_what_a_text_says_now() -> None:
    assert "<em>one</em>" in markdown.render("*one*")
    assert "<em>two</em>" in markdown.render("*two*")
    assert markdown.render("# A", heading_level=3) == "<h3>A</h3>\n"
    assert markdown.render("# A", heading_level=2) == "<h2>A</h2>\n"
