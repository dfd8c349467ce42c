from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Cast


def words(text):
    address, everywhere = models.Value("https?://[^[:space:])]+"), models.Value("g")
    without = models.Func(
        text, address, models.Value(" "), everywhere, function="regexp_replace"
    )
    return models.Func(
        without,
        models.Value("/<>"),
        models.Value("   "),
        function="translate",
        output_field=models.TextField(),
    )


def vector_of(*texts, weight):
    return SearchVector(*map(words, texts), config="english", weight=weight)


def add(model, name, expression):
    column = models.GeneratedField(
        expression=expression, output_field=SearchVectorField(), db_persist=True
    )
    return migrations.AddField(model, name, column)


class Migration(migrations.Migration):
    """Columns that Postgres makes from their rows at each write.

    It rewrites each table once and locks it meanwhile, which is quick for a usual library; for one
    of 100,000 questions choose a quiet hour. No other way gives a stored generated column.
    """

    dependencies = [("questions", "0005_imports")]

    operations = [
        add("question", "search_title", vector_of("prompt", weight="A")),
        add(
            "question",
            "search",
            vector_of("prompt", weight="A")
            + vector_of("body", weight="B")
            + vector_of("answer", weight="C")
            + vector_of(Cast("follow_ups", models.TextField()), weight="D"),
        ),
        add("story", "search_title", vector_of("title", weight="A")),
        add(
            "story",
            "search",
            vector_of("title", weight="A")
            + vector_of("summary", weight="B")
            + vector_of(
                *("what_happened", "cause", "impact", "fix", "lessons", "discuss"), weight="C"
            ),
        ),
        add("note", "search_title", vector_of("title", weight="A")),
        add(
            "note",
            "search",
            vector_of("title", weight="A")
            + vector_of("summary", weight="B")
            + vector_of("body", weight="C"),
        ),
    ]
