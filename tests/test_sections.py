"""The navigation marks where one is: the page itself, or the section that it belongs to."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests import test_access
from tests.test_access import World
from tests.test_pages_in_other_languages import html_pages

world = test_access.world

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]

PARTS = {
    "navigation": r'<nav class="site-nav".*?</nav>',
    "menu": r'<div class="menu".*?</div>',
    "way": r'<nav class="breadcrumbs".*?</nav>',
}
LINK = re.compile(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>')


def links_in(part: str, html: str) -> list[tuple[str, str]]:
    """Where its links lead, and as what each is marked."""
    found = re.search(PARTS[part], html, re.DOTALL)
    return LINK.findall(found[0]) if found else []


def marked(html: str) -> list[tuple[str, str]]:
    links = [*links_in("navigation", html), *links_in("menu", html)]
    return [(address, how) for address, how in links if how]


@pytest.mark.parametrize("role", ["owner", "holder", "superuser"])
def test_a_page_is_in_the_section_at_which_its_way_begins(
    world: World, client_of: ClientOf, role: str
) -> None:
    client = client_of(world.people[role])
    looked_at = 0
    for path, html in html_pages(client, world, role):
        links = [*links_in("navigation", html), *links_in("menu", html)]
        entries = [address for address, _how in links]
        if path in entries:
            assert marked(html) == [(path, "page")], path
        elif (way := links_in("way", html)) and way[0][0] in entries:
            assert marked(html) == [(way[0][0], "true")], path
            looked_at += 1
    assert looked_at >= 5


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/accounts/login/"])
def test_a_page_of_no_section_marks_none(client: Client, path: str) -> None:
    assert marked(client.get(path).content.decode()) == []


def test_the_start_of_an_interview_is_one_of_my_interviews(
    client_of: ClientOf, candidate: User, question_set: object
) -> None:
    client = client_of(candidate)
    for name in ("interview-new", "interview-new-mixed", "quick-start"):
        html = client.get(reverse(name)).content.decode()
        assert marked(html) == [(reverse("interview-list"), "true")], name
