"""The cast and the library that every test may call on."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import User
from config import query_watch
from interview.groups import EDITORS, REVIEWERS
from interview.models import Assignment, Interview, Review
from interview.saving import Receipt, Save, save_answer
from questions.models import Question, QuestionSet, Status

pytest_plugins = ["tests.reporting"]

PASSWORD = "dry-run-password"
WATCH = "config.query_watch.query_watch_middleware"
SLOW_QUERY, MOST_TOLD = "slow query", 10


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database that somebody is at can't be deleted, and a page that is still open has a thread
    in the server of the tests, with a connection of its own.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def _nothing_of_other_tests(request: pytest.FixtureRequest) -> None:
    """No test pays for another's log-ins (rate limits are counted in the database) or mails.

    Django empties its own tables after a test that commits, but not Procrastinate's.
    """
    databases = {"db", "transactional_db"} & set(request.fixturenames)
    for database in databases:
        request.getfixturevalue(database)
    if databases or request.node.get_closest_marker("django_db"):
        cache.clear()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(autouse=True)
def _language_and_zone_end_with_the_test() -> Iterator[None]:
    """A request leaves both for the next one to set, and the next test may begin without one."""
    yield
    translation.activate(settings.LANGUAGE_CODE)
    timezone.deactivate()


class Told(logging.Handler):
    """What the query watch has told, in words."""

    def __init__(self, *logs: logging.Logger) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []
        for log in logs:
            log.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@pytest.fixture(scope="session")
def told_of_queries() -> list[str]:
    """That requests repeat their queries, or leave something on their connection."""
    if WATCH not in settings.MIDDLEWARE:
        settings.MIDDLEWARE = [WATCH, *settings.MIDDLEWARE]
    return Told(query_watch.REPEATED, query_watch.LEFT_BEHIND).messages


@pytest.fixture(scope="session")
def told_of_slow_queries() -> list[str]:
    return Told(query_watch.SLOW).messages


@pytest.fixture(autouse=True)
def _requests_are_watched(
    request: pytest.FixtureRequest, told_of_queries: list[str], told_of_slow_queries: list[str]
) -> Iterator[None]:
    """Each test's, also in the server that its browser visits; not what the test asks itself."""
    told_of_queries.clear()
    told_of_slow_queries.clear()
    yield
    request.node.user_properties += [(SLOW_QUERY, told) for told in told_of_slow_queries]
    assert [told for told in told_of_queries if not is_excused(told)] == []


def is_excused(told: str) -> bool:
    """A form may act row by row, and so do Django's own pages; no page of ours asks so."""
    return told.startswith(("POST ", "GET /admin/")) and query_watch.LEAVES not in told


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The slowest queries of the requests, for who wants to know; a busy machine makes some."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    found = (found for each in reports for found in each.user_properties)
    slow = [str(told) for name, told in found if name == SLOW_QUERY]
    if slow:
        terminalreporter.section(f"queries above 50 ms: {len(slow)}, the slowest of them")
        for told in sorted(slow, key=milliseconds, reverse=True)[:MOST_TOLD]:
            terminalreporter.line(told)


def milliseconds(told: str) -> int:
    return int(told.partition(" took ")[2].split()[0])


@pytest.fixture(autouse=True)
def _fast_passwords(settings: Settings) -> None:
    """A slow hash is for those who guess; a cast of seven would cost two seconds in each test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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
    return logged_in_client


def logged_in_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


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


@pytest.fixture
def running_interview(candidate: User, question_set: QuestionSet) -> Interview:
    """The candidate's, in free order, started now: three questions in twelve minutes."""
    return start_interview(candidate, question_set)


@pytest.fixture
def ended_interview(running_interview: Interview) -> Interview:
    """The candidate's, with an answer to the first question, finished and not yet revealed."""
    write(running_interview, 1, "What I know about question 1.")
    running_interview.finish()
    return running_interview


@pytest.fixture
def assignment(ended_interview: Interview) -> Assignment:
    """The ended interview's place in the queue."""
    ended_interview.ask_for_review()
    return ended_interview.assignments.get()


@pytest.fixture
def claimed_review(assignment: Assignment, reviewer: User) -> Review:
    """The reviewer's draft of the ended interview, claimed just now."""
    return assignment.claim(reviewer)


@pytest.fixture
def work(
    transactional_db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """A real worker on its own connections, until no mail is left to do now.

    Mail that its jobs send is enqueued as in production, and delivered to `mail.outbox`.
    """
    settings.EMAIL_BACKEND = "config.mail.QueuedEmailBackend"
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Threads of the worker must not keep the test's database in use.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)

    return partial(run_worker, "mail")


@pytest.fixture
def read_in_background(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """The same, until no file is left to read."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
    return partial(run_worker, "import")


def run_worker(queue: str) -> None:
    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
            worker.run_worker(
                queues=[queue], wait=False, install_signal_handlers=False, listen_notify=False
            )

    # The worker wants an event loop of its own; Playwright's may run in this thread.
    with ThreadPoolExecutor(max_workers=1) as executor:
        executor.submit(run).result()


def start_interview(
    candidate: User, question_set: QuestionSet, mode: str = Interview.Mode.FREE
) -> Interview:
    return Interview.objects.start(
        candidate=candidate,
        title=question_set.title,
        question_set=question_set,
        questions=list(question_set.questions.all()),
        minutes=12,
        mode=mode,
    )


def write(interview: Interview, position: int, text: str) -> Receipt:
    """Save `text` as a page that was loaded just now would."""
    answer = interview.answers.get(position=position)
    outcome = save_answer(
        candidate=interview.candidate,
        interview=interview.pk,
        position=position,
        save=Save(text=text, base=answer.revision, writer=uuid4(), sequence=1),
    )
    assert isinstance(outcome, Receipt), outcome
    return outcome


def move_back(interview: Interview, time: str) -> None:
    """Shift all of the interview's times: as if it had been started that much earlier.

    `time` is an interval of Postgres: `"1 hour"`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE interview_interview SET started_at = started_at - %(time)s::interval,"
            " deadline = deadline - %(time)s::interval, ended_at = ended_at - %(time)s::interval"
            " WHERE id = %(id)s",
            {"time": time, "id": interview.pk},
        )
        cursor.execute(
            "UPDATE interview_answer SET opened_at = opened_at - %(time)s::interval,"
            " closes_at = closes_at - %(time)s::interval, saved_at = saved_at - %(time)s::interval,"
            " accepts_until = accepts_until - %(time)s::interval,"
            " kept_at = kept_at - %(time)s::interval,"
            " busy_until = busy_until - %(time)s::interval WHERE interview_id = %(id)s",
            {"time": time, "id": interview.pk},
        )
    interview.refresh_from_db()


@pytest.fixture
def kill() -> Callable[[], None]:
    """End this thread's connection on the server, as a restart of Postgres does."""

    def kill() -> None:
        connection.ensure_connection()
        with connection.copy().temporary_connection() as other:
            pid = connection.connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            assert other.fetchone() == (True,)

    return kill
