"""`<details>`: which ask, which hold the answer of a question above, which are neither."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from questions.importing import words
from questions.importing.marks import clean_title
from questions.importing.page import Details, Is, Page
from questions.importing.words import asks

LINK_ONLY = re.compile(
    r"\W*(?:\*\*|__)?\[(?:[^\[\]]|\[[^\]]*\])*\]"
    r"\((?:#(?:[^()]|\([^()]*\))*|[^():]*\.md(?:#(?:[^()]|\([^()]*\))*)?)\)[\s\W]*"
)
# A longer summary that holds the word “contents” speaks of something else.
CONTENTS_WORDS = 6


@dataclass
class Folded:
    """The `<details>` of a page by their first lines.

    `containers` hold others that ask; `dropped` are tables of contents and the like.
    """

    asking: dict[int, Details] = field(default_factory=dict)
    holding: dict[int, Details] = field(default_factory=dict)
    dropped: dict[int, Details] = field(default_factory=dict)
    containers: dict[int, Details] = field(default_factory=dict)


def sort_details(page: Page) -> Folded:
    folded = Folded()
    flat = list(_unwrapped(page, page.details, folded))
    summaries = Counter(summary_of(details, page).casefold() for details in flat)
    for details in flat:
        summary = summary_of(details, page)
        if _is_contents(details, summary, page):
            folded.dropped[details.first] = details
        elif (
            not summary
            or words.HOLDER.fullmatch(summary)
            or (summaries[summary.casefold()] > 2 and not asks(summary))
        ):
            folded.holding[details.first] = details
        else:
            folded.asking[details.first] = details
    return folded


def _unwrapped(page: Page, found: list[Details], folded: Folded) -> Iterator[Details]:
    """Those at the top, and in place of one that only holds others, those."""
    for details in found:
        inner = [one for one in details.inner if summary_of(one, page)]
        holds = [one for one in inner if words.HOLDER.fullmatch(summary_of(one, page))]
        if len(inner) - len(holds) >= 2 and not asks(summary_of(details, page)):
            folded.containers[details.first] = details
            for index in range(details.first, details.last + 1):
                if page.kinds[index] is Is.DETAILS:
                    page.kinds[index] = Is.TEXT
            for one in inner:
                for index in range(one.first, one.last + 1):
                    if page.kinds[index] is Is.TEXT:
                        page.kinds[index] = Is.DETAILS
            yield from _unwrapped(page, details.inner, folded)
        else:
            yield details


def summary_of(details: Details, page: Page) -> str:
    if details.summary is None:
        return ""
    return clean_title(" ".join(page.slice(*details.summary)))


def _is_contents(details: Details, summary: str, page: Page) -> bool:
    """A table of contents, or a list of links such as translations."""
    short = len(summary.split()) <= CONTENTS_WORDS
    if short and not asks(summary) and re.search(rf"\b{words.CONTENTS.pattern}\b", summary):
        return True
    lines = [line for line in page.slice(*details.content) if line.strip()]
    links = sum(
        LINK_ONLY.fullmatch(re.sub(r"^\s*[-*+\d.]*\s*", "", line)) is not None for line in lines
    )
    return links >= 3 and links >= 0.6 * len(lines)
