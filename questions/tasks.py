"""Jobs of the library: reading large files, and forgetting files."""

from uuid import UUID

from django.conf import settings
from django.utils import translation
from procrastinate.contrib.django import app

from questions.importing import pending
from questions.models import Import


@app.task(queue="import")
def read_import(key: str, language: str = settings.LANGUAGE_CODE) -> None:
    """Read the file of an import. Again does no harm, and neither does an import that is gone.

    What is said about the file is in `language`: that of the page on which the editor brought it.
    """
    with translation.override(language):
        pending.read(UUID(key))


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_imports")
def forget_imports(timestamp: int) -> None:
    """Delete the files that nobody came back to, and those imported a month ago. Once a day."""
    Import.objects.expired().delete()
