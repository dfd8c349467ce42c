"""How much memory a web process holds after ten thousand requests, and whether it grows."""

from dataclasses import dataclass

from bench.serving import a_world, megabytes_of, wrk

WARM = 2_500
REQUESTS = 10_000
SECONDS = 5


@dataclass(frozen=True)
class Measured:
    megabytes: float
    growth: float
    """What it holds at the end ÷ what it held after a quarter of the requests."""


def measure() -> Measured:
    """Of one process, so that it is known how many it answered: pages of all kinds in turn."""
    with (
        a_world("growth", "nothing") as world,
        world.serving("config.wsgi:application", workers=1) as server,
    ):
        answered, warm = 0, 0.0
        while answered < REQUESTS:
            ran = wrk(
                server, "pages.lua", str(world.cast), connections=8, seconds=SECONDS, threads=1
            )
            if ran["wrong"]:
                raise RuntimeError(ran["wrong"])
            answered += int(ran["requests"])
            [worker] = server.workers
            held = megabytes_of(worker)
            if answered >= WARM:
                warm = warm or held
    return Measured(held, held / warm)
