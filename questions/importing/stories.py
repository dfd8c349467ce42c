"""Failure stories: lists of links with bullets below, link-led paragraphs, prose with a heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from questions.importing import words
from questions.importing.marks import clean_title, width_of
from questions.importing.reading import FoundStory

if TYPE_CHECKING:
    from questions.importing.engine import Engine
    from questions.importing.marked_page import MarkedPage
    from questions.importing.sections import Section

# `* [Title](https://…)` and `[Who](https://…). What happened.`
LINK_LED = re.compile(
    r"^(?P<indent>\s*)(?P<bullet>(?:[-*+]|\d{1,4}[.)])[ \t]+)?(?:\*\*)?"
    r"\[(?P<title>(?:[^\[\]]|\[[^\]]*\])+)\]\((?P<url>https?://(?:[^()\s]|\([^()\s]*\))+)(?:\s+\"[^\"]*\")?\)(?P<rest>.*)$"
)
URL = re.compile(r"https?://[^\s<>\"')\]]+")


def is_story_file(marked: MarkedPage, shape: str) -> bool:
    """Whether the file says so in its first heading or its name, or a person did."""
    if shape != "auto":
        return shape == "stories"
    first = next((clean_title(mark.text) for mark in marked.headings[:1]), "")
    if words.ABOUT_QUESTIONS.search(first) or words.ABOUT_QUESTIONS.search(
        marked.page.source.title
    ):
        return False
    said = f"{first} / {marked.page.source.title}"
    if not words.STORY.search(said):
        return False
    links = sum(LINK_LED.match(line) is not None for line in marked.page.lines)
    return links >= 3


def is_story(section: Section) -> bool:
    """Whether the heading of a section announces one."""
    return (
        bool(section.name)
        and not section.has_questions
        and words.STORY.search(section.name) is not None
        and "?" not in section.name
    )


def is_told_below(engine: Engine, number: int) -> bool:
    """Whether the section announces a story, and headings below have its parts."""
    title = engine.sections[number].title
    following = engine.sections[number + 1 : number + 2]
    below = following[0].title if following else None
    return (
        is_story(engine.sections[number])
        and title is not None
        and below is not None
        and below.level > title.level
        and words.STORY_PART.match(clean_title(below.text)) is not None
    )


def read(engine: Engine, number: int) -> int:
    """The stories of a section; how many sections that took."""
    section = engine.sections[number]
    entries = _entries(engine, section)
    if len(entries) >= 2 or (entries and engine.is_stories):
        _read_entries(engine, section, entries)
        return 1
    if engine.is_stories and engine.shape != "stories" and not words.STORY.search(section.name):
        if section.title is None or section.title.level == 1:
            engine.introduce(section)
            return 1
        return engine.read_rest(number)
    if number == 0 and section.title is None and len(engine.sections) > 1:
        engine.introduce(section)
        return 1
    if _holds_stories(engine, number):
        return _read_each(engine, number)
    return _read_prose(engine, number)


def _holds_stories(engine: Engine, number: int) -> bool:
    """Whether the headings below this one are stories, and not the parts of one."""
    title = engine.sections[number].title
    if title is None or not words.STORIES.search(clean_title(title.text)):
        return False
    below = [
        one.title
        for one in engine.sections[number + 1 :]
        if one.title is not None and one.title.level == title.level + 1
    ]
    parts = sum(words.STORY_PART.match(clean_title(one.text)) is not None for one in below)
    return len(below) >= 2 and not parts


def _read_each(engine: Engine, number: int) -> int:
    """Each heading below the title is a story."""
    title = engine.sections[number].title
    assert title is not None
    engine.introduce(engine.sections[number])
    at = number + 1
    while at < len(engine.sections):
        below = engine.sections[at]
        if below.title is None or below.title.level <= title.level or below.has_questions:
            break
        at += _read_prose(engine, at)
    return at - number


def _entries(engine: Engine, section: Section) -> list[int]:
    """The lines that begin a story, all of one kind."""
    found = [
        index
        for index in range(section.start, section.end)
        if engine.page.is_text(index) and LINK_LED.match(engine.page.lines[index])
    ]
    if not found:
        return []
    margin = min(width_of(engine.page.lines[index]) for index in found)
    return [index for index in found if width_of(engine.page.lines[index]) <= margin + 1]


def _read_entries(engine: Engine, section: Section, entries: list[int]) -> None:
    page = engine.page
    engine.owners.ignore(
        section.begin, entries[0] - 1, gettext("heading or introduction of a list of stories")
    )
    wordless = not _are_told(engine)
    for index, end in _spans(section, entries):
        end = _end_of_entry(engine, index, end)
        if not wordless and not _has_words(engine, index, end):
            reason = gettext("a link without a word about what happened")
            engine.owners.ignore(index, end - 1, reason)
            continue
        found = LINK_LED.match(page.lines[index])
        assert found is not None
        first = found["rest"].strip()
        first = re.sub(r"^[*.:,–—-]+\s+", "", first) if first.strip("*.") else ""
        below = engine.owners.text(range(index + 1, end))
        body = "\n".join(part for part in (first, below) if part)
        lines = engine.owners.claim(index, end - 1)
        engine.reading.stories.append(FoundStory(found["title"].strip(), lines, found["url"], body))
    engine.owners.ignore(section.start, section.end - 1, gettext("text between stories"))


def _are_told(engine: Engine) -> bool:
    """Whether nearly all links of the file come with words about what happened."""
    found = [LINK_LED.match(line) for line in engine.page.lines]
    told = [len(re.findall(r"\w+", match["rest"])) > 2 for match in found if match]
    return sum(told) >= 0.8 * len(told)


def _spans(section: Section, entries: list[int]) -> list[tuple[int, int]]:
    return list(zip(entries, [*entries[1:], section.end], strict=True))


def _has_words(engine: Engine, index: int, end: int) -> bool:
    found = LINK_LED.match(engine.page.lines[index])
    assert found is not None
    below = engine.page.next_line(index + 1, end)
    return len(re.findall(r"\w+", found["rest"])) > 2 or below is not None


def _end_of_entry(engine: Engine, index: int, end: int) -> int:
    """A paragraph ends at a blank line; a bullet where its nested lines end."""
    page = engine.page
    bullet = LINK_LED.match(page.lines[index])
    nested = bullet is not None and bool(bullet["bullet"])
    at = index + 1
    while at < end:
        if page.is_blank(at):
            following = page.next_line(at, end)
            if following is None or not nested or not page.lines[following][:1].isspace():
                break
        at += 1
    return at


def _read_prose(engine: Engine, number: int) -> int:
    """One story: the heading, and all below it that is no story, note or set of its own."""
    section = engine.sections[number]
    level = section.title.level if section.title else 0
    count = 1
    for at in range(number + 1, len(engine.sections)):
        below = engine.sections[at]
        if below.title is None or below.title.level <= level or below.has_questions:
            break
        count += 1
    end = engine.owners.trim(section.start, engine.sections[number + count - 1].end)
    lines = engine.owners.claim(section.begin, end - 1)
    body = engine.owners.text(range(section.start, end))
    alone = [line.strip() for line in body.split("\n") if URL.fullmatch(line.strip())]
    anywhere = URL.findall(body)
    url = (alone or anywhere or [""])[0]
    engine.reading.stories.append(FoundStory(section.name or engine.source.title, lines, url, body))
    return count
