from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("interview", "0012_corrections_have_reasons")]

    operations = [
        migrations.AlterModelOptions(
            name="interview",
            options={
                "ordering": ["-id"],
                "permissions": [
                    ("review", "Can review interviews"),
                    ("see_team", "Can see how the reviewing goes"),
                ],
                "verbose_name": "interview",
                "verbose_name_plural": "interviews",
            },
        ),
        migrations.AlterField(
            model_name="review",
            name="kind",
            field=models.CharField(
                choices=[
                    ("self", "by yourself"),
                    ("guided", "by yourself, beside the model answers"),
                    ("reviewer", "by a reviewer"),
                    ("peer", "by a peer"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="review", name="review_self_has_no_assignment"),
        # Checked from now on; the next migration looks at the rows there are, without their lock.
        AddConstraintNotValid(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=("self", "guided"), assignment=None)
                | (~Q(kind__in=("self", "guided")) & Q(assignment__isnull=False)),
                name="review_own_has_no_assignment",
            ),
        ),
        AddConstraintNotValid(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=~Q(kind="guided") | Q(published_at=None, supersedes=None),
                name="review_guided_is_not_published",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                fields=["interview"],
                condition=Q(kind="guided"),
                name="review_one_guided_per_interview",
                violation_error_message="This interview has such a self-score already.",
            ),
        ),
    ]
