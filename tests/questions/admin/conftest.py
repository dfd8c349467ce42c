"""Editors at their desks."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from interview.groups import EDITORS
from questions.models import Question, QuestionSet


@pytest.fixture
def desk(client_of: Callable[[User], Client], editor: User) -> Client:
    """The editor's browser."""
    return client_of(editor)


@pytest.fixture
def other_editor(person: Callable[..., User]) -> User:
    return person("other-editor", EDITORS, is_staff=True)


@pytest.fixture
def other_desk(client_of: Callable[[User], Client], other_editor: User) -> Client:
    """The browser of another editor."""
    return client_of(other_editor)


@pytest.fixture
def question(question_set: QuestionSet) -> Question:
    return question_set.questions.get(position=1)
