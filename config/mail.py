"""Mail leaves through a job that is enqueued in the transaction of its cause."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


class QueuedEmailBackend(BaseEmailBackend):
    """Enqueues each message instead of sending it: a rolled-back request mails nothing.

    Carries subject, text, HTML, sender, recipients and headers. Attachments are refused, since
    nothing here sends any.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            if message.attachments:
                raise NotImplementedError("Mail with attachments can't be enqueued.")
            html = next(
                (
                    str(alternative[0])
                    for alternative in getattr(message, "alternatives", [])
                    if alternative[1] == "text/html"
                ),
                "",
            )
            deliver.defer(
                subject=message.subject,
                text=message.body,
                html=html,
                sender=message.from_email,
                recipients=message.to,
                headers={name: str(value) for name, value in message.extra_headers.items()},
            )
        return len(email_messages)


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(
    subject: str,
    text: str,
    html: str,
    sender: str,
    recipients: list[str],
    headers: dict[str, str],
) -> None:
    """Send one message; tried again for about a day when the mail server doesn't take it."""
    message = EmailMultiAlternatives(
        subject,
        text,
        sender,
        recipients,
        headers=headers,
        connection=get_connection(settings.DELIVERY_EMAIL_BACKEND),
    )
    if html:
        message.attach_alternative(html, "text/html")
    message.send()
