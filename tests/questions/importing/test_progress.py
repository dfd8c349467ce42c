"""Large files are read by a job, and their page says how far it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from questions.importing import pending
from questions.models import Import, Question
from tests.questions.importing.admin import Desk, words_of

LARGE = "".join(
    f"{n}. What is the meaning of number {n}?\n\n   {'It is a number. ' * 20}\n"
    for n in range(1, 1500)
)


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'import'")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_large_file_shows_progress_and_then_its_preview(
    bring: Callable[..., Desk], read_in_background: Callable[[], None]
) -> None:
    assert len(LARGE) > 500_000
    desk = bring(LARGE)

    waiting = desk.client.get(desk.url())
    assert "Your file waits for its turn to be read." in words_of(waiting)
    assert "<progress" in waiting.content.decode()
    assert '<noscript><meta http-equiv="refresh"' in waiting.content.decode()
    part = desk.client.get(desk.url("progress"))
    assert "<progress" in part.content.decode()
    assert "<html" not in part.content.decode()
    assert jobs() == 1

    read_in_background()

    assert desk.client.get(desk.url("progress"))["HX-Redirect"] == desk.url()
    assert "1499 questions" in desk.look()
    desk.write()
    assert Question.objects.count() == 1499


@pytest.mark.django_db
def test_the_page_says_when_reading_has_begun(bring: Callable[..., Desk]) -> None:
    desk = bring(LARGE)
    Import.objects.update(started_at=timezone.now())
    assert "Your file is being read and compared with the library." in desk.look()


@pytest.mark.django_db
def test_a_small_file_is_read_at_once(bring: Callable[..., Desk]) -> None:
    bring("1. What is a?\n")
    assert jobs() == 0


@pytest.mark.django_db(transaction=True)
def test_a_large_file_that_cannot_be_read_says_why_with_its_line(
    bring: Callable[..., Desk], read_in_background: Callable[[], None]
) -> None:
    desk = bring("- " * 100_000)

    read_in_background()

    page = desk.look()
    assert "This file can’t be read. Nothing was written." in page
    assert "questions.md:1:" in page
    assert desk.write().status_code == 200
    assert not Question.objects.exists()


@pytest.mark.django_db
def test_when_it_takes_too_long_one_can_have_it_read_again(bring: Callable[..., Desk]) -> None:
    desk = bring(LARGE)
    assert "takes longer than it should" not in desk.look()
    Import.objects.update(changed_at=timezone.now() - timedelta(minutes=2))

    assert "takes longer than it should" in desk.look()
    desk.client.post(desk.url("read-again"), {"shape": "auto", "body_is": ""})

    assert "takes longer than it should" not in desk.look()
    assert jobs() == 2


@pytest.mark.django_db
def test_reading_that_comes_too_late_changes_nothing(bring: Callable[..., Desk]) -> None:
    desk = bring("1. What is a?\n")
    desk.do("skip q1")
    before = Import.objects.get()

    pending.read(desk.item.pk)

    after = Import.objects.get()
    assert (after.decisions, after.revision) == (before.decisions, before.revision)
    Import.objects.all().delete()
    pending.read(desk.item.pk)
    assert not Import.objects.exists()
