"""What goes wrong outside the code is told in one sentence, with exit status 2."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.utils import NotSupportedError, OperationalError

from config.embedded_postgres import EmbeddedPostgresError


@contextmanager
def complain_in_one_sentence() -> Iterator[None]:
    """End the process with a sentence on standard error where only the person can help.

    Covers the configuration, the embedded database and an unreachable or unsupported
    database. An error in a working connection is a fault of ours and keeps its traceback.

    Raises:
        SystemExit: with status 2, after the sentence was written.
    """
    try:
        yield
    except (ImproperlyConfigured, EmbeddedPostgresError, NotSupportedError) as error:
        complain(str(error))
    except OperationalError as error:
        if connection.connection is not None and not connection.connection.closed:
            raise
        reason = " ".join(str(error).split())
        complain(f"The database can't be reached, check DATABASE_URL: {reason}")


def complain(sentence: str) -> None:
    """Write `sentence` to standard error and leave.

    Raises:
        SystemExit: always, with status 2.
    """
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)
