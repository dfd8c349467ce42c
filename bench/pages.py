"""What pages cost in work, beside Django's own floor in turn with them on the same database."""

from dataclasses import dataclass, field

from bench.serving import Server, World, a_world, wrk

PAGES = ("room", "set", "queue", "grade")
ROUNDS = 5
SECONDS = 1
CONNECTIONS = 4


@dataclass
class Measured:
    to_floor: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in PAGES})
    """The work for one request of each page ÷ that of the floor, round by round."""


def measure() -> Measured:
    measured = Measured()
    with (
        a_world("pages") as world,
        world.serving("config.wsgi:application") as app,
        world.serving("bench.floor:application") as floor,
    ):
        for name in ("hello", *PAGES):
            ask(world, floor if name == "hello" else app, name, 1)  # Connections, caches.
        for _ in range(ROUNDS):
            least = work(world, floor, "hello")
            for name in PAGES:
                measured.to_floor[name].append(work(world, app, name) / least)
    return measured


def work(world: World, server: Server, name: str, seconds: int = SECONDS) -> float:
    """The processor's seconds for one request, by the server's and the database's processes."""
    before = server.cpu + world.cpu_of_database()
    count = ask(world, server, name, seconds)
    if not count:
        raise RuntimeError(f"{name} was not answered within {seconds} s: the machine is too busy")
    return (server.cpu + world.cpu_of_database() - before) / count


def ask(world: World, server: Server, name: str, seconds: int) -> int:
    """Ask for the page again and again; how often."""
    ran = wrk(server, "pages.lua", str(world.cast), name, connections=CONNECTIONS, seconds=seconds)
    if ran["wrong"]:
        raise RuntimeError(ran["wrong"])
    return int(ran["requests"])
