"""Every page, in a language in which untranslated text shows, and in German."""

import re
from collections.abc import Callable, Collection, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question, QuestionSet
from tests import pseudo, test_access
from tests.test_access import TABLE, World

world = test_access.world

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]

ADMIN = [
    "admin:index",
    "admin:accounts_user_changelist",
    "admin:accounts_user_add",
    "admin:interview_assignment_changelist",
    "admin:questions_questionset_changelist",
    "admin:questions_questionset_add",
    "admin:questions_question_changelist",
    "admin:questions_question_add",
    "admin:questions_story_changelist",
    "admin:questions_story_add",
    "admin:questions_note_add",
    "admin:questions_topic_add",
    "admin:questions_import_changelist",
]
NAMES = {"Dry Run", "UTC", *(name for _code, name in settings.LANGUAGES)}
"""The same in every language."""
OTHERS_OWN = {"Procrastinate", "Procrastinate jobs", "Search", "True"}
"""What Procrastinate does not translate, and Django has as the text of pictures."""


@pytest.fixture
def pseudo_language(tmp_path: Path) -> Iterator[None]:
    with pseudo.spoken(tmp_path):
        yield


def stored() -> set[str]:
    """Every text that somebody wrote, which is nobody's to translate."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label not in {"accounts", "questions", "interview", "auth"}:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                values = model._default_manager.values_list(field.name, flat=True)
                found |= {" ".join(value.split()) for value in values if value}
    return found


def ours(pieces: list[str], besides: Collection[str] = ()) -> list[str]:
    """Those pieces that hold a word which is neither stored, nor a name, nor `besides`."""
    known = sorted(stored() | NAMES | set(besides), key=len, reverse=True)
    left = []
    for piece in pieces:
        rest = piece
        for text in known:
            rest = re.sub(rf"(?<!\w){re.escape(text)}(?!\w)", "", rest)
        if re.search(r"[^\W\d_]{2}", rest):
            left.append(piece)
    return left


def pages_of(world: World, role: str) -> Iterator[str]:
    for (url, method), answers in TABLE.items():
        if method == "GET" and answers[test_access.ROLES.index(role)] == "200":
            yield reverse(url.partition("@")[0], args=world.arguments(url))


def html_pages(client: Client, world: World, role: str) -> Iterator[tuple[str, str]]:
    """What that reader's pages are, each with its path."""
    for path in pages_of(world, role):
        response = client.get(path)
        if response.headers["Content-Type"].startswith("text/html"):
            yield path, response.content.decode()


def reader(world: World, client_of: ClientOf, role: str, language: str) -> Client:
    client = Client() if role == "stranger" else client_of(world.people[role])
    client.cookies["django_language"] = language
    return client


ROLES = ["stranger", "owner", "holder", "superuser"]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("pseudo_language")
def test_every_text_of_every_page_is_translated(
    world: World, client_of: ClientOf, role: str
) -> None:
    client = reader(world, client_of, role, pseudo.CODE)
    left: list[str] = []
    for path, html in html_pages(client, world, role):
        assert '<html lang="' not in html or f'<html lang="{pseudo.CODE}"' in html, path
        left += [f"{path}: {piece}" for piece in ours(pseudo.untranslated(html))]
    assert not left, "\n".join(left)


@pytest.mark.usefixtures("pseudo_language", "question_set")
def test_every_text_of_the_admin_pages_is_translated(superuser: User, client_of: ClientOf) -> None:
    client = client_of(superuser)
    client.cookies["django_language"] = pseudo.CODE
    paths = [reverse(name) for name in ADMIN]
    paths += [
        reverse("admin:questions_question_change", args=[Question.objects.all()[0].pk]),
        reverse("admin:questions_questionset_change", args=[QuestionSet.objects.all()[0].pk]),
    ]
    left: list[str] = []
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        pieces = ours(pseudo.untranslated(response.content.decode()), OTHERS_OWN)
        left += [f"{path}: {piece}" for piece in pieces]
    assert not left, "\n".join(left)


@pytest.mark.usefixtures("pseudo_language")
def test_a_text_without_gettext_is_found() -> None:
    html = (
        f'<html lang="{pseudo.CODE}"><p>⟦Saidsa⟧ not said <b>⟦a <i>b⟧</i></b></p>'
        '<button aria-label="Close">×</button><p lang="en">of the library</p>'
        '<input type="submit" value="Send"><i data-done="Copied" data-url="/a/b/"></i></html>'
    )
    assert pseudo.untranslated(html) == ["not said", "Close", "Send", "Copied"]


# German.


DRAWN = {"d", "points", "cx", "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "stroke-dasharray"}


class Numbers(HTMLParser):
    """Attributes that programs read: a comma in them means nothing, or something else."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.drawn: list[str] = []
        self.with_comma: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in DRAWN and value:
                self.drawn.append(value)
            elif re.fullmatch(r"-?\d+,\d+", value or ""):
                self.with_comma.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("role", ROLES)
def test_numbers_for_programs_are_the_same_in_german(
    world: World, client_of: ClientOf, role: str
) -> None:
    german, english = (reader(world, client_of, role, language) for language in ("de", "en"))
    for path, html in html_pages(german, world, role):
        found = Numbers(html)
        assert found.with_comma == [], path
        assert found.drawn == Numbers(english.get(path).content.decode()).drawn, path
