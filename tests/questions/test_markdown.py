"""Markdown becomes HTML that is safe, accessible and within the outline of its page."""

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.markdown import MAX_COLOURED, plain, render, render_line


def test_html_in_the_source_is_shown_as_text() -> None:
    html = render("Use `<port>` and <node-name>, <b>bold</b> <!-- a comment -->.")

    assert "<code>&lt;port&gt;</code>" in html
    assert "&lt;node-name&gt;" in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "&lt;!-- a comment --&gt;" in html


def test_the_usual_marks_become_elements() -> None:
    html = render("**a** *b* ~~c~~ `d`\n\n- e\n\n3. f\n\n> g\n\n---")

    for part in (
        *("<strong>a</strong>", "<em>b</em>", "<s>c</s>", "<code>d</code>", "<li>e</li>"),
        *('<ol start="3">', "<blockquote>", "<hr>"),
    ):
        assert part in html


@pytest.mark.parametrize(
    ("source", "levels"),
    [
        (["####", "#####", "####"], ["h3", "h4", "h3"]),
        (["#", "####", "##"], ["h3", "h4", "h4"]),
        (["###", "##", "###"], ["h3", "h3", "h4"]),
        (["#", "##", "###", "####", "#####"], ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_take_the_level_they_are_given_and_leave_no_gap(
    source: list[str], levels: list[str]
) -> None:
    html = render("\n\n".join(f"{marks} x" for marks in source), heading_level=3)

    assert [tag for tag, _ in elements(html) if tag.startswith("h")] == levels


def test_code_has_colours_and_can_be_reached_by_keyboard() -> None:
    html = render("```yaml\nkind: Pod # here\n```")

    assert html.startswith('<div class="code"><pre tabindex="0"><code class="language-yaml">')
    assert '<span class="nt">kind</span>' in html
    assert '<span class="c1"># here</span>' in html


@pytest.mark.parametrize("language", ["", "nonsense", "../../etc", '"><script>'])
def test_code_in_an_unknown_language_stays_as_it_is(language: str) -> None:
    html = render(f"```{language}\n<b> & **c**\n```")

    assert '<pre tabindex="0"><code>&lt;b&gt; &amp; **c**\n</code></pre>' in html


def test_code_of_the_length_of_a_book_is_not_coloured() -> None:
    html = render("```yaml\n" + "a: b\n" * MAX_COLOURED + "```")

    assert "<span" not in html


def test_a_table_scrolls_in_a_named_group() -> None:
    html = render("| Mode | `x` |\n| --- | --: |\n| a | 1 |")

    assert (
        '<div class="table-scroll" tabindex="0" role="group" aria-label="Table: Mode, x">' in html
    )
    assert '<th class="number" scope="col"><code>x</code></th>' in html
    assert '<td class="number">1</td>' in html
    assert "style" not in html


def test_an_empty_corner_of_a_table_is_no_heading() -> None:
    html = render("| | b |\n| --- | --- |\n| c | d |")

    assert "<td></td>" in html
    assert html.count("<th") == html.count('<th scope="col">b</th>') + html.count("<thead")


def test_links_elsewhere_recommend_nothing_and_links_here_stay_plain() -> None:
    html = render(
        "[a](https://example.com/?a=1&b=2) [b](/sets/) [c](//example.com) <d@example.com>"
    )

    assert '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener">a</a>' in html
    assert '<a href="/sets/">b</a>' in html
    assert '<a href="//example.com" rel="nofollow noopener">c</a>' in html
    assert 'href="mailto:d@example.com"' in html


def test_a_link_to_a_file_of_the_library_leads_to_its_page() -> None:
    html = render(
        "[a](../sets/one.md) [b](../sets/one.md#two) [c](../notes/n.md) [d](../stories/s.md)"
    )

    assert [attributes["href"] for tag, attributes in elements(html) if tag == "a"] == [
        *("/sets/one/", "/sets/one/two/", "/notes/n/", "/stories/s/")
    ]


def test_a_remote_picture_becomes_a_link() -> None:
    html = render("![a plan](https://example.com/plan.png) [![b](http://example.com)](/sets/)")

    assert '<a href="https://example.com/plan.png" rel="nofollow noopener">a plan</a>' in html
    assert '<a href="/sets/">b</a>' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    "address",
    [
        *("/etc/x.png", "../../x.png", "a/../../../x.png", "data:image/png;base64,AA", "//e.com/x"),
        *("%2e%2e/%2e%2e/x.png", "..", "a%00.png", "a%5cb.png", "javascript:alert(1)", "a" * 250),
    ],
)
def test_a_picture_from_outside_the_bundle_is_its_words(address: str) -> None:
    assert "<img" not in render(f"![a plan]({address})")
    assert "a plan" in render(f"![a plan]({address})")


@pytest.mark.parametrize(
    ("folder", "address", "url"),
    [
        ("sets", "plan.png", "/pictures/sets/plan.png"),
        ("notes", "../img/plan.png", "/pictures/img/plan.png"),
        ("stories", "<../img/a plan.png>", "/pictures/img/a%20plan.png"),
    ],
)
def test_a_picture_of_the_bundle_is_shown_from_where_its_file_lies(
    folder: str, address: str, url: str
) -> None:
    html = render(f'![a "plan"]({address})', folder=folder)

    assert f'<img src="{url}" alt="a &quot;plan&quot;" loading="lazy">' in html


def test_a_line_is_rendered_without_blocks_or_links() -> None:
    assert (
        render_line("# What does `a < b` [mean](https://example.com) in <port>?\n*Why*")
        == "# What does <code>a &lt; b</code> mean in &lt;port&gt;? <em>Why</em>"
    )


def test_plain_text_keeps_the_words_only() -> None:
    source = "# A *b*c\n\n- d `<e>`\n- [f](https://g)\n\n| h |\n|---|\n| i |\n\n```sh\nj\n```"

    assert plain(source) == "A bc d <e> f h i j"


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt&colon;alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](vbscript:x) [b](data:text/html,<script>alert(1)</script>) [c](file:///etc/passwd)",
    "<javascript:alert(1)>",
    '[a](https://e.com "onmouseover=alert(1) x=\\"")',
    '![a"onerror="alert(1)](https://e.com/x.png)',
    "![a](javascript:alert(1))",
    "[a]: javascript:alert(1)\n\n[a]",
    '```"onmouseover="alert(1)\nx\n```',
    '| a"><script>alert(1)</script> |\n| --- |\n| b |',
    "</code></pre><script>alert(1)</script>",
    "```yaml\n</code></pre><script>alert(1)</script>\n```",
    "[a](http://[x)",
]


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []

    class Collector(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.append((tag, {name: value or "" for name, value in attrs}))

    Collector().feed(html)
    return found


def assert_harmless(html: str) -> None:
    for tag, attributes in elements(html):
        assert tag not in {"script", "style", "iframe", "svg", "object", "form", "input", "base"}
        for name, value in attributes.items():
            assert not name.startswith("on")
            assert name != "style"
            if name in {"href", "src"} and ":" in value.split("/")[0]:
                assert value.split(":")[0] in {"http", "https", "mailto"}


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text_becomes_harmless(source: str) -> None:
    for html in (render(source), render(source, folder="notes"), render_line(source)):
        assert_harmless(html)
    plain(source)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.one_of(
            st.sampled_from([*HOSTILE, "[", "](", ")", "`", "<", ">", "\n", "\n\n", "    ", "&"]),
            st.sampled_from(["javascript:", "onclick=", '"', "'", "| ", "---", "> ", "# ", "\x00"]),
            st.text(max_size=5),
        ),
        max_size=12,
    )
)
def test_no_text_becomes_a_script(parts: list[str]) -> None:
    source = "".join(parts)

    assert_harmless(render(source))
    assert_harmless(render(source, heading_level=4, folder="notes"))
    assert_harmless(render_line(source))
    plain(source)


@pytest.mark.parametrize("unit", ["[", "![", "*a", "`", "> ", "- ", "| a ", "<", "&", "\\[", "~~a"])
def test_twenty_thousand_hostile_characters_are_answered_in_seconds(unit: str) -> None:
    source = (unit * 20_000)[:20_000]

    # Of the processor's time: other work on the machine makes nothing hang.
    start = time.process_time()
    render(source)
    assert time.process_time() - start < 3
