"""Mail leaves through a job that is enqueued in the transaction of its cause."""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager

from config.tasks import deliver


class QueuedEmailBackend(BaseEmailBackend):
    """Enqueues each message instead of sending it: what is rolled back mails nothing.

    This holds in jobs too: a worker's own connection, outside of the transaction, is not used.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Enqueue all; how many there were.

        Raises:
            NotImplementedError: for what a job can't carry: attachments, a body of HTML alone.
            django.core.mail.BadHeaderError: a header has a line break.
        """
        manager = JobManager(DjangoConnector())
        for message in email_messages:
            message.message()  # Refuses bad headers here rather than in the job.
            JobDeferrer(manager, deliver.configure().job).defer(message=content_of(message))
        return len(email_messages)


def content_of(message: EmailMessage) -> dict[str, Any]:
    """What a job needs to send `message`, as JSON."""
    alternatives = getattr(message, "alternatives", [])
    if message.attachments or message.content_subtype != "plain" or len(alternatives) > 1:
        raise NotImplementedError("Only mail of plain text, with HTML beside it, is sent.")
    return {
        "subject": str(message.subject),
        "text": str(message.body),
        "html": next((str(content) for content, _ in alternatives), ""),
        "sender": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
    }
