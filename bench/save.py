"""What a save costs: the app against the limit L, on the same database, in turn."""

from dataclasses import dataclass

from bench.serving import Server, World, a_world, wrk

ROUNDS = 5
SECONDS = 2
SECONDS_ALONE = 1
SECONDS_OF_PGBENCH = 1
CONNECTIONS = 16
FIRST_SEQUENCE = 1_000  # of the first turn; each later turn has as many of its own
SITTERS = 20_000
"""So many that nobody saves more often than the server lets them."""


@dataclass(frozen=True)
class Run:
    requests: int
    seconds: float
    errors: int
    p50: float  # ms
    p99: float  # ms

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Alone:
    """One save after the other: the p50s in ms, taken in turn."""

    app: float
    limit: float
    server: float
    """Of a bare WSGI function that stores nothing."""
    floor: float
    """Of a view that stores nothing, behind Django's seven middlewares."""
    statement: float
    """Of psycopg, without a server before it."""


@dataclass(frozen=True)
class Measured:
    """Pairs of the app and the limit, measured one after the other."""

    app: list[Run]
    limit: list[Run]
    alone: list[Alone]
    in_postgres: list[float]
    """The statement's own throughput, by pgbench."""

    @property
    def shares(self) -> list[float]:
        """The app's throughput as a share of the limit's."""
        pairs = zip(self.app, self.limit, strict=True)
        return [app.rate / limit.rate for app, limit in pairs]

    @property
    def shares_of_postgres(self) -> list[float]:
        """The limit's throughput as a share of what pgbench reaches."""
        pairs = zip(self.limit, self.in_postgres, strict=True)
        return [limit.rate / alone for limit, alone in pairs]

    @property
    def tails(self) -> list[float]:
        """The app's p99 ÷ p50."""
        return [run.p99 / run.p50 for run in self.app]

    @property
    def slowness(self) -> list[float]:
        """The app's p50 ÷ (psycopg's + a bare function's), one request at a time."""
        return [one.app / (one.statement + one.server) for one in self.alone]

    @property
    def slowness_of_django(self) -> list[float]:
        """The same of Django's own floor with the statement."""
        return [(one.statement + one.floor) / (one.statement + one.server) for one in self.alone]

    @property
    def slowness_of_limit(self) -> list[float]:
        """The same of L, a bare function with the statement."""
        return [one.limit / (one.statement + one.server) for one in self.alone]

    @property
    def slowness_to_limit(self) -> list[float]:
        """The app's ÷ the limit's, which does both in one process."""
        return [one.app / one.limit for one in self.alone]


def measure() -> Measured:
    with (
        a_world("sitters", str(SITTERS)) as world,
        world.serving("config.wsgi:application") as app,
        world.serving("bench.bare:application") as bare,
        world.serving("bench.bare:receipt") as empty,
        world.serving("bench.floor:application") as floor,
    ):
        in_turn(world, app, bare, 0, CONNECTIONS, 1)  # Connections, statements, caches.
        turns = range(1, ROUNDS + 1)
        pairs, in_postgres = [], []
        for turn in turns:
            pairs.append(in_turn(world, app, bare, turn, CONNECTIONS))
            told = world.run("bench.pgbench", str(world.cast), str(SECONDS_OF_PGBENCH))
            in_postgres.append(float(told))
        alone = [one_at_a_time(world, app, bare, empty, floor, ROUNDS + turn) for turn in turns]
    apps, limits = zip(*pairs, strict=True)
    return Measured([*apps], [*limits], alone, in_postgres)


def one_at_a_time(
    world: World, app: Server, bare: Server, empty: Server, floor: Server, turn: int
) -> Alone:
    of_app, of_limit = in_turn(world, app, bare, turn, 1, SECONDS_ALONE)
    sequence = FIRST_SEQUENCE * (turn + 1) + 800
    of_server = load(world, empty, sequence, 1, SECONDS_ALONE)
    of_floor = load(world, floor, sequence, 1, SECONDS_ALONE)
    of_statement = world.run("bench.bare", str(world.cast), str(sequence), str(SECONDS_ALONE))
    return Alone(of_app.p50, of_limit.p50, of_server.p50, of_floor.p50, float(of_statement))


def in_turn(
    world: World, app: Server, bare: Server, turn: int, connections: int, seconds: int = SECONDS
) -> tuple[Run, Run]:
    """The two in an order that changes from turn to turn; each save's number is a new one."""
    first, second = (app, bare) if turn % 2 else (bare, app)
    sequence = FIRST_SEQUENCE * (turn + 1)
    runs = {
        first: load(world, first, sequence, connections, seconds),
        second: load(world, second, sequence + 500, connections, seconds),
    }
    return runs[app], runs[bare]


def load(world: World, server: Server, sequence: int, connections: int, seconds: int) -> Run:
    places = (str(world.cast), str(sequence))
    threads = min(connections, 2)
    told = wrk(
        server, "saves.lua", *places, connections=connections, seconds=seconds, threads=threads
    )
    run = Run(**told)
    if run.errors:
        raise RuntimeError(f"{run.errors} of {run.requests} saves were not stored")
    return run
