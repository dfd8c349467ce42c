"""Threads that do the same thing at the same time, each on its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from django.db import connection

from interview.clock import database_now


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


def wait_until_somebody_waits() -> None:
    """For a lock, ten seconds at most: to be called by who holds it."""
    with connection.cursor() as cursor:
        end = database_now() + timedelta(seconds=10)
        while database_now() < end:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")
