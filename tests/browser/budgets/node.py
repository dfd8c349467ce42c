"""Programs for Node: each stands beside this file and answers a line of JSON with one."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class NodeProgram:
    """One that runs, so that not every question waits for its start."""

    def __init__(self, script: str, *arguments: str) -> None:
        self.script = script
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name(script)), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, question: object) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"{self.script} ended instead of answering"
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
