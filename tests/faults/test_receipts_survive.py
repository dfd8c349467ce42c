"""A receipt is a promise: candidates write while the web server and Postgres are killed.

`make faults` runs it at full size; `.ci/run` a short one. Everything happens on loopback and is
bounded by the number of saves and by a deadline.
"""

import http.client
import json
import os
import random
import signal
import string
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from tests.servers import folder_for_data, free_port, processes_in, wait_until

pytestmark = pytest.mark.faults

CANDIDATES = int(os.environ.get("FAULTS_CANDIDATES", "8"))
SAVES = int(os.environ.get("FAULTS_SAVES", "25"))
WEB_KILLS = int(os.environ.get("FAULTS_WEB_KILLS", "2"))
DATABASE_KILLS = int(os.environ.get("FAULTS_DATABASE_KILLS", "1"))
PATIENCE = 300.0  # seconds for all of it
BACKOFF = 0.1  # seconds until a page tries again
TOKEN = "".join(random.choices(string.ascii_letters, k=32))

CAST = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from accounts.models import User
from accounts.sessions import SessionStore
from interview.models import Interview
from questions.models import QuestionSet

questions = list(QuestionSet.objects.published().first().questions.published())
cast = []
for number in range({candidates}):
    user = User.objects.create_user(f"writer-{{number}}@example.com", "x")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    interview = Interview.objects.start(
        candidate=user, title="Faults", questions=questions, minutes=60, mode="free"
    )
    cast.append({{"session": session.session_key, "interview": str(interview.pk)}})
print("CAST=" + json.dumps(cast))
"""

STORED = """
import json
from interview.models import Answer, Revision

stored = {
    str(answer.interview_id): [answer.text, answer.revision]
    for answer in Answer.objects.filter(interview__title="Faults", position=1)
}
history = {
    interview: [
        list(row)
        for row in Revision.objects.filter(interview=interview).values_list("number", "text")
    ]
    for interview in stored
}
print("STORED=" + json.dumps([stored, history]))
"""


@dataclass
class World:
    """The server under test, with a database of its own."""

    data_dir: Path
    port: int
    web: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        return inherited | {"DEBUG": "0", "DEMO": "1", "DATA_DIR": str(self.data_dir)}

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, script: str, name: str) -> Any:
        output = self.manage("shell", "--command", script)
        (line,) = [line for line in output.splitlines() if line.startswith(f"{name}=")]
        return json.loads(line.removeprefix(f"{name}="))

    def start_web(self) -> None:
        self.starts += 1
        self.web = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "config.wsgi:application"),
                *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)),
                *("--workers", "1", "--blocking-threads", "8", "--log-level", "critical"),
            ],
            cwd=settings.BASE_DIR,
            env=self.environment,
            start_new_session=True,
        )

    def kill_web(self) -> None:
        assert self.web is not None
        os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()

    def kill_database(self) -> None:
        """`kill -9` of the server's first process; the next connection starts it again."""
        [postmaster] = [
            pid
            for pid, command in processes_in(self.data_dir).items()
            if Path(command[0]).name == "postgres"
        ]
        os.kill(postmaster, signal.SIGKILL)


@dataclass
class Writer:
    """A candidate's page: saves, keeps its own copy until the receipt, tries again."""

    session: str
    interview: str
    port: int
    writer: str = field(default_factory=lambda: str(uuid4()))
    receipts: list[tuple[int, str]] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    retries: int = 0

    def write(self, deadline: float) -> None:
        text = ""
        for sequence in range(1, SAVES + 1):
            text += f"{self.interview} said line {sequence}.\n"
            while not self.save(text, sequence):
                self.retries += 1
                time.sleep(BACKOFF)
                if time.monotonic() > deadline:
                    return
            if self.refusals:
                return

    def save(self, text: str, sequence: int) -> bool:
        """Send once; whether the server answered with a receipt or a refusal."""
        base = self.receipts[-1][0] if self.receipts else 0
        body = {"text": text, "base": base, "writer": self.writer, "sequence": sequence}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(
                "POST",
                f"/interviews/{self.interview}/answers/1/save/",
                json.dumps(body),
                {
                    "Content-Type": "application/json",
                    "Accept": "application/json",
                    "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
                    "X-CSRFToken": TOKEN,
                },
            )
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status == 429:
            # These write faster than anybody types.
            time.sleep(json.loads(content)["retry_after"])
            return False
        if response.status >= 500:
            return False
        if response.status != 200:
            self.refusals.append(f"{response.status} {content[:200]!r}")
            return True
        self.receipts.append((json.loads(content)["revision"], text))
        return True


@pytest.fixture
def world() -> Iterator[World]:
    with folder_for_data() as data_dir:
        world = World(data_dir, free_port())
        world.manage("demo", "--prepare-only")
        yield world
        if world.web is not None and world.web.poll() is None:
            world.kill_web()
        wait_until(lambda: not processes_in(data_dir), "no process is left")


def test_no_text_is_lost_after_its_receipt(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    cast = world.ask(CAST.format(candidates=CANDIDATES), "CAST")
    writers = [Writer(**member, port=world.port) for member in cast]
    deadline = time.monotonic() + PATIENCE
    world.start_web()
    threads = [threading.Thread(target=writer.write, args=(deadline,)) for writer in writers]
    for thread in threads:
        thread.start()

    faults = [world.kill_database] * DATABASE_KILLS + [world.kill_web] * WEB_KILLS
    random.Random(7).shuffle(faults)
    for number, fault in enumerate(faults, start=1):
        milestone = CANDIDATES * SAVES * number // (len(faults) + 1)
        wait_until(
            lambda milestone=milestone: sum(len(w.receipts) for w in writers) >= milestone,  # type: ignore[misc]
            "the writers get on",
            deadline - time.monotonic(),
        )
        fault()
        if fault == world.kill_web:
            world.start_web()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()

    stored, history = world.ask(STORED, "STORED")
    lost = [w for w in writers if [w.receipts[-1][1], w.receipts[-1][0]] != stored[w.interview]]
    wrong = [
        number
        for writer in writers
        for number, text in history[writer.interview]
        if (number, text) not in writer.receipts
    ]
    backwards = [
        writer
        for writer in writers
        if [revision for revision, _ in writer.receipts]
        != sorted({revision for revision, _ in writer.receipts})
    ]
    figures = {
        "candidates": len(writers),
        "kills of the web server": WEB_KILLS,
        "kills of Postgres": DATABASE_KILLS,
        "receipts": sum(len(writer.receipts) for writer in writers),
        "retries": sum(writer.retries for writer in writers),
        "texts lost after a receipt": len(lost),
        "wrong texts in the history": len(wrong),
        "repeated revisions": len(backwards),
    }
    with capsys.disabled():
        sys.stdout.write("\n" + "".join(f"{n:>8}  {what}\n" for what, n in figures.items()))
    assert [writer.refusals for writer in writers if writer.refusals] == []
    assert all(len(writer.receipts) == SAVES for writer in writers)
    assert lost == []
    assert wrong == []
    assert backwards == []
