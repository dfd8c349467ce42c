from django.db import migrations, models


class Migration(migrations.Migration):
    """A check passes when it comes out as NULL: an answer could close and take text for ever."""

    dependencies = [("interview", "0008_drafts_go_with_their_author")]

    operations = [
        migrations.RemoveConstraint(model_name="answer", name="answer_closes_before_refusing"),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepts_until", None), ("closes_at", None)
                )
                | models.Q(
                    ("accepts_until__gte", models.F("closes_at")),
                    ("accepts_until__isnull", False),
                    ("closes_at__isnull", False),
                ),
                name="answer_closes_before_refusing",
            ),
        ),
    ]
