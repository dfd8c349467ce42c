"""Each page on which a time of day stands says in which zone it is, once."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from tests import test_access
from tests.test_access import World
from tests.test_pages_in_other_languages import html_pages

world = test_access.world

pytestmark = pytest.mark.django_db

TIME = re.compile(r"<time[^>]*>[^<]*</time>")
OF_DAY = re.compile(r"\d:\d\d|[ap]\.m\.|noon|midnight")
SHOWN = re.compile(r'title="([^"]*)"|>([^<]*)<')
BESIDE = re.compile(r"\bCES?T\b")


def said(time: str) -> str:
    """What can be read of it, also on hover; its `datetime` is for programs."""
    return " ".join(" ".join(found) for found in SHOWN.findall(time))


@pytest.mark.parametrize("role", ["stranger", "owner", "holder"])
def test_where_a_time_of_day_is_shown_its_zone_is_named_once(
    world: World, client_of: Callable[[User], Client], role: str
) -> None:
    client = Client() if role == "stranger" else client_of(world.people[role])
    client.cookies.load({"time_zone": "Europe/Berlin"})
    shown = 0
    for path, html in html_pages(client, world, role):
        times = [said(time) for time in TIME.findall(html)]
        of_day = [time for time in times if OF_DAY.search(time)]
        at_the_foot = html.count("Time zone: Europe/Berlin")
        beside = sum(bool(BESIDE.search(time)) for time in of_day)
        if of_day:
            assert at_the_foot + beside == 1, f"{path}: {of_day}"
        shown += len(of_day)
    assert shown >= {"stranger": 0, "owner": 5, "holder": 1}[role]
