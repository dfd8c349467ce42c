from collections.abc import Callable, Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.browser.budgets import turns
from tests.browser.budgets.lighthouse import Lighthouse
from tests.browser.budgets.looking import HEIGHT, Tools, Turn, Visitor
from tests.browser.budgets.node import NodeProgram, running
from tests.browser.budgets.serving import as_in_production
from tests.browser.budgets.tour import VisitorOf
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.conftest import answering, log_in
from tests.servers import wait_until


@pytest.fixture(scope="session")
def turn(tmp_path_factory: pytest.TempPathFactory) -> Turn:
    """Of all processes that share the tours: the folder above is theirs together."""
    return partial(turns.turn, tmp_path_factory.getbasetemp().parent / "turn")


@pytest.fixture(scope="session")
def validator(axe: str) -> Iterator[NodeProgram]:
    """html-validate, which is installed with axe-core."""
    with running("validate.mjs") as program:
        yield program


@pytest.fixture(scope="session")
def lighthouse(
    django_db_setup: None,
    browser_type_launch_args: object,  # Without a Chromium or its npm packages it is left out.
    axe: str,
) -> Iterator[Lighthouse]:
    with as_in_production() as address, running("lighthouse.mjs", *browser_command()) as program:
        yield Lighthouse(program, address)


def browser_command() -> list[str]:
    path = find_chromium()
    assert path
    return [path, *ARGUMENTS]


@pytest.fixture
def visitor_of(
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
    browser: Browser,
    axe: str,
    validator: NodeProgram,
    live_server: LiveServer,
    library: None,
    subtests: pytest.Subtests,
    turn: Turn,
) -> Iterator[VisitorOf]:
    contexts: list[BrowserContext] = []

    def ask_lighthouse() -> Lighthouse:
        """Started where it is wanted: a single tour does without."""
        found: Lighthouse = request.getfixturevalue("lighthouse")
        return found

    tools = Tools(axe, validator, ask_lighthouse, turn)

    def make(role: str, user: User | None = None) -> Visitor:
        context = browser.new_context(
            base_url=live_server.url,
            reduced_motion="reduce",  # No colour is judged on its way to another.
            viewport={"width": 1280, "height": HEIGHT},
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if user is not None:
            log_in(context, user, live_server.url)
        return Visitor(role, context, tools, subtests, record_property)

    yield make
    for context in contexts:
        context.close()
    wait_until(lambda: not answering(), "the last requests are answered")
