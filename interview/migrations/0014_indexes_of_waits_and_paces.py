from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    # Nobody waits for an index to be built, nor for rows to be checked.
    atomic = False

    dependencies = [("interview", "0013_guided_self_scores_and_leads")]

    operations = [
        ValidateConstraint(model_name="review", name="review_own_has_no_assignment"),
        ValidateConstraint(model_name="review", name="review_guided_is_not_published"),
        AddIndexConcurrently(
            model_name="assignment",
            index=models.Index(
                fields=["reserved_for", "asked_at"],
                condition=Q(done_at=None, reserved_for__isnull=False),
                name="assignment_reserved_queue",
            ),
        ),
        AddIndexConcurrently(
            model_name="assignment",
            index=models.Index(
                fields=["-done_at"],
                include=["asked_at"],
                condition=Q(done_at__isnull=False),
                name="assignment_done",
            ),
        ),
        AddIndexConcurrently(
            model_name="review",
            index=models.Index(
                fields=["-published_at"],
                condition=Q(kind="reviewer", published_at__isnull=False),
                name="review_latest_published",
            ),
        ),
    ]
