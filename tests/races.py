"""Threads that do the same thing at the same time, each on its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def race(*acts: Callable[[], object] | int) -> list[object]:
    """Start all acts at once; what each returned or raised, in their order.

    `race(8, act)` races eight of the same. Needs committed data: `transactional_db`.
    """
    callables: list[Callable[[], object]] = []
    times = 1
    for act in acts:
        if isinstance(act, int):
            times = act
        else:
            callables += [act] * times
            times = 1
    barrier = Barrier(len(callables))

    def run(act: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(callables)) as threads:
        return list(threads.map(run, callables))
