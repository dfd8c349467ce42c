"""Mail leaves in a job, enqueued in the transaction of its cause."""

import logging
import socket
from collections.abc import Callable
from email.message import Message
from pathlib import Path

import pytest
from django.contrib.auth.signals import user_logged_in
from django.core import mail
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from accounts.models import User
from config.logs import WithoutArguments

pytestmark = pytest.mark.django_db(transaction=True)

MEMORY = "django.core.mail.backends.locmem.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def _queued(settings: Settings) -> None:
    """As in production, but delivered to `mail.outbox`: pytest-django sets another backend."""
    settings.EMAIL_BACKEND = "config.mail.QueuedEmailBackend"
    settings.DELIVERY_EMAIL_BACKEND = MEMORY


def mails() -> QuerySet[ProcrastinateJob]:
    """Jobs with mail; those of each minute may wait too."""
    return ProcrastinateJob.objects.filter(queue_name="mail")


def make_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")


def test_committed_mail_leaves_once(work: Callable[[], None]) -> None:
    send_mail("Subject", "Text", None, ["ada@example.com"])
    assert mail.outbox == []

    work()
    work()

    assert [message.subject for message in mail.outbox] == ["Subject"]


def test_rolled_back_mail_never_leaves(work: Callable[[], None]) -> None:
    with transaction.atomic():
        send_mail("Subject", "Text", None, ["ada@example.com"])
        transaction.set_rollback(True)

    work()

    assert mail.outbox == []


def test_mail_of_a_job_is_rolled_back_with_it_too() -> None:
    with (
        app.replace_connector(app.connector.get_worker_connector()),  # type: ignore[attr-defined]
        transaction.atomic(),
    ):
        send_mail("Subject", "Text", None, ["ada@example.com"])
        transaction.set_rollback(True)

    assert not mails().exists()


def test_a_sign_up_that_fails_after_its_mail_leaves_neither_account_nor_mail(
    client: Client, work: Callable[[], None]
) -> None:
    def fail(**kwargs: object) -> None:
        assert mails().exists()
        raise ValueError("after the mail")

    client.raise_request_exception = False
    user_logged_in.connect(fail)
    try:
        response = client.post(
            reverse("account_signup"), {"email": "ada@example.com", "password1": "dry-run-password"}
        )
    finally:
        user_logged_in.disconnect(fail)
    work()

    assert response.status_code == 500
    assert not User.objects.exists()
    assert mail.outbox == []


def test_all_of_a_message_arrives(work: Callable[[], None]) -> None:
    message = EmailMultiAlternatives(
        "Grüße",
        "Text",
        "Dry Run <dry-run@example.com>",
        ["ada@example.com"],
        bcc=["bob@example.com"],
        cc=["carol@example.com"],
        reply_to=["dora@example.com"],
        headers={"X-Reason": "test"},
    )
    message.attach_alternative("<p>Text</p>", "text/html")
    message.send()

    work()

    (arrived,) = mail.outbox
    assert isinstance(arrived, EmailMultiAlternatives)
    assert arrived.recipients() == ["ada@example.com", "carol@example.com", "bob@example.com"]
    assert (arrived.subject, arrived.body) == ("Grüße", "Text")
    assert [tuple(alternative) for alternative in arrived.alternatives] == [
        ("<p>Text</p>", "text/html")
    ]
    headers: Message = arrived.message()
    assert headers["From"] == "Dry Run <dry-run@example.com>"
    assert headers["Reply-To"] == "dora@example.com"
    assert headers["X-Reason"] == "test"


def test_mail_waits_for_a_mail_server_that_is_down(
    work: Callable[[], None], settings: Settings
) -> None:
    settings.DELIVERY_EMAIL_BACKEND = SMTP
    settings.EMAIL_HOST = "127.0.0.1"
    send_mail("Subject", "Text", None, ["ada@example.com"])
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody_listens.getsockname()[1]
        work()

    job = mails().get()
    assert (job.status, job.attempts) == ("todo", 1)
    assert job.scheduled_at is not None

    settings.DELIVERY_EMAIL_BACKEND = MEMORY
    make_due()
    work()

    assert len(mail.outbox) == 1


def test_delivered_mail_is_not_kept(work: Callable[[], None]) -> None:
    send_mail("Subject", "Text", None, ["ada@example.com"])

    work()

    assert not mails().exists()


def test_the_log_names_a_failed_job_without_its_mail() -> None:
    call_string = "config.tasks.deliver[7](message={'text': 'https://secret'})"
    record = logging.LogRecord(
        "procrastinate.worker", logging.ERROR, __file__, 1, f"Job {call_string} ended", None, None
    )
    record.job = {"id": 7, "task_name": "config.tasks.deliver", "call_string": call_string}

    assert WithoutArguments().filter(record)
    assert record.getMessage() == "Job config.tasks.deliver[7] ended"


@pytest.mark.parametrize("subtype", ["attachment", "html"])
def test_what_a_job_can_not_carry_is_refused(subtype: str) -> None:
    message = EmailMessage("Subject", "Text", None, ["ada@example.com"])
    if subtype == "attachment":
        message.attach("notes.txt", "Notes")
    else:
        message.content_subtype = "html"

    with pytest.raises(NotImplementedError):
        message.send()


def test_a_line_break_in_a_header_is_refused_where_it_was_made() -> None:
    with pytest.raises(BadHeaderError):
        send_mail("Subject\nBcc: eve@example.com", "Text", None, ["ada@example.com"])

    assert not mails().exists()


def test_mail_can_be_written_to_files(
    work: Callable[[], None], settings: Settings, tmp_path: Path
) -> None:
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    send_mail("Subject", "Text", None, ["ada@example.com"])

    work()

    (written,) = tmp_path.iterdir()
    assert "To: ada@example.com" in written.read_text()
