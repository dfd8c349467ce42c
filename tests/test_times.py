"""Every time that a page says is exact in `<time datetime>` too, in every branch of a template."""

import re

import pytest
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
EXACT = re.compile(r'<time\b[^>]*\bdatetime="[^"]+"[^>]*>.*?</time>', re.DOTALL)
PRINTED = re.compile(r"""{{[^}]*\|(?:date|time):(?!['"]c['"])[^}]*}}""")
TEXT = re.compile(r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate %}", re.DOTALL)
BOUND = re.compile(r'(\w+)=\S*\|(?:date|time):"(?!c"|Y-m-d")')


def times_alone(template: str) -> list[str]:
    """Those that are printed outside of such an element, by a variable or in a text."""
    rest = EXACT.sub("", template)
    found = PRINTED.findall(rest)
    for bound, text in TEXT.findall(rest):
        times = set(BOUND.findall(bound))
        found += [name for name in re.findall(r"{{ (\w+) }}", text) if name in times]
    return found


def test_no_template_says_a_time_without_its_datetime() -> None:
    found = {
        str(path.relative_to(TEMPLATES)): times_alone(path.read_text())
        for path in sorted(TEMPLATES.rglob("*.html"))
        if "mail" not in path.parts
    }
    assert {name: times for name, times in found.items() if times} == {}


EXACTLY = "<time datetime=\"{{ a.at|date:'c' }}\">"
PLAINLY = '{{ a.at|date:"H:i" }}'


def text(words: str, bound: str = 'day=a.at|date:"H:i" iso=a.at|date:"c"') -> str:
    return f"{{% blocktranslate with {bound} %}}{words}{{% endblocktranslate %}}"


@pytest.mark.parametrize(
    ("template", "found"),
    [
        (f"<p>{PLAINLY}</p>", [PLAINLY]),
        (f"{EXACTLY}{PLAINLY}</time>", []),
        (f"<time>{PLAINLY}</time>", [PLAINLY]),
        ("<input value=\"{{ a.at|date:'c' }}\">", []),
        (text("At {{ day }}."), ["day"]),
        (text('At <time datetime="{{ iso }}">{{ day }}</time>.'), []),
        (f"{EXACTLY}{text('until {{ day }}')}</time>", []),
        (text("Day {{ day }}.", "day=a.day"), []),
    ],
)
def test_a_time_alone_is_found(template: str, found: list[str]) -> None:
    assert times_alone(template) == found
