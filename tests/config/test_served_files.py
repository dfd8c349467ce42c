"""Style sheet, scripts and pictures as browsers get them, from the server of production."""

import gzip
import re
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.world import WebServer, World, a_world

HASHED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
MOST_SECONDS = 10 * 365 * 24 * 3600


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as world:
        yield world


@pytest.fixture(scope="module")
def port(world: World) -> Iterator[int]:
    with WebServer(world).running() as server:
        yield server.port


def get(port: int, path: str, accepts: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Accept-Encoding": accepts})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def files_of_page(port: int) -> list[str]:
    response, page = get(port, "/", "identity")
    assert response.status == 200
    files = HASHED.findall(page.decode())
    assert {Path(file).suffix for file in files} == {".css", ".js", ".svg"}
    return files


def test_each_file_of_a_page_is_compressed_and_kept_for_good(port: int) -> None:
    """Its name has its digest, so what a browser keeps is never stale."""
    for file in files_of_page(port):
        response, packed = get(port, file, "gzip")

        assert response.status == 200
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg)$", file)
        caching = response.headers["Cache-Control"]
        assert "immutable" in caching
        assert "public" in caching
        assert f"max-age={MOST_SECONDS}" in caching
        assert "Set-Cookie" not in response.headers
        source = settings.BASE_DIR / re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", file[1:])
        if source.suffix == ".svg" and response.headers["Content-Encoding"] is None:
            assert packed == source.read_bytes()  # Too small to gain by it.
            continue
        assert response.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in response.headers["Vary"]
        assert len(packed) < source.stat().st_size
        if source.suffix == ".css":
            assert gzip.decompress(packed)[:100] == source.read_bytes()[:100]


def test_who_unpacks_nothing_gets_the_same_file_as_it_is(port: int) -> None:
    sheet = next(file for file in files_of_page(port) if file.endswith(".css"))

    packed, plain = get(port, sheet, "gzip"), get(port, sheet, "identity")

    assert plain[0].headers["Content-Encoding"] is None
    assert plain[1] == gzip.decompress(packed[1])
    assert "immutable" in plain[0].headers["Cache-Control"]
