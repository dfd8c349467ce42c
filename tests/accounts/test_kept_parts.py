"""`{% kept %}`: parts of pages that are rendered once, and never show what is somebody's."""

import pytest
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from accounts.templatetags import kept

COUNTED = "{% load kept i18n %}{% kept name=name %}{{ name }} {% translate 'Save' %}{% endkept %}"


def kept_in(template: Template) -> list[kept.KeptNode]:
    return [node for node in template.nodelist if isinstance(node, kept.KeptNode)]


class Counting:
    """A value whose looks are counted."""

    def __init__(self) -> None:
        self.looks = 0

    def __str__(self) -> str:
        self.looks += 1
        return "looked at"


def test_it_is_rendered_once_for_each_value_and_language() -> None:
    template = Template(COUNTED)
    [node] = kept_in(template)

    for _ in range(3):
        assert template.render(Context({"name": "one"})) == "one Save"
        assert template.render(Context({"name": "two"})) == "two Save"
        with translation.override("de"):
            assert template.render(Context({"name": "one"})) == "one Speichern"

    assert len(node.kept) == 3


def test_nothing_of_the_page_is_in_it_but_its_values() -> None:
    template = Template(
        "{% load kept %}{% kept here=here %}{{ here }}[{{ email }}{{ user }}{{ request.path }}"
        "{{ csrf_token }}]{% endkept %}{{ email }}"
    )
    request = RequestFactory().get("/secret/")
    context = RequestContext(request, {"here": "home", "email": "ada@example.com"})

    assert template.render(context) == "home[]ada@example.com"


def test_a_text_that_is_escaped_is_another_than_one_that_is_safe() -> None:
    template = Template("{% load kept %}{% kept text=text %}{{ text }}{% endkept %}")

    assert template.render(Context({"text": mark_safe("<b>")})) == "<b>"
    assert template.render(Context({"text": "<b>"})) == "&lt;b&gt;"
    assert template.render(Context({"text": mark_safe("<b>")})) == "<b>"


def test_yes_and_one_are_not_the_same() -> None:
    template = Template("{% load kept %}{% kept value=value %}{{ value }}{% endkept %}")

    assert [template.render(Context({"value": v})) for v in (1, True, 0, False, None)] == [
        *("1", "True", "0", "False", "None")
    ]


def test_what_is_no_plain_value_is_refused() -> None:
    template = Template("{% load kept %}{% kept value=value %}{{ value }}{% endkept %}")
    counting = Counting()

    with pytest.raises(TypeError, match="value"):
        template.render(Context({"value": counting}))
    assert counting.looks == 0


@pytest.mark.parametrize(
    "inside", ["{% csrf_token %}", "{% block title %}{% endblock %}", "{% if a %}{% csrf_token %}"]
)
def test_what_differs_on_each_page_can_not_be_in_it(inside: str) -> None:
    end = "{% endif %}" if "if" in inside else ""
    with pytest.raises(TemplateSyntaxError):
        Template(f"{{% load kept %}}{{% kept %}}{inside}{end}{{% endkept %}}")


def test_values_are_named() -> None:
    with pytest.raises(TemplateSyntaxError, match="name=value"):
        Template("{% load kept %}{% kept user.email %}{% endkept %}")


def test_what_is_kept_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 10)
    template = Template("{% load kept %}{% kept n=n %}{{ n }}{% endkept %}")
    [node] = kept_in(template)

    for number in range(100):
        assert template.render(Context({"n": number})) == str(number)
        assert len(node.kept) <= 10
