"""What a search of 100,000 questions costs: the page beside its own SQL, and that beside a look-up.

Run as a program it measures one library in a database of its own and prints the figures as JSON.
Everything is measured in turn in each round, so that a busy machine slows all alike.
"""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.servers import folder_for_data

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS, IN_A_SET = 100_000, 20
ROUNDS = 5

ASKED = (
    *("kube-proxy iptables", "readiness probe", "etcd quorum", "statefulset", "kubernetes pod"),
    *("service or pod", "the pod network -service", "node drain eviction", "udp", "kuberne"),
    *('"persistent volume"', "deploym", "how does a service find its pods", "cni plugin"),
    *("kaback lobalr", "kaback", "zorzex kube-proxy", "rolling update", "pod", "coredns oom"),
)
"""Rare and common words, those that most questions have, phrases, words being typed, no hits."""


class Figures(NamedTuple):
    page_to_sql: list[float]
    """Of each search, in the order of `ASKED`: the median of the rounds."""
    sql_to_look_up: list[float]
    """Of each round: the SQL's 95th percentile through the median look-up."""


def figures() -> Figures:
    """Measured in another process, whose server ends with it."""
    with folder_for_data() as data_dir:
        environment = {**os.environ, "DATA_DIR": str(data_dir), "DEMO": "1", "DEBUG": "0"}
        command = [sys.executable, "-m", "bench.search"]
        try:
            run = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=-1)
        finally:
            reset = [sys.executable, "manage.py", "reset", "--yes"]
            subprocess.run(reset, cwd=ROOT, env=environment, check=True, stdout=-3)
    return Figures(*json.loads(run.stdout))


def sql_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class Psql:
    """A `psql` that stays open, and tells how long it waited for each answer."""

    def __init__(self) -> None:
        from django.db import connection

        arguments, environment = connection.client.settings_to_cmd_args_env(
            connection.settings_dict, ["--no-psqlrc", "--quiet"]
        )
        self.process = subprocess.Popen(
            arguments,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.send("\\o /dev/null\n")
        self.send("\\timing on\n")
        self.prepared: dict[str, str] = {}

    def send(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def execution(self, sql: str, parameters: Sequence[str | None]) -> str:
        """What runs a statement that was prepared before, as the server runs it too."""
        if sql not in self.prepared:
            self.prepared[sql] = f"statement_{len(self.prepared)}"
            self.send(f"PREPARE {self.prepared[sql]} AS {sql};\n")
        literals = ("NULL" if p is None else sql_literal(p) for p in parameters)
        return f"EXECUTE {self.prepared[sql]} ({', '.join(literals)})"

    def seconds(self, statements: list[str]) -> float:
        assert self.process.stdout
        asked = "".join(f"{statement};\n" for statement in statements)
        self.send(f"{asked}\\echo DONE\n")
        milliseconds = 0.0
        for line in self.process.stdout:
            if line == "DONE\n":
                return milliseconds / 1000
            milliseconds += float(re.fullmatch(r"Time: ([\d.]+) ms.*\n", line)[1])  # type: ignore[index]
        raise RuntimeError("psql ended")

    def close(self) -> None:
        self.process.communicate("\\q\n")


class Page:
    """The search page as the server asks for it, without the server."""

    def __init__(self) -> None:
        from config.wsgi import application

        self.application = application

    def seconds(self, text: str) -> float:
        from wsgiref.util import setup_testing_defaults

        environ: dict[str, Any] = {"PATH_INFO": "/search/", "QUERY_STRING": urlencode({"q": text})}
        setup_testing_defaults(environ)
        begin = time.perf_counter()
        response = self.application(environ, lambda *arguments: lambda data: None)
        body = b"".join(response)
        response.close()
        taken = time.perf_counter() - begin
        assert response.status_code == 200
        assert b'id="found"' in body
        return taken

    def statements(self, text: str) -> list[tuple[str, Sequence[str | None]]]:
        """The SQL that it sends: all of it is prepared."""
        from django.db import connection

        sent = []

        def keep(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            sent.append((sql, parameters))
            return execute(sql, parameters, many, context)

        self.seconds(text)
        with connection.execute_wrapper(keep):
            self.seconds(text)
        assert all("$1" in sql for sql, _ in sent)
        return sent


def sentences() -> list[str]:
    """Of the bundled library: what is generated has its words, as common or rare as they are."""
    texts = (path.read_text() for path in sorted((ROOT / "content").rglob("*.md")))
    found = (part.strip() for text in texts for part in re.split(r"(?<=[.?])\s+|\n", text))
    return [sentence for sentence in found if len(sentence.split()) > 5]


def rare_words() -> list[str]:
    beginnings = ("ka", "lo", "mi", "ner", "tu", "vas", "zor", "qui")
    middles, ends = ("ba", "de", "gri", "lu", "mon", "pe"), ("ck", "ll", "nt", "rs", "x", "ze")
    return [f"{a}{b}{c}" for a in beginnings for b in middles for c in ends]


def questions(first_set: int) -> Iterator[tuple[Any, ...]]:
    chance, known, rare = random.Random(7), sentences(), rare_words()
    for n in range(QUESTIONS):
        in_prompt, in_answer = chance.sample(rare, 2)
        prompt = " ".join(chance.choice(known).split()[: chance.randint(5, 12)])[:400]
        paragraphs = (
            " ".join(chance.choices(known, k=chance.randint(2, 4)))
            for _ in range(chance.randint(1, 4))
        )
        answer = "\n\n".join([*paragraphs, in_answer])
        status = "published" if n % 33 else "draft"
        question_set = first_set + n // IN_A_SET
        yield (
            question_set,
            f"q-{n}",
            n % IN_A_SET,
            status,
            f"{prompt} {in_prompt}?",
            answer,
            n % 3 + 1,
        )


COLUMNS_OF_SETS = "id, slug, title, status, license, checked_against, sources, extra, updated_at"
COLUMNS = "question_set_id, slug, position, status, prompt, answer, difficulty"


def fill() -> None:
    """Generated questions in sets of twenty, with one to four topics each, beside the real ones."""
    from django.db import connection

    first = 1_000_000
    with connection.cursor() as cursor:
        sets = f"COPY questions_questionset ({COLUMNS_OF_SETS}, summary, description, level)"
        with cursor.copy(f"{sets} FROM STDIN") as copy:
            for n in range(QUESTIONS // IN_A_SET):
                status = "published" if n % 50 else "draft"
                head = (
                    first + n,
                    f"s-{n}",
                    f"Generated set {n}",
                    status,
                    "CC-BY-4.0",
                    "",
                    "[]",
                    "",
                )
                copy.write_row((*head, "2026-01-01", "", "", ""))
        more = "body, minutes, follow_ups, sources, updated_at"
        with cursor.copy(f"COPY questions_question ({COLUMNS}, {more}) FROM STDIN") as copy:
            for row in questions(first):
                copy.write_row((*row, "", 5, "[]", "[]", "2026-01-01"))
        for table in ("question", "questionset"):
            cursor.execute(
                f"""
                INSERT INTO questions_{table}_topics ({table}_id, topic_id)
                SELECT item.id, topic.id
                FROM questions_{table} AS item CROSS JOIN questions_topic AS topic
                WHERE (item.id * 7 + topic.id * 13) % 17 = 1
                ON CONFLICT DO NOTHING
                """
            )
        cursor.execute("VACUUM ANALYZE")


def measure() -> Figures:
    from django.db import connection

    page, psql = Page(), Psql()
    sql = {text: [psql.execution(*one) for one in page.statements(text)] for text in ASKED}
    # Until Postgres has settled on a plan of each statement.
    for text in ASKED * 6:
        psql.seconds(sql[text])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM questions_question ORDER BY md5(id::text) LIMIT 50")
        ids = [row[0] for row in cursor.fetchall()]
    look_ups = [f"SELECT * FROM questions_question WHERE id = {one}" for one in ids]
    ratios: dict[str, list[float]] = {text: [] for text in ASKED}
    to_look_up = []
    for _ in range(ROUNDS):
        taken, looked_up = [], []
        for n, text in enumerate(ASKED):
            taken.append(psql.seconds(sql[text]))
            ratios[text].append(page.seconds(text) / taken[-1])
            looked_up += [psql.seconds([look_ups[(n * 2 + k) % len(look_ups)]]) for k in (0, 1)]
        percentile = statistics.quantiles(taken, n=20)[-1]
        to_look_up.append(percentile / statistics.median(looked_up))
        sys.stderr.write(
            f"SQL {statistics.median(taken) * 1000:.1f} ms, p95 {percentile * 1000:.1f} ms,"
            f" a look-up {statistics.median(looked_up) * 1000:.2f} ms\n"
        )
    psql.close()
    return Figures([statistics.median(ratios[text]) for text in ASKED], to_look_up)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("library", "import", "content/", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill()
    sys.stdout.write(json.dumps(measure()))


if __name__ == "__main__":
    main()
