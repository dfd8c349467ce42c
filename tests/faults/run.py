"""One run: everybody writes, servers are killed, the network is bad; then all settles."""

import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event, Thread

from tests.faults.counting import Audit, Evidence, Stored, Verdict, judge
from tests.faults.network import Network
from tests.faults.pages import Typist
from tests.faults.plan import CALM, Plan
from tests.faults.world import WebServer, World
from tests.faults.writers import Writer
from tests.servers import wait_until

BETWEEN_AUDITS = 2.0  # seconds
JUST_NOW = 0.3  # seconds
LONGEST_SETTLING = 4 * CALM


def in_thread(act: Callable[[Event], None], stop: Event) -> Future[None]:
    """As an executor does it, but one that hangs is left behind: this stops by itself."""
    doing: Future[None] = Future()

    def follow() -> None:
        try:
            act(stop)
            doing.set_result(None)
        except BaseException as error:
            doing.set_exception(error)

    Thread(target=follow, daemon=True).start()
    return doing


def raise_from(doings: list[Future[None]]) -> None:
    for done in doings:
        if done.done():
            done.result()


def run(world: World, plan: Plan) -> Verdict:
    """What happens is bounded by the plan's seconds and by `LONGEST_SETTLING`."""
    return judge(Run(world, plan).evidence())


class Run:
    def __init__(self, world: World, plan: Plan) -> None:
        self.world, self.plan = world, plan
        self.web = WebServer(world, plan.broken)
        self.network = Network(self.web.port, plan.chances, plan.seed)
        self.stop = Event()
        self.writers: list[Writer] = []
        self.typists: list[Typist] = []
        self.found = Evidence(plan, {})

    def evidence(self) -> Evidence:
        began = time.monotonic()
        world, found = self.world, self.found
        with self.web.running(), self.network.running():
            self.gather()
            doings = [in_thread(person.write, self.stop) for person in self.people]
            try:
                self.befall(doings)
            finally:
                self.settle(doings)
            raise_from(doings)
            self.audit()
            books = world.ask("close_books", list(found.ends_at))
        found.writers, found.typists = self.writers, self.typists
        found.journal, found.fates = self.network.journal, self.network.fates
        found.sittings, found.revisions = books["sittings"], books["revisions"]
        found.seconds = time.monotonic() - began
        return found

    @property
    def people(self) -> list[Writer | Typist]:
        return [*self.writers, *self.typists]

    def gather(self) -> None:
        """Make the cast; let some sittings end soon, and the others in an hour."""
        plan = self.plan
        names = [f"candidate-{number}" for number in range(1, plan.candidates + 1)]
        cast = self.world.ask("make_cast", {"names": names, "run": time.time_ns()})
        by_protocol = cast[plan.browsers :]
        near = dict(zip((m["interview"] for m in by_protocol), plan.ends, strict=False))
        started_at = time.time()
        ends = self.world.ask("bring_near", near)
        self.found.ends_at = {m["interview"]: m.pop("ends_at") for m in cast} | ends
        self.network.names |= {m["session"]: m["name"] for m in cast}
        self.writers = [
            Writer(
                **m,
                port=self.network.port,
                luck=plan.luck(m["name"]),
                ends_at=self.found.ends_at[m["interview"]],
            )
            for m in by_protocol
        ]
        for writer, seconds in zip(reversed(self.writers), plan.finish_times, strict=False):
            writer.finishes_at = started_at + seconds
        self.typists = [
            Typist(
                **m,
                network=self.network,
                luck=plan.luck(m["name"]),
                profile=self.world.folder.parent / f"browser-{m['interview']}",
                ends_at=self.found.ends_at[m["interview"]],
            )
            for m in cast[: plan.browsers]
        ]

    def befall(self, doings: list[Future[None]]) -> None:
        began = time.monotonic()
        for seconds, server in self.plan.kills:
            self.watch(began + seconds, doings)
            # In the middle of it: with receipts that are hardly given.
            wait_until(self.receipt_was_given, "somebody gets a receipt", CALM)
            if server == "web":
                self.web.kill()
                self.audit()
                self.web.start()
            else:
                self.world.kill_database()
                self.audit()
            self.found.kills[server] += 1
        self.watch(began + self.plan.seconds, doings)

    def settle(self, doings: list[Future[None]]) -> None:
        """Let everybody come to an end, or see to it."""
        self.stop.set()
        self.network.calm_down()
        wait(doings, LONGEST_SETTLING)
        for typist in self.typists:
            if not typist.is_done:
                typist.end_browser()
        wait(doings, CALM)

    def watch(self, until: float, doings: list[Future[None]]) -> None:
        """Look into the database again and again; raise what a candidate's thread raised."""
        while time.monotonic() < until:
            raise_from(doings)
            self.audit()
            time.sleep(max(min(BETWEEN_AUDITS, until - time.monotonic()), 0))

    def receipt_was_given(self) -> bool:
        newest = self.network.newest_receipt
        return newest is not None and time.time() - newest < JUST_NOW

    def audit(self) -> None:
        """What is stored must be at least what was promised before it was looked at."""
        paths = dict(self.network.promised)
        promised = {(path.split("/")[2], int(path.split("/")[4])): n for path, n in paths.items()}
        rows = self.world.ask("read", list(self.found.ends_at))
        stored = {(row["interview"], row["position"]): Stored.of(row) for row in rows}
        self.found.audits.append(Audit(promised, stored))
