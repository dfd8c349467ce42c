from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import MD5, Cast


class Migration(migrations.Migration):
    # Questions can be read and written meanwhile.
    atomic = False

    dependencies = [
        ("questions", "0002_question_version_is_immutable"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="question",
            index=models.Index(
                MD5(Cast("id", models.TextField())), name="question_shuffled"
            ),
        ),
    ]
