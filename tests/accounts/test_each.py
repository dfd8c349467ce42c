"""`{% each %}`: what `{% for %}` would show, in less time."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

ROW = (
    "<li{% if row.is_new %} class='{{ kind }}'{% endif %}>{{ title }}: {{ row.name }}"
    ", {{ row.name|upper }} {{ row.of.size }} {% translate 'Save' %} {{ row.html }}"
    " {{ row.told }} {% translate 'Note' as word %}{{ word }} {{ row }} {{ 'text' }}{{ none }}"
    "{% csrf_token %}</li>"
)


@dataclass
class Size:
    size: float | None


@dataclass
class Row:
    name: str
    html: SafeString
    of: Size
    is_new: bool = False
    told: object = gettext_lazy("Save")
    code: str = "de"


ROWS = [
    Row("<b>", mark_safe("<i>safe</i>"), Size(1_234_567.5), is_new=True),
    Row("it’s & so on", mark_safe(""), Size(None), told=SimpleLazyObject(lambda: "<lazy>")),
]


PAGE = {"rows": ROWS, "title": "<T>", "kind": "new", "csrf_token": "a-token"}


def rendered(loop: str, end: str, **more: object) -> str:
    template = Template(
        "{% load each i18n %}" + f"{{% {loop} row in rows %}}{ROW}{{% {end} %}}[{{{{ row }}}}]"
    )
    return template.render(Context({**PAGE, **more}))


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_shows_what_a_for_loop_shows(language: str) -> None:
    with translation.override(language):
        assert rendered("each", "endeach") == rendered("for", "endfor")
        assert rendered("each", "endeach", rows=iter(ROWS)) == rendered("for", "endfor")
        assert rendered("each", "endeach", rows=[]) == rendered("for", "endfor", rows=[])


def test_text_is_escaped_unless_it_is_safe() -> None:
    html = rendered("each", "endeach")

    assert "&lt;T&gt;: &lt;b&gt;, &lt;B&gt;" in html
    assert "<i>safe</i>" in html
    assert html.count('value="a-token"') == len(ROWS)
    assert "&lt;lazy&gt;" in html


IFS = [
    "{% if row.is_new %}new{% endif %}",
    "{% if row.of.size %}{{ row.of.size }} {{ title }}{% else %}none of {{ row.name }}{% endif %}",
    "{% if row.is_new %}{% if row.of.size %}both{% else %}one{% endif %}{% endif %}",
    "{% if row.is_new %}new{% elif row.name %}{{ row.name }}{% else %}old{% endif %}",
    "{% if row.is_new or title %}either{% endif %}{% if not row.is_new %}old{% endif %}",
    "{% if row.name|length > 3 %}long{% endif %}{% if title %}{{ title }}{% endif %}",
    "{% if row.is_new %}{% firstof row.name as title %}{{ title }}{% endif %}{{ title }}",
]


@pytest.mark.parametrize("row", IFS)
def test_it_chooses_as_a_for_loop_does(row: str) -> None:
    each, usual = (
        Template(f"{{% load each %}}{{% {name} row in rows %}}{row}, {{% end{name} %}}")
        for name in ("each", "for")
    )
    context = {"rows": ROWS, "title": "<T>"}

    assert each.render(Context(context)) == usual.render(Context(context)) != ", , "


@pytest.mark.parametrize("localize", ["on", "off"])
def test_numbers_are_shown_as_the_page_says(localize: str) -> None:
    each, usual = (
        Template(
            f"{{% load each l10n %}}{{% localize {localize} %}}{{% {name} row in rows %}}"
            f"{{{{ row.size }}}} {{% end{name} %}}{{% endlocalize %}}"
        )
        for name in ("each", "for")
    )
    context = {"rows": [Size(1_234_567), Size(1234.5), Size(True)]}

    with translation.override("de"), override_settings(USE_THOUSAND_SEPARATOR=True):
        shown = each.render(Context(context))
        assert shown == usual.render(Context(context))
    assert shown.startswith({"on": "1.234.567 1.234,5", "off": "1234567 1234.5"}[localize])


@pytest.mark.parametrize(
    ("tag", "first"),
    [
        ("firstof row.of.size 'none'", "1234567.5"),
        ("get_language_info for row.code", "{'"),
        ("static row.code", "/static/de"),
    ],
)
def test_what_a_tag_in_the_loop_names_is_of_the_row(tag: str, first: str) -> None:
    loop = f"row in rows %}}{{% {tag} as title %}}{{{{ title|safe }}}} {{{{ title }}}} {{%"
    each, usual = (
        Template(f"{{% load each i18n static %}}{{% {name} {loop} end{name} %}}")
        for name in ("each", "for")
    )
    context = {"rows": ROWS, "title": "of the page"}

    shown = each.render(Context(context))
    assert shown == usual.render(Context(context))
    assert shown.startswith(first)


def test_what_is_nothing_has_no_rows_and_what_is_not_escaped_is_not() -> None:
    assert rendered("each", "endeach", rows=None) == rendered("for", "endfor", rows=None)
    template = Template(
        "{% load each %}{% autoescape off %}{% each row in rows %}{{ row.name }}{% endeach %}"
        "{% endautoescape %}"
    )
    assert template.render(Context({"rows": ROWS})) == "<b>it’s & so on"


def test_the_name_of_a_row_ends_with_the_loop() -> None:
    assert rendered("each", "endeach", row="before").endswith("[before]")


@pytest.mark.parametrize("asked", ["{{ row.nothing }}", "{% if row.nothing %}there{% endif %}"])
def test_an_attribute_that_is_not_there_is_a_mistake(asked: str) -> None:
    template = Template(f"{{% load each %}}{{% each row in rows %}}{asked}{{% endeach %}}")

    with pytest.raises(AttributeError, match="nothing"):
        template.render(Context({"rows": ROWS}))


def test_a_method_that_is_asked_for_is_a_mistake() -> None:
    asked = "{% if row.name.upper %}so{% endif %}"
    template = Template(f"{{% load each %}}{{% each row in rows %}}{asked}{{% endeach %}}")

    with pytest.raises(TypeError, match="upper"):
        template.render(Context({"rows": ROWS}))


def test_what_is_of_the_page_is_read_once() -> None:
    def titles() -> Iterator[str]:
        yield "the first"
        yield "the second"

    template = Template("{% load each %}{% each row in rows %}{{ title }}, {% endeach %}")
    context = Context({"rows": ROWS, "title": titles().__next__})

    assert template.render(context) == "the first, the first, "


@pytest.mark.parametrize("words", ["each", "each row", "each row of rows", "each a, b in rows"])
def test_it_is_written_in_one_way(words: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="each row in rows"):
        Template(f"{{% load each %}}{{% {words} %}}{{% endeach %}}")
