"""A reviewer narrows the queue by set, topic and wait; the address keeps it, a claim heeds it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from interview.models import Assignment, Interview
from questions.models import QuestionSet, Topic
from tests.conftest import make_question, start_interview

ClientOf = Callable[[User], Client]


@pytest.fixture
def waiting(person: Callable[..., User], question_set: QuestionSet) -> dict[str, Assignment]:
    """The newest first: of *basics* (topic *network*), of *other*, and a mixed one on *linux*."""
    other = QuestionSet.objects.create(
        slug="other", title="Other set", license="CC-BY-4.0", status="published"
    )
    network, linux = (Topic.objects.create(slug=s, title=s.title()) for s in ("network", "linux"))
    make_question(other, 1).topics.add(linux)
    question_set.topics.add(network)
    found = {}
    for hours, name in ((1, "basics"), (30, "other"), (80, "mixed")):
        sitter = person(f"sitter-{name}")
        if name == "mixed":
            interview = Interview.objects.start(
                candidate=sitter,
                title="Mixed",
                questions=list(other.questions.all()),
                minutes=9,
                mode="free",
            )
        else:
            interview = start_interview(sitter, question_set if name == "basics" else other)
        interview.finish()
        interview.ask_for_review()
        found[name] = interview.assignments.get()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE interview_assignment SET asked_at = asked_at - %s * interval '1 hour'"
                " WHERE id = %s",
                [hours, found[name].pk],
            )
    return found


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"basics", "other", "mixed"}),
        ("?set=basics", {"basics"}),
        ("?topic=network", {"basics"}),
        ("?topic=linux", {"mixed"}),
        ("?waited=24", {"other", "mixed"}),
        ("?waited=72", {"mixed"}),
        ("?waited=168", set()),
        ("?set=other&waited=24", {"other"}),
        ("?set=basics&topic=linux", set()),
        ("?set=nothing-like-it", set()),
        # What makes no sense narrows nothing.
        ("?set=%00&topic=%F0%9F%98%80%20&waited=-1", {"basics", "other", "mixed"}),
        ("?waited=99999999999999999999", {"basics", "other", "mixed"}),
        (f"?set={'x' * 5000}", set()),
    ],
)
def test_the_address_narrows_what_is_listed(
    waiting: dict[str, Assignment],
    reviewer: User,
    client_of: ClientOf,
    query: str,
    shown: set[str],
) -> None:
    page = client_of(reviewer).get(reverse("queue") + query).content.decode()
    assert {name for name, each in waiting.items() if str(each.pk) in page} == shown


def test_the_form_offers_the_sets_and_topics_of_what_waits_and_shows_what_is_chosen(
    waiting: dict[str, Assignment], reviewer: User, client_of: ClientOf
) -> None:
    QuestionSet.objects.create(slug="unasked", title="Unasked", license="CC-BY-4.0")
    Topic.objects.create(slug="unasked", title="Unasked topic")
    url = reverse("queue")
    page = client_of(reviewer).get(url, {"set": "other", "waited": "24"}).content.decode()
    for value, title in (("basics", "Basics"), ("network", "Network"), ("linux", "Linux")):
        assert f'<option value="{value}">{title}</option>' in page
    assert '<option value="other" selected>Other set</option>' in page
    assert '<option value="24" selected>A day or more</option>' in page
    assert "Unasked" not in page


def test_what_is_chosen_is_shown_though_nothing_of_it_waits(
    waiting: dict[str, Assignment], reviewer: User, client_of: ClientOf
) -> None:
    page = client_of(reviewer).get(reverse("queue"), {"set": "gone"}).content.decode()
    assert '<option value="gone" selected>gone</option>' in page
    assert "Nothing waits that fits your choice" in page
    assert "Claim next" not in page


def test_claim_next_claims_the_oldest_of_what_is_shown(
    waiting: dict[str, Assignment], reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    page = client.get(reverse("queue"), {"set": "basics"}).content.decode()
    action = f"{reverse('queue-claim')}?set=basics"
    assert f'action="{action}"' in page
    claimed = client.post(action, {"holding": "0"})
    assert claimed["Location"] == reverse("review", args=[waiting["basics"].reviews.get().pk])
    again = client.post(action, {"holding": "1"}, follow=True)
    assert again.redirect_chain == [(f"{reverse('queue')}?set=basics", 302)]
    assert "No interview that fits your choice waits for you now." in again.content.decode()


def test_the_choice_stays_after_a_release_and_after_a_refusal(
    waiting: dict[str, Assignment], reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    client.post(reverse("assignment-claim", args=[waiting["basics"].pk]))
    page = client.get(reverse("queue"), {"topic": "linux"}).content.decode()
    action = f"{reverse('assignment-release', args=[waiting['basics'].pk])}?topic=linux"
    assert f'action="{action}"' in page
    for _twice in range(2):
        assert client.post(action)["Location"] == f"{reverse('queue')}?topic=linux"


def test_a_long_wait_is_one_by_the_hour_of_the_clock(
    waiting: dict[str, Assignment], reviewer: User
) -> None:
    """Asking again each minute tells nobody the minute in which a review was asked for."""
    with connection.cursor() as cursor:
        for minutes, found in ((-1, True), (1, False)):
            cursor.execute(
                "UPDATE interview_assignment SET asked_at = date_trunc('hour', now(), 'UTC')"
                " - interval '24 hours' + %s * interval '1 minute' WHERE id = %s",
                [minutes, waiting["basics"].pk],
            )
            narrowed = Assignment.objects.matching(hours=24)
            assert narrowed.filter(pk=waiting["basics"].pk).exists() is found
