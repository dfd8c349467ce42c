"""Programs for Node: each stands beside this file and answers a line of JSON with one."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class ProgramEnded(Exception):
    """Instead of answering."""


class NodeProgram:
    """One that runs, so that not every question waits for its start."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._command = ["node", str(Path(__file__).with_name(script)), *arguments]
        self._process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, question: object) -> Any:
        """What it answers to one question.

        Raises:
            ProgramEnded: it did, perhaps with its browser; the next question finds another.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self.end()
            self._process = self._start()
            raise ProgramEnded(self._command[1])
        return json.loads(line)

    def end(self) -> None:
        """It ends with its input: also when this process is killed."""
        self._process.communicate(timeout=60)


@contextmanager
def running(script: str, *arguments: str) -> Iterator[NodeProgram]:
    program = NodeProgram(script, *arguments)
    try:
        yield program
    finally:
        program.end()
