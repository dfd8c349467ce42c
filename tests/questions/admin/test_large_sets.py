"""Sets as large as an import makes them: their page still saves, and costs no query a question."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions.models import Question, QuestionSet
from tests.questions.admin.forms import change_url, form_of

QUESTIONS = 285
"""As many as the largest of the files that importing is measured with."""


@pytest.fixture
def large(question_set: QuestionSet) -> QuestionSet:
    Question.objects.bulk_create(
        Question(question_set=question_set, slug=f"q-{n}", position=n, prompt=f"Question {n}?")
        for n in range(4, QUESTIONS + 1)
    )
    return question_set


def test_a_large_set_is_saved_with_all_its_questions(desk: Client, large: QuestionSet) -> None:
    form = form_of(desk, change_url(large))

    response = desk.post(
        change_url(large), form | {"title": "Large", f"questions-{QUESTIONS - 1}-minutes": "9"}
    )

    assert response.status_code == 302
    large.refresh_from_db()
    assert large.title == "Large"
    assert large.questions.get(position=QUESTIONS).minutes == 9


def test_telling_what_changed_costs_no_query_a_question(desk: Client, large: QuestionSet) -> None:
    def queries(changed: int) -> int:
        form = form_of(desk, change_url(large))
        large.questions.filter(position__lte=changed).update(minutes=changed)
        with CaptureQueriesContext(connection) as captured:
            response = desk.post(change_url(large), form)
        assert response.content.decode().count(": minutes</dt>") == changed
        return len(captured)

    queries(1)
    assert queries(2) == queries(20)
