"""Jobs of the library: reading large files, and forgetting files."""

from uuid import UUID

from procrastinate.contrib.django import app

from questions.importing import pending
from questions.models import Import


@app.task(queue="import")
def read_import(key: str) -> None:
    """Read the file of an import. Again does no harm, and neither does an import that is gone."""
    pending.read(UUID(key))


@app.periodic(cron="37 3 * * *")
@app.task(queueing_lock="forget_imports")
def forget_imports(timestamp: int) -> None:
    """Delete the files that nobody came back to, and those imported a month ago. Once a day."""
    Import.objects.expired().delete()
