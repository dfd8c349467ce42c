"""What a page sends to be saved, and what can become of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from interview.models import Answer
from interview.models.saved_text import SavedText


@dataclass(frozen=True)
class Save:
    """What a page sends: a text, and from where it knows the answer (Rules of saving, 2)."""

    text: str
    base: int
    """The revision that the page last had a receipt for."""
    writer: UUID
    """Random per page load."""
    sequence: int
    """Counts the writer's saves, from 1."""


@dataclass(frozen=True)
class Receipt:
    """The server's word that a text is stored, or was already."""

    revision: int
    saved_at: datetime
    text: str
    seconds_left: float | None
    """Until the answer's close, the grace not counted; None without a limit."""

    @cached_property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def html(self) -> SafeString:
        """As pages show it, in the reader's time zone.

        Not a template: that would cost a sixth of all that a save does.
        """
        moment = timezone.localtime(self.saved_at)
        sentence = ngettext(
            "Saved {time} · revision {revision} · {words} word",
            "Saved {time} · revision {revision} · {words} words",
            self.words,
        ).format(
            time=f'<time datetime="{moment.isoformat()}">{moment:%H:%M:%S}</time>',
            revision=self.revision,
            words=self.words,
        )
        # Safe: numbers and times, in a sentence of ours.
        return SafeString(f'<p class="receipt" id="receipt">{sentence}</p>')


@dataclass(frozen=True)
class Conflict:
    """Somebody else wrote since `base`: nothing was overwritten, and the sent text is kept."""

    standing: SavedText
    sent: str
    seconds_left: float | None


@dataclass(frozen=True)
class Late:
    """The text came after the close and its grace: kept as a late revision, not as the answer."""

    answer: Answer
    sent: str
    late_by: timedelta
    """Since the close that was shown, so never less than the grace unless the sitting was ended."""
    seconds_left: float | None = 0.0


@dataclass(frozen=True)
class TooOften:
    """This answer was saved too often in a short time: nothing was stored."""

    retry_after: int
    """Whole seconds, at least one, after which a save is taken again."""
    seconds_left: float | None


@dataclass(frozen=True)
class Full:
    """Late or in conflict, and the answer has all the texts beside it that it may have."""

    seconds_left: float | None


@dataclass(frozen=True)
class LoggedOut:
    """The session has ended, or its person may not log in any more: nothing was stored."""


Outcome = Receipt | Conflict | Late | TooOften | Full | LoggedOut
