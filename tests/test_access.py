"""Who gets what: every URL against every role, in one table.

A URL that is not in the table fails, so does one that answers a method the table does not name.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from interview.models import (
    Assignment,
    BankedComment,
    Interview,
    Invitation,
    Review,
    SecondLook,
)
from questions.models import Note, Picture, QuestionSet, Status, Story, Topic
from tests.conftest import make_question, start_interview, write
from tests.interview.inviting import invite_to
from tests.interview.reviewing import grade, pass_a_minute, token_of

OUTSIDE = ["owner", "other", "holder", "reviewer"]
ROLES = ["stranger", *OUTSIDE, "editor", "superuser"]

# owner: the candidate whose interviews these are. other: another candidate. holder: the reviewer
# who claimed the ended one. reviewer: another one. What stands behind @ is explained in `World`.
# login: to the log-in. in: a redirect to another page of ours.
ROWS = """
URL                                   method stranger owner other holder reviewer editor superuser
health                                GET    200      200   200   200    200      200    200
home                                  GET    200      200   200   200    200      200    200

set-list                              GET    200      200   200   200    200      200    200
set                                   GET    200      200   200   200    200      200    200
set@draft                             GET    404      404   404   404    404      200    200
question                              GET    200      in    200   200    200      200    200
question                              POST   405      in    405   405    405      405    405
question@draft                        GET    404      404   404   404    404      200    200
story-list                            GET    200      200   200   200    200      200    200
story                                 GET    200      200   200   200    200      200    200
story@draft                           GET    404      404   404   404    404      200    200
note-list                             GET    200      200   200   200    200      200    200
note                                  GET    200      200   200   200    200      200    200
note@draft                            GET    404      404   404   404    404      200    200
topic-list                            GET    200      200   200   200    200      200    200
topic                                 GET    200      200   200   200    200      200    200
picture                               GET    200      200   200   200    200      200    200
search                                GET    200      200   200   200    200      200    200

account_login                         GET    200      in    in    in     in       in     in
account_login                         POST   200      in    in    in     in       in     in
account_signup                        GET    200      in    in    in     in       in     in
account_signup                        POST   200      in    in    in     in       in     in
account_logout                        GET    in       200   200   200    200      200    200
account_logout                        POST   in       in    in    in     in       in     in
account_inactive                      GET    200      200   200   200    200      200    200
account_email_verification_sent       GET    200      200   200   200    200      200    200
account_confirm_email                 GET    200      200   200   200    200      200    200
account_confirm_email                 POST   login    in    login login  login    login  login
account_confirm_login_code            GET    login    in    in    in     in       in     in
account_confirm_login_code            POST   login    in    in    in     in       in     in
account_reset_password                GET    200      200   200   200    200      200    200
account_reset_password                POST   200      200   200   200    200      200    200
account_reset_password_done           GET    200      200   200   200    200      200    200
account_reset_password_from_key       GET    200      200   200   200    200      200    200
account_reset_password_from_key       POST   200      200   200   200    200      200    200
account_reset_password_from_key_done  GET    200      200   200   200    200      200    200
account_reauthenticate                GET    login    200   200   200    200      200    200
account_reauthenticate                POST   login    200   200   200    200      200    200
account_email                         GET    login    200   200   200    200      200    200
account_email                         POST   login    in    in    in     in       in     in
account_change_password               GET    login    200   200   200    200      200    200
account_change_password               POST   login    200   200   200    200      200    200
account_set_password                  GET    login    in    in    in     in       in     in
account_set_password                  POST   login    in    in    in     in       in     in

language                              POST   in       in    in    in     in       in     in

profile                               GET    login    200   200   200    200      200    200
profile                               POST   login    in    in    in     in       in     in
profile-export                        GET    login    200   200   200    200      200    200
profile-delete                        GET    login    200   200   200    200      200    200
profile-delete                        POST   login    200   200   200    200      200    200

interview-list                        GET    login    200   200   200    200      200    200
interview-new                         GET    login    200   200   200    200      200    200
interview-new                         POST   login    in    in    in     in       in     in
interview-new-mixed                   GET    login    200   200   200    200      200    200
interview-new-mixed                   POST   login    in    in    in     in       in     in
interview-new-matching                GET    login    200   200   200    200      200    200
quick-start                           GET    login    in    200   200    200      200    200
quick-start                           POST   login    in    in    in     in       in     in
interview                             GET    login    in    404   404    404      404    404
answer                                GET    login    200   404   404    404      404    404
answer-save                           POST   401      in    404   404    404      404    404
answer-flag                           GET    login    405   405   405    405      405    405
answer-flag                           POST   401      in    404   404    404      404    404
answer-open                           POST   login    in    404   404    404      404    404
answer-history                        GET    login    200   404   404    404      404    404
answer-changes                        GET    login    in    404   404    404      404    404
answer-restore                        POST   login    in    404   404    404      404    404
interview-clock                       GET    login    200   404   404    404      404    404
interview-extend                      POST   login    in    404   404    404      404    404
interview-finish                      GET    login    200   404   404    404      404    404
interview-finish                      POST   login    in    404   404    404      404    404
self-score                            GET    login    200   404   404    404      404    404
self-score                            POST   login    200   404   404    404      404    404
self-score-skip                       POST   login    in    404   404    404      404    404
feedback                              GET    login    200   404   404    404      404    404
feedback-earlier                      GET    login    404   404   404    404      404    404
feedback-earlier@corrected            GET    login    200   404   404    404      404    404
feedback-read                         POST   login    in    404   404    404      404    404
second-look-ask                       GET    login    200   404   404    404      404    404
second-look-ask                       POST   401      in    404   404    404      404    404
interview-compare                     GET    login    200   200   200    200      200    200
progress                              GET    login    200   200   200    200      200    200
ask-for-review                        POST   login    in    404   404    404      404    404
leave-queue                           POST   login    in    404   404    404      404    404
guided-self-score                     GET    login    200   404   404    404      404    404
guided-self-score                     POST   login    200   404   404    404      404    404

invite                                GET    200      200   200   200    200      200    200
invite                                POST   login    in    in    in     in       in     in
invitation-list                       GET    login    404   404   200    200      404    200
invitation-new                        GET    login    404   404   200    200      404    200
invitation-new                        POST   login    404   404   in     in       404    in
invitation                            GET    login    404   404   200    404      404    404
invitation-edit                       GET    login    404   404   200    404      404    404
invitation-edit                       POST   login    404   404   in     404      404    404
invitation-close                      POST   login    404   404   in     404      404    404
invitation-reopen                     POST   login    404   404   in     404      404    404
invitation-delete                     GET    login    404   404   200    404      404    404
invitation-delete                     POST   login    404   404   in     404      404    404

queue                                 GET    login    404   404   200    200      404    200
queue-claim                           POST   login    404   404   in     in       404    in
assignment-claim                      POST   login    404   404   in     in       404    in
assignment-claim@reserved             POST   login    404   404   in     404      404    404
assignment-claim@own                  POST   login    404   404   in     404      404    in
assignment-release                    POST   login    404   404   in     404      404    404
assignment-clock                      GET    login    404   404   200    404      404    404
batch-claim                           POST   login    404   404   in     in       404    in
batch                                 GET    login    404   404   200    404      404    404
batch-next                            GET    login    404   404   in     in       404    in
batch-release                         POST   login    404   404   in     in       404    in
review                                GET    login    404   404   200    404      404    404
review-answer-save                    GET    login    404   404   in     404      404    404
review-answer-save                    POST   401      404   404   in     404      404    404
review-answer-comment                 POST   login    404   404   400    404      404    404
review-comment                        POST   login    404   404   400    404      404    404
review-answer-versions                GET    login    404   404   200    404      404    404
review-summary                        GET    login    404   404   200    404      404    404
review-summary                        POST   401      404   404   in     404      404    404
review-publish                        GET    login    404   404   in     404      404    404
review-publish                        POST   401      404   404   200    404      404    404
review-take-back                      POST   login    404   404   in     404      404    404
comment-bank                          GET    login    404   404   200    200      404    200
comment-bank                          POST   login    404   404   200    200      404    200
banked-comment-edit                   GET    login    404   404   200    404      404    404
banked-comment-edit                   POST   login    404   404   200    404      404    404
banked-comment-delete                 POST   login    404   404   in     404      404    404
banked-comment-restore                POST   login    404   404   in     404      404    404
review-list                           GET    login    404   404   200    200      404    200
review-correct                        GET    login    404   404   200    404      404    404
review-correct                        POST   401      404   404   in     404      404    404
review-discard                        POST   login    404   404   404    404      404    404
review-discard@correction             POST   login    404   404   in     404      404    404
second-look                           GET    login    404   404   200    404      404    404
second-look                           POST   401      404   404   in     404      404    404
second-look-take-back                 POST   login    404   404   in     404      404    404

team                                  GET    login    404   404   404    404      404    200
"""


TABLE = {
    (url, method): answers
    for url, method, *answers in (line.split() for line in ROWS.splitlines() if line)
    if url != "URL"
}


@dataclass
class World:
    """What the URLs are about.

    The owner sits one interview now (`running`), has ended one that the holder grades (`ended`),
    and has read the model answers of a third (`revealed`). The other candidate's waits. `@draft` is
    not published, `@reserved` is kept for the holder, `@own` is an interview of the other reviewer.
    The invitation and the comment bank are the holder's. They have published a review of the
    revealed one, and a second look at a point of it is asked for. Of another, `@corrected`, there
    is a correction, and `@correction` is one more that is begun.
    """

    people: dict[str, User]
    running: Interview
    ended: Interview
    revealed: Interview
    review: Review
    waiting: Assignment
    reserved: Assignment
    own: Assignment
    invitation: Invitation
    banked: BankedComment
    email_key: str
    published: Review
    look: SecondLook
    correction: Review

    def arguments(self, url: str) -> list[Any]:
        running, answer, review = [self.running.pk], [self.running.pk, 1], [self.review.pk]
        invitation = [self.invitation.pk]
        batch = [self.review.assignment and self.review.assignment.token]
        arguments: dict[str, list[Any]] = {
            "set": ["basics"],
            "set@draft": ["draft"],
            "question": ["basics", "question-1"],
            "question@draft": ["draft", "question-1"],
            "story": ["published"],
            "story@draft": ["draft"],
            "note": ["published"],
            "note@draft": ["draft"],
            "topic": ["topic"],
            "picture": ["sets/plan.png"],
            "account_confirm_email": [self.email_key],
            "account_reset_password_from_key": ["1", "spoilt"],
            "interview": running,
            "answer": answer,
            "answer-save": answer,
            "answer-flag": answer,
            "answer-open": answer,
            "answer-history": answer,
            "answer-restore": [*answer, 1],
            "answer-changes": [self.revealed.pk, 1],
            "interview-clock": running,
            "interview-extend": running,
            "interview-finish": running,
            "self-score": [self.ended.pk],
            "self-score-skip": [self.ended.pk],
            "feedback": [self.revealed.pk],
            "feedback-earlier": [self.revealed.pk, 1],
            "feedback-earlier@corrected": [self.correction.interview_id, 1],
            "feedback-read": [self.revealed.pk],
            "second-look-ask": [self.revealed.pk, 1, "side"],
            "review-correct": [self.published.pk],
            "review-discard": [self.published.pk],
            "review-discard@correction": [self.correction.pk],
            "second-look": [self.look.pk],
            "second-look-take-back": [self.look.pk],
            "ask-for-review": [self.revealed.pk],
            "invite": [self.invitation.secret],
            "invitation": invitation,
            "invitation-edit": invitation,
            "invitation-close": invitation,
            "invitation-reopen": invitation,
            "invitation-delete": invitation,
            "assignment-claim": [self.waiting.pk],
            "assignment-claim@reserved": [self.reserved.pk],
            "assignment-claim@own": [self.own.pk],
            "assignment-release": [self.review.assignment_id],
            "assignment-clock": [self.review.assignment_id],
            "leave-queue": [self.revealed.pk],
            "guided-self-score": [self.revealed.pk],
            "batch": batch,
            "batch-next": batch,
            "batch-release": batch,
            "review": review,
            "review-answer-save": [self.review.pk, 1],
            "review-answer-comment": [self.review.pk, 1],
            "review-comment": review,
            "review-answer-versions": [self.review.pk, 1],
            "comment-bank": [],
            "banked-comment-edit": [self.banked.pk],
            "banked-comment-delete": [self.banked.pk],
            "banked-comment-restore": [self.banked.pk],
            "review-summary": review,
            "review-publish": review,
            "review-take-back": review,
        }
        return arguments.get(url, [])

    def data(self, url: str) -> dict[str, Any]:
        """A form as its page would send it, where an empty one would not do."""
        assert self.review.assignment
        grading = {"token": self.review.assignment.token, "comment": ""}
        save = {"text": "Text", "base": 1, "writer": uuid4(), "sequence": 1}
        invitation = {
            "question": list(self.invitation.questions.values_list("pk", flat=True)),
            "title": "Round two",
            "mode": "free",
            "minutes": 12,
            "due_at": f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}",
            "do": "save",
        }
        data: dict[str, dict[str, Any]] = {
            "invitation-new": invitation,
            "invitation-edit": invitation,
            "language": {"language": "de"},
            "profile": {"time": "1"},
            "interview-new": {"question_set": "basics", "minutes": 12, "mode": "free"},
            "interview-new-mixed": {"number": 3, "mode": "free"},
            "answer-save": save,
            "answer-flag": save,
            "review-answer-save": grading,
            "review-summary": grading,
            "review-publish": grading,
            "review-correct": {"reason": "I had misread it."},
            "second-look": {"value": "full", "reply": "It is there."},
            "second-look-ask": {"reason": "It is there."},
        }
        return data.get(url, {})

    def request(self, client: Client, url: str, method: str) -> str:
        """What comes back, in the words of the table. Nothing of it stays."""
        name = url.partition("@")[0]
        with transaction.atomic():
            response = client.generic(
                method,
                reverse(name, args=self.arguments(url)),
                urlencode(self.data(url), doseq=True) if method == "POST" else "",
                content_type="application/x-www-form-urlencoded",
            )
            transaction.set_rollback(True)
        return in_words(response)


def in_words(response: HttpResponseBase) -> str:
    if response.status_code != 302:
        return str(response.status_code)
    log_ins = (reverse("account_login"), reverse("admin:login"))
    return "login" if response["Location"].startswith(log_ins) else "in"


@pytest.fixture
def world(
    candidate: User,
    other_candidate: User,
    reviewer: User,
    other_reviewer: User,
    editor: User,
    superuser: User,
    question_set: QuestionSet,
) -> World:
    draft = QuestionSet.objects.create(slug="draft", title="Draft", license="CC-BY-4.0")
    make_question(draft, 1)
    for model in (Story, Note):
        model.objects.create(slug="draft", title="Draft", license="CC-BY-4.0")
        model.objects.create(
            slug="published", title="Published", license="CC-BY-4.0", status=Status.PUBLISHED
        )
    question_set.topics.add(Topic.objects.create(slug="topic", title="Topic"))
    Picture.objects.create(path="sets/plan.png", media_type="image/png", content=b"", digest="0")

    def assignment_of(sitter: User) -> Assignment:
        interview = start_interview(sitter, question_set)
        interview.finish()
        interview.ask_for_review()
        if sitter != candidate:
            interview.reveal()
        return interview.assignments.get()

    def published_of(sitter: User) -> Review:
        assignment = assignment_of(sitter)
        assignment.interview.reveal()
        review = assignment.claim(reviewer)
        grade(review, "half")
        review.publish(token_of(review))
        pass_a_minute(review)
        return review

    published, corrected = published_of(candidate), published_of(candidate)
    first = corrected.correct("I had misread it.")
    first.publish(None)
    pass_a_minute(first)
    marks = published.marks.select_related("review__assignment", "answer")
    look = SecondLook.objects.ask(marks.get(key="main", answer__position=1), "It is there.")
    claimed = assignment_of(candidate)
    reserved = assignment_of(other_candidate)
    Assignment.objects.filter(pk=reserved.pk).update(reserved_for=reviewer)
    running = start_interview(candidate, question_set)
    write(running, 1, "Something to take back.")
    address = EmailAddress.objects.create(user=candidate, email=candidate.email, primary=True)
    return World(
        people={
            "owner": candidate,
            "other": other_candidate,
            "holder": reviewer,
            "reviewer": other_reviewer,
            "editor": editor,
            "superuser": superuser,
        },
        revealed=published.interview,
        published=published,
        look=look,
        correction=first.correct("Once more."),
        ended=claimed.interview,
        review=claimed.claim(reviewer),
        running=running,
        waiting=assignment_of(other_candidate),
        reserved=reserved,
        own=assignment_of(other_reviewer),
        invitation=invite_to(reviewer, question_set),
        banked=BankedComment.objects.add(reviewer, "Say why."),
        email_key=EmailConfirmationHMAC(address).key,
    )


@pytest.mark.parametrize("role", ROLES)
def test_every_url_answers_each_role_as_the_table_says(
    world: World, client_of: Callable[[User], Client], role: str
) -> None:
    def client() -> Client:
        client = Client() if role == "stranger" else client_of(world.people[role])
        client.raise_request_exception = False
        return client

    found = {
        (url, method): world.request(client(), url, method) for url, method in [*TABLE, *unlisted()]
    }
    expected = {row: answers[ROLES.index(role)] for row, answers in TABLE.items()}
    public = {url for (url, _method), answers in TABLE.items() if answers[0] != "login"}
    for url, method in unlisted():
        refused = role == "stranger" and url not in public
        expected[url, method] = "login" if refused else "405"

    assert found == expected


def unlisted() -> list[tuple[str, str]]:
    """Methods that the table does not name for a URL: nobody may use them."""
    urls = {url for url, _method in TABLE if "@" not in url}
    return [
        (url, method)
        for url in sorted(urls)
        for method in ("GET", "POST")
        if (url, method) not in TABLE
    ]


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """All URLs below `resolver`, each with its namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, pattern.namespace or namespace)
        else:
            yield namespace, pattern


def test_every_url_is_in_the_table_and_has_a_name() -> None:
    names = {pattern.name for namespace, pattern in patterns(get_resolver()) if not namespace}

    assert names - {"styleguide"} == {url.partition("@")[0] for url, _method in TABLE}


def test_there_is_no_other_namespace_than_the_admin_s() -> None:
    assert {namespace for namespace, _pattern in patterns(get_resolver())} == {"", "admin"}


# Django admin has its own views for each model: rules instead of rows.


def admin_paths() -> list[str]:
    paths = []
    for namespace, pattern in patterns(get_resolver()):
        if namespace == "admin" and pattern.name == "app_list":
            apps = {model._meta.app_label for model in admin.site._registry}
            paths += [reverse("admin:app_list", args=[app]) for app in sorted(apps)]
        elif namespace == "admin" and pattern.name:
            arguments = dict.fromkeys(pattern.pattern.converters, "1")
            paths.append(reverse(f"admin:{pattern.name}", kwargs=arguments))
    return [*paths, "/admin/nothing/"]


def test_nobody_but_staff_gets_into_the_admin_pages(
    world: World, client_of: Callable[[User], Client]
) -> None:
    clients = {"stranger": Client(), **{role: client_of(world.people[role]) for role in OUTSIDE}}
    for role, client in clients.items():
        allowed = {"login"} if role == "stranger" else {"login", "in", "403"}
        for path in admin_paths():
            for method in ("GET", "POST"):
                with transaction.atomic():
                    response = client.generic(method, path)
                    transaction.set_rollback(True)
                assert in_words(response) in allowed, (role, method, path)


def test_editors_manage_the_library_and_nothing_else(
    world: World, client_of: Callable[[User], Client]
) -> None:
    client = client_of(world.people["editor"])
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        expected = 200 if model._meta.app_label == "questions" else 403
        assert client.get(reverse(name)).status_code == expected, name


def test_a_superuser_sees_every_list(world: World, client_of: Callable[[User], Client]) -> None:
    client = client_of(world.people["superuser"])
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 200, name
