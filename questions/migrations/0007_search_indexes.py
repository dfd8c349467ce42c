from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import DatabaseError, migrations, transaction


def index(model, column, name):
    return AddIndexConcurrently(model, GinIndex(column, name=name, fastupdate=False))


def add_trigrams(apps, schema_editor):
    """The index that tells which words are alike, where the database has or may have `pg_trgm`.

    Where it may not, search offers no help with typos. To have it later, do what this does.
    """
    connection = schema_editor.connection
    if has_trigrams(connection):
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS question_prompt_trigrams"
                " ON questions_question USING gin (prompt gin_trgm_ops)"
            )


def has_trigrams(connection):
    """Whether the extension is there, or could be made just now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return False
        try:
            with transaction.atomic(connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            # The role may not: a superuser, or the database's owner, has to.
            return False
    return True


def drop_trigrams(apps, schema_editor):
    """The extension stays: somebody else may use it."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DROP INDEX CONCURRENTLY IF EXISTS question_prompt_trigrams")


class Migration(migrations.Migration):
    # The library can be read and written meanwhile.
    atomic = False

    dependencies = [("questions", "0006_search_columns")]

    operations = [
        index("question", "search", "question_words"),
        index("question", "search_title", "question_title_words"),
        index("story", "search", "story_words"),
        index("story", "search_title", "story_title_words"),
        index("note", "search", "note_words"),
        index("note", "search_title", "note_title_words"),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
