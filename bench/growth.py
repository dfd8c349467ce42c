"""How much slower saves and pages get with a hundred times as much, and more, around them."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench.serving import Server, World, a_world, wrk

ROUNDS = 7
SECONDS_OF_PAGES = 2
SECONDS_OF_SAVES = 1


@dataclass
class Measured:
    large_to_small: dict[str, list[float]] = field(default_factory=dict)
    """The median time of one request with much data ÷ that with little, round by round."""


def measure() -> Measured:
    measured = Measured()
    with ExitStack() as stack:
        with ThreadPoolExecutor() as pool:  # Filled at once.
            worlds = [a_world("growth", size) for size in ("small", "large")]
            few, many = pool.map(stack.enter_context, worlds)
        small, large = (
            stack.enter_context(world.serving("config.wsgi:application", workers=1))
            for world in (few, many)
        )
        in_turn((few, small), (many, large), 0)  # Connections, statements, caches.
        for turn in range(1, ROUNDS + 1):
            times = in_turn((few, small), (many, large), turn)
            # On a busy machine a turn may end before it has come to all of them.
            for name in times[0].keys() & times[1].keys():
                little, much = times[0][name], times[1][name]
                measured.large_to_small.setdefault(name, []).append(much / little)
                sys.stderr.write(f"{name}: {little:.2f} and {much:.2f} ms\n")
    return measured


def in_turn(
    few: tuple[World, Server], many: tuple[World, Server], turn: int
) -> list[dict[str, float]]:
    """The medians of both in milliseconds; which comes first changes from turn to turn."""
    pair = [few, many]
    taken = {each[1].port: medians(*each, turn) for each in (pair if turn % 2 else pair[::-1])}
    return [taken[server.port] for _world, server in pair]


def medians(world: World, server: Server, turn: int) -> dict[str, float]:
    """One request at a time, so that none waits for another."""
    pages = wrk(
        server,
        "pages.lua",
        str(world.cast),
        connections=1,
        threads=1,
        seconds=SECONDS_OF_PAGES,
    )
    if pages["wrong"]:
        raise RuntimeError(pages["wrong"])
    saves = wrk(
        server,
        "saves.lua",
        str(world.cast.with_suffix(".saves")),
        str(1_000 * (turn + 1)),
        connections=1,
        threads=1,
        seconds=SECONDS_OF_SAVES,
    )
    if saves["errors"]:
        raise RuntimeError(f"{saves['errors']} of {saves['requests']} saves were not stored")
    return {**pages["medians"], "save": saves["p50"]}
