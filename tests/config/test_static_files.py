"""What `collectstatic` makes of the static files."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import pytest
from django.test import Client
from pytest_django import Settings

from config import static_files


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_files.HashedFiles"}
    }
    static_files.collect_if_changed()
    return tmp_path / "static"


def test_scripts_import_each_other_by_hashed_names(collected: Path) -> None:
    (room,) = (collected / "js").glob("room.????????????.js")
    imports = re.findall(r'from "(\./[^"]+)"', room.read_text())
    assert imports
    for name in imports:
        assert re.fullmatch(r"\./[a-z-]+\.[0-9a-f]{12}\.js", name)
        assert (room.parent / name).exists()


def test_the_stylesheet_is_compressed_beside_itself(collected: Path) -> None:
    (sheet,) = (collected / "css").glob("app.????????????.css")
    assert sheet.with_name(f"{sheet.name}.gz").exists()


def test_search_engines_are_told_at_the_root_where_not_to_look(client: Client) -> None:
    reply = client.get("/robots.txt")

    assert reply["Content-Type"].startswith("text/plain")
    assert b"Disallow: /interviews/" in b"".join(cast("Iterable[bytes]", reply))


def test_files_are_collected_anew_only_when_they_changed(collected: Path) -> None:
    trace = collected / "trace.txt"
    trace.touch()
    static_files.collect_if_changed()
    assert trace.exists()

    (collected / static_files.STAMP).write_text("of other files")
    static_files.collect_if_changed()
    assert not trace.exists()
