"""The table that `make budgets` prints: a row for each look at a page."""

LOOK = "look"
"""The property of a test that holds a row."""
SEEN = "seen"
"""That holds the path of a page that was looked at; none of an error's."""
AUDITED = "audited"
"""That holds the name of a page that Lighthouse was asked about."""

SHOWN = {"stylesheet": "CSS", "script": "JS", "document": "HTML", "image": "images"}
FAULTS = ("axe", "html", "wide", "console", "policy")
SCORES = ("speed", "access", "practice", "SEO")


def in_columns(page: str, *cells: str) -> str:
    return (f"{page:<50}" + "".join(f"{cell:>9}" for cell in cells)).rstrip()


TABLE_HEAD = in_columns("page", *SHOWN.values(), *FAULTS, *SCORES)
