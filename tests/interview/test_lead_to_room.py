"""The library's page of a question leads who is asked it to the room (Rules of time, 8)."""

from collections.abc import Callable

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from interview.models import Interview
from interview.views.guard import lead_to_room


@lead_to_room
@login_not_required
def question(request: HttpRequest, set_slug: str, slug: str) -> HttpResponse:
    return HttpResponse(f"{set_slug}/{slug} with its answer")


@pytest.fixture
def visit(rf: RequestFactory) -> Callable[..., HttpResponseBase]:
    def visit(user: User | AnonymousUser, slug: str = "question-1") -> HttpResponseBase:
        request = rf.get(f"/sets/basics/{slug}/")
        request.user = user
        request.session = {}  # type: ignore[assignment]
        request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
        return question(request, set_slug="basics", slug=slug)

    return visit


def test_it_stays_public(visit: Callable[..., HttpResponseBase]) -> None:
    assert question.login_required is False  # type: ignore[attr-defined]


def test_a_stranger_costs_no_query(db: None, visit: Callable[..., HttpResponseBase]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert visit(AnonymousUser()).status_code == 200
    assert len(queries) == 0


def test_who_is_not_asked_it_reads_it_for_one_query(
    running_interview: Interview, other_candidate: User, visit: Callable[..., HttpResponseBase]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert visit(other_candidate).status_code == 200
    assert len(queries) == 1


def test_while_the_sitting_runs_it_leads_there(
    running_interview: Interview, visit: Callable[..., HttpResponseBase]
) -> None:
    reply = visit(running_interview.candidate)
    assert reply["Location"] == reverse("interview", args=[running_interview.pk])


def test_a_question_that_is_not_asked_stays_readable(
    running_interview: Interview, visit: Callable[..., HttpResponseBase]
) -> None:
    assert visit(running_interview.candidate, "another-question").status_code == 200


def test_a_newer_version_of_the_question_leads_there_too(
    running_interview: Interview, visit: Callable[..., HttpResponseBase]
) -> None:
    question = running_interview.answers.get(position=1).question_version.question
    question.prompt = "Reworded?"
    question.save()
    question.record_version()
    assert visit(running_interview.candidate).status_code == 302


def test_after_the_end_it_leads_to_the_self_score_until_that_is_done_or_skipped(
    ended_interview: Interview, visit: Callable[..., HttpResponseBase]
) -> None:
    assert visit(ended_interview.candidate).status_code == 302
    ended_interview.reveal()
    assert visit(ended_interview.candidate).status_code == 200


def test_the_library_is_guarded(
    running_interview: Interview, client_of: Callable[[User], Client]
) -> None:
    url = reverse("question", args=["basics", "question-1"])
    assert Client().get(url).status_code == 200
    reply = client_of(running_interview.candidate).get(url, follow=True)
    html = reply.content.decode()
    assert reply.redirect_chain[-1][0] == reverse("answer", args=[running_interview.pk, 1])
    assert "You are being asked this question." in html
    assert "Model answer" not in html
