from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The library can be read and written meanwhile.
    atomic = False

    dependencies = [("questions", "0007_search_indexes")]

    operations = [
        AddIndexConcurrently(
            "questionset",
            models.Index(
                fields=["title", "id"],
                condition=models.Q(status="published"),
                name="set_published_by_title",
            ),
        ),
    ]
