"""Bringing a file or text to the admin: who may, what is refused and how, what is kept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from questions.models import Import, Question, QuestionSet
from questions.tasks import forget_imports
from tests.questions.importing.admin import Desk, words_of

pytestmark = pytest.mark.django_db

ADD = "/admin/questions/import/add/"
OURS = """\
---
kind: question-set
schema: 1
id: dns
title: DNS
topics: []
license: CC-BY-4.0
---

## What is a zone?

<!-- q
id: zone
-->
"""
TWICE = "\n## What is a record?\n\n<!-- q\nid: zone\n-->\n"


def send(client: Client, content: bytes, name: str = "x.md", **fields: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(ADD, {"file": file, "shape": "auto", **fields})


def test_a_file_is_kept_with_its_source_and_licence(
    bring: Callable[..., Desk], editor: User
) -> None:
    item = bring(
        "1. What is a?\n", "dns list.md", source="https://example.com/a", licence="MIT"
    ).item

    assert item.editor == editor
    assert (item.path, bytes(item.data)) == ("dns list.md", b"1. What is a?\n")
    assert (item.source, item.licence) == ("https://example.com/a", "MIT")
    assert not QuestionSet.objects.exists()


def test_pasted_text_is_read_like_a_file(client: Client) -> None:
    text = "1. What is a?\r\n2. What is b?\r\n"

    page = client.post(ADD, {"text": text, "shape": "auto"}, follow=True)

    assert "1 set, 2 questions" in words_of(page)
    assert "What is b?" in words_of(page)


@pytest.mark.parametrize("fields", [{}, {"text": "  \n"}])
def test_without_a_file_or_text_the_form_comes_back(client: Client, fields: dict[str, str]) -> None:
    page = client.post(ADD, {"shape": "auto", **fields})
    assert "Choose a file, or paste text; one of them." in words_of(page)


def test_a_file_and_text_at_once_are_refused(client: Client) -> None:
    page = send(client, b"1. What is a?", text="1. What is b?")
    assert "Choose a file, or paste text; one of them." in words_of(page)


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "x.md", "x.md:1: the file is empty"),
        (b" \n\n", "x.md", "x.md:1: the file is empty"),
        (b"a\nb\x00c", "x.md", "x.md:2:"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.png", "x.png:"),
        (b"\xff\xfe1\x00", "x.txt", "x.txt:1: the file is in UTF-16"),
        (b"1. What?\n" * 250_000, "x.md", "x.md:1: the file is larger than 2 MB"),
        (b"- " * 40_000, "x.md", "x.md:1:"),
        (b"[\n{", "x.json", "x.json:2:"),
        (OURS.encode(), "dns.md", "dns.md:1: this file is of the library’s own format"),
        ((OURS + TWICE).encode(), "dns.md", "dns.md:19: the id “zone” belongs to another"),
        (OURS.replace("topics: []", "topics: [").encode(), "dns.md", "dns.md:"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_refused_with_its_line_and_nothing_is_written(
    client: Client, content: bytes, name: str, error: str
) -> None:
    page = send(client, content, name)

    assert page.status_code == 200
    assert error in words_of(page)
    assert not Import.objects.exists()
    assert not Question.objects.exists()


def test_a_page_of_text_in_another_encoding_is_read_with_a_notice(
    bring: Callable[..., Desk],
) -> None:
    desk = bring("1. Qu’est-ce?\n2. Où?\n".encode("cp1252"))

    assert "Encoding: windows-1252." in desk.look()
    assert "read as windows-1252" in desk.look("?show=problems")


@pytest.mark.parametrize("source", ["javascript:alert(1)", "ftp://example.com/", "no address"])
def test_a_source_is_a_web_address(client: Client, source: str) -> None:
    page = send(client, b"1. What is a?", source=source)
    assert page.status_code == 200
    assert page.context["form"].errors["source"]


def test_scripts_and_formulas_are_shown_as_text(bring: Callable[..., Desk]) -> None:
    script = "<script>alert(1)</script>"
    desk = bring(f"1. What is {script}?\n\n   {script} <img src=x onerror=alert(1)>\n")

    for url in (desk.url(), desk.url("items/q1")):
        page = desk.client.get(url).content.decode()
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert page.count("<img") == page.count('<img src="/pictures/sets/x" alt="image"')
        assert page.count(" onerror=") == page.count("&lt;img src=x onerror=")
    formula = bring("question,answer\n=HYPERLINK(1)?,=1+1\n", "x.csv")
    assert "=HYPERLINK(1)?" in formula.look()


def test_twenty_files_may_wait_and_no_more(client: Client, bring: Callable[..., Desk]) -> None:
    for _ in range(20):
        bring("1. What is a?\n")

    assert "You have 20 files that wait." in words_of(send(client, b"1. What is a?"))
    assert Import.objects.count() == 20


def test_nobody_but_editors_imports(
    client: Client,
    client_of: Callable[[User], Client],
    candidate: User,
    reviewer: User,
    person: Callable[..., User],
    bring: Callable[..., Desk],
) -> None:
    desk = bring("1. What is a?\n")
    staff = person("staff", is_staff=True)
    for visitor, status in (
        (Client(), 302),
        (client_of(candidate), 302),
        (client_of(reviewer), 302),
        (client_of(staff), 403),
    ):
        assert visitor.get(ADD).status_code == status
        for act in ("decide", "write", "undo", "discard", "read-again"):
            assert visitor.post(desk.url(act), {"do": "skip q1"}).status_code == status
        for act in ("change", "progress", "items/q1", "discard"):
            assert visitor.get(desk.url(act)).status_code == status
    desk.item.refresh_from_db()
    assert (desk.item.decisions, desk.item.written_at) == ([], None)


@pytest.mark.parametrize("name", ["editor", "superuser"])
def test_somebody_elses_import_is_not_there(
    client_of: Callable[[User], Client],
    person: Callable[..., User],
    superuser: User,
    bring: Callable[..., Desk],
    name: str,
) -> None:
    desk = bring("1. What is a?\n")
    visitor = person("second", "Editors", is_staff=True) if name == "editor" else superuser
    client = client_of(visitor)

    for act in ("change", "progress", "items/q1", "discard"):
        assert client.get(desk.url(act)).status_code == 404
    for act in ("decide", "write", "undo", "discard", "read-again"):
        data = {"do": "skip q1", "revision": 1, "shape": "auto"}
        assert client.post(desk.url(act), data).status_code == 404
    assert "questions.md" not in words_of(client.get("/admin/questions/import/"))
    assert Import.objects.get().decisions == []


@pytest.mark.parametrize("key", ["1", "0190b1e2-0000-7000-8000-000000000000", "x'"])
def test_an_import_that_never_was_is_not_there(client: Client, key: str) -> None:
    assert client.get(f"/admin/questions/import/{key}/change/").status_code == 404


def test_nothing_is_written_on_get_and_without_a_token(
    bring: Callable[..., Desk], editor: User
) -> None:
    desk = bring("1. What is a?\n")
    for act in ("decide", "write", "undo", "read-again"):
        assert desk.client.get(desk.url(act)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    for act in ("decide", "write", "undo", "discard"):
        assert strict.post(desk.url(act), {"do": "skip q1", "revision": 1}).status_code == 403
    assert strict.post(ADD, {"text": "1. What?"}).status_code == 403
    assert Import.objects.get().decisions == []


@pytest.mark.parametrize("code", ["\\u0000", "\\ud800"])
def test_characters_that_no_database_holds_are_replaced(
    bring: Callable[..., Desk], code: str
) -> None:
    desk = bring(f'[{{"question": "What {code} is?", "answer": "{code}"}}]', "x.json")

    assert desk.write().status_code == 200
    assert Question.objects.get().prompt == "What \ufffd is?"


def test_a_file_is_discarded_after_one_question(bring: Callable[..., Desk]) -> None:
    desk = bring("1. What is a?\n")

    assert "will be deleted" in words_of(desk.client.get(desk.url("discard")))
    assert Import.objects.exists()
    assert desk.client.post(desk.url("discard")).status_code == 302
    assert not Import.objects.exists()


def test_files_that_nobody_comes_back_to_are_forgotten(bring: Callable[..., Desk]) -> None:
    kept, old, written, long_written = (bring(f"1. What is {n}?\n") for n in range(4))
    written.write()
    long_written.write()
    now = timezone.now()
    Import.objects.filter(pk=old.item.pk).update(changed_at=now - timedelta(days=8))
    Import.objects.filter(pk=written.item.pk).update(changed_at=now - timedelta(days=8))
    Import.objects.filter(pk=long_written.item.pk).update(written_at=now - timedelta(days=31))

    forget_imports(timestamp=0)

    assert set(Import.objects.values_list("pk", flat=True)) == {kept.item.pk, written.item.pk}
    assert Question.objects.count() == 2
