"""`.env.example` is the list of settings: complete, and safe when taken as it is."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

EXAMPLE = Path(settings.BASE_DIR) / ".env.example"


def variables() -> dict[str, str]:
    """The values in the example by name, those behind a comment sign too."""
    found = re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    assert len(found) == len(dict(found)), "a variable is explained twice"
    return dict(found)


def read_by_settings() -> list[str]:
    """The second argument of each `read(env.…, "NAME", …)`."""
    tree = ast.parse((Path(settings.BASE_DIR) / "config" / "settings.py").read_text())
    return [
        node.args[1].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "read"
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    ]


def read_by_compose() -> set[str]:
    text = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text()
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def test_each_variable_is_read_once() -> None:
    names = read_by_settings()

    assert "SECRET_KEY" in names
    assert sorted(names) == sorted(set(names))


def test_the_example_has_every_variable_and_no_other() -> None:
    assert set(variables()) == set(read_by_settings()) | read_by_compose()


def test_each_variable_has_a_line_of_explanation_above_it() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(# )?[A-Z_]+=", line):
            assert re.match(r"# [A-Z1].* .*[.:\w')-]$", lines[number - 1]), line


def test_nothing_else_reads_the_environment() -> None:
    """A health check runs outside of Django; the rest asks the settings."""
    exceptions = {
        "config/settings.py",
        "config/healthcheck.py",
        "config/wsgi.py",  # Names the settings.
        "config/management/commands/demo.py",  # Tells the servers it starts their address.
    }
    root = Path(settings.BASE_DIR)
    readers = {
        str(path.relative_to(root))
        for app in ("accounts", "config", "interview", "questions")
        for path in (root / app).rglob("*.py")
        if re.search(r"\bos\.(environ|getenv)\b", path.read_text())
    }

    assert readers <= exceptions


def check_deployment(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_filled_in_passes_the_checks_for_deployment() -> None:
    filled_in = {
        **variables(),
        "SECRET_KEY": "q8Zt3vX1bN5mK7wR2yU9pL4sD6fG0hJcAeIoQzWxVbTnMkYj3d",
        "DATABASE_URL": "postgres://user:password@database.example.com:5432/name",
    }

    result = check_deployment(**filled_in)

    assert result.returncode == 0, result.stdout + result.stderr


def test_the_example_as_it_is_does_not_start() -> None:
    result = check_deployment(**variables())

    assert result.returncode == 2
    assert result.stderr.startswith("SECRET_KEY is missing")
