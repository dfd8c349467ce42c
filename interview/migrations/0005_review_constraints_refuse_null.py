from django.db import migrations, models


class Migration(migrations.Migration):
    """A check passes when it comes out as NULL: two of them let half a row through."""

    dependencies = [("interview", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="mark", name="mark_quote_is_a_range"),
        migrations.RemoveConstraint(
            model_name="review", name="review_published_with_score_and_time"
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), ("holder", None), _connector="OR"),
                name="assignment_done_is_held_by_nobody",
                violation_error_message="Nobody holds what is done.",
            ),
        ),
        migrations.AddConstraint(
            model_name="mark",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quote_end", None), ("quote_revision", None), ("quote_start", None)),
                    models.Q(
                        ("quote_end__isnull", False),
                        ("quote_revision__isnull", False),
                        ("quote_start__isnull", False),
                        ("quote_start__lt", models.F("quote_end")),
                    ),
                    _connector="OR",
                ),
                name="mark_quote_is_a_range",
                violation_error_message="A quote starts before it ends.",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at", None), ("visible_from", None)),
                    models.Q(
                        ("published_at__isnull", False),
                        ("score__isnull", False),
                        ("visible_from__gte", models.F("published_at")),
                        ("visible_from__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_published_with_score_and_time",
                violation_error_message="A published review has a score and a time.",
            ),
        ),
    ]
