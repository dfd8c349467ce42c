"""Reviewers never learn whom they grade, nor when the interview began (Rules of grading, 6)."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import TimingProfile, User
from interview.clock import database_now
from interview.groups import EDITORS, REVIEWERS
from interview.models import Assignment, Interview, Review, Revision
from questions.models import QuestionSet
from tests.conftest import move_back, start_interview, write
from tests.interview.reviewing import LEVELS, end_lease, grade, pass_a_minute, token_of

ClientOf = Callable[[User], Client]


@pytest.fixture
def hidden(person: Callable[..., User], question_set: QuestionSet) -> Interview:
    """An interview of somebody with a name, an address and a timing profile to be found by."""
    sitter = person("xenophanes")
    TimingProfile.objects.create(user=sitter, factor=Decimal("7.25"))
    interview = start_interview(sitter, question_set)
    write(interview, 1, "What I know about question 1.")
    interview.finish()
    # Long ago, in a year that is in no other time.
    move_back(interview, "20 years")
    late = interview.deadline
    assert late is not None
    Revision.objects.create(
        interview=interview,
        answer=interview.answers.get(position=1),
        number=9,
        kind=Revision.Kind.LATE,
        text="Too late.",
        saved_at=late,
        late_by="00:00:42",
    )
    interview.ask_for_review()
    return interview


def traces_of(interview: Interview) -> list[str]:
    """What must not be found: who it is, whose interview, since when, with how much time."""
    assert interview.ended_at is not None
    return [
        "xenophanes",
        "Xenophanes",
        f"user/{interview.candidate_id}/",
        str(interview.pk),
        interview.pk.hex,
        "7.25",
        str(interview.started_at.year),
    ]


def found_in(sent: str, traces: Sequence[str]) -> list[str]:
    """Those that stand there by themselves: the end of a longer number is none."""
    return [trace for trace in traces if re.search(rf"(?<!\d){re.escape(trace)}(?!\d)", sent)]


def everything_sent(client: Client, responses: Sequence[Any]) -> str:
    """Every byte of the answers: pages, addresses and headers."""
    sent = []
    for response in responses:
        sent += [f"{name}: {value}" for name, value in response.headers.items()]
        sent.append(response.content.decode())
    return "\n".join([*sent, *(str(cookie) for cookie in client.cookies.values())])


def by_script(client: Client, review: Review, token: str) -> list[Any]:
    """What comes back for all marks of an answer, and for its comment: HTML within JSON."""
    chosen = {"token": token, "mark-main": "full", "mark-side": "half"}
    comment = {"token": token, "text": "Well said.", "base": 0, "writer": str(uuid4())}
    sent = {"review-answer-save": chosen, "review-answer-comment": {**comment, "sequence": 1}}
    shown = []
    for name, data in sent.items():
        url = reverse(name, args=[review.pk, 1])
        headers = {"Accept": "application/json"}
        reply = client.post(url, data, "application/json", headers=headers)
        shown.append(HttpResponse(reply.json()["work"]))
    return shown


def whole_way(client: Client, interview: Interview) -> list[Any]:
    """All answers that a reviewer gets from the queue over the grading to the publication."""
    responses = [client.get(reverse("queue")), client.post(reverse("queue-claim"))]
    review = interview.assignments.get().reviews.get(kind=Review.Kind.REVIEWER)
    answer_save = reverse("review-answer-save", args=[review.pk, 1])
    summary = reverse("review-summary", args=[review.pk])
    token = str(token_of(review))
    marks = {"token": token, "mark-main": "full", "comment": "Well said.", "go": "2"}
    responses += [
        client.get(responses[-1]["Location"]),
        client.get(reverse("queue")),
        client.post(answer_save, marks),
        # What its script gets, as the page shows it.
        *by_script(client, review, token),
        client.get(reverse("review-answer-versions", args=[review.pk, 1])),
        client.post(answer_save, {**marks, "mark-wrong": "full"}),
        client.get(summary),
        client.post(reverse("review-publish", args=[review.pk]), {"token": token, "comment": ""}),
    ]
    grade(review)
    levels = {name: str(level) for name, level in LEVELS.items()}
    responses += [
        client.post(
            reverse("review-publish", args=[review.pk]), {"token": token, "comment": "", **levels}
        ),
        client.get(summary),
        client.get(reverse("review", args=[review.pk])),
        client.post(reverse("review-take-back", args=[review.pk])),
        client.post(reverse("assignment-release", args=[review.assignment_id])),
        client.get(reverse("queue")),
        client.post(reverse("assignment-claim", args=[review.assignment_id])),
    ]
    assert {response.status_code for response in responses} == {200, 302}
    return responses


def test_no_page_of_the_way_through_tells_whose_interview_it_is(
    hidden: Interview, reviewer: User, client_of: ClientOf
) -> None:
    client = client_of(reviewer)
    sent = everything_sent(client, whole_way(client, hidden))
    assert hidden.assignments.get().pseudonym in sent
    assert "Came 42 seconds after the end" in sent
    assert found_in(sent, traces_of(hidden)) == []


def test_no_page_after_publishing_tells_it_either(
    hidden: Interview, reviewer: User, client_of: ClientOf
) -> None:
    """The list of one's reviews, a correction from its reason to its end, and the export."""
    review = hidden.assignments.get().claim(reviewer)
    grade(review)
    review.publish(token_of(review))
    pass_a_minute(review)
    client = client_of(reviewer)
    correct = reverse("review-correct", args=[review.pk])
    responses = [client.get(reverse("review-list")), client.get(correct)]
    responses += [
        client.post(correct, {"reason": ""}),
        client.post(correct, {"reason": "Misread."}),
    ]
    correction = Review.objects.get(supersedes=review)
    save = reverse("review-answer-save", args=[correction.pk, 1])
    summary = reverse("review-summary", args=[correction.pk])
    levels = {name: str(level) for name, level in LEVELS.items()}
    responses += [
        client.get(responses[-1]["Location"]),
        client.get(reverse("review-list")),
        client.post(save, {"mark-main": "half", "comment": "Well said."}),
        client.get(summary),
        client.post(reverse("review-publish", args=[correction.pk]), {"comment": "", **levels}),
        client.get(summary),
        client.post(reverse("review-take-back", args=[correction.pk])),
        client.post(reverse("review-discard", args=[correction.pk])),
        client.get(reverse("review-list")),
    ]
    assert {response.status_code for response in responses} == {200, 302}
    sent = everything_sent(client, responses)
    sent += client.get(reverse("profile-export")).getvalue().decode()
    assert hidden.assignments.get().pseudonym in sent
    assert "The correction is discarded." in sent
    assert found_in(sent, traces_of(hidden)) == []


def sat_with(candidate: User, question_set: QuestionSet, *, extensions: int = 0) -> Interview:
    """An interview that was written until its time was up, and asked to be reviewed at once."""
    interview = start_interview(candidate, question_set)
    write(interview, 1, "What I know about question 1.")
    for known in range(extensions):
        assert interview.extend(known)
    if interview.deadline is None:
        move_back(interview, "100 minutes")
        interview.finish()
    else:
        move_back(interview, f"{(interview.deadline - interview.started_at).seconds + 11} seconds")
    assert interview.reveal()
    assert interview.ask_for_review()
    return interview


def test_more_time_changes_nothing_that_a_reviewer_gets(
    question_set: QuestionSet, person: Callable[..., User], reviewer: User, client_of: ClientOf
) -> None:
    """Page for page, address for address, header for header, whatever time somebody had."""

    def sent_about(name: str, *, extensions: int = 0, **profile: Any) -> list[str]:
        sitter = person(name)
        if profile:
            TimingProfile.objects.create(user=sitter, **profile)
        interview = sat_with(sitter, question_set, extensions=extensions)
        claimed_after = database_now()
        client = client_of(reviewer)
        sent = [everything_sent(client, [response]) for response in whole_way(client, interview)]
        assignment = interview.assignments.get()
        review = assignment.reviews.get(kind=Review.Kind.REVIEWER)
        # The only times are of the reviewer's own claim.
        times = [time for page in sent for time in re.findall(r'<time datetime="([^"]+)"', page)]
        assert times
        assert all(datetime.fromisoformat(time) > claimed_after for time in times)
        # Nor does it stay in the queue of the next.
        Assignment.objects.filter(pk=assignment.pk).delete()
        return [
            same_for_all(page, str(assignment.pk), str(review.pk), assignment.pseudonym)
            for page in sent
        ]

    usual = sent_about("usual")
    assert "What I know about question 1." in "".join(usual)
    assert sent_about("double", factor=Decimal(2)) == usual
    assert sent_about("untimed", factor=None) == usual
    assert sent_about("extended", extensions=3) == usual
    assert sent_about("all-of-it", factor=Decimal("7.25"), show_clock=False, extensions=10) == usual
    assert mail.outbox == []


def same_for_all(page: str, *own: str) -> str:
    """Without what is random in every answer, and without the times of the reviewer's claim."""
    for one in own:
        page = page.replace(one, "own")
    page = re.sub(r'name="(csrfmiddlewaretoken|token|writer)" value="[^"]*"', "", page)
    page = re.sub(r'"x-csrftoken": "[^"]*"|(csrftoken|sessionid|messages)=[^;]*;', "", page)
    page = re.sub(r"expires=[^;]*;|Expires: .*|Content-Length: .*", "", page)
    page = re.sub(r'data-seconds="[^"]*"|(?<=data-left>)[^<]*', "", page)
    return re.sub(r'<time datetime="[^"]*">[^<]*</time>', "", page)


def test_what_is_searched_for_would_be_found(hidden: Interview, client_of: ClientOf) -> None:
    client = client_of(hidden.candidate)
    responses = [client.get(reverse("feedback", args=[hidden.pk]), follow=True)]
    sent = everything_sent(client, responses)
    assert {"xenophanes", str(hidden.pk)} <= set(found_in(sent, traces_of(hidden)))


def test_a_reviewer_cannot_open_the_candidates_pages(
    hidden: Interview, reviewer: User, client_of: ClientOf
) -> None:
    hidden.assignments.get().claim(reviewer)
    client = client_of(reviewer)
    for name in ("interview", "feedback", "self-score", "interview-finish", "interview-clock"):
        assert client.get(reverse(name, args=[hidden.pk])).status_code == 404


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ("59 minutes", "has waited less than an hour"),
        ("61 minutes", "has waited 1 hour"),
        ("119 minutes", "has waited 1 hour"),
        ("3 hours 59 minutes", "has waited 3 hours"),
        ("5 days", "has waited 120 hours"),
    ],
)
def test_waits_are_told_in_whole_hours(
    assignment: Assignment, reviewer: User, client_of: ClientOf, ago: str, words: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE interview_assignment SET asked_at = now() - %s::interval", [ago])
    assignment.refresh_from_db()
    page = client_of(reviewer).get(reverse("queue")).content.decode()
    assert words in page
    assert f"{assignment.asked_at:%H:%M}" not in page


def test_ids_on_reviewers_pages_tell_no_time_of_the_candidates(
    ended_interview: Interview, reviewer: User
) -> None:
    """The first 48 bits of a UUIDv7 are milliseconds. That of a claim is the reviewer's own."""
    ended_interview.ask_for_review()
    assignment = ended_interview.assignments.get()
    assert assignment.pk.version == 4
    before = database_now()
    review = assignment.claim(reviewer)
    assert int(before.timestamp() * 1000) <= review.pk.int >> 80


def test_every_interview_has_its_own_pseudonym_for_each_assignment(
    ended_interview: Interview,
) -> None:
    names = {
        Assignment.objects.create(interview=ended_interview, slot=slot).pseudonym
        for slot in range(1, 11)
    }
    assert len(names) > 5
    assert all(len(name.split()) == 2 for name in names)


def test_only_superusers_find_interviews_in_the_admin(
    claimed_review: Review, editor: User, superuser: User, client_of: ClientOf
) -> None:
    editor.groups.set(Group.objects.filter(name__in=[EDITORS, REVIEWERS]))
    # Even somebody gave them everything, one by one.
    editor.user_permissions.set(Permission.objects.filter(content_type__app_label="interview"))
    rows = {
        "interview": claimed_review.interview_id,
        "assignment": claimed_review.assignment_id,
        "review": claimed_review.pk,
        "invitation": None,
        "secondlook": None,
        "unblinding": None,
    }
    staff, root = client_of(editor), client_of(superuser)
    for model, pk in rows.items():
        urls = [reverse(f"admin:interview_{model}_changelist")]
        urls += [reverse(f"admin:interview_{model}_change", args=[pk])] if pk else []
        for url in urls:
            assert staff.get(url).status_code == 403
            assert root.get(url).status_code == 200
    index = staff.get(reverse("admin:index")).content.decode()
    assert reverse("admin:interview_interview_changelist") not in index


def test_the_admin_shows_nobodys_time_factor_and_changes_nothing(
    hidden: Interview, superuser: User, client_of: ClientOf
) -> None:
    client = client_of(superuser)
    url = reverse("admin:interview_interview_change", args=[hidden.pk])
    page = client.get(url).content.decode()
    assert "xenophanes" in page.lower()
    assert "7.25" not in page
    assert "deadline" not in page.lower()
    assert client.post(url, {"title": "Other"}).status_code == 403
    assert client.get(reverse("admin:interview_interview_add")).status_code == 403
    url = reverse("admin:interview_interview_delete", args=[hidden.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403


def test_a_superuser_releases_the_claims_of_who_will_not_come_back(
    claimed_review: Review, superuser: User, client_of: ClientOf
) -> None:
    response = client_of(superuser).post(
        reverse("admin:interview_assignment_changelist"),
        {"action": "release_claims", "_selected_action": [str(claimed_review.assignment_id)]},
        follow=True,
    )
    assert "One claim was released." in response.content.decode()
    assert token_of(claimed_review) is None


def test_a_superuser_reviews_blind_as_anybody_does(
    hidden: Interview, superuser: User, client_of: ClientOf
) -> None:
    client = client_of(superuser)
    responses = [client.get(reverse("queue")), client.post(reverse("queue-claim"), follow=True)]
    sent = everything_sent(client, responses)
    assert "What I know about question 1." in sent
    assert found_in(sent, traces_of(hidden)) == []


def test_the_reviewer_stays_unnamed_to_the_candidate(
    claimed_review: Review, candidate: User, client_of: ClientOf
) -> None:
    grade(claimed_review)
    claimed_review.publish(token_of(claimed_review))
    pass_a_minute(claimed_review)
    claimed_review.interview.reveal()
    url = reverse("feedback", args=[claimed_review.interview_id])
    page = client_of(candidate).get(url).content.decode()
    assert "100" in page
    assert "reviewer@example.com" not in page


def test_who_has_no_permission_finds_none_of_the_pages(
    claimed_review: Review,
    assignment: Assignment,
    other_candidate: User,
    editor: User,
    client_of: ClientOf,
) -> None:
    end_lease(assignment)
    for stranger in (other_candidate, editor):
        client = client_of(stranger)
        for url in (
            reverse("queue"),
            reverse("review", args=[claimed_review.pk]),
            reverse("review-summary", args=[claimed_review.pk]),
        ):
            assert client.get(url).status_code == 404
        for url in (
            reverse("queue-claim"),
            reverse("assignment-claim", args=[assignment.pk]),
            reverse("assignment-release", args=[assignment.pk]),
            reverse("review-answer-save", args=[claimed_review.pk, 1]),
            reverse("review-publish", args=[claimed_review.pk]),
            reverse("review-take-back", args=[claimed_review.pk]),
        ):
            assert client.post(url).status_code == 404
