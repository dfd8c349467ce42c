"""When content counts as old: facts go stale, and readers are told so."""

import datetime


def year_before(day: datetime.date) -> datetime.date:
    """The same day one year earlier; of 29 February the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def is_stale(checked_on: datetime.date | None, today: datetime.date) -> bool:
    """Whether it was checked longer than a year ago. What nobody ever checked is not: no day says
    how old it is.
    """
    return checked_on is not None and checked_on < year_before(today)
