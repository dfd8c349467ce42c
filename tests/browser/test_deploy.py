"""A deploy in mid-session: pages that are open go on with the new server, and lose nothing."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faults.world import WebServer, World, a_world

pytestmark = pytest.mark.browser

HASH = re.compile(r"(?<=\.)[0-9a-f]{12}(?=\.)")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


def release(static: Path) -> None:
    """Static files as a new image has them: each under a new hashed name, the old ones gone."""
    for path in [path for path in static.rglob("*") if path.is_file()]:
        packed = path.suffix == ".gz"
        content = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        new = re.sub(rb"(?<=\.)[0-9a-f]{12}(?=\.)", lambda old: old[0][::-1], content)
        path.unlink()
        target = path.with_name(HASH.sub(lambda old: old[0][::-1], path.name))
        target.write_bytes(gzip.compress(new) if packed else new)


def open_page(context: BrowserContext, path: str, missed: list[str]) -> Page:
    page = context.new_page()
    page.on("response", lambda it: missed.append(it.url) if it.status == 404 else None)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page


def scripts_of(page: Page) -> set[str]:
    return set(
        page.evaluate(
            "performance.getEntriesByType('resource').map(({ name }) => name)"
            ".filter((name) => name.endsWith('.js'))"
        )
    )


def test_open_pages_go_on_with_the_next_release(world: World, browser: Browser) -> None:
    [sitting] = world.ask("make_cast", {"run": "deploy", "names": ["ada"]})
    server = WebServer(world)
    missed: list[str] = []
    address = f"http://127.0.0.1:{server.port}"
    context = browser.new_context(base_url=address)
    context.add_cookies([{"name": "sessionid", "value": sitting["session"], "url": address}])
    with server.running():
        room = open_page(context, f"/interviews/{sitting['interview']}/answers/1/", missed)
        search = open_page(context, "/search/", missed)
        profile = open_page(context, "/profile/", missed)
        room.bring_to_front()
        room.get_by_label("Your answer").press_sequentially("Before the deploy")
        expect(room.locator("#receipt")).to_contain_text("revision 1")
        before = scripts_of(room)
        assert len(before) > 10
    # Nobody answers for a while, and what is typed then is kept.
    room.get_by_label("Your answer").press_sequentially(", during it")
    expect(room.get_by_text("Your text is safe in this browser.").first).to_be_visible()

    release(Path(world.environment["DATA_DIR"]) / "static")
    with server.running():
        room.get_by_label("Your answer").press_sequentially(" and after it.")
        # What was typed during it may be saved before the rest.
        expect(room.locator("#receipt")).to_contain_text("8 words")
        expect(room.get_by_text("The server can’t be reached.")).to_have_count(0)
        written = "Before the deploy, during it and after it."
        assert answers(world, sitting) == {1: written}
        # Requests of htmx, and a form with the token of before.
        search.get_by_role("searchbox").press_sequentially("pod")
        expect(search.locator("#results h2").first).to_be_visible()
        profile.get_by_label("Name").fill("Ada")
        profile.get_by_role("button", name="Save").click()
        expect(profile.get_by_text("Your profile is saved.")).to_be_visible()
        assert missed == []
        # The next page is all of the new release.
        room.get_by_role("button", name="Next").click()
        expect(room.get_by_text("Question 2 of")).to_be_visible()
        room.get_by_label("Your answer").press_sequentially("And on.")
        expect(room.locator("#receipt")).to_contain_text("revision 1")
        assert not before & scripts_of(room)
        assert missed == []
    context.close()


def answers(world: World, sitting: dict[str, Any]) -> dict[int, str]:
    return {row["position"]: row["text"] for row in world.ask("read", [sitting["interview"]])}


def test_no_script_loads_another_one_later() -> None:
    """A page that is open has all of its scripts: the next release doesn't have them any more."""
    for script in (settings.BASE_DIR / "static" / "js").rglob("*.js"):
        code = re.sub(r"/\*.*?\*/", "", script.read_text(), flags=re.DOTALL)
        assert not re.search(r"\bimport\s*\(|createElement\(.script", code), script
