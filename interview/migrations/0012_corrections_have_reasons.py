from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Apart from the one that adds it: reads all reviews, and locks none of them."""

    dependencies = [("interview", "0011_corrections_second_looks_unblindings")]

    operations = [
        ValidateConstraint(model_name="review", name="review_correction_has_a_reason"),
    ]
