"""Jobs: what happens to sittings and reviews without anybody asking."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from interview import clock
from interview.models import Interview, Review, SecondLook


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def mail_feedback(review_id: str) -> None:
    """Tell the candidate that a review or a correction can be read, once.

    Runs when it becomes visible. Mails nothing if it was taken back meanwhile (publishing again
    makes another job), if the candidate was told already, or if they have not verified their
    address. That they were told is noted in the transaction that enqueues the mail.
    """
    with transaction.atomic():
        review = (
            Review.objects.visible()
            .filter(pk=review_id, mailed_at=None)
            .select_related("interview__candidate")
            .select_for_update(of=("self",))
            .first()
        )
        if review is None or not review.interview.candidate.email_is_confirmed():
            return
        review.mailed_at = clock.database_now()
        review.save(update_fields=["mailed_at"])
        name = "correction" if review.is_correction else "feedback"
        mail_about(review.interview, name, review=review).send()


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def mail_second_look(look_id: str) -> None:
    """Tell the candidate that a second look is answered: when, and how often, as above."""
    with transaction.atomic():
        look = (
            SecondLook.objects.answered()
            .filter(pk=look_id, mailed_at=None)
            .select_related("interview__candidate", "answer__question_version")
            .select_for_update(of=("self",))
            .first()
        )
        if look is None or not look.interview.candidate.email_is_confirmed():
            return
        look.mailed_at = clock.database_now()
        look.save(update_fields=["mailed_at"])
        mail_about(look.interview, "second_look", look=look).send()


def mail_about(interview: Interview, name: str, **context: Any) -> EmailMultiAlternatives:
    """A mail as text and HTML, in the candidate's language.

    A subject is read over shoulders, so it tells no score.
    """
    with interview.candidate.in_their_language():
        path = reverse("feedback", args=[interview.pk])
        context |= {"interview": interview, "url": settings.SITE_URL.rstrip("/") + path}
        subject = render_to_string(f"interview/mail/{name}_subject.txt", context)
        message = EmailMultiAlternatives(
            " ".join(subject.split()),
            render_to_string(f"interview/mail/{name}.txt", context),
            to=[interview.candidate.email],
        )
        html = render_to_string(f"interview/mail/{name}.html", context)
        message.attach_alternative(html, "text/html")
    return message


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stamp_overdue")
def stamp_overdue(timestamp: int) -> None:
    """Write down the end of sittings that ended at their deadline (Rules of time, 6).

    Not before their grace is over: it would hold up the last saves of a crowd.
    """
    Interview.objects.past_grace().stamp_overdue()
