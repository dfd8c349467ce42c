"""Pictures of the library: from the files to the database, to the page, and back."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions.library.bundle import read_bundle
from questions.library.documents import InvalidLibrary
from questions.library.loading import load
from questions.library.pictures import MAX_BYTES, media_type
from questions.models import Note, Picture
from tests.questions.library_texts import DOT, NOTE_FILE, SET_FILE, STORY_FILE

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def show(folder: Path, file: str, text: str, path: str, content: bytes = DOT) -> None:
    """Let a file show a picture, which lies in the folder at `path`."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)
    old = {SET_FILE: "Five questions", STORY_FILE: "A default.", NOTE_FILE: "Every Pod"}[file]
    document = folder / file
    document.write_text(document.read_text().replace(old, f"{text} {old}", 1))


@pytest.mark.parametrize(
    ("file", "page"),
    [
        (SET_FILE, "/sets/k8s-kube-proxy/"),
        (STORY_FILE, "/stories/eks-external-snat-reset/"),
        (NOTE_FILE, "/notes/k8s-pod-networking/"),
    ],
)
@pytest.mark.parametrize(
    ("address", "path"),
    [("beside.png", "{}/beside.png"), ("../img/a%20b.png", "img/a b.png")],
)
def test_a_picture_is_shown_on_the_page_and_exported_with_its_file(
    folder: Path, db: None, client: Client, file: str, page: str, address: str, path: str
) -> None:
    path = path.format(file.partition("/")[0])
    show(folder, file, f"![A plan]({address})", path)
    load(read_bundle(folder))

    html = client.get(page).content.decode()
    url = "/pictures/" + path.replace(" ", "%20")
    assert f'<img src="{url}" alt="A plan" loading="lazy">' in html
    response = client.get(url)
    assert response.status_code == 200
    assert response.content == DOT

    target = folder / "exported"
    call_command("library", "export", str(target), verbosity=0)
    assert (target / path).read_bytes() == DOT
    assert (target / file).read_bytes() == (folder / file).read_bytes()


def test_nothing_runs_in_a_picture_and_browsers_keep_it(
    folder: Path, db: None, client: Client
) -> None:
    show(folder, NOTE_FILE, "![A plan](a.html.png)", "notes/a.html.png")
    load(read_bundle(folder))

    response = client.get("/pictures/notes/a.html.png")

    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in response.get("Vary", "")
    with CaptureQueriesContext(connection) as captured:
        again = client.get(
            "/pictures/notes/a.html.png", headers={"if-none-match": response["ETag"]}
        )
    assert (again.status_code, again.content, len(captured)) == (304, b"", 1)


def test_what_is_no_picture_of_the_library_is_not_found(client: Client, db: None) -> None:
    for path in ("sets/x.png", "../manage.py", "%2e%2e/manage.py", "/etc/passwd", "a" * 300):
        assert client.get(f"/pictures/{path}").status_code == 404
    assert client.post("/pictures/sets/x.png").status_code == 405


def test_another_picture_of_the_same_name_replaces_it(
    folder: Path, db: None, client: Client
) -> None:
    show(folder, NOTE_FILE, "![A plan](a.png)", "notes/a.png")
    load(read_bundle(folder))
    edited = Note.objects.get()
    edited.title = "Edited"
    edited.save()

    (folder / "notes/a.png").write_bytes(b"GIF89a" + DOT)
    summary = load(read_bundle(folder))

    assert (summary.changed, summary.unchanged) == (0, 5)
    assert client.get("/pictures/notes/a.png")["Content-Type"] == "image/gif"
    assert Note.objects.get().title == "Edited"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (SVG, "is no PNG, JPEG, GIF or WebP"),
        (b"<html><script>alert(1)</script>", "is no PNG, JPEG, GIF or WebP"),
        (b"", "is no PNG, JPEG, GIF or WebP"),
        (DOT + b"x" * MAX_BYTES, "is larger than 1 MB"),
    ],
)
def test_what_is_no_safe_picture_is_an_error_in_its_line(
    folder: Path, db: None, content: bytes, complaint: str
) -> None:
    show(folder, NOTE_FILE, "![A plan](a.png)", "notes/a.png", content)

    with pytest.raises(InvalidLibrary, match=complaint) as refused:
        read_bundle(folder)

    assert str(folder / NOTE_FILE) in str(refused.value)


@pytest.mark.parametrize(
    "address", ["gone.png", "../../outside.png", "/etc/hostname", "../link.png"]
)
def test_a_picture_that_is_not_in_the_folder_is_an_error_and_nothing_is_written(
    folder: Path, db: None, address: str
) -> None:
    (folder.parent / "outside.png").write_bytes(DOT)
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    show(folder, NOTE_FILE, f"![A plan]({address})", "notes/other.png")

    with pytest.raises(InvalidLibrary, match=f"there is no picture “{address}”"):
        load(read_bundle(folder))

    assert Note.objects.count() == 0
    assert Picture.objects.count() == 0


def test_a_file_imported_alone_brings_its_pictures_or_uses_those_that_came_before(
    folder: Path, db: None
) -> None:
    show(folder, NOTE_FILE, "![A plan](../img/a.png)", "img/a.png")
    load(read_bundle(folder))
    show(folder, NOTE_FILE, "![B](b.png)", "notes/b.png")
    (folder / "img/a.png").unlink()

    call_command("library", "import", str(folder / NOTE_FILE), verbosity=0)

    assert set(Picture.objects.values_list("path", flat=True)) == {"img/a.png", "notes/b.png"}


@pytest.mark.parametrize(
    ("begin", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"%PDF-1.7", ""),
        (b" \x89PNG\r\n\x1a\n", ""),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(begin: bytes, kind: str) -> None:
    assert media_type(begin) == kind


def test_the_database_keeps_no_other_kind(db: None) -> None:
    with pytest.raises(IntegrityError, match="picture_of_a_safe_kind"), transaction.atomic():
        Picture.objects.create(path="a.svg", media_type="image/svg+xml", content=SVG, digest="")
