"""How much of a file is read. Whoever brings more gets an error and nothing is written."""

import time
from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from questions.library.documents import InvalidLibrary, LibraryError

MAX_BYTES = 2_000_000
MAX_ITEMS = 2_000
MAX_DEPTH = 50
MAX_SECONDS = 10.0


class Refused(InvalidLibrary):
    """A file that can't be read, with what is wrong in which line."""

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__([LibraryError(path, line, message)])


class Deadline:
    """Ten seconds of work for one file. Long loops look at it now and then.

    Only the thread's own time counts: on a busy machine a good file takes longer, and is read.
    """

    def __init__(self, path: str, seconds: float = MAX_SECONDS) -> None:
        self.path = path
        self.seconds = seconds
        self.end = time.thread_time() + seconds

    def check(self, line: int = 1) -> None:
        """
        Raises:
            Refused: when the time is over.
        """
        if time.thread_time() > self.end:
            seconds = round(self.seconds)
            message = ngettext(
                "reading the file took more than %(seconds)d second",
                "reading the file took more than %(seconds)d seconds",
                seconds,
            )
            raise Refused(self.path, line, message % {"seconds": seconds})


def check_items(path: str, firsts: Sequence[int]) -> None:
    """`firsts` are the first lines of all questions, stories and notes of one file.

    Raises:
        Refused: when there are too many of them.
    """
    if len(firsts) > MAX_ITEMS:
        line = sorted(firsts)[MAX_ITEMS]
        message = gettext("more than %(most)s questions, stories and notes in one file; split it")
        most = number_format(MAX_ITEMS, force_grouping=True)
        raise Refused(path, line, message % {"most": most})
