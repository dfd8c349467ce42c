"""The one clock that counts: the database's (Rules of time, 1)."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext, ngettext

GRACE = timedelta(seconds=10)
"""How long after its close an answer still takes text; never shown (Rules of time, 5)."""

EXTENSION = timedelta(minutes=5)
"""What a candidate adds to their time by one press of a button (Rules of time, 3)."""

MOST_EXTENSIONS = 10

LEASE = timedelta(minutes=20)
"""How long a claim lasts without work (Rules of grading, 4)."""

MOST_CLAIMS = 3

TAKE_BACK = timedelta(minutes=1)
"""How long a published review can be taken back (Rules of grading, 7)."""

SECOND_LOOK = timedelta(days=14)
"""How long after a review became visible a second look can be asked for (Rules of grading, 9)."""

HISTORY_INTERVAL = timedelta(seconds=30)
"""The history keeps one revision of this much typing (Rules of saving, 7)."""


def database_now() -> datetime:
    """The database's time at this moment, not at the start of the transaction. One query.

    For what is stored. In filters use Django's `Now()`: it stands still during a statement, so
    that an index can serve it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def seconds_until(moment: datetime | None, now: datetime) -> float | None:
    """What a page counts down: not less than zero; None without a limit."""
    return None if moment is None else max((moment - now).total_seconds(), 0.0)


def in_words(duration: timedelta) -> str:
    """Such as “12 seconds” or “3 minutes”, rounded; hours are the largest unit."""
    seconds = round(duration.total_seconds())
    if seconds < 120:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = round(seconds / 60)
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def in_whole_hours(duration: timedelta) -> str:
    """How reviewers are told a wait: nobody can work out from it when something was done."""
    hours = duration // timedelta(hours=1)
    if hours < 1:
        return gettext("less than an hour")
    return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}


def in_hours_or_days(duration: timedelta) -> str:
    """How waits are told: rounded up to an hour, from two days on to a day.

    Reviews are blind: no reviewer shall work out from a wait when an interview ended.
    """
    hours = max(-(-duration // timedelta(hours=1)), 1)
    if hours < 48:
        return ngettext("an hour", "%(n)d hours", hours) % {"n": hours}
    days = -(-hours // 24)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
