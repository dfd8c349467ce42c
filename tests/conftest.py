"""The cast and the library that every test may call on."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from interview.groups import EDITORS, REVIEWERS
from questions.models import Question, QuestionSet, Status

PASSWORD = "dry-run-password"


@pytest.fixture(autouse=True)
def _fresh_rate_limits(request: pytest.FixtureRequest) -> None:
    """Rate limits are counted in the database: no test pays for another's log-ins."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make somebody: `person("ada", REVIEWERS)` logs in as ada@example.com."""

    def make(name: str, *groups: str, **fields: bool) -> User:
        user = User.objects.create_user(
            f"{name}@example.com", PASSWORD, name=name.capitalize(), **fields
        )
        user.groups.set(Group.objects.filter(name__in=groups))
        return user

    return make


@pytest.fixture
def candidate(person: Callable[..., User]) -> User:
    return person("candidate")


@pytest.fixture
def other_candidate(person: Callable[..., User]) -> User:
    return person("other-candidate")


@pytest.fixture
def reviewer(person: Callable[..., User]) -> User:
    return person("reviewer", REVIEWERS)


@pytest.fixture
def other_reviewer(person: Callable[..., User]) -> User:
    return person("other-reviewer", REVIEWERS)


@pytest.fixture
def editor(person: Callable[..., User]) -> User:
    return person("editor", EDITORS, is_staff=True)


@pytest.fixture
def superuser(person: Callable[..., User]) -> User:
    return person("superuser", is_staff=True, is_superuser=True)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A client in which that person is logged in."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


def make_question(question_set: QuestionSet, position: int, **fields: object) -> Question:
    """A published question with two key points, the first of double weight."""
    question = Question.objects.create(
        question_set=question_set,
        slug=f"question-{position}",
        position=position,
        prompt=f"What is question {position} about?",
        answer=f"Model answer **{position}**.",
        minutes=4,
        **fields,
    )
    question.key_points.create(key="main", position=1, text=f"Main point {position}", weight=2)
    question.key_points.create(key="side", position=2, text=f"Side point {position}", weight=1)
    question.record_version()
    return question


@pytest.fixture
def question_set(db: None) -> QuestionSet:
    """A published set of three questions."""
    question_set = QuestionSet.objects.create(
        slug="basics",
        title="Basics",
        summary="The basics.",
        description="Three questions on the basics.",
        license="CC-BY-4.0",
        status=Status.PUBLISHED,
    )
    for position in (1, 2, 3):
        make_question(question_set, position)
    return question_set
