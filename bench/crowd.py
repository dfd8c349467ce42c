"""A crowd of candidates who write at once, and whose sittings then end in the same second.

Run as a program it is all their browsers, and checks each receipt afterwards; see `candidates.py`.
"""

import asyncio
import gc
import json
import os
import resource
import statistics
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.serving import CannotMeasure, a_world

CANDIDATES = 5_000
WRITING = 30.0
"""Seconds, after all have come."""
STAMPS_AFTER = (3.0, 11.0)
"""Seconds after the end at which the job runs: in the middle of the last saves, and after them."""
MARGIN = 1_000
"""Files that a process has open besides."""


@dataclass(frozen=True)
class Measured:
    saves: dict[str, float]
    last: dict[str, float]
    """The last saves, after the end."""
    pages: dict[str, float]
    results: dict[str, float]
    marks: dict[str, float]
    lag: dict[str, float]
    """How late the browsers themselves were, which is a part of all the other times."""
    errors: dict[str, int]
    receipts: int
    lost: int
    """Answers that don't say what their last receipt promised, and marks alike."""
    ended: int
    """Sittings that were over a second after the end, which nobody had asked for."""

    def told(self) -> str:
        """All of it in lines."""
        times = (
            f"{name:<9}{of['count']:>7.0f}   p50 {of['p50']:.1f}   p95 {of['p95']:.1f}"
            f"   p99 {of['p99']:.1f} ms\n"
            for name, of in asdict(self).items()
            if isinstance(of, dict) and "p50" in of
        )
        return f"{''.join(times)}errors   {self.errors}   receipts {self.receipts}\n"


def measure() -> Measured:
    allow_open_files()
    with (
        a_world("crowd", str(CANDIDATES)) as world,
        world.serving("config.wsgi:application") as server,
    ):
        told = world.run("bench.crowd", str(world.cast), str(server.port))
    return Measured(**json.loads(told))


def allow_open_files() -> None:
    """For this process and those it starts: the server holds a connection to each browser."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CANDIDATES + MARGIN
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise CannotMeasure(f"A crowd needs {wanted} open files a process: raise ulimit -Hn.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def spread(seconds: list[float]) -> dict[str, float]:
    """Percentiles in milliseconds, and how many there were."""
    if len(seconds) < 2:
        raise RuntimeError("the crowd did nothing")
    cut = statistics.quantiles([each * 1000 for each in seconds], n=100)
    return {"p50": cut[49], "p95": cut[94], "p99": cut[98], "count": len(seconds)}


async def drive(cast: dict[str, Any], port: int) -> dict[str, Any]:
    from bench import crowd_cast
    from bench.candidates import RAMP, SPREAD, Grading, Sitting, Tally, Times
    from bench.connections import Browser

    loop, tally = asyncio.get_running_loop(), Tally()
    sittings = [
        Sitting(Browser(port, session), interview, cast["questions"], tally)
        for session, interview in cast["candidates"]
    ]
    gradings = [Grading(Browser(port, each["session"]), each, tally) for each in cast["reviewers"]]
    await asyncio.to_thread(crowd_cast.end_in, RAMP + WRITING)
    left = await asyncio.to_thread(crowd_cast.seconds_left)
    times = Times(begin=loop.time(), end=loop.time() + left)
    lag: list[float] = []
    watch = asyncio.create_task(watch_lag(lag))
    ends = asyncio.create_task(watch_end(times.end))
    await asyncio.gather(
        *(sitting.go_through(times) for sitting in sittings),
        *(grading.go_on(times, times.end + SPREAD) for grading in gradings),
    )
    watch.cancel()
    found = await asyncio.to_thread(crowd_cast.compare, sittings, gradings)
    return {
        **{
            name: spread(getattr(tally, name))
            for name in ("saves", "last", "pages", "results", "marks")
        },
        "lag": spread(lag),
        "errors": tally.errors,
        "ended": await ends,
        **found,
    }


async def watch_lag(lag: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + 0.02
        await asyncio.sleep(0.02)
        lag.append(loop.time() - due)


async def watch_end(end: float) -> int:
    """How many are over a second after the end; the job that stamps them runs after that."""
    from bench import crowd_cast

    loop = asyncio.get_running_loop()
    await asyncio.sleep(end + 1 - loop.time())
    ended = await asyncio.to_thread(crowd_cast.ended)
    for stamps_after in STAMPS_AFTER:
        await asyncio.sleep(end + stamps_after - loop.time())
        await asyncio.to_thread(crowd_cast.stamp)
    return ended


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    cast = json.loads(Path(sys.argv[1]).read_text())
    gc.freeze()
    gc.disable()  # A pause would count as the server's.
    sys.stdout.write(json.dumps(asyncio.run(drive(cast, int(sys.argv[2])))))


if __name__ == "__main__":
    main()
