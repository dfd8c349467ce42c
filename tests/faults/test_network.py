"""The bad network does to requests what it says, and the same again for the same seed."""

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.faults.network import Fate, Network
from tests.faults.plan import Chances

CALM = Chances(0, 0, 0, 0, 0)
PATH = "/interviews/1/answers/1/save/"


@dataclass
class Server:
    """Takes down which saves arrive, and answers each with its number."""

    arrived: list[int] = field(default_factory=list)
    port: int = 0


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.arrived.append(sent["sequence"])
            content = json.dumps({"state": "saved", "revision": sent["sequence"]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as its base.
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as listener:
        server.port = listener.server_port
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,))
        thread.start()
        yield server
        listener.shutdown()
        thread.join()


def send(network: Network, sequence: int) -> int | None:
    """Save, and return the revision of the reply; None if the connection was cut."""
    connection = http.client.HTTPConnection("127.0.0.1", network.port, timeout=10)
    body = {"text": sequence * "x", "writer": "w", "sequence": sequence}
    try:
        connection.request("POST", PATH, json.dumps(body), {"Cookie": "sessionid=s"})
        reply = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    revision: int = reply["revision"]
    return revision


def test_a_good_network_brings_everything_and_takes_it_down(server: Server) -> None:
    with Network(server.port, CALM, 1, {"s": "ada"}).running() as network:
        assert [send(network, 1), send(network, 2)] == [1, 2]
    assert [
        (each.client, each.sent["text"], each.said["revision"]) for each in network.journal
    ] == [
        ("ada", 1, 1),
        ("ada", 2, 2),
    ]
    assert network.promised == {PATH: 2}


def test_a_dropped_request_never_arrives(server: Server) -> None:
    with Network(server.port, Chances(1, 0, 0, 0, 0), 1).running() as network:
        assert send(network, 1) is None
    assert server.arrived == []
    assert network.fates == {Fate.DROPPED: 1}


def test_a_lost_reply_is_to_something_that_was_done(server: Server) -> None:
    with Network(server.port, Chances(0, 1, 0, 0, 0), 1).running() as network:
        assert send(network, 1) is None
    assert server.arrived == [1]
    assert network.promised == {PATH: 1}


def test_a_duplicated_request_arrives_twice_and_is_answered_once(server: Server) -> None:
    with Network(server.port, Chances(0, 0, 0, 1, 0), 1).running() as network:
        assert send(network, 1) == 1
    assert server.arrived == [1, 1]


def test_a_stuck_save_arrives_after_the_next_one(server: Server) -> None:
    with Network(server.port, Chances(0, 0, 0, 0, 1), 1).running() as network:
        assert send(network, 1) is None
        network.calm_down()
        assert send(network, 2) == 2
    assert server.arrived == [2, 1]
    assert network.fates[Fate.REORDERED] == 1


def test_a_delayed_request_arrives_all_the_same(server: Server) -> None:
    with Network(server.port, Chances(0, 0, 1, 0, 0), 1).running() as network:
        assert send(network, 1) == 1
    assert network.fates == {Fate.DELAYED: 1}


def test_a_client_that_is_cut_off_reaches_nobody_until_it_is_back(server: Server) -> None:
    with Network(server.port, CALM, 1, {"s": "ada"}).running() as network:
        with network.cut_off("ada"):
            assert send(network, 1) is None
        assert send(network, 2) == 2
    assert server.arrived == [2]


def test_a_server_that_is_gone_cuts_the_connection(server: Server) -> None:
    with Network(1, CALM, 1).running() as network:
        assert send(network, 1) is None


def luck_of(server: Server, seed: int) -> list[int | None]:
    chances = Chances(dropped=0.5, reply_lost=0, delayed=0, duplicated=0, reordered=0)
    with Network(server.port, chances, seed, {"s": "ada"}).running() as network:
        return [send(network, number) for number in range(1, 9)]


def test_the_same_seed_brings_the_same_luck(server: Server) -> None:
    assert luck_of(server, 7) == luck_of(server, 7)
    assert luck_of(server, 7) != luck_of(server, 8)
