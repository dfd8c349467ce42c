"""How much memory a web process holds after ten thousand requests, and whether it grows."""

from dataclasses import dataclass

from bench.serving import Server, World, a_world, megabytes_of, wrk

WARM = 2_500
REQUESTS = 10_000
CONNECTIONS = 8
SECONDS_OF_PAGES = 4
SECONDS_OF_SAVES = 2


@dataclass(frozen=True)
class Measured:
    megabytes: float
    growth: float
    """What it holds at the end ÷ what it held after a quarter of the requests."""


def measure() -> Measured:
    """Of one process, so that it is known how many it answered: pages of all kinds in turn, and
    between them saves, of which a sitting has dozens for each of its pages.
    """
    with (
        a_world("growth", "nothing") as world,
        world.serving("config.wsgi:application", workers=1) as server,
    ):
        answered, turn, warm = 0, 0, 0.0
        while answered < REQUESTS:
            turn += 1
            answered += ask(world, server, turn)
            [worker] = server.workers
            held = megabytes_of(worker)
            if answered >= WARM:
                warm = warm or held
    return Measured(held, held / warm)


def ask(world: World, server: Server, turn: int) -> int:
    """For pages, then for saves; how often.

    Raises:
        RuntimeError: a page was another, or a save was not stored.
    """
    load = {"connections": CONNECTIONS, "threads": 1}
    pages = wrk(server, "pages.lua", str(world.cast), seconds=SECONDS_OF_PAGES, **load)
    if pages["wrong"]:
        raise RuntimeError(pages["wrong"])
    places, sequence = str(world.cast.with_suffix(".saves")), str(1_000 * turn)
    saves = wrk(server, "saves.lua", places, sequence, seconds=SECONDS_OF_SAVES, **load)
    if saves["errors"]:
        raise RuntimeError(f"{saves['errors']} of {saves['requests']} saves were not stored")
    return int(pages["requests"] + saves["requests"])
