"""What to study next: what the library has on the topics of missed points."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from interview.models import Interview, Mark, Review
from interview.reading_list import ReadingList, study_next
from interview.results import results_of
from questions.models import KeyPoint, Note, Question, QuestionSet, Status, Story, Topic
from tests.conftest import make_question
from tests.interview.reviewing import first_answer, grade, pass_a_minute, token_of

ClientOf = Callable[[User], Client]


def published(model: type[Note] | type[Story], slug: str, **fields: str) -> Note | Story:
    return model.objects.create(
        slug=slug, title=slug.capitalize(), license="CC-BY-4.0", status=Status.PUBLISHED, **fields
    )


@pytest.fixture
def library(question_set: QuestionSet) -> dict[str, Note | Story]:
    """The first question is on networking, and so are a note and a story."""
    networking = Topic.objects.create(slug="networking", title="Networking")
    storage = Topic.objects.create(slug="storage", title="Storage")
    Question.objects.get(position=1).topics.add(networking)
    Question.objects.get(position=2).topics.add(storage)
    other = QuestionSet.objects.create(
        slug="other", title="Other", license="CC-BY-4.0", status=Status.PUBLISHED
    )
    for position in range(1, 8):
        make_question(other, position).topics.add(networking if position > 1 else storage)
    found = {
        "pods": published(Note, "pods"),
        "disks": published(Note, "disks"),
        "outage": published(Story, "outage"),
        "linked": published(Note, "linked"),
        "draft": Note.objects.create(slug="draft", title="Draft", license="CC-BY-4.0"),
    }
    for name, topic in (
        *(("pods", networking), ("disks", storage), ("outage", networking)),
        ("draft", networking),
    ):
        found[name].topics.add(topic)
    found["linked"].related_questions.add(
        Question.objects.get(slug="question-1", question_set=question_set)
    )
    return found


@pytest.fixture
def review(library: object, claimed_review: Review) -> Review:
    """All full, but the first question's main point is missed."""
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        claimed_review.mark(first_answer(claimed_review), {"main": "missed"})
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    return claimed_review


def next_of(interview: Interview) -> ReadingList | None:
    return study_next(results_of(Interview.objects.for_results().get(pk=interview.pk)))


def test_it_is_by_the_topics_of_missed_points_and_what_is_linked_comes_first(
    review: Review,
) -> None:
    found = next_of(review.interview)
    assert found is not None
    assert [one.title for one in found.topics] == ["Networking"]
    assert [one.title for one in found.reading] == ["Linked", "Pods", "Outage"]
    assert found.mix == f"{reverse('interview-new-mixed')}?topics=networking"


def test_it_shows_some_questions_that_were_not_asked(review: Review) -> None:
    found = next_of(review.interview)
    assert found is not None
    assert len(found.questions) == 4
    assert {one.within for one in found.questions} == {"other"}
    assert "question-1" not in {one.slug for one in found.questions}


def test_drafts_take_nobody_s_place(review: Review) -> None:
    """However many are on the topic, and came to it first."""
    networking = Topic.objects.get(slug="networking")
    on_topic = Question.topics.through.objects.filter(topic=networking)
    on_topic.filter(question__question_set__slug="other").delete()
    for slug, status, count in (("draft", Status.DRAFT, 70), ("late", Status.PUBLISHED, 2)):
        question_set = QuestionSet.objects.create(
            slug=slug, title=slug, license="CC-BY-4.0", status=status
        )
        for position in range(1, count + 1):
            make_question(question_set, position).topics.add(networking)
    found = next_of(review.interview)
    assert found is not None
    assert [one.within for one in found.questions] == ["late", "late"]


def test_one_s_own_marks_do_where_there_are_no_others(
    library: object, ended_interview: Interview
) -> None:
    marks = {n: {"main": "full", "side": "full"} for n in (1, 2, 3)}
    ended_interview.score_yourself({**marks, 2: {"main": "half", "side": "full"}})
    found = next_of(ended_interview)
    assert found is not None
    assert [one.title for one in found.topics] == ["Storage"]


def test_nothing_missed_or_nothing_marked_suggests_nothing(
    review: Review, ended_interview: Interview
) -> None:
    Mark.objects.update(value="full")
    assert next_of(review.interview) is None
    Review.objects.all().delete()
    assert next_of(ended_interview) is None


def test_what_is_no_more_published_is_not_suggested(review: Review) -> None:
    Note.objects.update(status=Status.RETIRED)
    Story.objects.update(status=Status.DRAFT)
    QuestionSet.objects.filter(slug="other").update(status=Status.RETIRED)
    found = next_of(review.interview)
    assert found is not None
    assert (found.reading, found.questions) == ([], [])


def test_it_is_one_query(review: Review, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    results = results_of(Interview.objects.for_results().get(pk=review.interview_id))
    with django_assert_num_queries(1):
        study_next(results)


def test_the_story_behind_a_missed_point_stands_beside_it_and_not_twice(
    review: Review, library: dict[str, Story], candidate: User, client_of: ClientOf
) -> None:
    KeyPoint.objects.filter(question__question_set__slug="basics").update(story=library["outage"])
    url = reverse("feedback", args=[review.interview_id])
    page = client_of(candidate).get(url).content.decode()
    # Only where something was missed.
    assert page.count("What happens where this is missed:") == 1
    assert page.count(reverse("story", args=["outage"])) == 1
    assert "What to study next" in page
    assert reverse("note", args=["linked"]) in page
    Story.objects.update(status=Status.DRAFT)
    page = client_of(candidate).get(url).content.decode()
    assert "What happens where this is missed:" not in page


def test_the_page_costs_as_much_whatever_is_on_it(
    review: Review, library: dict[str, Story], candidate: User, client_of: ClientOf
) -> None:
    """The session with its user, seven for the results, one for what to study next."""
    client = client_of(candidate)
    url = reverse("feedback", args=[review.interview_id])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = queries()
    assert few <= 1 + 8
    KeyPoint.objects.update(story=library["outage"])
    for number in range(30):
        note = published(Note, f"note-{number}")
        note.topics.add(Topic.objects.get(slug="networking"))
    for _ in range(3):
        newest = Review.objects.published().filter(successor=None).get()
        correction = newest.correct("Once more.")
        correction.publish(None)
        pass_a_minute(correction)
    assert queries() == few
