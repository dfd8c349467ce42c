"""Imports point one way: interview → questions → accounts; `config` only wires. No exceptions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MAY_IMPORT = {
    "accounts": {"accounts"},
    "questions": {"questions", "accounts"},
    "interview": {"interview", "questions", "accounts"},
    # Wires what there is.
    "config": {"config", "interview", "questions", "accounts"},
}
OURS = {*MAY_IMPORT, "tests", "bench"}


def imports(source: str, package: str) -> Iterator[str]:
    """The packages of ours that a module imports at any depth, also within functions.

    `package` is the one that a relative import starts from.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [package if node.level else node.module or ""]
        else:
            continue
        yield from (module.split(".")[0] for module in modules if module.split(".")[0] in OURS)


def modules() -> list[Path]:
    return [
        path.relative_to(ROOT) for app in MAY_IMPORT for path in sorted((ROOT / app).rglob("*.py"))
    ]


def test_every_module_imports_only_what_it_may() -> None:
    wrong = {}
    for path in modules():
        app = path.parts[0]
        if strays := set(imports((ROOT / path).read_text(), app)) - MAY_IMPORT[app]:
            wrong[str(path)] = strays

    assert wrong == {}


def test_all_apps_are_looked_at() -> None:
    assert {path.parts[0] for path in modules()} == {
        path.parent.name for path in ROOT.glob("*/apps.py")
    }


@pytest.mark.parametrize(
    "source",
    [
        "import interview",
        "import os, interview.models as models",
        "from interview.models import Review",
        "from interview import models",
        "def f():\n    from interview.models import Review",
        "if TYPE_CHECKING:\n    from interview.models import Review",
    ],
)
def test_an_import_is_seen_in_any_shape(source: str) -> None:
    assert list(imports(source, "accounts")) == ["interview"]


def test_a_relative_import_stays_at_home() -> None:
    assert list(imports("from . import models", "accounts")) == ["accounts"]


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "signals", "misc", "common"])
def test_no_module_is_named_for_nothing(name: str) -> None:
    assert [path for path in modules() if path.stem == name] == []
