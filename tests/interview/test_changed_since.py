"""What a candidate is told about questions that changed since they answered them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.changes import unwrapped
from interview.models import Interview
from questions.models import Question, QuestionSet, Status
from tests.conftest import start_interview

STUDY = "/sets/basics/question-1/"
TOLD = "Changed since you answered it on"
LIST = "/interviews/"


@pytest.fixture
def revealed(ended_interview: Interview) -> Interview:
    ended_interview.reveal()
    return ended_interview


@pytest.fixture
def tab(candidate: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(candidate)


def question() -> Question:
    return Question.objects.get(slug="question-1")


def edit(**fields: str) -> None:
    """As an editor in the admin does it."""
    edited = question()
    for name, value in fields.items():
        setattr(edited, name, value)
    edited.save()
    edited.record_version()


def html(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def changes_url(interview: Interview, position: int = 1) -> str:
    return reverse("answer-changes", args=[interview.pk, position])


def feedback_url(interview: Interview) -> str:
    return reverse("feedback", args=[interview.pk])


def test_who_answered_it_is_told_on_its_page_and_in_the_feedback(
    tab: Client, revealed: Interview
) -> None:
    edit(answer="Another answer.")

    for url in (STUDY, feedback_url(revealed)):
        page = html(tab, url)
        assert page.count(TOLD) == 1
        assert f'href="{changes_url(revealed)}"' in page
    assert TOLD not in html(tab, "/sets/basics/question-2/")


def listed(client: Client) -> str:
    """What the list of interviews says of changes, row by row."""
    rows = html(client, LIST).split("<li>")[1:]
    return " | ".join(
        "".join(re.findall(r"\d+ questions? ha\w+ changed since", row)) for row in rows
    )


def test_the_list_of_interviews_counts_the_questions_that_changed(
    tab: Client, candidate: User, question_set: QuestionSet, revealed: Interview
) -> None:
    assert listed(tab) == ""
    edit(answer="Another answer.")
    assert listed(tab) == "1 question has changed since"

    second = Question.objects.get(slug="question-2")
    second.prompt = "What else?"
    second.save()
    second.record_version()
    assert listed(tab) == "2 questions have changed since"

    # Of what is asked again nothing is told, nor of what is not revealed yet.
    again = start_interview(candidate, question_set)
    edit(answer="Yet another answer.")
    assert listed(tab) == " | "
    again.finish()
    again.reveal()
    assert listed(tab) == "1 question has changed since | 2 questions have changed since"
    Question.objects.filter(slug="question-2").update(status=Status.RETIRED)
    assert listed(tab) == "1 question has changed since | 1 question has changed since"


def test_the_list_says_as_many_as_the_feedback(tab: Client, revealed: Interview) -> None:
    edit(answer="Another answer.")
    feedback = html(tab, feedback_url(revealed))
    assert listed(tab) == f"{feedback.count(TOLD)} question has changed since"


def test_nobody_else_is_told(
    client: Client,
    client_of: Callable[[User], Client],
    other_candidate: User,
    revealed: Interview,
) -> None:
    edit(answer="Another answer.")

    assert TOLD not in html(client, STUDY)
    assert TOLD not in html(client_of(other_candidate), STUDY)


def test_what_did_not_change_or_was_changed_back_is_not_told(
    tab: Client, revealed: Interview
) -> None:
    before = question().answer
    assert TOLD not in html(tab, STUDY)
    edit(answer="Another answer.")
    edit(answer=before)

    assert question().versions.count() == 3
    for url in (STUDY, feedback_url(revealed)):
        assert TOLD not in html(tab, url)
    assert "No words have changed since you answered it." in html(tab, changes_url(revealed))


def test_only_the_last_answer_counts_for_the_question_s_page(
    tab: Client, candidate: User, question_set: QuestionSet, revealed: Interview
) -> None:
    edit(answer="Another answer.")
    again = start_interview(candidate, question_set)
    again.finish()
    again.reveal()

    assert TOLD not in html(tab, STUDY)
    assert TOLD not in html(tab, feedback_url(again))
    assert TOLD in html(tab, feedback_url(revealed))


def test_while_one_is_asked_it_again_nothing_of_the_new_answer_is_shown(
    tab: Client, candidate: User, question_set: QuestionSet, revealed: Interview
) -> None:
    edit(answer="Another answer.")
    running = start_interview(candidate, question_set)

    assert TOLD not in html(tab, feedback_url(revealed))
    reply = tab.get(changes_url(revealed))
    assert reply.status_code == 302
    assert reply["Location"] == reverse("interview", args=[running.pk])
    running.finish()
    assert tab.get(changes_url(revealed)).status_code == 302
    running.reveal()
    assert tab.get(changes_url(revealed)).status_code == 200


def test_before_the_model_answers_are_shown_there_is_nothing_to_compare(
    tab: Client, ended_interview: Interview
) -> None:
    edit(answer="Another answer.")

    assert tab.get(changes_url(ended_interview)).status_code == 404


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_what_can_not_be_read_any_more_is_not_compared(
    tab: Client, revealed: Interview, status: Status
) -> None:
    edit(answer="Another answer.", status=status)

    assert TOLD not in html(tab, feedback_url(revealed))
    assert tab.get(changes_url(revealed)).status_code == 404


def test_others_don_t_find_the_page(
    client_of: Callable[[User], Client], reviewer: User, superuser: User, revealed: Interview
) -> None:
    for person in (reviewer, superuser):
        assert client_of(person).get(changes_url(revealed)).status_code == 404
    assert client_of(revealed.candidate).get(changes_url(revealed, 9)).status_code == 404


def test_the_page_shows_what_was_removed_and_added_in_each_part(
    tab: Client, revealed: Interview
) -> None:
    points = question().key_points
    points.filter(key="main").update(text="Main <point> 1", weight=3)
    points.filter(key="side").update(retired=True)
    points.create(key="new", text="New point", position=3)
    edit(prompt="What is question 1 really about?", body="More.", answer="Model answer **one**.")

    page = html(tab, changes_url(revealed))

    added = '<ins><span class="visually-hidden">[added: </span>{}<'
    removed = '<del><span class="visually-hidden">[removed: </span>{}<'
    for text in ("really", "More.", "**one**.", "New point", "&lt;point&gt;"):
        assert added.format(text) in page
    for text in ("**1**.", "Side point 1"):
        assert removed.format(text) in page
    assert "counted 2×, now 3×" in page
    assert f'href="{STUDY}"' in page
    assert f'href="{feedback_url(revealed)}#question-1"' in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One\ntwo  \nthree.\n\nFour\nfive.", "One two three.\n\nFour five."),
        ("- a\n  b\n- c\n  d", "- a b\n- c d"),
        ("```\none\ntwo\n```\n\n    three\n    four", "```\none\ntwo\n```\n\n    three\n    four"),
        ("| a |\n| - |\n| b |", "| a |\n| - |\n| b |"),
        ("> a\n> b", "> a\n> b"),
        ("", ""),
    ],
)
def test_a_paragraph_is_compared_as_one_line_and_code_as_it_stands(
    text: str, expected: str
) -> None:
    assert unwrapped(text) == expected


def test_what_is_the_same_is_left_out(tab: Client, revealed: Interview) -> None:
    edit(answer="Another answer.")

    page = html(tab, changes_url(revealed))

    assert 'id="answer"' in page
    for part in ("prompt", "body", "points"):
        assert f'id="{part}"' not in page
    assert "Main point 1" not in page


def test_the_queries_stay_few_and_the_same_for_many_answers_and_versions(
    tab: Client, candidate: User, question_set: QuestionSet, revealed: Interview
) -> None:
    edit(answer="Another answer.")

    def queries() -> list[int]:
        counts = []
        for url in (STUDY, feedback_url(revealed), changes_url(revealed), LIST):
            with CaptureQueriesContext(connection) as captured:
                html(tab, url)
            counts.append(len(captured))
        return counts

    few = queries()
    for n in range(12):
        again = start_interview(candidate, question_set)
        again.finish()
        again.reveal()
        edit(answer=f"Answer {n}.")

    assert queries() == few
    # The session with its user comes on top of what a page may ask for.
    assert max(few) <= 8 + 1
