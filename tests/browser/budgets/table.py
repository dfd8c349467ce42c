"""The table that `make budgets` prints: a row for each look at a page."""

LOOK = "look"
"""The property of a test that holds a row."""

SHOWN = {"stylesheet": "CSS", "script": "JS", "document": "HTML", "image": "images"}
FAULTS = ("axe", "html", "wide", "console", "policy")
SCORES = ("speed", "access", "practice", "SEO")


def in_columns(page: str, *cells: str) -> str:
    return (f"{page:<50}" + "".join(f"{cell:>9}" for cell in cells)).rstrip()


TABLE_HEAD = in_columns("page", *SHOWN.values(), *FAULTS, *SCORES)
