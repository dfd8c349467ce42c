"""Addresses that are put together say what looking them up says."""

from uuid import UUID, uuid4

import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_script_prefix
from django.urls.converters import IntConverter, UUIDConverter

from accounts.paths import path_to
from interview import urls as interview_urls

KINDS = {UUIDConverter: UUID, IntConverter: int}


def addresses() -> list[tuple[str, list[type]]]:
    """Every name with the kinds of its arguments, where these are ids and numbers."""
    found = []
    for pattern in interview_urls.urlpatterns:
        kinds = [KINDS.get(type(one), str) for one in pattern.pattern.converters.values()]
        if kinds and str not in kinds:
            found.append((str(pattern.name), kinds))
    return found


@pytest.mark.parametrize(("name", "kinds"), addresses())
def test_they_are_those_that_django_says(name: str, kinds: list[type]) -> None:
    for number in (0, 1, 32_123, 99_999):
        arguments = [uuid4() if kind is UUID else number for kind in kinds]
        assert path_to(name, *arguments) == reverse(name, args=arguments)


def test_others_are_looked_up() -> None:
    assert path_to("home") == "/"
    assert path_to("set", "k8s-services") == "/sets/k8s-services/"
    with pytest.raises(NoReverseMatch):
        path_to("answer", "", 1)
    with pytest.raises(NoReverseMatch):
        path_to("no-such-page", uuid4())


def test_they_begin_with_the_prefix_of_the_site() -> None:
    key = uuid4()
    before = path_to("interview", key)
    set_script_prefix("/below/")
    try:
        assert path_to("interview", key) == f"/below{before}"
    finally:
        set_script_prefix("/")
    assert path_to("interview", key) == before


def test_a_template_says_them_too() -> None:
    key = uuid4()
    template = Template("{% load paths %}{% path_to 'answer' key 3 %}")

    assert template.render(Context({"key": key})) == f"/interviews/{key}/answers/3/"
