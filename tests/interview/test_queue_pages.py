"""What the queue and the grading pages show, and what they cost."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview import queue
from interview.models import Assignment, Interview, Review
from questions.models import QuestionSet, Topic
from tests.conftest import start_interview
from tests.interview.reviewing import end_lease, fill_queue, grade, token_of

ClientOf = Callable[[User], Client]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_browser_keeps_no_copy_of_reviewers_pages(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    """Going back shows what is marked now, and after a log-out nobody's answers."""
    client = client_of(reviewer)
    for url in (
        reverse("queue"),
        reverse("review", args=[claimed_review.pk]),
        reverse("review-summary", args=[claimed_review.pk]),
    ):
        assert "no-store" in client.get(url)["Cache-Control"]


def sit_often(candidate: User, question_set: QuestionSet, count: int) -> None:
    """As many ended interviews of one candidate, all waiting."""
    first = start_interview(candidate, question_set)
    first.finish()
    for _ in range(count):
        interview = Interview.objects.create(
            candidate=candidate,
            title=first.title,
            question_set=question_set,
            limit=first.limit,
            started_at=first.started_at,
            ended_at=first.ended_at,
        )
        Assignment.objects.create(interview=interview)


def test_the_queue_costs_the_same_for_five_as_for_fifty(
    candidate: User, question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    sit_often(candidate, question_set, 5)
    Assignment.objects.claim_next(reviewer)
    few = queries_of(client, reverse("queue"))
    for _ in range(2):
        Assignment.objects.claim_next(reviewer)
    sit_often(candidate, question_set, 50)
    assert queries_of(client, reverse("queue")) == few
    Interview.objects.update(question_set=None)
    assert queries_of(client, reverse("queue")) == few
    assert few <= 9


def test_the_grading_pages_cost_the_same_whatever_was_graded(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    pages = [reverse(name, args=[claimed_review.pk]) for name in ("review", "review-summary")]
    before = [queries_of(client, page) for page in pages]
    grade(claimed_review)
    with claimed_review.writing(token_of(claimed_review)):
        for answer in claimed_review.interview.answers.all():
            claimed_review.comment_on(answer, "Well said.")
    assert [queries_of(client, page) for page in pages] == before
    assert max(before) <= 1 + 8  # the session with its user, and the page


def test_each_says_set_topics_number_of_questions_and_wait(
    assignment: Assignment, question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    for title in ("Networking", "Access"):
        question_set.topics.add(Topic.objects.create(slug=title.lower(), title=title))
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "One interview waits" in page
    assert assignment.pseudonym in page
    assert "Basics · Access, Networking · 3 questions" in page
    assert "has waited less than an hour" in page


def test_an_interview_whose_set_is_gone_still_says_its_title(
    assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    Interview.objects.update(question_set=None)
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "Basics · 3 questions" in page


def test_a_mixed_interview_says_the_topics_of_what_it_asks(
    candidate: User, question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    """Where no set says them; each once, and none of the questions that are not asked."""
    networking, linux, storage = (
        Topic.objects.create(slug=title.lower(), title=title)
        for title in ("Networking", "Linux", "Storage")
    )
    question_set.topics.add(networking)
    questions = list(question_set.questions.all())
    for question, topic in zip(questions, (linux, networking, storage), strict=True):
        question.topics.add(topic)
    mixed = Interview.objects.start(
        candidate=candidate,
        title="Mixed questions",
        questions=questions[:2],
        minutes=9,
        mode="free",
    )
    mixed.finish()
    mixed.ask_for_review()
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "Mixed questions · Linux, Networking · 2 questions" in page


def test_the_oldest_comes_first(
    person: Callable[..., User], question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    assignments = fill_queue(person, question_set, 3)
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    places = [page.index(str(assignment.pk)) for assignment in assignments]
    assert places == sorted(places)


def test_my_claims_are_listed_apart_with_their_time_and_a_release(
    claimed_review: Review, assignment: Assignment, reviewer: User, client_of: ClientOf
) -> None:
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "You hold one claim" in page
    assert "Yours for" in page
    assert reverse("assignment-release", args=[assignment.pk]) in page
    assert reverse("review", args=[claimed_review.pk]) in page
    assert "Nothing waits" in page


def test_a_claim_whose_time_is_up_is_still_listed_as_mine_until_somebody_takes_it(
    claimed_review: Review,
    assignment: Assignment,
    reviewer: User,
    other_reviewer: User,
    client_of: ClientOf,
) -> None:
    end_lease(assignment)
    mine, theirs = client_of(reviewer), client_of(other_reviewer)
    page = mine.get(reverse("queue")).content.decode()
    assert "Time is up; yours until somebody takes it" in page
    assert page.count(f"<h3>{assignment.pseudonym}") == 0
    assert f"<h3>{assignment.pseudonym}" in theirs.get(reverse("queue")).content.decode()
    assignment.claim(other_reviewer)
    page = mine.get(reverse("queue")).content.decode()
    assert "Drafts of interviews you don" in page
    assert "claimed by somebody else" in page
    assert "You hold" not in page


def test_what_somebody_else_holds_is_not_listed(
    claimed_review: Review, assignment: Assignment, other_reviewer: User, client_of: ClientOf
) -> None:
    page = client_of(other_reviewer).get(reverse("queue")).content.decode()
    assert assignment.pseudonym not in page
    assert "Nothing waits" in page


def test_an_empty_queue_says_what_to_do(reviewer: User, client_of: ClientOf) -> None:
    client = client_of(reviewer)
    page = client.get(reverse("queue")).content.decode()
    assert "Nothing waits" in page
    assert "New interviews appear here when candidates ask for a review." in page
    assert "Claim next" not in page
    page = client.post(reverse("queue-claim"), follow=True).content.decode()
    assert "No interview waits for you now." in page


def test_a_long_queue_is_cut_and_says_how_long_it_is(
    candidate: User, question_set: QuestionSet, reviewer: User, client_of: ClientOf
) -> None:
    sit_often(candidate, question_set, 51)
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert "51 interviews wait" in page
    assert "The 50 that wait longest are shown." in page
    assert page.count("/claim/") == 51


@pytest.fixture
def counted_to_two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(queue, "MOST_COUNTED", 2)
    queue.queries.cache_clear()
    yield
    queue.queries.cache_clear()


@pytest.mark.usefixtures("counted_to_two")
@pytest.mark.parametrize("narrowed", [False, True])
def test_it_counts_no_further_than_it_says(
    candidate: User,
    question_set: QuestionSet,
    reviewer: User,
    client_of: ClientOf,
    narrowed: bool,
) -> None:
    client, query = client_of(reviewer), {"set": question_set.slug} if narrowed else {}
    sit_often(candidate, question_set, 2)
    assert ">2 interviews wait<" in client.get(reverse("queue"), query).content.decode()
    sit_often(candidate, question_set, 2)
    assert ">More than 2 interviews wait<" in client.get(reverse("queue"), query).content.decode()
    chosen = {"question_set": question_set.slug} if narrowed else {}
    assert queue.lists(reviewer, chosen).count == 3


def test_the_levels_are_shown_with_what_they_look_like(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    page = client_of(reviewer).get(reverse("review-summary", args=[claimed_review.pk]))
    text = page.content.decode()
    assert text.count('class="levels__anchor"') == 12
    strong = text.index("leads with the answer, then grounds; exact words; nothing to guess")
    weak = text.index("can’t be followed, or off the question")
    assert strong < weak
    assert 'name="communication" value="4"' in text[:strong][-400:]


def test_a_published_review_can_be_read_but_not_changed(
    claimed_review: Review, reviewer: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    client = client_of(reviewer)
    for name in ("review", "review-summary"):
        page = client.get(reverse(name, args=[claimed_review.pk])).content.decode()
        assert '<fieldset class="stack" disabled>' in page
        assert "Save" not in page
