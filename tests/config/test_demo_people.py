"""What the demo's people have done so far: enough to see, made once, and no mail of it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from config import demo
from interview.models import Interview, Mark, Review
from interview.next_step import Kind
from interview.progress import progress_of
from interview.tasks import mail_feedback


@pytest.fixture
def candidate(db: None) -> User:
    call_command("library", "import", settings.CONTENT_DIR, verbosity=0)
    demo.create()
    return User.objects.get(email=demo.CANDIDATE)


def test_the_candidate_has_progress_to_see_made_once_and_mailed_to_nobody(candidate: User) -> None:
    found = progress_of(candidate)
    assert found.scores.total == 6
    assert found.scores.reviewers_halves
    assert found.scores.reviewers_halves.newer > found.scores.reviewers_halves.older
    assert len(found.comparison.sittings) == 4
    assert found.practice.practised >= 3  # By the day of the week.
    assert len({mastery.score for mastery in found.masteries}) > 3
    assert found.step.kind == Kind.READ

    # They were when they say they were.
    oldest = Interview.objects.order_by("id")[0]
    assert timezone.now() - oldest.started_at > timedelta(days=65)
    in_order = list(Interview.objects.order_by("id").values_list("started_at", flat=True))
    assert in_order == sorted(in_order)
    for review in Review.objects.select_related("interview"):
        assert review.visible_from
        assert review.interview.started_at < review.visible_from < timezone.now()

    for review in Review.objects.filter(kind=Review.Kind.REVIEWER):
        mail_feedback(str(review.pk))
    assert mail.outbox == []

    made = Interview.objects.count(), Mark.objects.count(), User.objects.count()
    demo.create()
    assert (Interview.objects.count(), Mark.objects.count(), User.objects.count()) == made
