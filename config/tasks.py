"""What runs in the background and belongs to no app: mail, and tidying up."""

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from procrastinate import JobContext, RetryStrategy, builtin_tasks
from procrastinate.contrib.django import app

KEEP_FAILED_JOBS = 30 * 24  # hours


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def deliver(message: dict[str, Any]) -> None:
    """Send one message (`config.mail.content_of`).

    Tried again for about a day, after 4, 16, 64 … seconds, while the mail server does not take it.
    """
    mail = EmailMultiAlternatives(
        message["subject"],
        message["text"],
        message["sender"],
        message["to"],
        cc=message["cc"],
        bcc=message["bcc"],
        reply_to=message["reply_to"],
        headers=message["headers"],
        connection=get_connection(settings.DELIVERY_EMAIL_BACKEND),
    )
    if message["html"]:
        mail.attach_alternative(message["html"], "text/html")
    mail.send()


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="end_expired_sessions")
def end_expired_sessions(timestamp: int) -> None:
    """Forget sessions that nobody can use any more. Once a day."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@app.periodic(cron="27 3 * * *")
@app.task(queueing_lock="forget_failed_jobs", pass_context=True)
async def forget_failed_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that failed a month ago, with the mail in them. Once a day.

    Those that succeed are deleted at once (PROCRASTINATE_WORKER_DEFAULTS).
    """
    await builtin_tasks.remove_old_jobs(
        context, max_hours=KEEP_FAILED_JOBS, remove_failed=True, remove_cancelled=True
    )
