"""Ready for more machines: no page minds which server answers it."""

import re
from collections.abc import Iterator

import pytest

from config import demo
from tests.faults.world import WebServer, World, a_world
from tests.visitor import Visitor

SET = "k8s-services"
ANSWER = "It watches EndpointSlices and <writes> rules; the kernel does the rest."


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


@pytest.fixture(scope="module")
def ports(world: World) -> Iterator[list[int]]:
    """Of two servers that share nothing but the database."""
    with WebServer(world).running() as one, WebServer(world).running() as other:
        yield [one.port, other.port]


def log_in(visitor: Visitor, email: str) -> None:
    visitor.go("/accounts/login/")
    visitor.send(visitor.form("/login/"), login=email, password=demo.PASSWORD)
    assert "/login/" not in visitor.path


def test_the_whole_way_leads_over_both(world: World, ports: list[int]) -> None:
    candidate = Visitor(ports)
    candidate.go(f"/accounts/signup/?next=/interviews/new/%3Fset={SET}")
    candidate.send(candidate.form("/signup/"), email="ada@example.com", password1=demo.PASSWORD)
    candidate.send(candidate.form("/interviews/new/", "question_set"), mode="free", minutes="20")
    room = candidate.path
    assert re.fullmatch(r"/interviews/[0-9a-f-]{36}/answers/1/", room)

    # Each save is told of by the other server's page.
    for revision in (1, 2, 3):
        candidate.send(candidate.form("/save/", "text"), text=ANSWER + "!" * revision)
        assert f"revision {revision}" in candidate.page
    assert candidate.form("/save/", "text").fields["text"].strip() == f"{ANSWER}!!!"

    candidate.go(room.replace("answers/1/", "finish/"))
    candidate.send(candidate.form(having="ask_for_review"))
    assert candidate.path.endswith("/self-score/")
    score = candidate.form(having="radios")
    candidate.send(score, **dict.fromkeys(score.radios, "half"))
    assert candidate.path.endswith("/feedback/")
    feedback = candidate.path

    reviewer = Visitor(ports)
    log_in(reviewer, demo.REVIEWER)
    reviewer.go(f"/queue/?set={SET}")
    reviewer.send(reviewer.form(f"/queue/claim/?set={SET}"))
    review = reviewer.path.rstrip("/").split("/")[-1]
    while "/summary/" not in reviewer.path:
        grading = reviewer.form("/save/", "token")
        position = int(grading.action.split("/")[-3])
        after = str(position + 1) if f'name="go" value="{position + 1}"' in reviewer.page else ""
        marks = {name: values[0] for name, values in grading.radios.items()}
        reviewer.send(grading, **marks, comment="Say why.", go=after or "summary")
    levels = reviewer.form("/summary/", "token")
    chosen = {name: values[2] for name, values in levels.radios.items()}
    reviewer.send(levels, f"/reviews/{review}/publish/", **chosen, comment="A good start.")
    assert "Take back" in reviewer.page

    candidate.go(feedback)
    assert "A good start." not in candidate.page
    world.ask("pass_a_minute", review)
    for _server in ports:
        candidate.go(feedback)
        assert "A good start." in candidate.page
        assert "Say why." in candidate.page


def test_who_logs_out_on_one_is_out_on_the_other(ports: list[int]) -> None:
    visitor = Visitor(ports)
    log_in(visitor, demo.EDITOR)
    visitor.go("/accounts/logout/")
    stolen = dict(visitor.cookies)
    visitor.send(visitor.form("/logout/"))

    for port in ports:
        again = Visitor([port])
        again.cookies = stolen
        again.go("/profile/")
        assert again.path.startswith("/accounts/login/")
