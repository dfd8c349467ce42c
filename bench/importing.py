"""How long a list of 500 kB takes to read, and how much memory, beside markdown-it-py alone."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import django
from markdown_it import MarkdownIt

from questions.importing.choosing import read_file

RUNS = 5
SIZE = 500_000
ANSWER = """\
   It is a *thing* with `code`, see [there](https://example.com/{n}), and has parts:

   1. the first part, which is longer than one would like to read in a list of questions
   2. the second

   ```yaml
   kind: Thing
   # number {n}
   spec: {{}}
   ```

   | part | what |
   | --- | --- |
   | a | {n} |

"""
# Runs the command in a process of its own and says what that took at most, in kilobytes.
COMMAND = """
import os, resource, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


@dataclass
class Measured:
    slowness: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def text_of_size(size: int) -> str:
    """Numbered questions, `<details>` and headings in turn, with code and tables in the answers."""
    parts = ["# Interview questions\n\n"]
    for n in count(1):
        if n % 100 == 1:
            parts.append(f"## Part {n}\n\n")
        answer = ANSWER.format(n=n)
        question = f"What is thing {n}?"
        parts.append(
            f"{n}. {question}\n\n{answer}"
            if n // 100 % 2
            else f"<details>\n<summary>{question}</summary>\n\n{answer}</details>\n\n"
        )
        if n % 100 == 0 and sum(map(len, parts)) >= size:
            return "".join(parts)
    raise AssertionError


def measure() -> Measured:
    """Both in turn, five times; the command five times more."""
    # For the language in which the reader says what it finds.
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    measured = Measured()
    text = text_of_size(SIZE)
    data = text.encode()
    parser = MarkdownIt("commonmark").enable("table")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.md"
        path.write_bytes(data)
        for _ in range(RUNS):
            alone = seconds_of(lambda: parser.parse(text))
            ours = seconds_of(lambda: read_file(data, "questions.md"))
            measured.slowness.append(ours / alone)
            measured.seconds.append(ours)
            measured.megabytes.append(memory_of_command(path))
    return measured


def seconds_of(act: Callable[[], object]) -> float:
    """Of work: what the machine does for others meanwhile does not count."""
    begin = time.thread_time()
    act()
    return time.thread_time() - begin


def memory_of_command(path: Path) -> float:
    arguments = ["manage.py", "library", "import", str(path), "--dry-run", "--report", "json"]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments[1:]],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return int(done.stderr.split()[-1]) / 1024
