from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.lookups import Exact


def index(column, name):
    sample = models.Q(Exact(models.F("id") % 8, 0))
    return AddIndexConcurrently(
        "question", GinIndex(column, name=name, fastupdate=False, condition=sample)
    )


def add_trigrams(apps, schema_editor):
    """Only beside the index of all prompts: without it nobody asks which words are alike."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('question_prompt_trigrams') IS NOT NULL")
        if cursor.fetchone()[0]:
            # What was interrupted leaves an index behind that nobody uses.
            cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS question_prompt_trigrams_sample")
            cursor.execute(
                "CREATE INDEX CONCURRENTLY question_prompt_trigrams_sample"
                " ON questions_question USING gin (prompt gin_trgm_ops) WHERE id % 16 = 0"
            )


def drop_trigrams(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS question_prompt_trigrams_sample")


class Migration(migrations.Migration):
    """Small indexes of some questions, in which common words are looked up first.

    After an interruption: drop those that are there, question_words_sample and
    question_title_words_sample, and migrate again.
    """

    # The library can be read and written meanwhile.
    atomic = False

    dependencies = [("questions", "0008_sets_by_title")]

    operations = [
        index("search", "question_words_sample"),
        index("search_title", "question_title_words_sample"),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
