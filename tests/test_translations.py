"""Every text is translated, and the files in locale/ are what the pages say."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po
from django.conf import settings

from config.management.commands.messages import (
    CALLS,
    catalog_path,
    compiled,
    extracted,
    is_done,
    spelled,
    texts_in,
    updated,
)

OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%\w*|%[sd]|\{\w*\}|</?\w+[^>]*>")
REMEDY = "run `make messages`, translate what it counts, and commit locale/"


def catalog_of(language: str) -> Catalog:
    with catalog_path(language).open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(params=OTHERS)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def texts_of(language: str) -> list[Any]:
    return [message for message in catalog_of(language) if message.id]


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> list[str]:
    return sorted(set(PLACEHOLDER.findall(text)))


def test_there_is_another_language() -> None:
    assert OTHERS == ["de"]


def test_the_catalog_has_every_text_of_the_pages_and_no_other(language: str) -> None:
    catalog = updated(language, extracted())
    assert spelled(catalog) == catalog_path(language).read_bytes(), REMEDY


def test_every_text_is_translated_and_looked_at(language: str) -> None:
    assert [message.id for message in texts_of(language) if not is_done(message)] == [], REMEDY


def test_what_is_compiled_is_what_is_written(language: str) -> None:
    written = compiled(catalog_of(language))
    assert written == catalog_path(language).with_suffix(".mo").read_bytes(), REMEDY


def test_plurals_have_every_form_of_the_language(language: str) -> None:
    catalog = catalog_of(language)
    counted = [message for message in texts_of(language) if isinstance(message.id, tuple)]
    assert counted
    assert {len(message.string) for message in counted} == {catalog.num_plurals}


def test_placeholders_and_tags_are_those_of_the_text(language: str) -> None:
    """A form for one thing may leave out the number, or name it, as it likes."""
    wrong = []
    for message in texts_of(language):
        expected = [placeholders(text) for text in forms(message.id)]
        *ones, many = [placeholders(text) for text in forms(message.string)]
        if many != expected[-1] or any(one not in expected for one in ones):
            wrong.append((message.id, message.string))
    assert wrong == []


def test_white_space_around_a_text_stays(language: str) -> None:
    wrong = [
        (text, string)
        for message in texts_of(language)
        for text, string in zip(forms(message.id), forms(message.string), strict=True)
        if [text != text.lstrip(), text != text.rstrip()]
        != [string != string.lstrip(), string != string.rstrip()]
    ]
    assert wrong == []


def test_no_text_shouts(language: str) -> None:
    texts = [text for message in texts_of(language) for text in forms(message.string)]
    assert [text for text in texts if "!" in text] == []


# What goes around gettext: pages are read in tests/test_pages_in_other_languages.py, and here every
# branch of every template.

NOT_TEXT = re.compile(
    r"{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}"
    r"|{% block \w*class %}.*?{% endblock[^%]*%}|{#.*?#}|{%.*?%}|{{.*?}}|&\w+;",
    re.DOTALL,
)
SAID = re.compile(r'\s(?:aria-label|title|placeholder|alt)="([^"]*)"')
# What we are called, and an operator of the search.
THE_SAME_EVERYWHERE = {"Dry Run", "Dry Run,", "· Dry Run", "or"}


def texts_around_gettext(template: str) -> list[str]:
    text = NOT_TEXT.sub("", template)
    found = [*SAID.findall(text), *re.split(r"<[^>]*>|\n", text)]
    words = {piece.strip() for piece in found if re.search(r"[^\W\d_]{2}", piece)}
    words = {
        piece for piece in words if '="' not in piece and piece[0] != "#"
    }  # Parts of tags, URLs.
    return sorted(words - THE_SAME_EVERYWHERE)


def test_no_template_says_anything_but_by_gettext() -> None:
    templates = settings.BASE_DIR / "templates"
    found = {
        str(path.relative_to(templates)): texts_around_gettext(path.read_text())
        for path in sorted(templates.rglob("*.*"))
        if path.name != "styleguide.html"
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Saved.</p>", ["Saved."]),
        ('{% if a %}<p>{% translate "Saved." %} Now {{ b }}</p>{% endif %}', ["Now"]),
        ('<button aria-label="Close">×</button>', ["Close"]),
        ("{% blocktranslate %}Saved.{% endblocktranslate %} {# Why #} 5 &times;", []),
        ("{% block page_class %}page--wide{% endblock %}", []),
    ],
)
def test_text_in_a_template_is_found(template: str, found: list[str]) -> None:
    assert texts_around_gettext(template) == found


# What the reader of files says about them.

READER = [
    *sorted(Path(settings.BASE_DIR, "questions/importing").glob("*.py")),
    *(
        Path(settings.BASE_DIR, "questions/library", f"{name}.py")
        for name in ("blocks", "front_matter", "parsing", "yaml")
    ),
]
SAY_NOTHING = {"report.py", "words.py"}
"""One is for a terminal, the other patterns."""
NO_SENTENCES = {
    *("Key points", "numbered heading", "our own format", "imported_from: …"),
    *("SELECT pg_advisory_xact_lock(%s)", "in the library already: …", "as in …"),
}
"""Parts of files, names that code compares, a query, and what a terminal says."""
TWO_WORDS = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")


def sentences_around_gettext(node: ast.AST) -> Iterator[str]:
    """Texts of two words or more that no gettext is given: no patterns, and no docstrings."""
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in CALLS:
            return
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
            return
        case ast.Expr(value=ast.Constant()):
            return
        case ast.Constant(value=str(text)) if TWO_WORDS.search(text):
            yield text
        case ast.JoinedStr(values=parts):
            text = "".join(
                str(one.value) if isinstance(one, ast.Constant) else "…" for one in parts
            )
            if re.search(r"[^\W\d_]{2,} ?", text.replace("…", "")) and " " in text:
                yield text
        case _:
            for child in ast.iter_child_nodes(node):
                yield from sentences_around_gettext(child)


def test_no_sentence_about_a_file_goes_around_gettext() -> None:
    found = {
        path.name: left
        for path in READER
        if path.name not in SAY_NOTHING
        and (left := {*sentences_around_gettext(ast.parse(path.read_text()))} - NO_SENTENCES)
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('reading.complain(1, "an item without text")', ["an item without text"]),
        ('message = f"the number {n} stands twice"', ["the number … stands twice"]),
        ('raise Refused(path, 1, f"{n} lines")', ["… lines"]),
        ('reading.complain(1, gettext("an item without text"))', []),
        ('ngettext("one line asks", "%(n)d lines ask", n) % {"n": n}', []),
        ('re.compile("table of contents")', []),
        ('"""What a file holds."""', []),
    ],
)
def test_a_sentence_around_gettext_is_found(source: str, found: list[str]) -> None:
    assert list(sentences_around_gettext(ast.parse(source))) == found


# What the extraction must find, in the words of small files.


@pytest.mark.parametrize(
    ("name", "source", "found"),
    [
        ("a.py", 'label = _("One")', {"One"}),
        ("a.py", 'label = gettext_lazy("One " "of two")', {"One of two"}),
        ("a.py", 'ngettext("One", "%(n)d", n)', {("One", "%(n)d")}),
        ("a.py", 'pgettext("verb", "Set")', {"Set"}),
        ("a.py", 'gettext(variable) + gettext("")', set()),
        ("a.html", '{% load i18n %}<p>{% translate "One" %}</p>', {"One"}),
        (
            "a.html",
            "{% blocktranslate with a=b %}One {{ a }} 5%{% endblocktranslate %}",
            {"One %(a)s 5%%"},
        ),
        (
            "a.html",
            "  <p>\n {% blocktranslate count n=n %}One{% plural %}{{ n }}{% endblocktranslate %}",
            {("One", "%(n)s")},
        ),
        (
            "a.html",
            "{% blocktranslate trimmed %}\n  One\n  two\n{% endblocktranslate %}",
            {"One two"},
        ),
    ],
)
def test_texts_are_found(name: str, source: str, found: set[Any]) -> None:
    assert {ids for _context, ids in texts_in(name, source)} == found
