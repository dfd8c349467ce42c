"""Jobs: what happens to sittings and reviews without anybody asking."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from interview import clock
from interview.models import Interview, Review


@app.task(queue="mail", retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def mail_feedback(review_id: str) -> None:
    """Tell the candidate that a review can be read, once.

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
        if review is None:
            return
        candidate = review.interview.candidate
        addresses = EmailAddress.objects.filter(user=candidate, verified=True)
        if not addresses.filter(email__iexact=candidate.email).exists():
            return
        review.mailed_at = clock.database_now()
        review.save(update_fields=["mailed_at"])
        feedback_mail(review).send()


def feedback_mail(review: Review) -> EmailMultiAlternatives:
    """The mail as text and HTML. A subject is read over shoulders, so it tells no score."""
    path = reverse("feedback", args=[review.interview_id])
    context = {"interview": review.interview, "url": settings.SITE_URL.rstrip("/") + path}
    subject = render_to_string("interview/mail/feedback_subject.txt", context)
    message = EmailMultiAlternatives(
        " ".join(subject.split()),
        render_to_string("interview/mail/feedback.txt", context),
        to=[review.interview.candidate.email],
    )
    html = render_to_string("interview/mail/feedback.html", context)
    message.attach_alternative(html, "text/html")
    return message


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="stamp_overdue")
def stamp_overdue(timestamp: int) -> None:
    """Write down the end of sittings that ended at their deadline (Rules of time, 6)."""
    Interview.objects.stamp_overdue()
