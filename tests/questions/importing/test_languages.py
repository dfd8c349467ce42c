"""What the reader says about a file is in the language of whoever brought it."""

import json
import re
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from accounts.models import User
from questions.importing.choosing import read_file
from questions.importing.keeping import keep, restore
from questions.importing.reading import Reading
from questions.library.documents import InvalidLibrary
from questions.models import Import
from tests import pseudo
from tests.questions.importing.admin import Desk, words_of
from tests.questions.importing.test_progress import LARGE
from tests.questions.library_texts import NOTE, SET, STORY

ASK = "".join(f"\nWhat is asked in line {n}?\n" for n in range(4))
LIST = "1. What is a kiln, and how is it lit?\n   An oven.\n2. Why?\n   TBD\n"
MESSY = f"""\
---
layout: page
---
# Kilns

- [Firing](#firing)
- [Glazing](#glazing)
- [Cooling](#cooling)

## Firing (9 questions)

{LIST}4. Who?
4. Where is ada@kilns.org?
5. What is a kiln, and how is it lit?
6. What is a kiln, and how is it lit up?
   ```
   never closed

## Glazing

<details><summary>What is glaze?</summary>

Glass.

</details>

Is this between two of them?

<details><summary></summary>Nothing.</details>

<details><summary>What is slip?</summary>Clay.</details>

<details><summary>Open

## Contributing
{ASK}
## About

Some words.
{ASK}
## Nothing below

---
"""

FILES: dict[str, str | bytes] = {
    "messy.md": MESSY,
    "nothing.md": "## License\n",
    "bullets.md": "# Kilns\n\n- What is a kiln?\n- What is glaze?\n- What is slip?\n",
    "headings.md": "# Kilns\n\n## What is a kiln?\n\nAn oven.\n\n## What is glaze?\n\nGlass.\n",
    "counted.md": "# Kilns\n\n## 1. What is a kiln?\n\nAn oven.\n\n## 2. What may happen?\n\n"
    + "".join(f"### Scenario {n}: a leak\n\nIt drips.\n\n" for n in range(1, 6)),
    "outages.md": "# Post-mortems\n\nRead them.\n\n"
    + "".join(
        f"* [Fire {n}](https://example.com/{n}). The kiln was on fire.\n\nMore.\n\n"
        for n in range(9)
    )
    + "* [Fire](https://example.com/)\n",
    "page.html": "<html><head><title>Kilns</title></head><body><h1>Kilns</h1>"
    "\n<ol>\n<li>What is a kiln?</li>\n<li>What is glaze?</li>\n</ol></body></html>",
    "cards.csv": "question,answer,shelf\nWhat is a kiln?,An oven,3\n,An answer,4\n,,5\nWhy?,TBD,6\n",
    "cards.txt": "#separator:tab\n#html:false\nWhat is a kiln?\tAn oven\nWhat is glaze?\tGlass\n",
    "open.csv": 'question,answer\n"What is a kiln?,An oven\n' + "What?,That\n" * 500,
    "odd.json": json.dumps(
        [{"vorn": f"What is {n}?", "hinten": "It."} for n in range(4)], indent=1
    ),
    "old.md": "1. Was ist ein Öfchen?\n2. Was ist Glasur?\n".encode("cp1252"),
    "contents.md": f"# Contents\n{ASK}\n# Kilns\n\n{LIST}",
}

REFUSED: dict[str, str | bytes] = {
    "large.md": b"x" * 2_000_001,
    "utf16.md": "1. What?".encode("utf-16"),
    "binary.md": b"\x89PNG\r\n\x1a\n\x00\x00",
    "control.md": b"1. What?\n\x01",
    "empty.md": b" \n",
    "many.md": "".join(f"{n}. What is {n}?\n" for n in range(1, 2_100)),
    "deep.md": "\n".join(f"{'  ' * n}- deep" for n in range(60)),
    "details.md": "<details>\n" * 60,
    "deep.html": "<html><body>" + "<div>" * 300 + "</body></html>",
    "deep.json": "[" * 60,
    "word.json": "[what]",
    "digits.json": f"[{'9' * 5_000}]",
    "string.json": '["open',
    "key.json": "{what}",
    "colon.json": '{"what" 1}',
    "comma.json": "[1 2]",
    "cut.md": "---\nkind: note\nschema: 1\n",
    "kind.md": SET.replace("kind: question-set", "kind: quiz"),
    "schema.md": NOTE.replace("schema: 1", "schema: 7"),
    "yaml.md": NOTE.replace("schema: 1", "schema: [1"),
    "alias.md": NOTE.replace("schema: 1", "schema: &a 1"),
    "twice.md": NOTE.replace("schema: 1", "schema: 1\nschema: 1"),
    "keys.md": SET.replace("title: kube-proxy", "title: [a]")
    .replace("level: intermediate", "level: expert")
    .replace("topics: [kubernetes, networking]", "topics: [a, a, a b]")
    .replace("  on: 2026-11-20", "  on: 20.11.2026\n  by: Ada")
    .replace("    url: https://kube", "    url: ftp://kube")
    .replace("difficulty: 2", "difficulty: 9"),
    "body.md": SET.replace("### Answer", "### Reply")
    .replace("#### Modes", "# Modes\n\n![](mode.png)\n\nModes\n---")
    .replace("weight=2}", "weight=0}")
    .replace("- [kube-proxy modes]", "- See [kube-proxy modes]")
    .replace("```console", "````console"),
    "story.md": STORY.replace("## Summary", "Words.\n\n## Summary")
    .replace("## Fix", "## Cause")
    .replace("### Later", "## Later"),
}


def data_of(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def said_of(reading: Reading) -> list[str]:
    reasons = [left.reason for left in reading.ignored]
    return [*reading.why, *reasons, *(problem.message for problem in reading.problems)]


def refusals(name: str, language: str) -> list[str]:
    with translation.override(language), pytest.raises(InvalidLibrary) as caught:
        read_file(data_of(REFUSED[name]), name)
    return [error.message for error in caught.value.errors]


def reading_of(name: str, language: str) -> Reading:
    with translation.override(language):
        return read_file(data_of(FILES[name]), name)


@pytest.fixture
def pseudo_language(tmp_path: Path) -> Iterator[None]:
    """A language in which what went through no gettext stands outside of marks."""
    with pseudo.spoken(tmp_path):
        yield


def around_gettext(said: list[str]) -> list[str]:
    """Those that say anything outside of the marks but `{…}`, which the file says."""
    left = [re.sub(r"\{.*\}", "", pseudo.outside(text)[0]) for text in said]
    return [text for text, rest in zip(said, left, strict=True) if re.search(r"[^\W\d_]{2}", rest)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.usefixtures("pseudo_language")
def test_all_that_is_said_about_a_file_goes_through_gettext(name: str) -> None:
    said = said_of(reading_of(name, pseudo.CODE))
    assert said
    assert around_gettext(said) == []


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.usefixtures("pseudo_language")
def test_all_that_is_wrong_with_a_file_goes_through_gettext(name: str) -> None:
    assert around_gettext(refusals(name, pseudo.CODE)) == []


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_the_same_in_german_and_told_in_german(name: str) -> None:
    english, german = (reading_of(name, language) for language in ("en", "de"))
    assert (english.language, german.language) == ("en", "de")
    for one, other in zip(english.ignored, german.ignored, strict=True):
        assert (one.lines, one.text) == (other.lines, other.text)
    assert [one.prompt for one in english.questions] == [one.prompt for one in german.questions]
    assert sorted(one.line for one in english.problems) == sorted(
        one.line for one in german.problems
    )
    assert set(said_of(english)).isdisjoint(said_of(german))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_told_in_german(name: str) -> None:
    english, german = (refusals(name, language) for language in ("en", "de"))
    assert len(english) == len(german)
    assert set(english).isdisjoint(german)


def test_doubts_look_at_what_a_thing_is_and_not_at_its_words() -> None:
    """A table of contents may ask in any language; what else is left out may not."""
    doubts = [one.message for one in reading_of("contents.md", "de").problems]
    assert not any("weggelassene" in message for message in doubts)
    messages = [one.message for one in reading_of("messy.md", "de").problems]
    assert "4 weggelassene Zeilen fragen: Sind das Fragen?" in messages


def test_large_numbers_are_written_as_in_german() -> None:
    assert refusals("many.md", "en")[0].startswith("more than 2,000 questions")
    assert refusals("many.md", "de")[0].startswith("Mehr als 2.000 Fragen")


def test_what_is_kept_is_plain_text_in_one_language() -> None:
    kept = json.dumps(keep(reading_of("cards.csv", "de")))
    with translation.override("en"):
        again = restore(json.loads(kept))
    assert again.language == "de"
    assert "2 × Zeilen mit Spalten, zwischen denen ein Komma steht" in said_of(again)


def test_a_reading_kept_before_there_were_languages_is_english() -> None:
    kept = keep(reading_of("messy.md", "en"))
    del kept["language"]
    for left in kept["ignored"]:
        del left["only_leads"]
    assert restore(kept).language == "en"


# In the admin.


@pytest.fixture
def german(editor: User) -> User:
    User.objects.filter(pk=editor.pk).update(language="de")
    return editor


@pytest.mark.django_db
@pytest.mark.usefixtures("german")
def test_the_preview_is_german_as_a_whole(bring: Callable[..., Desk]) -> None:
    desk = bring(MESSY, "messy.md")
    assert "Gelesen als" in desk.look()
    assert "Fragen mit Nummern oder Kürzeln" in desk.look()
    assert "ein Inhaltsverzeichnis" in desk.look("?show=left")
    assert "Die Nummer 4 folgt auf 2" in desk.look("?show=problems")
    assert "95 % Liste" in desk.look()
    assert "Das Gleiche gibt es schon: Zeile 12 der Datei." in desk.look()


@pytest.mark.django_db
@pytest.mark.usefixtures("german")
def test_words_kept_in_another_language_than_the_page_say_so(
    bring: Callable[..., Desk], client: Client
) -> None:
    """They are not translated anew: `lang` tells a screen reader how to say them."""
    desk = bring(MESSY, "messy.md")
    User.objects.update(language="en")
    page = client.get(f"{desk.url()}?show=problems").content.decode()
    assert "To look at" in page
    assert '<td lang="de">Die Nummer 4 folgt auf 2</td>' in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("german")
def test_a_job_speaks_the_language_of_the_page_that_brought_the_file(
    bring: Callable[..., Desk], read_in_background: Callable[[], None]
) -> None:
    desk = bring(f"{LARGE}\n1700. What else?\n")
    with translation.override("en"):
        read_in_background()
    reading = Import.objects.get().reading
    assert reading is not None
    assert reading["language"] == "de"
    assert "Die Nummer 1700 folgt auf 1499" in desk.look("?show=problems")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("german")
def test_what_a_job_can_not_read_is_told_in_german(
    bring: Callable[..., Desk], read_in_background: Callable[[], None]
) -> None:
    desk = bring("".join(f"{n}. What is the meaning of number {n}?\n" for n in range(1, 3_000)))
    read_in_background()
    assert "Mehr als 2.000 Fragen, Geschichten und Notizen in einer Datei" in desk.look()


@pytest.mark.django_db
@pytest.mark.usefixtures("german")
def test_a_file_that_is_refused_is_told_why_in_german(client: Client) -> None:
    fields = {"text": NOTE.replace("schema: 1", "schema: 7"), "shape": "auto"}
    page = words_of(client.post("/admin/questions/import/add/", fields))
    assert "eingefügte Fragen.md:3: „schema“ ist 7; dieses Programm liest Schema 1" in page


# In a terminal.


def test_the_command_speaks_english_whatever_else_is_spoken(tmp_path: Path) -> None:
    """What it prints is read by scripts."""
    path = tmp_path / "messy.md"
    path.write_text(MESSY)
    out = StringIO()
    with translation.override("de"):
        call_command("library", "import", path, "--dry-run", "--report", "json", stdout=out)
    assert "language" not in json.loads(out.getvalue())
    assert "the number 4 follows 2" in out.getvalue()
    assert "a table of contents" in out.getvalue()
